"""Detects the echo of a prompt, sent back by a phone's loudspeaker or by the line.

An echo rises and falls as the prompt does, a constant number of decibels below it; hardly any speech does so.
"""

import wave
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ivr.speech.recognizer import RATE, Timelines
from ivr.speech.sound import Samples, samples

Levels = NDArray[np.float32]
"""dB of one hundredth of a second after the other, from `levels`."""

_FRAME = RATE // 100
_SMOOTH = np.hanning(7)[1:-1].astype(np.float32) / np.float32(3)  # an echo is never delayed by whole frames
_SPREAD = 2.0
"""dB: spread of the difference to the prompt up to which an utterance is its echo."""

_BELOW = 15.0
"""dB that an echo is weaker than the prompt at least; an echo canceller leaves less, and callers are louder."""

_SHORTEST = 12  # frames that tell anything
_RANGE = 25.0  # dB below the loudest frame at which levels are cut off: there it is noise that differs
_EARLY, _LATE = 10, 70  # frames by which an echo may come before and after the prompt is thought to play
_WAITS = 105  # ... more for each prompt that came before, because Asterisk waits up to a second behind each


def levels(sound: Samples) -> Levels:
    """Return the level of a sound in dB below full scale."""
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME)
    powers = np.convolve(np.mean(frames**2, axis=1), _SMOOTH, "same") if len(frames) else np.zeros(0)
    found: Levels = 10 * np.log10(np.maximum(powers, 1e-8)).astype(np.float32)
    return found


def detector(timelines: Timelines) -> Callable[[Samples, float], bool]:
    """Return the function that tells whether an utterance is an echo; its arguments are the sound, and the seconds
    until it began.

    Raises:
        OSError: a recording cannot be read.
    """
    played = [[_recorded(path) for path in prompts] for prompts in timelines]
    return lambda utterance, began: any(spread(utterance, began, prompts) <= _SPREAD for prompts in played)


@lru_cache(maxsize=256)
def _recorded(path: str) -> Levels:
    with wave.open(path) as recording:
        return levels(samples(recording.readframes(recording.getnframes())))


def spread(utterance: Samples, began: float, prompts: Sequence[Levels]) -> float:
    """Return by how many dB the difference to the most similar part of the prompts varies; infinity if none is similar.

    Args:
        utterance: its sound.
        began: seconds from the beginning of the prompts until it began.
        prompts: the levels of the prompts, which play one after the other.
    """
    said, start, least = levels(utterance), 0, float("inf")
    loud = np.flatnonzero(said > said.max(initial=-80) - _RANGE)
    if len(loud) < _SHORTEST:
        return least
    at = round(began * 100) + int(loud[0])
    said = said[loud[0] : loud[-1] + 1]
    said = np.maximum(said, said.max() - _RANGE)
    for number, prompt in enumerate(prompts):
        first, last = at - start - _LATE - _WAITS * number, at - start + _EARLY
        part = prompt[max(0, first) : max(0, last + len(said))]
        start += len(prompt)
        if len(part) < len(said):
            continue
        windows = np.lib.stride_tricks.sliding_window_view(part, len(said))
        windows = np.maximum(windows, windows.max(axis=1, keepdims=True) - _RANGE)
        differences = windows - said
        spreads = np.where(differences.mean(axis=1) >= _BELOW, differences.std(axis=1), np.inf)
        least = min(least, float(spreads.min()))
    return least
