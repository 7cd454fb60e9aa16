"""How long a prompt goes on once the caller is understood, as the caller hears it. Pure."""

from collections.abc import Sequence

import numpy as np

from testkit.phones.tones import RATE, Samples, times_of
from trials.bench.speech.calls import Heard

_LOUD = 400  # of 32768: above it the prompt is heard
_AROUND = round(0.04 * RATE)  # samples around the decision in which the prompt must be loud, to show when it stopped
_SAME = 0.3  # seconds by which a prompt may be found early or late
_SHORTEST = 1.0  # seconds of a prompt that it takes to find it in a recording


def overruns(recording: Samples, prompt: Samples, prompted: Sequence[float], answers: Sequence[Heard]) -> list[float]:
    """Return the seconds from each decision to the end of the prompt.

    The way of sound from the hotline to the caller is as long at the prompt's beginning as at its end, so it is in none
    of them. Decisions that fell into a pause of the prompt show nothing and are left out.

    Args:
        recording: what the caller heard.
        prompt: what was played each time.
        prompted: when it was asked for, each time, in seconds of some clock.
        answers: what was understood, in seconds of the same clock.
    """
    plays = times_of(prompt, recording)
    if not prompted or not plays:
        return []
    lag = _lag(plays, prompted)
    found = []
    for answer in answers:
        played = answer.heard - answer.prompted
        at = round(played * RATE)
        if played < _SHORTEST or at + _AROUND >= len(prompt) or not _loud(prompt[at - _AROUND : at + _AROUND]):
            continue
        begins = min(plays, key=lambda play: abs(play - answer.prompted - lag))
        following = min((at for at in prompted if at > answer.prompted), default=answer.decided + 1)
        heard = np.flatnonzero(np.abs(_between(recording, begins, following + lag).astype(np.int32)) > _LOUD)
        if abs(begins - answer.prompted - lag) < _SAME and len(heard):
            found.append(float(heard[-1]) / RATE - played)
    return found


def _lag(plays: Sequence[float], prompted: Sequence[float]) -> float:
    """Return by how much the recording's clock is ahead: that at which most plays belong to a prompt."""
    lags = [play - at for play in plays for at in prompted]
    return max(lags, key=lambda lag: sum(abs(lag - other) < _SAME for other in lags))


def _between(recording: Samples, begins: float, ends: float) -> Samples:
    return recording[round(begins * RATE) : max(0, round(ends * RATE))]


def _loud(samples: Samples) -> bool:
    pieces = np.abs(samples.astype(np.int32)).reshape(4, -1)
    return bool((pieces.max(axis=1) > 2 * _LOUD).all())
