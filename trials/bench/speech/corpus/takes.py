"""The takes of a set: each utterance once, each answer by three voices, spread evenly over voices and speeds."""

from collections.abc import Iterator
from dataclasses import dataclass

from trials.bench.speech.corpus.sets import SampleUtterance, Voice, cast, utterances

SPEEDS = (0.85, 1.0, 1.2)
"""Paces, as factors of a voice's own."""

_ANSWERED = 3  # voices that say each answer, because there are few


@dataclass(frozen=True, slots=True)
class Take:
    """One utterance in one voice."""

    utterance: SampleUtterance
    voice: Voice
    speed: float

    @property
    def name(self) -> str:
        """Return a name that no other take of the set has."""
        return f"{self.voice.name}/{self.utterance.text}"


def takes(name: str) -> list[Take]:
    """Return all takes of a set."""
    return list(_takes(name))


def _takes(name: str) -> Iterator[Take]:
    voices, turn = cast(name), 0
    for utterance in utterances(name):
        for _ in range(_ANSWERED if utterance.kind.is_answer else 1):
            round_, place = divmod(turn, len(voices))
            yield Take(utterance, voices[place], SPEEDS[(place + round_) % len(SPEEDS)])
            turn += 1
