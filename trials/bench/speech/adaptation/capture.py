"""Captures the sound that the recogniser gets of each take: the telephone, and the hotline's own front end."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.speech.recognizer import ListenerWork, RecognizedUtterance
from ivr.speech.recognizers.utterances import ReadingSteps, UtteranceListener
from ivr.speech.sound import Samples
from ivr.speech.voice_activity import VoiceDetector
from testkit.phones.tones import RATE
from trials.bench.speech.adaptation.captured_sounds import CapturedSound
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import TUNING
from trials.bench.speech.corpus.takes import Take
from trials.bench.speech.telephone.background import Noises
from trials.bench.speech.telephone.conditions import CLEAN, TEN, Condition
from trials.bench.speech.telephone.microphone import FRAME, Microphone

_BEHIND = 2.5  # seconds of sound behind the speech, in which the utterance must be over
_LEAST, _MOST = 0.7, 1.7  # lengths of a whole sound, in lengths of the take

NumberedTake = tuple[int, Take]  # its place among all takes of the set decides when the speech begins


def numbered_takes(limit: int | None) -> list[NumberedTake]:
    """Return the recorded takes of the tuning set, or ``limit`` of them, evenly chosen."""
    takes = list(enumerate(recordings.recorded(TUNING)))
    step = max(1.0, len(takes) / limit) if limit else 1.0
    return [takes[int(at * step)] for at in range(int(len(takes) / step))]


def plan(takes: Sequence[NumberedTake], conditions: Sequence[Condition]) -> Mapping[Condition, list[NumberedTake]]:
    """Return the takes of each condition.

    Args:
        takes: the takes.
        conditions: under each of these every take; () for every take clean and with one of the three noises at 10 dB.
    """
    if conditions:
        return {condition: list(takes) for condition in conditions}
    noisy = {noise: [take for turn, take in enumerate(takes) if turn % len(TEN) == at] for at, noise in enumerate(TEN)}
    return {CLEAN: list(takes)} | noisy


def captured(takes: Sequence[NumberedTake], condition: Condition) -> Iterator[CapturedSound]:
    """Yield the sounds of takes."""
    noises, voices = Noises(TUNING), VoiceDetector()
    for at, take in takes:
        speech = recordings.samples(TUNING, take)
        before = 0.5 + at * 0.37 % 2.5  # seconds, as `trials.bench.speech.offline` has it
        sound = _first_utterance(speech, Microphone(condition, noises, f"{TUNING} {take.name}"), voices, before)
        is_whole = sound is not None and _LEAST <= len(sound) / len(speech) <= _MOST
        yield CapturedSound(take, condition, None if sound is None else _stored(sound), is_whole)


def _stored(sound: Samples) -> NDArray[np.int16]:
    return np.rint(sound * 32768).astype(np.int16)


def _first_utterance(
    speech: NDArray[np.int16], microphone: Microphone, voices: VoiceDetector, before: float
) -> Samples | None:
    """Return the first utterance that the hotline would read, at `RATE`; None if there was none."""
    cut: list[Samples] = []

    def keep(sound: Samples, _began: float) -> bool:
        """Keep what would be read. It is never an echo."""
        cut.append(sound)
        return False

    def read(_sound: Samples) -> ReadingSteps:
        """Return as text the place of the sound in ``cut``, because one that is cut at a pause may be dropped."""
        yield from ()
        return RecognizedUtterance(str(len(cut) - 1), 1.0, 0.0)

    listener = UtteranceListener(voices.stream(), read, lambda _text: False, keep)
    for at in range(round((before + len(speech) / RATE + _BEHIND) * RATE / FRAME)):
        if at == round(before * RATE / FRAME):
            microphone.say(speech)
        if (sound := microphone.delivered_sound()) is None:
            continue
        heard = listener.feed(sound)
        while heard is None and listener.work is not ListenerWork.NONE:
            heard = listener.step()
        if heard:
            return cut[int(heard.text)]
    return None
