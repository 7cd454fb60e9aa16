"""A small folder of recordings for tests, which `ivr prompts check` accepts."""

import hashlib
import math
import struct
import wave
from pathlib import Path

import yaml

from ivr.prompts import ledger, manifest
from ivr.prompts.manifest import Manifest, wideband


def write_wav(path: Path, seconds: float, rate: int, amplitude: float = 6000.0) -> None:
    """Write a 300 Hz hum; different lengths and amplitudes give different files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = (
        max(-32768, min(32767, round(amplitude * math.sin(2 * math.pi * 300 * at / rate))))
        for at in range(round(seconds * rate))
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


def write_pair(narrowband: Path, seconds: float, amplitude: float = 6000.0) -> None:
    """Write a sound and its wideband copy."""
    write_wav(narrowband, seconds, 8000, amplitude)
    write_wav(wideband(narrowband), seconds, 16000, amplitude)


def write_manifest(recordings: Path, **prompts: dict[str, str]) -> Manifest:
    """Write ``prompts.yaml`` and read it back."""
    content = {"voice": "test", "pace": 1.0, "language": "zh", "prompts": prompts}
    recordings.mkdir(parents=True, exist_ok=True)
    (recordings / "prompts.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return manifest.load(recordings)


def rendered(recordings: Path) -> Manifest:
    """Make a folder as it is after rendering: two prompts, the tones, the music and the ledger."""
    written_manifest = write_manifest(
        recordings, opening={"text": "您好，这里是12345热线。"}, busy={"text": "对方正忙。"}
    )
    seconds = {"opening": 3.0, "busy": 1.2}
    for sound, path in written_manifest.sounds.items():
        write_pair(path, seconds.get(sound, 0.3))
    ledger_entries = {
        prompt.id: ledger.Rendered(
            ledger.digest_of_text(written_manifest, prompt),
            _digest(written_manifest.sounds[prompt.id]),
            _digest(wideband(written_manifest.sounds[prompt.id])),
        )
        for prompt in written_manifest.prompts.values()
    }
    ledger.save(recordings, ledger_entries)
    return written_manifest


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
