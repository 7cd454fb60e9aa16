"""Slow copies of the prompts: longer, at the same pitch, and never incomplete."""

import os
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from ivr.prompts import slow
from testkit.phones.tones import read_wav

RATE = 8000
HERTZ = 200.0  # a voice's pitch


def write_voice(path: Path, seconds: float, hertz: float = HERTZ) -> None:
    """Write a buzz with the harmonics of a voice, in syllables of a quarter of a second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(int(seconds * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * hertz * harmonic * time) / harmonic for harmonic in range(1, 12))
    samples = buzz * 0.2 * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def pitch(samples: np.ndarray) -> float:
    """Return the median pitch in hertz, by autocorrelation of pieces of 50 ms."""
    found = []
    for start in range(0, len(samples) - 400, 400):
        piece = samples[start : start + 400].astype(float)
        likeness = np.correlate(piece, piece, "full")[399:]
        found.append(RATE / (int(np.argmax(likeness[20:110])) + 20))
    return float(np.median(found))


def test_a_copy_lasts_a_third_longer_at_the_same_pitch(tmp_path: Path) -> None:
    write_voice(tmp_path / "zh" / "phone" / "1.wav", 3.0)
    assert slow.make(tmp_path / "zh", tmp_path / "slow") == 1
    samples = read_wav(tmp_path / "slow" / "phone" / "1.wav")
    assert len(samples) / RATE == pytest.approx(3.0 / slow.TEMPO, rel=0.02)
    assert pitch(samples) == pytest.approx(HERTZ, rel=0.03)


def test_only_changed_prompts_are_made_again_and_copies_of_removed_prompts_are_removed(tmp_path: Path) -> None:
    recordings, copies = tmp_path / "zh", tmp_path / "slow"
    for name in ("a", "b", "c"):
        write_voice(recordings / f"{name}.wav", 1.0)
    assert slow.make(recordings, copies) == 3
    assert slow.make(recordings, copies) == 0
    write_voice(recordings / "a.wav", 2.0)
    os.utime(recordings / "a.wav", (1, 1))  # even an older file that was put in its place
    (recordings / "b.wav").unlink()
    assert slow.make(recordings, copies) == 1
    assert sorted(path.name for path in copies.iterdir()) == ["a.wav", "c.wav"]
    assert len(read_wav(copies / "a.wav")) / RATE == pytest.approx(2.0 / slow.TEMPO, rel=0.02)


def test_a_recording_that_cannot_be_read_leaves_the_copy_as_it_was(tmp_path: Path) -> None:
    write_voice(tmp_path / "zh" / "a.wav", 1.0)
    slow.make(tmp_path / "zh", tmp_path / "slow")
    before = (tmp_path / "slow" / "a.wav").read_bytes()
    (tmp_path / "zh" / "a.wav").write_bytes(b"no sound")
    with pytest.raises(av.FFmpegError, match=r"a\.wav"):
        slow.make(tmp_path / "zh", tmp_path / "slow")
    assert (tmp_path / "slow" / "a.wav").read_bytes() == before


def test_a_start_takes_the_copies_that_set_up_made_and_leaves_the_others_to_be_made(tmp_path: Path) -> None:
    shipped, spoken, copies, store = (tmp_path / name for name in ("shipped", "zh", "slow", "store"))
    write_voice(shipped / "a.wav", 1.0)
    assert (slow.fill_store(shipped, store), slow.fill_store(shipped, store)) == (1, 0)
    write_voice(spoken / "a.wav", 1.0)
    assert slow.take_from_store(spoken, copies, store)
    assert len(read_wav(copies / "a.wav")) / RATE == pytest.approx(1.0 / slow.TEMPO, rel=0.03)
    write_voice(spoken / "own.wav", 2.0)
    assert not slow.take_from_store(spoken, copies, store)
    assert slow.make(spoken, copies) == 1
    (spoken / "a.wav").unlink()
    assert slow.take_from_store(spoken, copies, store)
    assert [path.name for path in copies.iterdir()] == ["own.wav"]


@pytest.mark.parametrize("prompt", ["menu-main", "opening", "confirm-2"])
def test_the_shipped_voice_keeps_its_pitch(tmp_path: Path, prompt: str) -> None:
    recording = Path(__file__).parents[2] / "recordings" / "zh" / f"{prompt}.wav"
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / recording.name).write_bytes(recording.read_bytes())
    slow.make(tmp_path / "zh", tmp_path / "slow")
    own, copy = read_wav(recording), read_wav(tmp_path / "slow" / recording.name)
    assert len(copy) / len(own) == pytest.approx(1 / slow.TEMPO, rel=0.03)
    assert pitch(copy) == pytest.approx(pitch(own), rel=0.05)
