"""The calibration of cries for help in other words than the registry's; see `trials.bench.speech.calibration`."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ivr.intents.cry import CRY_FEATURES, CryCalibration, CryFigures, figures
from ivr.intents.emergency import CallService, EmergencyPhrases, in_words, possible, prepared_emergencies
from ivr.intents.evidence import Evidence
from ivr.intents.known_texts import known
from ivr.intents.meaning_matcher import MeaningMatcher
from ivr.intents.small_talk import SMALL_TALK
from ivr.meaning.encoder import Encode
from ivr.phonetics.align import ComparableUtterance, hear
from ivr.phonetics.pronunciation import plain
from ivr.registry.model import Registry
from trials.bench.speech.calibration.examples import TYPED, LeaveOut, LeftOut, by_topic, by_voice
from trials.bench.speech.calibration.logit import Observation, fit
from trials.bench.speech.calibration.readings import Reading
from trials.bench.speech.corpus.sets import TUNING, SampleKind, utterances
from trials.bench.speech.judging.decision import MENU
from trials.bench.speech.judging.intervals import Share

MOST_ASKED = 0.005
"""The aim: share of everything else that is asked about. The share itself has to keep to it, by topic and by voice,
because a cry that is missed costs more than a question."""

CRIED = (-20.0, -16.0, -12.0, -10.0, -8.0, -6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 2.0, 4.0)
"""Nats of evidence that are tried; see `ivr.intents.cry.CryCalibration`."""

_ASK = tuple(round(float(ask), 3) for ask in (*np.arange(0.1, 0.95, 0.05), 0.96, 0.97, 0.98, 0.985, 0.99, 0.995))
_PENALTY = 3e-3


@dataclass(frozen=True, slots=True)
class CryChoice:
    """Thresholds and their results: a result for each way of leaving readings out."""

    ask: float
    cried: float
    served: tuple[Share, ...]
    asked: tuple[Share, ...]  # of everything else
    called: Share  # services called without a cry, of everything else; no threshold decides that

    @property
    def is_good(self) -> bool:
        """Return whether few enough other utterances are asked about."""
        return all(share.value <= MOST_ASKED for share in self.asked)

    @property
    def value(self) -> float:
        """Return the share of the cries that are served, in the worse result."""
        return min(share.value for share in self.served)


@dataclass(frozen=True, slots=True)
class CryCalibrated:
    """The calibration, the choice behind it, and all other choices."""

    calibration: CryCalibration
    chosen: CryChoice
    choices: tuple[CryChoice, ...]


def calibrated(
    all_readings: Sequence[Reading],
    registry: Registry,
    on: date,
    topics: Mapping[str, str],
    encode: Encode | None,
    lowest_ask: float,
) -> CryCalibrated:
    """Calibrate with a sentence encoder, or without; ``lowest_ask`` is the lowest likelihood to ask from.

    Raises:
        ValueError: no thresholds keep to the aim.
    """
    menu, ready = registry.menus[MENU], prepared_emergencies(registry)
    readings = [reading for reading in all_readings if not reading.utterance.kind.is_answer and reading.text]
    readings += _not_read(readings)
    left_out = LeftOut(topics)
    for reading in readings:
        left_out.note(plain(_compared(reading)), reading.utterance.text)
    for text in SMALL_TALK:
        left_out.note(plain(text), text)
    by_meaning = None
    if encode is not None:
        by_meaning = MeaningMatcher(
            known(registry, menu, on),
            registry.emergencies.values(),
            lambda *texts: LeaveOut(encode, left_out, *texts),
        )
    found = [(reading, figures_of(reading, ready, by_meaning)) for reading in readings]
    typed = [_choice(cry_figures, is_cry=False) for cry_figures in _typed(by_meaning, ready)]
    likely = [_likelihoods(found, folds, typed) for folds in (by_topic(readings, topics), by_voice(readings))]
    choices = tuple(choice for choice in _choices(readings, likely, ready) if choice.ask >= lowest_ask)
    kept = [choice for choice in choices if choice.is_good]
    if not kept:
        raise ValueError("no thresholds ask about few enough utterances that are no cry for help")
    chosen = max(kept, key=lambda choice: (choice.value, choice.ask, choice.cried))
    fitted = _fitted(found, typed)
    coefficients = tuple(round(value, 3) for value in fitted.coefficients)
    return CryCalibrated(CryCalibration(coefficients, chosen.ask, chosen.cried), chosen, choices)


def _choices(
    readings: Sequence[Reading], likely: Sequence[Sequence[float]], ready: Sequence[EmergencyPhrases]
) -> list[CryChoice]:
    """Return all thresholds with their results; ``likely`` has the likelihoods by each way of leaving readings out."""
    is_cry = np.array([reading.utterance.kind is SampleKind.EMERGENCY for reading in readings])
    # A question to a caller who wants a service is no false alarm.
    wanting = np.array([_wants_a_service(reading, ready) for reading in readings])
    other = ~is_cry & ~wanting
    by_words = np.array([is_known(reading, ready, math.inf) for reading in readings])
    by_sound = np.array([is_known(reading, ready, -math.inf) for reading in readings])
    nats = np.array([reading.cry.nats for reading in readings])
    called = np.array([_is_called(reading, ready) for reading in readings])
    choices = []
    for cried in CRIED:
        words = by_words | (by_sound & (nats >= cried))
        for ask in _ASK:
            alarmed = [words | (np.array(likelihoods) >= ask) for likelihoods in likely]
            served = tuple(_share(alarms[is_cry]) for alarms in alarmed)
            choices.append(
                CryChoice(
                    ask, cried, served, tuple(_share(alarms[other]) for alarms in alarmed), _share(called[~is_cry])
                )
            )
    return choices


def _share(of: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Share:
    return Share(int(of.sum()), len(of))


def _wants_a_service(reading: Reading, ready: Sequence[EmergencyPhrases]) -> bool:
    is_linkage = reading.utterance.kind is SampleKind.LINKAGE
    return is_linkage and any(phrases.number in reading.utterance.right for phrases in ready)


def _is_called(reading: Reading, ready: Sequence[EmergencyPhrases]) -> bool:
    """Return whether a service is called without a question."""
    heard, emergencies = _possible(reading, ready)
    return isinstance(in_words(heard, emergencies, None, certain=True, cried=math.inf), CallService)


def _likelihoods(
    found: Sequence[tuple[Reading, CryFigures | None]], folds: Sequence[int], typed: Sequence[Observation]
) -> list[float]:
    """Return how likely each reading is a cry, by a model that was fitted without its fold."""
    likely = [0.0] * len(found)
    for out in sorted(set(folds)):
        model = _fitted(list(itertools.compress(found, (fold != out for fold in folds))), typed)
        for at, ((_reading, cry_figures), fold) in enumerate(zip(found, folds, strict=True)):
            if fold == out and cry_figures is not None:
                likely[at] = model.likelihood(cry_figures)
    return likely


def _not_read(readings: Sequence[Reading]) -> list[Reading]:
    """Return the other texts of the tuning set that are no cries, as if they had been read without a fault."""
    read = {reading.utterance.text for reading in readings}
    return [
        Reading(utterance, TYPED, utterance.text, Evidence("", 0.0))
        for utterance in utterances(TUNING)
        if utterance.kind is not SampleKind.EMERGENCY and not utterance.kind.is_answer and utterance.text not in read
    ]


def figures_of(
    reading: Reading, ready: Sequence[EmergencyPhrases], by_meaning: MeaningMatcher | None
) -> CryFigures | None:
    """Return the figures of a reading, as `ivr.intents.emergency.find_emergency` weighs them."""
    heard, emergencies = _possible(reading, ready)
    meant = by_meaning(heard.text) if by_meaning is not None else None
    return figures(heard, [phrases.cry for phrases in emergencies], meant, reading.evidence, reading.cry)


def is_known(reading: Reading, ready: Sequence[EmergencyPhrases], cried: float) -> bool:
    """Return whether a reading is a cry by the registry's own words, whatever the model says."""
    heard, emergencies = _possible(reading, ready)
    return in_words(heard, emergencies, reading.cry, certain=True, cried=cried) is not None


