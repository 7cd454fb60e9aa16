"""Compares the meaning of an utterance with the texts of each target."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ivr.intents.known_texts import KnownText, Target
from ivr.intents.small_talk import SMALL_TALK
from ivr.intents.wording import matter
from ivr.registry.model import Emergency

Compared = tuple[Sequence[float], Sequence[float]]
"""The closeness of a sentence to each text, then to each of the others; and how much speaks for each owner."""

Compare = Callable[[Sequence[str], Sequence[str], Sequence[Sequence[int]]], Callable[[str], Compared]]
"""``(texts, others, owners of each of both) → (sentence → compared)``; this package does not know the encoder."""

_BEST, _NEXT = 0.6, 0.4
"""The weight of the closest text of a target, and of the mean of its closest three."""


@dataclass(frozen=True, slots=True)
class Closeness:
    """The closeness of an utterance to one target: 1 for the same words, 0 or less for nothing in common."""

    value: float
    text: str  # the closest text of the target
    owned: float  # how much all texts together speak for the target: about 1 for all that can be said, 0 for nothing


@dataclass(frozen=True, slots=True)
class MeaningScores:
    """The closeness of an utterance to every target, and to sentences that belong to no line."""

    targets: Mapping[Target, Closeness]
    emergencies: Mapping[str, Closeness]  # by the service's number
    small_talk: float  # -1 to 1
    small_talk_owned: float  # as `Closeness.owned`


class MeaningMatcher:
    """The known texts of a menu, ready to be compared by meaning."""

    def __init__(self, known: Sequence[KnownText], emergencies: Iterable[Emergency], compare: Compare) -> None:
        """Make ready; it takes about a millisecond a text."""
        owners: dict[str, list[Target | str]] = defaultdict(list)
        for each in known:
            owners[each.text].extend(each.targets)
        for emergency in emergencies:
            for text in (*emergency.phrases, *emergency.situations):
                owners[text].append(emergency.number)
        self._texts = tuple(owners)
        self._places: dict[Target | str, list[int]] = defaultdict(list)
        for place, text in enumerate(self._texts):
            for owner in owners[text]:
                self._places[owner].append(place)
        self._number = {owner: number for number, owner in enumerate(self._places)}
        numbers = [[self._number[owner] for owner in owners[text]] for text in self._texts]
        small_talk = [[len(self._number)]] * len(SMALL_TALK)
        self._compared = compare(self._texts, SMALL_TALK, [*numbers, *small_talk])
        self._last: tuple[str, MeaningScores] | None = None

    def __call__(self, utterance: str) -> MeaningScores:
        """Compare an utterance, without politeness and hesitation."""
        last = self._last  # a menu asks for an emergency first, then for a matter
        if last is not None and last[0] == utterance:
            return last[1]
        closeness, owned = self._compared(matter(utterance))
        close = {
            owner: self._of(places, closeness, owned[self._number[owner]]) for owner, places in self._places.items()
        }
        meant = MeaningScores(
            {owner: each for owner, each in close.items() if isinstance(owner, Target)},
            {owner: each for owner, each in close.items() if isinstance(owner, str)},
            max(closeness[len(self._texts) :]),
            owned[-1],
        )
        self._last = utterance, meant
        return meant

    def _of(self, places: Sequence[int], closeness: Sequence[float], owned: float) -> Closeness:
        best = sorted(places, key=closeness.__getitem__, reverse=True)[:3]
        mean = sum(map(closeness.__getitem__, best)) / len(best)
        return Closeness(_BEST * closeness[best[0]] + _NEXT * mean, self._texts[best[0]], owned)
