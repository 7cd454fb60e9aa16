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
    """Thresholds, and what comes of them: a result for each way of leaving readings out."""

    ask: float
    cried: float
    served: tuple[Share, ...]
    asked: tuple[Share, ...]  # of everything else
    called: Share  # services called without a cry, of everything else; no threshold decides that

    @property
    def is_good(self) -> bool:
        """Whether everything else is asked about seldom enough."""
        return all(share.value <= MOST_ASKED for share in self.asked)

    @property
    def value(self) -> float:
        """The share of the cries that are served, in the worse result."""
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
    readings = [each for each in all_readings if not each.utterance.kind.is_answer and each.text]
    readings += _not_read(readings)
    left_out = LeftOut(topics)
    for each in readings:
        left_out.note(plain(_compared(each)), each.utterance.text)
    for text in SMALL_TALK:
        left_out.note(plain(text), text)
    by_meaning = None
    if encode is not None:
        by_meaning = MeaningMatcher(
            known(registry, menu, on),
            registry.emergencies.values(),
            lambda *texts: LeaveOut(encode, left_out, *texts),
        )
    found = [(each, figures_of(each, ready, by_meaning)) for each in readings]
    typed = [_choice(each, is_cry=False) for each in _typed(by_meaning, ready)]
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
    """Return all thresholds with what comes of them; ``likely`` has the likelihoods by each way of leaving out."""
    is_cry = np.array([each.utterance.kind is SampleKind.EMERGENCY for each in readings])
    wanted = np.array([_wants_a_service(each, ready) for each in readings])  # a question to them is no false alarm
    other = ~is_cry & ~wanted
    by_words = np.array([is_known(each, ready, math.inf) for each in readings])
    by_sound = np.array([is_known(each, ready, -math.inf) for each in readings])
    nats = np.array([each.cry.nats for each in readings])
    called = np.array([_is_called(each, ready) for each in readings])
    choices = []
    for cried in CRIED:
        words = by_words | (by_sound & (nats >= cried))
        for ask in _ASK:
            alarmed = [words | (np.array(each) >= ask) for each in likely]
            served = tuple(_share(each[is_cry]) for each in alarmed)
            choices.append(
                CryChoice(ask, cried, served, tuple(_share(each[other]) for each in alarmed), _share(called[~is_cry]))
            )
    return choices


def _share(of: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Share:
    return Share(int(of.sum()), len(of))


def _wants_a_service(reading: Reading, ready: Sequence[EmergencyPhrases]) -> bool:
    is_linkage = reading.utterance.kind is SampleKind.LINKAGE
    return is_linkage and any(one.number in reading.utterance.right for one in ready)


def _is_called(reading: Reading, ready: Sequence[EmergencyPhrases]) -> bool:
    """Whether a service is called unasked."""
    heard, emergencies = _possible(reading, ready)
    return isinstance(in_words(heard, emergencies, None, certain=True, cried=math.inf), CallService)


def _likelihoods(
    found: Sequence[tuple[Reading, CryFigures | None]], folds: Sequence[int], typed: Sequence[Observation]
) -> list[float]:
    """Return how likely each reading is a cry, by a model that was fitted without its fold."""
    likely = [0.0] * len(found)
    for out in sorted(set(folds)):
        model = _fitted(list(itertools.compress(found, (fold != out for fold in folds))), typed)
        for at, ((_reading, each), fold) in enumerate(zip(found, folds, strict=True)):
            if fold == out and each is not None:
                likely[at] = model.likelihood(each)
    return likely


def _not_read(readings: Sequence[Reading]) -> list[Reading]:
    """Return what else the tuning set says that is no cry, as if it had been read without a fault."""
    read = {each.utterance.text for each in readings}
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
    return figures(heard, [one.cry for one in emergencies], meant, reading.evidence, reading.cry)


def is_known(reading: Reading, ready: Sequence[EmergencyPhrases], cried: float) -> bool:
    """Whether a reading is a cry by the registry's own words, whatever the model says."""
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
        if each := figures(heard, [one.cry for one in ready], meant, None):
            yield each


def _fitted(found: Sequence[tuple[Reading, CryFigures | None]], typed: Sequence[Observation]) -> CryCalibration:
    choices = [
        _choice(each, is_cry=reading.utterance.kind is SampleKind.EMERGENCY)
        for reading, each in found
        if each is not None
    ]
    return CryCalibration(tuple(map(float, fit([*choices, *typed], _PENALTY))), 0.5, 0.0)


def _choice(each: CryFigures, *, is_cry: bool) -> Observation:
    """Return a logistic model's observation as a conditional logit has it: against an alternative of nothing."""
    rows = np.array([each.values, [0.0] * len(CRY_FEATURES)])
    return Observation(rows, np.array([is_cry, not is_cry]))
