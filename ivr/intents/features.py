"""The figures of each target: by sound, by meaning, and by the recogniser's evidence.

`ivr.intents.likelihood` weighs these figures. The coefficients are calibrated: after a change of a figure here,
calibrate anew (``python -m trials.bench.speech.calibration``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.intents.candidates import Candidate
from ivr.intents.decisions import Match
from ivr.intents.known_texts import Source, Target, TargetKind
from ivr.intents.meaning_matcher import Closeness, MeaningScores
from ivr.phonetics.align import ComparableUtterance

_LOWEST_SCORE = 0.6  # of a match by sound that says anything
_EXACT = 0.1  # distance of a match that differs by a homophone or an accent
_LONGEST = 6  # characters of a phrase beyond which it is no surer
_CONTENT = 12  # characters of an utterance beyond which it is no longer
_UNSURE = 0.5  # score of a reading below which it is very unsure
_KEPT = 6  # targets by sound, and as many by meaning, that are weighed

TARGET_FEATURES = (
    "sound",
    "sound squared",
    "sound exact",
    "sound exact, the whole utterance",
    "written as known, the whole utterance",
    "sound, share of the utterance",
    "sound, length of the phrase",
    "sound, a weak phrase",
    "sound, a weak phrase, share of the utterance",
    "sound, a place",
    "sound, a matter",
    "sound, best of all",
    "meaning",
    "meaning beyond a half",
    "meaning, best of all",
    "meaning, behind the best",
    "sound and meaning",
    "owned",
    "key of the menu",
    "evidence for",
    "evidence against",
    "evidence for, a weak phrase",
)
NONE_FEATURES = (
    "constant",
    "small talk",
    "small talk beyond a half",
    "owned by small talk",
    "owned by emergencies",
    "length",
    "two characters or fewer",
    "an unsure reading",
    "a very unsure reading",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one target, in the order of `TARGET_FEATURES`."""

    target: Target
    match: Match | None  # best match by sound
    closeness: Closeness | None
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TargetFigures:
    """The figures of every target in question, and of none of them (in the order of `NONE_FEATURES`)."""

    targets: tuple[Figures, ...]
    none: tuple[float, ...]


def compare(
    heard: ComparableUtterance,
    matches: Sequence[Match],
    meant: MeaningScores | None,
    evidence: float,
    speaks_for: Candidate | None,
    score: float = 1.0,
) -> TargetFigures:
    """Put the figures of an utterance together.

    Args:
        heard: the utterance.
        matches: the best match of each meaning by sound, as `ivr.intents.match.ranked` gives them.
        meant: how close the utterance is by meaning; None without an encoder.
        evidence: how strongly the sound speaks for a phrase, -1 to 1.
        speaks_for: that phrase; None if there is none.
        score: how sure the recogniser is of its reading, 0 to 1.
    """
    by_sound: dict[Target, Match] = {}
    for each in matches:
        for target in each.targets:
            by_sound.setdefault(target, each)
    closeness = meant.targets if meant is not None else {}
    closest = sorted(closeness, key=lambda target: closeness[target].value, reverse=True)[:_KEPT]
    phrase_means = speaks_for.targets if speaks_for is not None else ()
    targets = tuple(dict.fromkeys((*list(by_sound)[:_KEPT], *closest, *phrase_means)))
    best_sound = max((_sound(match) for match in by_sound.values()), default=0.0)
    best_meaning = closeness[closest[0]].value if closest else 0.0
    figures = []
    for target in targets:
        match, close = by_sound.get(target), closeness.get(target)
        speaks = evidence if target in phrase_means else 0.0
        values = (
            *_by_sound(match, heard, best_sound),
            *_by_meaning(close, best_meaning, _sound(match) if match else 0.0),
            float(target.kind is TargetKind.CHOICE),
            max(0.0, speaks),
            min(0.0, speaks),
            max(0.0, speaks) * (speaks_for is not None and speaks_for.weak),
        )
        figures.append(Figures(target, match, close, values))
    small_talk = meant.small_talk if meant is not None else 0.0
    length = min(heard.content, _CONTENT) / _CONTENT
    none = (
        1.0,
        small_talk,
        _beyond_half(small_talk),
        meant.small_talk_owned if meant is not None else 0.0,
        sum(each.owned for each in meant.emergencies.values()) if meant is not None else 0.0,
        length,
        float(heard.content <= 2),
        1 - score,
        max(0.0, _UNSURE - score),
    )
    return TargetFigures(tuple(figures), none)


def _sound(match: Match) -> float:
    return max(0.0, match.score - _LOWEST_SCORE) / (1 - _LOWEST_SCORE)


def _by_sound(match: Match | None, heard: ComparableUtterance, best: float) -> tuple[float, ...]:
    if match is None:
        return (0.0,) * 12
    sound, share = _sound(match), match.share(heard)
    return (
        sound,
        sound**2,
        float(match.distance <= _EXACT),
        float(match.distance <= _EXACT and share == 1),
        float(match.distance == 0 and share == 1),
        sound * share,
        sound * min(len(match.phrase), _LONGEST) / _LONGEST,
        sound * match.weak,
        sound * match.weak * share,
        sound * (match.source is Source.PLACE),
        sound * (match.source is Source.MATTER),
        sound * (sound >= best),
    )


def _by_meaning(close: Closeness | None, best: float, sound: float) -> tuple[float, ...]:
    value = close.value if close is not None else 0.0
    owned = close.owned if close is not None else 0.0
    return (value, _beyond_half(value), float(close is not None and value >= best), best - value, sound * value, owned)


def _beyond_half(value: float) -> float:
    return max(0.0, value - 0.5)
