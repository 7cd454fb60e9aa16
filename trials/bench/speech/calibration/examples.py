"""Readings compared with the shipped registry: what the models learn from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import numpy as np

from ivr.intents.candidates import Candidates, candidates
from ivr.intents.decide_intent import KEPT, decide_by_exact_words
from ivr.intents.decisions import Decision, Guess
from ivr.intents.evidence import Evidence
from ivr.intents.features import NONE_FEATURES, TARGET_FEATURES, TargetFigures
from ivr.intents.guess import compared, disagree, guesses
from ivr.intents.known_texts import known
from ivr.intents.likelihood import Coefficients
from ivr.intents.meaning_matcher import MeaningMatcher
from ivr.intents.small_talk import SMALL_TALK
from ivr.intents.wording import corrected
from ivr.meaning.comparison import text_meanings
from ivr.meaning.encoder import Encode
from ivr.meaning.learnt import LearntTexts
from ivr.meaning.owned_texts import KnownTexts, OwnedTexts, TextWeights
from ivr.phonetics.align import hear
from ivr.registry.model import Registry
from trials.bench.speech.calibration.logit import Array, Observation, fit
from trials.bench.speech.calibration.readings import Reading
from trials.bench.speech.corpus.sets import SampleKind, SampleUtterance
from trials.bench.speech.judging.decision import MENU

TYPED = "typed"
"""Condition of small talk that nobody spoke: it stands in ivr/intents/small_talk.py."""

MATTERS = (
    SampleKind.LINE,
    SampleKind.LINKAGE,
    SampleKind.CHOICE,
    SampleKind.UNCLEAR,
    SampleKind.NO_EMERGENCY,
    SampleKind.CORRECTION,
    SampleKind.NONE,
)

_PENALTY = 1e-3
_FOLDS = 5
_NONE = 0.35  # share of the examples' weight that belongs to none of the targets, whatever their number


@dataclass(frozen=True, slots=True)
class Example:
    """A reading, and everything that speaks for its targets."""

    reading: Reading
    comparison: TargetFigures
    agree: bool  # sound and meaning point to the same target
    certain: Decision | None  # what the caller said in so many words; no model decides that


class Examples:
    """Readings compared with the shipped registry."""

    def __init__(self, registry: Registry, on: date, encode: Encode | None) -> None:
        """Make ready; without ``encode``, by sound alone."""
        menu = registry.menus[MENU]
        self.candidates: Candidates = candidates(registry, menu, on)
        self._by_meaning = None
        if encode is not None:
            self._by_meaning = MeaningMatcher(
                known(registry, menu, on), registry.emergencies.values(), lambda *texts: LeaveOut(encode, *texts)
            )

    def of(self, readings: Sequence[Reading]) -> list[Example]:
        """Compare each reading, and the typed small talk beside them."""
        return [self._example(reading) for reading in (*readings, *_small_talk(readings, self.candidates))]

    def _example(self, reading: Reading) -> Example:
        text = corrected(reading.text)
        heard = hear(text)
        comparison, matches = compared(text, heard, self.candidates, self._by_meaning, reading.evidence)
        agree = not disagree(comparison, matches, self.candidates)
        return Example(reading, comparison, agree, decide_by_exact_words(reading.text, heard, matches, self.candidates))


class LeaveOut:
    """Sentences compared with all small talk but themselves: else nothing were learnt of unknown small talk."""

    def __init__(
        self, encode: Encode, texts: Sequence[str], others: Sequence[str], owners: Sequence[Sequence[int]]
    ) -> None:
        meanings = text_meanings(encode, texts, others)
        self._learnt_texts = LearntTexts((*texts, *others), meanings.rows, owners)
        weights = TextWeights(meanings, self._learnt_texts.learnt)
        self._all = OwnedTexts(encode, KnownTexts(texts, others, owners), weights)
        self._others, self._count = others, len(texts)

    def __call__(self, sentence: str) -> tuple[list[float], list[float]]:
        closeness, owned = self._all(sentence)
        if sentence in self._others:
            row = self._count + self._others.index(sentence)
            closeness[row], owned = -1.0, self._learnt_texts.without(row)
        return closeness, owned


def right_names(reading: Reading, candidates: Candidates) -> set[str]:
    """Return the names of the targets to which it is right to lead: of merged lines the line they lead on to."""
    leads = {target.name: lead.name for target, lead in candidates.merged.items()}
    return {leads.get(name, name) for name in reading.utterance.right}


def fitted(examples: Sequence[Example], candidates: Candidates) -> Coefficients:
    """Fit the model."""
    none = sum(not example.reading.utterance.right for example in examples)
    weight = _NONE * (len(examples) - none) / ((1 - _NONE) * max(1, none))
    choices = [
        replace(_choice(example, candidates), weight=1.0 if example.reading.utterance.right else weight)
        for example in examples
    ]
    found: Array = fit(choices, _PENALTY)
    values = [round(float(value), 3) for value in found]
    return Coefficients(tuple(values[: len(TARGET_FEATURES)]), tuple(values[len(TARGET_FEATURES) :]))


def by_text(readings: Sequence[Reading]) -> list[int]:
    """Return the fold of each reading: a text is in one fold, under whichever condition it was read."""
    texts = sorted({reading.utterance.text for reading in readings})
    Random(2).shuffle(texts)
    fold = {text: at % _FOLDS for at, text in enumerate(texts)}
    return [fold[reading.utterance.text] for reading in readings]


def by_voice(readings: Sequence[Reading]) -> list[int]:
    """Return the fold of each reading: a voice is in one fold; what nobody said is spread over all."""
    voices = sorted({reading.voice for reading in readings if reading.voice})
    fold = {voice: at % _FOLDS for at, voice in enumerate(voices)}
    return [fold.get(reading.voice, at % _FOLDS) for at, reading in enumerate(readings)]


def cross_validated(
    examples: Sequence[Example], candidates: Candidates, folds: Sequence[int]
) -> Iterator[tuple[Example, tuple[Guess, ...]]]:
    """Yield each example with the guesses of a model that was fitted without its fold."""
    pairs = list(zip(examples, folds, strict=True))
    for out in sorted(set(folds)):
        model = fitted([each for each, fold in pairs if fold != out], candidates)
        for each, fold in pairs:
            if fold == out:
                yield each, guesses(each.comparison, candidates, model)[:KEPT]


def _small_talk(like: Sequence[Reading], candidates: Candidates) -> list[Reading]:
    """Return the typed small talk as readings, with evidence as weak as that of readings for what was not said."""
    random = Random(1)
    wrong = [each.evidence for each in like if not _speaks_for_right(each, candidates)] or [Evidence("", 0.0)]
    return [
        Reading(SampleUtterance(text, SampleKind.NONE, ()), TYPED, text, random.choice(wrong)) for text in SMALL_TALK
    ]


def _speaks_for_right(reading: Reading, candidates: Candidates) -> bool:
    candidate = candidates.of_phrase.get(reading.evidence.phrase)
    return candidate is not None and any(target.name in reading.utterance.right for target in candidate.targets)


def _choice(example: Example, candidates: Candidates) -> Observation:
    """Return an example as the model sees it: the last alternative is none of the targets."""
    right_ones, targets = right_names(example.reading, candidates), example.comparison.targets
    figures = np.zeros((len(targets) + 1, len(TARGET_FEATURES) + len(NONE_FEATURES)))
    for at, each in enumerate(targets):
        figures[at, : len(TARGET_FEATURES)] = each.values
    figures[-1, len(TARGET_FEATURES) :] = example.comparison.none
    right = np.array([candidates.leads_to(each.target).name in right_ones for each in targets] + [False])
    right[-1] = not right.any()
    return Observation(figures, right)
