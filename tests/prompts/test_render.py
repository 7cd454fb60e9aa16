"""``ivr prompts render`` chooses the prompts to render, and makes tones and music without the voice."""

import dataclasses
import os
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from ivr.cli.prompts import prompts
from ivr.prompts import mastering, prompt_rendering, signal_tones
from ivr.prompts.check import check
from ivr.prompts.loudness import loudness
from ivr.prompts.manifest import RECORDINGS, Manifest, ManifestError, wideband
from ivr.prompts.sound_file import measure
from tests.prompts.folder import rendered, write_manifest, write_pair

OPENING = {"text": "您好，这里是12345热线。"}
BUSY = {"text": "对方正忙。"}


@pytest.fixture
def sound(tmp_path: Path) -> Manifest:
    return rendered(tmp_path)


def test_without_a_changed_text_no_recording_is_made_again(sound: Manifest) -> None:
    assert prompt_rendering.outdated(sound) == []
    result = CliRunner().invoke(prompts, ["render", "--recordings", str(sound.recordings)])
    assert (result.exit_code, result.stdout) == (0, "nothing to render: no text changed\n")


def test_a_changed_text_and_a_missing_file_are_made_again(sound: Manifest, tmp_path: Path) -> None:
    wideband(sound.sounds["beep"]).unlink()
    changed = write_manifest(tmp_path, opening={"text": "您好。"}, busy=BUSY)
    assert prompt_rendering.outdated(changed) == ["opening", "beep"]


def test_another_voice_or_another_spelling_for_it_counts_as_a_change(sound: Manifest, tmp_path: Path) -> None:
    respelled = write_manifest(tmp_path, opening=OPENING, busy=BUSY | {"say": "对方，正忙。"})
    assert prompt_rendering.outdated(respelled) == ["busy"]
    assert prompt_rendering.outdated(dataclasses.replace(sound, voice="other")) == ["busy", "opening"]


def test_a_persons_recording_is_never_rendered_over(sound: Manifest, tmp_path: Path) -> None:
    write_pair(sound.sounds["busy"], 1.5)  # put in place, but not marked
    changed = write_manifest(tmp_path, opening={"text": "您好。", "source": "human"}, busy={"text": "对方很忙。"})
    assert prompt_rendering.outdated(changed) == []


@pytest.mark.parametrize("prompt_id", ["openning", "../opening"])
def test_an_unknown_id_is_refused(sound: Manifest, prompt_id: str) -> None:
    with pytest.raises(ManifestError, match="no such prompt"):
        prompt_rendering.chosen(sound, [prompt_id])


def test_a_prompt_marked_human_is_refused_by_name(sound: Manifest, tmp_path: Path) -> None:
    marked = write_manifest(tmp_path, opening=OPENING | {"source": "human"}, busy=BUSY)
    with pytest.raises(ManifestError, match="a person recorded it"):
        prompt_rendering.chosen(marked, ["opening"])


def test_without_the_extra_one_line_says_what_to_install(sound: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.delitem(sys.modules, "ivr.prompts.voice", raising=False)
    result = CliRunner().invoke(prompts, ["render", "opening", "--recordings", str(sound.recordings)])
    assert result.exit_code == 1
    assert "rendering needs the package 'onnxruntime': pip install -e '.[prompts]'\n" in result.stderr
    assert "Traceback" not in result.output


def test_the_tones_and_the_music_are_made_and_pass_the_check(sound: Manifest) -> None:
    made = list(prompt_rendering.render(sound, ["beep", "beeperr", "hold"]))
    assert made == ["beep", "beeperr", "hold"]
    assert check(sound) == []
    assert 60 <= measure(sound.sounds["hold"]).seconds <= 90


def test_frequencies_above_the_telephone_band_are_filtered_out_before_resampling() -> None:
    time = np.arange(24_000) / 24_000
    low = mastering.resampled(np.sin(2 * np.pi * 1000 * time).astype(np.float32), 24_000, 8_000)
    high = mastering.resampled(np.sin(2 * np.pi * 5000 * time).astype(np.float32), 24_000, 8_000)
    assert np.abs(low[1000:-1000]).max() == pytest.approx(1.0, abs=0.01)
    assert np.abs(high[1000:-1000]).max() < 0.001  # else it would be heard at 3000 Hz


def test_silence_at_the_ends_is_cut_to_the_margin() -> None:
    silence = np.zeros(16_000, dtype=np.float32)
    cut = mastering.trimmed(np.concatenate([silence, signal_tones.beep(), silence]), 16_000, 0.1)
    assert len(cut) / 16_000 == pytest.approx(0.3 + 2 * 0.1, abs=0.02)


def test_loud_and_quiet_sources_come_out_at_one_level(tmp_path: Path) -> None:
    for name, strength in (("loud", 0.9), ("quiet", 0.01)):
        mastering.write_pair(tmp_path / f"{name}.wav", signal_tones.beep() * strength, 16_000, -20.0)
    loud, quiet = (loudness_of(tmp_path / f"{name}.wav") for name in ("loud", "quiet"))
    assert loud == pytest.approx(-20.0, abs=0.1)
    assert quiet == pytest.approx(loud, abs=0.1)


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
def test_loudness_agrees_with_itu_r_bs_1770(rate: int) -> None:
    time = np.arange(3 * rate) / rate
    sine = np.sin(2 * np.pi * 997 * time).astype(np.float32)
    assert loudness(sine, rate) == pytest.approx(-3.01, abs=0.25)  # the higher the rate, the nearer
    assert loudness(sine / 10, rate) == pytest.approx(loudness(sine, rate) - 20, abs=0.01)
    low = np.sin(2 * np.pi * 50 * time).astype(np.float32)
    assert loudness(low, rate) < loudness(sine, rate) - 3, "a sound that an ear hardly hears counts as much"


def test_pauses_do_not_lower_the_loudness() -> None:
    sine = np.sin(2 * np.pi * 997 * np.arange(16_000) / 8_000).astype(np.float32)
    pause = np.zeros(80_000, dtype=np.float32)
    assert loudness(np.concatenate([sine, pause]), 8_000) == pytest.approx(loudness(sine, 8_000), abs=0.7)
    assert loudness(pause, 8_000) == float("-inf")


def test_all_prompts_tones_and_music_are_equally_loud() -> None:
    levels = {
        path: loudness_of(path) for path in (RECORDINGS / "zh").rglob("*.wav") if not path.stem.startswith("beep")
    }
    assert len(levels) > 100
    assert {path: level for path, level in levels.items() if abs(level - mastering.SPEECH_LEVEL) > 1} == {}


def test_a_rendered_prompt_may_be_played_by_other_users(tmp_path: Path) -> None:
    os.umask(0o077)  # tests/conftest.py gives it back
    beep = tmp_path / "new" / "beep.wav"
    mastering.write_pair(beep, signal_tones.beep(), 16_000, -20.0)
    modes = [path.stat().st_mode & 0o777 for path in (beep.parent, beep, wideband(beep))]
    assert modes == [0o755, 0o644, 0o644]


def loudness_of(path: Path) -> float:
    """The loudness of a file of 16 bits, in LUFS."""
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return loudness(samples.astype(np.float32) / 32768, file.getframerate())
