"""Compares every phrase of a menu with an utterance: the best match of each meaning."""

import re
from operator import mul

from ivr.intents.candidates import Candidate, Candidates
from ivr.intents.decisions import Match
from ivr.intents.known_texts import Source, Target
from ivr.phonetics.align import ComparableUtterance, align_within
from ivr.phonetics.nearest import nearest

_FARTHEST = 0.34
"""Distance beyond which a phrase is not looked at: it is not understood, and too far off to raise a doubt."""

_EXACT = 0.07
"""Distance up to which a place is said (贵阳 for 桂阳, not 自信 for 资兴), or a matter in filler words (的怎, 地震)."""

_STRAY = 1.6
"""What a phrase loses if much else was said, over the square of its length: 0.4 at two characters, 0.1 at four."""

_NUMBER = re.compile("[零一二三四五六七八九]{3,}")


def number(heard: ComparableUtterance, candidates: Candidates) -> Match | None:
    """Return the first registered number that was said digit by digit."""
    for found in _NUMBER.finditer(heard.text):
        target = candidates.numbers.get(found.group())
        if target is not None:
            return Match((target,), target.name, Source.NAME, found.group(), found.start(), 0.0, 1.0, weak=False)
    return None


def ranked(heard: ComparableUtterance, candidates: Candidates, margin: float) -> list[Match]:
    """Return the best match of each meaning, the best of all first.

    A match that is too far away is left out, and so is a match behind the best matter by more than ``margin``: filler
    words are everywhere, and do not count as the best.
    """
    if not heard.sounds:
        return []
    best: dict[tuple[Target, ...], Match] = {}
    lead = 0.0
    for least, candidate in _in_reach(heard, candidates):
        known = best.get(candidate.targets)
        to_beat = max(known.score if known else 0.0, lead - margin)
        match = _match(candidate, heard, to_beat) if 1 - least > to_beat else None
        if match is not None:
            best[candidate.targets] = match
            lead = lead if candidate.weak else max(lead, match.score)
    return sorted(best.values(), key=lambda match: -match.score)


def _in_reach(heard: ComparableUtterance, candidates: Candidates) -> list[tuple[float, Candidate]]:
    """Return the phrases whose sounds are there, in whatever order, the most promising first.

    Each phrase is returned behind the least distance that it can have.
    """
    near = nearest(heard, candidates.inventory)
    reach = []
    for candidate in candidates.phrases:
        cost = sum(map(mul, candidate.telling, map(near.__getitem__, candidate.places)))
        least = cost / sum(candidate.telling)
        if least <= _FARTHEST:
            reach.append((least, candidate))
    return sorted(reach, key=lambda found: found[0])


def _match(candidate: Candidate, heard: ComparableUtterance, to_beat: float) -> Match | None:
    """Return how a phrase was said, unless it is too far away or no better than the score ``to_beat``."""
    telling = sum(candidate.telling)
    fit = align_within(candidate.sounds, candidate.telling, heard, min(_FARTHEST, 1 - to_beat) * telling)
    distance = fit.cost / telling if fit is not None else 1.0
    if fit is None or distance > _FARTHEST:
        return None
    if candidate.telling != candidate.weights:  # sounds that many phrases share tell little, but they have to be there
        weights = sum(candidate.weights)
        whole = align_within(candidate.sounds, candidate.weights, heard, (1 - to_beat) * weights)
        if whole is None:
            return None
        distance = max(distance, whole.cost / weights)
    content_syllables = heard.filler[fit.start : fit.end].count(False)
    if distance > _EXACT and (candidate.source is Source.PLACE or (content_syllables == 0 and not candidate.weak)):
        return None
    stray = 1 - content_syllables / heard.content if heard.content else 0.0
    loss = min(0.6, _STRAY / len(candidate.sounds) ** 2) * stray
    stretch = heard.text[fit.start : fit.end]
    score = (1 - distance) * (1 - loss)
    if score <= to_beat:
        return None
    return Match(
        candidate.targets, candidate.phrase, candidate.source, stretch, fit.start, distance, score, candidate.weak
    )
