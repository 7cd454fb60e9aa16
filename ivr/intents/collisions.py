"""Finds known texts of different lines that sound alike, with the question that callers are asked. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from ivr.intents.candidates import candidates
from ivr.intents.decide_intent import APART, decide
from ivr.intents.decisions import Decision
from ivr.intents.known_texts import KnownText, Source, Target, known, lines_on, merged
from ivr.phonetics.pronunciation import Sound, differ, sounds
from ivr.registry.model import Menu, Registry


@dataclass(frozen=True, slots=True)
class Collision:
    """Two phrases or names that sound alike and mean different targets."""

    one: KnownText
    other: KnownText
    distance: float  # 0 to 1
    decision: Decision  # the decision about the first text, said exactly


def collisions(registry: Registry, menu: Menu, on: date) -> tuple[Collision, ...]:
    """Return the phrases and names of a menu that a caller would be asked about because of another.

    A text that the registry itself gives to several lines is no collision, and neither are lines that are merged into
    the same line.
    """
    sayable = [each for each in known(registry, menu, on) if each.source is not Source.MATTER]
    leads_to = merged(lines_on(registry, on))
    found = list(_alike(sayable, leads_to))
    if not found:
        return ()
    ready = candidates(registry, menu, on)
    return tuple(Collision(one, other, distance, decide(one.text, ready)) for one, other, distance in found)


def distance(one: Sequence[Sound], other: Sequence[Sound], most: float) -> float:
    """Return how far two texts of the same length sound apart on average, or 1 if that is more than ``most``."""
    total = 0.0
    for sound, sound2 in zip(one, other, strict=True):
        total += differ(sound, sound2)
        if total > most * len(one):
            return 1.0
    return total / len(one)


def _alike(
    sayable: Sequence[KnownText], leads_to: dict[Target, Target]
) -> Iterator[tuple[KnownText, KnownText, float]]:
    as_long: dict[int, list[tuple[KnownText, tuple[Sound, ...]]]] = defaultdict(list)
    for each in sayable:
        said = sounds(each.text)
        as_long[len(said)].append((each, said))
    for texts in as_long.values():
        for (one, said), (other, said2) in combinations(texts, 2):
            if {leads_to.get(target, target) for target in one.targets}.isdisjoint(
                leads_to.get(target, target) for target in other.targets
            ) and (far := distance(said, said2, APART)) < APART:
                yield one, other, far
