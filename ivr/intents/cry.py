"""A cry for help in other words than the registry's, or half heard: by sound, meaning and evidence.

`ivr.intents.emergency` knows the registry's own words. All else is weighed here, by a logistic model that is calibrated
like the other (`ivr.intents.likelihood`). The caller is asked, and never connected unasked.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import mul

from ivr.intents.evidence import Evidence, share
from ivr.intents.meaning_matcher import MeaningScores
from ivr.phonetics.align import ComparableUtterance, align_within
from ivr.phonetics.nearest import SoundSearch
from ivr.phonetics.pronunciation import Sound, sounds

CRY_FEATURES = (
    "constant",
    "meaning",
    "meaning beyond a half",
    "meaning, ahead of every line",
    "small talk",
    "owned",
    "owned by others",
    "sound",
    "sound beyond 0.8",
    "sound, share of the utterance",
    "evidence for",
    "evidence against",
    "evidence for the cry within",
    "length",
    "an unsure reading",
)

_NATS = 16.0  # of evidence against a cry within an utterance, from which on the cry was not said
_CONTENT = 12  # characters of an utterance beyond which it is no longer


@dataclass(frozen=True, slots=True)
class CryCalibration:
    """Coefficients, and the thresholds from which the caller is asked."""

    coefficients: tuple[float, ...]  # in the order of `CRY_FEATURES`
    ask: float  # likelihood, 0 to 1
    cried: float  # nats of evidence from which a cry was said though something else was written

    def likelihood(self, figures: "CryFigures") -> float:
        """Weigh the figures of an utterance: 0 to 1."""
        utility = math.fsum(map(mul, self.coefficients, figures.values))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, utility))))


@dataclass(frozen=True, slots=True)
class CryFigures:
    """The figures of a cry, for its likeliest service."""

    number: str
    phrase: str  # of the registry: the nearest
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cry:
    """The texts of one service, ready to be compared by sound."""

    number: str
    sounds: Mapping[str, tuple[Sound, ...]]  # by text
    search: SoundSearch

    @classmethod
    def of(cls, number: str, texts: Iterable[str]) -> "Cry":
        """Look up how the texts of a service sound."""
        heard = {text: sounds(text) for text in texts}
        return cls(number, heard, SoundSearch(heard))


def figures(
    heard: ComparableUtterance,
    cries: Iterable[Cry],
    meant: MeaningScores | None,
    evidence: Evidence | None,
    within: Evidence | None = None,
) -> CryFigures | None:
    """Return the figures of an utterance for the likeliest service; None if nothing was said, or there is none.

    ``within`` is the evidence for the utterance with a cry for help in place of what sounds like it.
    """
    if not heard.sounds:
        return None
    return max((_of(cry, heard, meant, evidence, within) for cry in cries), key=_strength, default=None)


def _strength(figures: CryFigures) -> float:
    """Return the sum of the features that differ between the services."""
    named = dict(zip(CRY_FEATURES, figures.values, strict=True))
    return named["meaning"] + named["sound"] + named["evidence for"] + named["evidence for the cry within"]


def _of(
    cry: Cry,
    heard: ComparableUtterance,
    meant: MeaningScores | None,
    evidence: Evidence | None,
    within: Evidence | None,
) -> CryFigures:
    sound, covers, text = _by_sound(cry, heard)
    nats = share(evidence.nats) if evidence is not None and evidence.phrase in cry.sounds else 0.0
    is_within = within is not None and any(text in within.phrase for text in cry.sounds)
    cried = max(0.0, 1 + min(0.0, within.nats) / _NATS) if within is not None and is_within else 0.0
    meaning = ahead = small_talk = owned = by_others = 0.0
    if meant is not None and (close := meant.emergencies.get(cry.number)):
        meaning, small_talk = close.value, meant.small_talk
        owned = sum(each.owned for each in meant.emergencies.values())
        by_others = max(meant.small_talk_owned, *(each.owned for each in meant.targets.values()))
        ahead = max(-0.5, meaning - max((each.value for each in meant.targets.values()), default=0.0))
        text = close.text if meaning > sound else text
    values = (
        1.0,
        meaning,
        max(0.0, meaning - 0.5),
        ahead,
        small_talk,
        owned,
        by_others,
        sound,
        max(0.0, sound - 0.8) * 5,
        max(0.0, sound - 0.6) * covers,
        max(0.0, nats),
        min(0.0, nats),
        cried,
        min(heard.content, _CONTENT) / _CONTENT,
        1 - evidence.score if evidence is not None else 0.0,
    )
    return CryFigures(cry.number, evidence.phrase if evidence is not None and nats > 0 else text, values)


def _by_sound(cry: Cry, heard: ComparableUtterance) -> tuple[float, float, str]:
    """Return of the text that fits best how well, 0 to 1, the share of the utterance in which it does, and the text."""
    best = (0.0, 0.0, "")
    for least, text, phrase_sounds in cry.search.promising(heard, 1.0):
        if 1 - least < best[0]:
            break
        fit = align_within(phrase_sounds, (1.0,) * len(phrase_sounds), heard, (1 - best[0]) * len(phrase_sounds))
        if fit is None:
            continue
        best = max(best, (max(0.0, 1 - fit.cost / len(phrase_sounds)), (fit.end - fit.start) / len(heard.text), text))
    return best
