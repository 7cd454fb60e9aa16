"""``ivr prompts check`` finds each fault alone in a folder without other faults."""

import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.prompts import manifest
from ivr.prompts.check import PromptFinding, check
from ivr.prompts.manifest import Manifest, wideband
from tests.prompts.folder import rendered, write_manifest, write_pair, write_wav

OPENING = "您好，这里是12345热线。"


@pytest.fixture
def sound(tmp_path: Path) -> Manifest:
    return rendered(tmp_path)


def only(findings: list[PromptFinding]) -> PromptFinding:
    assert len(findings) == 1, [str(finding) for finding in findings]
    return findings[0]


def test_a_freshly_rendered_folder_has_no_finding(sound: Manifest) -> None:
    assert check(sound) == []


def stereo(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x10\x10" * 8000)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_bytes(b"ID3 an mp3 renamed"), "is no PCM WAV file"),
        (lambda path: path.write_bytes(b""), "is no PCM WAV file"),
        (
            stereo,
            "is 8000 Hz, 2 channels, 16 bits; Asterisk plays nothing but 8000 Hz, mono, 16 bits: convert it with"
            " 'ivr prompts import'",
        ),
        (lambda path: write_wav(path, 0.3, 44100), "is 44100 Hz, 1 channels, 16 bits"),
        (lambda path: write_wav(path, 0.3, 8000, amplitude=0), "is silent"),
        (lambda path: write_wav(path, 0.3, 8000, amplitude=60000), "is clipped: record it at a lower level"),
    ],
)
def test_a_damaged_file_is_named_with_its_fault(sound: Manifest, damage: Callable[[Path], None], message: str) -> None:
    path = sound.sounds["beep"]
    damage(path)
    finding = only(check(sound))
    assert finding.fault
    assert str(finding).startswith(f"{path}: {message}")


def test_the_wideband_copy_is_checked_too(sound: Manifest) -> None:
    write_wav(wideband(sound.sounds["hold"]), 0.3, 8000)
    assert only(check(sound)).path == wideband(sound.sounds["hold"])


@pytest.mark.parametrize("seconds", [0.2, 30.0])
def test_a_recording_far_too_short_or_long_for_its_words_is_a_fault(sound: Manifest, seconds: float) -> None:
    write_pair(sound.sounds["opening"], seconds)
    faults = [finding for finding in check(sound) if finding.fault]
    assert [finding.path.name for finding in faults] == ["opening.wav", "opening.wav16"]
    assert all("its 12 syllables should take" in finding.message for finding in faults)


def test_a_text_changed_since_rendering_is_a_fault(sound: Manifest, tmp_path: Path) -> None:
    changed = write_manifest(tmp_path, opening={"text": "您好，这里是12346热线。"}, busy={"text": "对方正忙。"})
    assert "was rendered from another text" in only(check(changed)).message


def test_a_recording_that_a_person_put_in_place_is_a_note(sound: Manifest) -> None:
    write_pair(sound.sounds["busy"], 1.5)
    finding = only(check(sound))
    assert not finding.fault
    assert "taken as recorded by a person" in finding.message


def test_a_recording_marked_human_is_accepted_without_a_note(sound: Manifest, tmp_path: Path) -> None:
    write_pair(sound.sounds["busy"], 1.5)
    marked = write_manifest(tmp_path, opening={"text": OPENING}, busy={"text": "对方很忙。", "source": "human"})
    assert check(marked) == []


def test_replacing_the_narrowband_copy_alone_is_a_fault_of_the_wideband_copy(sound: Manifest) -> None:
    write_wav(sound.sounds["busy"], 1.5, 8000)
    finding = only(check(sound))
    assert finding.fault
    assert finding.path == wideband(sound.sounds["busy"])


def test_a_file_that_no_prompt_names_is_noted(sound: Manifest) -> None:
    write_wav(sound.recordings / "zh" / "openning.wav", 0.3, 8000)
    finding = only(check(sound))
    assert not finding.fault
    assert finding.path.name == "openning.wav"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"txt": "好"}, "busy: 'txt' is not a key"),
        ({"used": "never"}, "busy: has no text"),
        ({"text": ""}, "busy: every value must be text, in quotes"),
        ({"text": 5}, "busy: every value must be text, in quotes"),
        ({"text": "好", "source": "robot"}, "busy: source is 'human' or 'rendered'"),
    ],
)
def test_a_broken_manifest_is_refused_with_the_entry_named(tmp_path: Path, entry: dict[str, str], message: str) -> None:
    with pytest.raises(manifest.ManifestError) as refused:
        write_manifest(tmp_path, busy=entry)
    assert str(refused.value) == f"{tmp_path / 'prompts.yaml'}: {message}"
