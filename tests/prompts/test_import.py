"""``ivr prompts import``: any sound file becomes a prompt that Asterisk plays, as loud as the others."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import yaml

from ivr.prompts.check import faults_of_file
from ivr.prompts.loudness import loudness
from ivr.prompts.sound_file import measure
from ivr.shipped import RECORDINGS
from testkit.hotline.running import run_ivr

Import = Callable[..., subprocess.CompletedProcess[str]]
SPEECH = RECORDINGS / "zh" / "transferring.wav16"
FORMATS = {"wav": "pcm_s24le", "mp3": "libmp3lame", "m4a": "aac", "flac": "flac", "ogg": "libopus"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    assert run_ivr("init", str(tmp_path / "site")).returncode == 0
    return tmp_path / "site"


@pytest.fixture
def imports(site: Path) -> Import:
    return lambda *words: run_ivr("prompts", "import", *map(str, words), HOTLINE_HOME=str(site))


def recorded(path: Path, *, rate: int = 48_000, gain: float = 0.1, silence: float = 2.0) -> Path:
    """An admin's recording: quiet, stereo, at another rate, silence around it, in the format of its name."""
    spoken = np.frombuffer(SPEECH.read_bytes()[44:], "<i2").astype(np.float32) / 32768 * gain
    quiet = np.zeros(round(silence * 16_000), dtype=np.float32)
    samples = np.concatenate([quiet, spoken, quiet])
    with av.open(str(path), "w") as file:
        stream = file.add_stream(FORMATS[path.suffix[1:]], rate=rate, layout="stereo")
        resampler = av.AudioResampler(
            stream.format.name, "stereo", rate, frame_size=stream.codec_context.frame_size or 0
        )
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "flt", "mono")
        frame.sample_rate = 16_000
        for input_frame in (frame, None):
            for output_frame in resampler.resample(input_frame):
                file.mux(stream.encode(output_frame))
        file.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("suffix", FORMATS)
def test_any_sound_file_becomes_a_prompt_at_the_level_of_the_others(
    tmp_path: Path, site: Path, imports: Import, suffix: str
) -> None:
    command = imports(recorded(tmp_path / f"transferring.{suffix}"))
    assert (command.returncode, command.stderr) == (0, "")
    prompt = site / "recordings" / "zh" / "transferring.wav"
    assert str(prompt) in command.stdout
    assert faults_of_file(prompt) == faults_of_file(prompt.with_suffix(".wav16")) == []
    samples = np.frombuffer(prompt.read_bytes()[44:], "<i2").astype(np.float32) / 32768
    assert loudness(samples, 8_000) == pytest.approx(-20, abs=1.0)
    assert measure(prompt).seconds == pytest.approx(measure(SPEECH).seconds, abs=0.3), "the silence around it is cut"


def test_an_imported_prompt_is_readable_for_the_hotlines_own_user(tmp_path: Path, site: Path, imports: Import) -> None:
    imports(recorded(tmp_path / "x.wav"), "name/main/5")
    for path in (site / "recordings" / "zh" / "name").rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)


def test_the_words_of_a_prompt_are_kept_and_compared_with_the_menus_keys(
    tmp_path: Path, site: Path, imports: Import
) -> None:
    file = recorded(tmp_path / "x.wav")
    words = yaml.safe_load((RECORDINGS / "prompts.yaml").read_text(encoding="utf-8"))["prompts"]["menu-main"]["text"]
    imports(file, "menu-main", "--text", words)
    assert "callers do not hear" not in run_ivr("check", "--home", str(site)).stderr
    imports(file, "menu-main", "--text", "投诉请按1。")
    assert "callers do not hear of these keys: 2, 3" in run_ivr("check", "--home", str(site)).stderr
    imports(recorded(tmp_path / "y.wav", gain=0.2), "menu-main")
    assert "the words of the recording" in run_ivr("check", "--home", str(site)).stderr, (
        "the words were those of the other file"
    )


def test_a_name_that_no_call_asks_for_is_mentioned_with_the_nearest(tmp_path: Path, imports: Import) -> None:
    command = imports(recorded(tmp_path / "menu-mian.wav"))
    assert command.returncode == 0
    assert "no prompt of the program is named 'menu-mian'" in command.stderr
    assert "did you mean 'menu-main'?" in command.stderr


def test_imported_music_keeps_its_beginning_and_end(tmp_path: Path, site: Path, imports: Import) -> None:
    imports(recorded(tmp_path / "hold.flac"))
    assert measure(site / "recordings" / "music" / "hold.wav").seconds > measure(SPEECH).seconds + 3.5


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file"), (b"", "Invalid data"), (b"no sound at all" * 99, "Invalid data")],
)
def test_a_file_without_sound_is_refused_with_one_line(
    tmp_path: Path, site: Path, imports: Import, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "opening.mp3"
    if content is not None:
        file.write_bytes(content)
    command = imports(file)
    assert command.returncode == 1
    assert command.stderr.startswith(f"{file}: is no sound file that can be read ({reason}")
    assert command.stderr.count("\n") == 1
    assert not (site / "recordings" / "zh" / "opening.wav").exists()


def test_a_silent_file_is_refused(tmp_path: Path, imports: Import) -> None:
    command = imports(recorded(tmp_path / "opening.wav", gain=0.0))
    assert (command.returncode, command.stderr) == (1, f"{tmp_path}/opening.wav: there is no sound in it\n")


@pytest.mark.parametrize("prompt", ["../../etc/x", "/etc/x", "a b", "", "Menu"])
def test_a_malformed_prompt_name_is_refused(tmp_path: Path, imports: Import, prompt: str) -> None:
    file = recorded(tmp_path / "ä.wav")
    command = imports(file, prompt)
    assert command.returncode == 1
    assert "is no prompt's name" in command.stderr
