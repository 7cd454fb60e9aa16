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

    first: KnownText
    second: KnownText
    distance: float  # 0 to 1
    decision: Decision  # the decision about the first text, said exactly


def collisions(registry: Registry, menu: Menu, on: date) -> tuple[Collision, ...]:
    """Return the phrases and names of a menu that a caller would be asked about because of another.

    A text that the registry itself gives to several lines is no collision, and neither are lines that are merged into
    the same line.
    """
    sayable = [text for text in known(registry, menu, on) if text.source is not Source.MATTER]
    leads_to = merged(lines_on(registry, on))
    found = list(_pairs_that_sound_alike(sayable, leads_to))
    if not found:
        return ()
    ready = candidates(registry, menu, on)
    return tuple(Collision(first, second, apart, decide(first.text, ready)) for first, second, apart in found)


def distance(first: Sequence[Sound], second: Sequence[Sound], most: float) -> float:
    """Return how far two texts of the same length sound apart on average, or 1 if that is more than ``most``."""
    total = 0.0
    for sound, sound2 in zip(first, second, strict=True):
        total += differ(sound, sound2)
        if total > most * len(first):
            return 1.0
    return total / len(first)


def _pairs_that_sound_alike(
    sayable: Sequence[KnownText], leads_to: dict[Target, Target]
) -> Iterator[tuple[KnownText, KnownText, float]]:
    as_long: dict[int, list[tuple[KnownText, tuple[Sound, ...]]]] = defaultdict(list)
    for text in sayable:
        first_sounds = sounds(text.text)
        as_long[len(first_sounds)].append((text, first_sounds))
    for texts in as_long.values():
        for (first, first_sounds), (second, second_sounds) in combinations(texts, 2):
            if {leads_to.get(target, target) for target in first.targets}.isdisjoint(
                leads_to.get(target, target) for target in second.targets
            ) and (sound_distance := distance(first_sounds, second_sounds, APART)) < APART:
                yield first, second, sound_distance
