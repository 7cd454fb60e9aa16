"""Every phrase of a menu compared with what was heard: the best match of each meaning."""

import re
from functools import lru_cache
from operator import mul

from ivr.intents.align import LEFT_OUT, Utterance, align
from ivr.intents.candidates import Candidate, Candidates, Inventory, Target
from ivr.intents.results import Match
from ivr.intents.syllables import apart

_FARTHEST = 0.4
"""Distance beyond which a phrase is not even looked at."""

_STRAY = 1.6
"""What a phrase loses where much else was said, over the square of its length: 0.4 at two characters, 0.1 at four."""

_NUMBER = re.compile("[零一二三四五六七八九]{3,}")


def number(heard: Utterance, candidates: Candidates) -> Match | None:
    """Return the first registered number that was said digit by digit."""
    for found in _NUMBER.finditer(heard.text):
        target = candidates.numbers.get(found.group())
        if target is not None:
            return Match((target,), target.name, found.group(), found.start(), 0.0, 1.0, asks=False)
    return None


def ranked(heard: Utterance, candidates: Candidates) -> list[Match]:
    """Return the best match of each meaning, the best of all first; the far ones are left out."""
    if not heard.sounds:
        return []
    nearest = _nearest(heard, candidates.inventory)
    best: dict[tuple[Target, ...], Match] = {}
    for candidate in candidates.phrases:
        match = _match(candidate, heard, nearest)
        if match is not None and (candidate.targets not in best or match.score > best[candidate.targets].score):
            best[candidate.targets] = match
    return sorted(best.values(), key=lambda match: -match.score)


def _nearest(heard: Utterance, inventory: Inventory) -> list[float]:
    """Return how near anything in the utterance comes to each sound of the phrases."""
    said = {reading for sound in heard.sounds for reading in sound.readings}
    return [min(LEFT_OUT, *column) for column in zip(*(_row(inventory, reading) for reading in said), strict=True)]


@lru_cache(maxsize=4096)  # there are some four hundred syllables
def _row(inventory: Inventory, said: str) -> tuple[float, ...]:
    return tuple(min(apart(reading, said) for reading in sound.readings) for sound in inventory.sounds)


def _match(candidate: Candidate, heard: Utterance, nearest: list[float]) -> Match | None:
    total = sum(candidate.telling)
    least = sum(map(mul, candidate.telling, map(nearest.__getitem__, candidate.places)))
    if least > _FARTHEST * total:  # whatever the order, it cannot come nearer than this
        return None
    fit = align(candidate.sounds, candidate.telling, heard)
    distance = fit.cost / total
    if distance > _FARTHEST:
        return None
    if candidate.telling != candidate.weights:  # what many phrases share tells little, but it has to be there
        distance = max(distance, align(candidate.sounds, candidate.weights, heard).cost / sum(candidate.weights))
    said = heard.asks[fit.start : fit.end].count(False)
    stray = 1 - said / heard.content if heard.content else 0.0
    loss = min(0.6, _STRAY / len(candidate.sounds) ** 2) * stray
    stretch = heard.text[fit.start : fit.end]
    score = (1 - distance) * (1 - loss)
    return Match(candidate.targets, candidate.phrase, stretch, fit.start, distance, score, candidate.asks)