def _possible(
    reading: Reading, ready: Sequence[EmergencyPhrases]
) -> tuple[ComparableUtterance, list[EmergencyPhrases]]:
    heard = hear(_compared(reading))
    return heard, possible(heard, ready, reading.cry)


def _compared(reading: Reading) -> str:
    return reading.text.replace("啦", "了")


def _typed(by_meaning: MeaningMatcher | None, ready: Sequence[EmergencyPhrases]) -> Iterator[CryFigures]:
    """Yield the figures of the small talk that nobody spoke."""
    for text in SMALL_TALK:
        heard = hear(text)
        meant = by_meaning(heard.text) if by_meaning is not None else None
        if cry_figures := figures(heard, [phrases.cry for phrases in ready], meant, None):
            yield cry_figures


def _fitted(found: Sequence[tuple[Reading, CryFigures | None]], typed: Sequence[Observation]) -> CryCalibration:
    choices = [
        _choice(cry_figures, is_cry=reading.utterance.kind is SampleKind.EMERGENCY)
        for reading, cry_figures in found
        if cry_figures is not None
    ]
    return CryCalibration(tuple(map(float, fit([*choices, *typed], _PENALTY))), 0.5, 0.0)


def _choice(cry_figures: CryFigures, *, is_cry: bool) -> Observation:
    """Return a logistic model's observation as a conditional logit has it: against an alternative of nothing."""
    rows = np.array([cry_figures.values, [0.0] * len(CRY_FEATURES)])
    return Observation(rows, np.array([is_cry, not is_cry]))
