"""Detects the echo of a prompt, sent back by a phone's loudspeaker or by the line.

The level of an echo follows that of the prompt, a constant number of decibels below it; hardly any speech does so.
"""

import wave
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ivr.speech.recognizer import RATE, Timelines
from ivr.speech.sound import Samples, samples

Levels = NDArray[np.float32]
"""Levels in dB, one for each 10 ms, as `levels` returns them."""

_FRAME = RATE // 100
_SMOOTH = np.hanning(7)[1:-1].astype(np.float32) / np.float32(3)  # an echo is never delayed by whole frames
_SPREAD = 2.0
"""dB: an utterance is an echo of the prompt if the difference of their levels spreads no more than this."""

_BELOW = 15.0
"""dB that an echo is at least weaker than the prompt; an echo canceller leaves less, and callers are louder."""

_SHORTEST = 12  # frames; a shorter utterance is not compared
_RANGE = 25.0  # dB below the loudest frame; lower levels are raised to it, because there only the noise differs
_EARLY, _LATE = 10, 70  # frames by which an echo may come before and after the expected time of the prompt
_WAITS = 105  # further frames for each earlier prompt, because Asterisk waits up to a second after each


def levels(sound: Samples) -> Levels:
    """Return the level of a sound in dB below full scale."""
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME)
    powers = np.convolve(np.mean(frames**2, axis=1), _SMOOTH, "same") if len(frames) else np.zeros(0)
    found: Levels = 10 * np.log10(np.maximum(powers, 1e-8)).astype(np.float32)
    return found


def detector(timelines: Timelines) -> Callable[[Samples, float], bool]:
    """Return a function that tells whether an utterance is an echo. Its arguments are the sound of the utterance, and
    the seconds from the beginning of the prompts to its beginning.

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
    """Return the spread, in dB, of the level difference to the most similar part of the prompts; infinity if there is
    no such part.

    Args:
        utterance: the sound of the utterance.
        began: seconds from the beginning of the prompts to the beginning of the utterance.
        prompts: the levels of the prompts, which play one after the other.
    """
    utterance_levels, start, least = levels(utterance), 0, float("inf")
    loud = np.flatnonzero(utterance_levels > utterance_levels.max(initial=-80) - _RANGE)
    if len(loud) < _SHORTEST:
        return least
    at = round(began * 100) + int(loud[0])
    utterance_levels = utterance_levels[loud[0] : loud[-1] + 1]
    utterance_levels = np.maximum(utterance_levels, utterance_levels.max() - _RANGE)
    for number, prompt in enumerate(prompts):
        first, last = at - start - _LATE - _WAITS * number, at - start + _EARLY
        part = prompt[max(0, first) : max(0, last + len(utterance_levels))]
        start += len(prompt)
        if len(part) < len(utterance_levels):
            continue
        windows = np.lib.stride_tricks.sliding_window_view(part, len(utterance_levels))
        windows = np.maximum(windows, windows.max(axis=1, keepdims=True) - _RANGE)
        differences = windows - utterance_levels
        spreads = np.where(differences.mean(axis=1) >= _BELOW, differences.std(axis=1), np.inf)
        least = min(least, float(spreads.min()))
    return least
