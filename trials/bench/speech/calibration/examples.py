"""Readings compared with the shipped registry, from which the models learn."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
from ivr.intents.wording import corrected, matter
from ivr.meaning.comparison import Comparison, text_meanings
from ivr.meaning.encoder import Encode
from ivr.meaning.learnt import Learnt, LearntTexts
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

_PENALTY = 1e-2
_FOLDS = 5
_NONE = 0.35  # share of the examples' weight that belongs to none of the targets, whatever their number


@dataclass(frozen=True, slots=True)
class Example:
    """A reading, and everything that speaks for its targets."""

    reading: Reading
    comparison: TargetFigures
    agree: bool  # sound and meaning point to the same target
    certain: Decision | None  # the decision by the exact words, which no model makes


class Examples:
    """Readings compared with the shipped registry."""

    def __init__(self, registry: Registry, on: date, topics: Mapping[str, str], encode: Encode | None) -> None:
        """Prepare the comparison, without ``encode`` by sound alone. ``topics`` has the topic of each text."""
        menu = registry.menus[MENU]
        self.candidates: Candidates = candidates(registry, menu, on)
        self._left_out = LeftOut(topics)
        self._by_meaning = None
        if encode is not None:
            self._by_meaning = MeaningMatcher(
                known(registry, menu, on),
                registry.emergencies.values(),
                lambda *texts: LeaveOut(encode, self._left_out, *texts),
            )

    def of(self, readings: Sequence[Reading]) -> list[Example]:
        """Compare each reading, and the typed small talk beside them."""
        readings = (*readings, *_small_talk(readings, self.candidates))
        for reading in readings:
            self._left_out.note(corrected(reading.text), reading.utterance.text)
        return [self._example(reading) for reading in readings]

    def _example(self, reading: Reading) -> Example:
        text = corrected(reading.text)
        heard = hear(text)
        comparison, matches = compared(text, heard, self.candidates, self._by_meaning, reading.evidence)
        agree = not disagree(comparison, matches, self.candidates)
        return Example(reading, comparison, agree, decide_by_exact_words(reading.text, heard, matches, self.candidates))


class LeftOut:
    """The small talk that a reading is not compared with: the texts of the same topic as the spoken text."""

    def __init__(self, topics: Mapping[str, str]) -> None:
        """Take the topic of each text."""
        self._topics = topics
        self._topics_of: dict[str, set[str]] = defaultdict(set)  # topics by what the matcher compares

    def note(self, compared_text: str, spoken_text: str) -> None:
        """Keep that ``spoken_text`` is compared as ``compared_text``."""
        self._topics_of[matter(compared_text)].add(self._topics[spoken_text])

    def rows(self, sentence: str, others: Sequence[str]) -> tuple[int, ...]:
        """Return the rows of the other texts that are left out."""
        topics = self._topics_of[sentence]
        return tuple(row for row, other in enumerate(others) if self._topics[other] in topics)


class LeaveOut:
    """Compares a sentence with the small talk of other topics only, because the model has to judge unknown topics."""

    def __init__(
        self,
        encode: Encode,
        left_out: LeftOut,
        texts: Sequence[str],
        others: Sequence[str],
        owners: Sequence[Sequence[int]],
    ) -> None:
        """Learn from texts, which have owners, and from the others; ``left_out`` says which of these are left out."""
        meanings = text_meanings(encode, texts, others)
        self._learnt_texts = LearntTexts((*texts, *others), meanings.rows, owners)
        self._comparison = Comparison(encode, texts, meanings)
        self._left_out, self._others, self._count = left_out, others, len(texts)
        self._learnt: dict[tuple[int, ...], Learnt] = {(): self._learnt_texts.learnt}

    def __call__(self, sentence: str) -> tuple[list[float], list[float]]:
        """Compare as `ivr.meaning.owned_texts.OwnedTexts` does."""
        rows = tuple(self._count + row for row in self._left_out.rows(sentence, self._others))
        if rows not in self._learnt:
            self._learnt[rows] = self._learnt_texts.without(rows)
        respelt = self._comparison.respelt(sentence)
        meaning = self._comparison.meaning(respelt)
        closeness = self._comparison.to(meaning)
        for row in rows:
            closeness[row] = -1.0
        return closeness, self._learnt[rows](respelt, meaning)


def right_names(reading: Reading, candidates: Candidates) -> set[str]:
    """Return the names of the right targets; for a merged line, the line into which it is merged."""
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


def by_topic(readings: Sequence[Reading], topics: Mapping[str, str]) -> list[int]:
    """Return the fold of each reading: a topic is in one fold, whoever speaks of it, in whichever words."""
    all_topics = sorted({topics[reading.utterance.text] for reading in readings})
    Random(2).shuffle(all_topics)
    fold = {topic: at % _FOLDS for at, topic in enumerate(all_topics)}
    return [fold[topics[reading.utterance.text]] for reading in readings]


def by_voice(readings: Sequence[Reading]) -> list[int]:
    """Return the fold of each reading: a voice is in one fold; readings without a voice are spread over all folds."""
    voices = sorted({reading.voice for reading in readings if reading.voice})
    fold = {voice: at % _FOLDS for at, voice in enumerate(voices)}
    return [fold.get(reading.voice, at % _FOLDS) for at, reading in enumerate(readings)]


def cross_validated(
    examples: Sequence[Example], candidates: Candidates, folds: Sequence[int]
) -> Iterator[tuple[Example, tuple[Guess, ...]]]:
    """Yield each example with the guesses of a model that was fitted without its fold."""
    pairs = list(zip(examples, folds, strict=True))
    for out in sorted(set(folds)):
        model = fitted([example for example, fold in pairs if fold != out], candidates)
        for example, fold in pairs:
            if fold == out:
                yield example, guesses(example.comparison, candidates, model)[:KEPT]


def _small_talk(readings: Sequence[Reading], candidates: Candidates) -> list[Reading]:
    """Return the typed small talk as readings, with evidence as weak as that of readings for what was not said."""
    random = Random(1)
    wrong = [reading.evidence for reading in readings if not _speaks_for_right(reading, candidates)] or [
        Evidence("", 0.0)
    ]
    return [
        Reading(SampleUtterance(text, SampleKind.NONE, ()), TYPED, text, random.choice(wrong)) for text in SMALL_TALK
    ]


def _speaks_for_right(reading: Reading, candidates: Candidates) -> bool:
    candidate = candidates.of_phrase.get(reading.evidence.phrase)
    return candidate is not None and any(target.name in reading.utterance.right for target in candidate.targets)


def _choice(example: Example, candidates: Candidates) -> Observation:
    """Return an example as the model sees it: the last alternative is none of the targets."""
    names_of_right, targets = right_names(example.reading, candidates), example.comparison.targets
    figures = np.zeros((len(targets) + 1, len(TARGET_FEATURES) + len(NONE_FEATURES)))
    for at, target in enumerate(targets):
        figures[at, : len(TARGET_FEATURES)] = target.values
    figures[-1, len(TARGET_FEATURES) :] = example.comparison.none
    right = np.array([candidates.leads_to(target.target).name in names_of_right for target in targets] + [False])
    right[-1] = not right.any()
    return Observation(figures, right)
