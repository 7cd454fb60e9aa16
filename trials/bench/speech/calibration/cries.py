"""The calibration of cries for help in other words than the registry's; see `trials.bench.speech.calibration`."""

from collections.abc import Sequence
from datetime import date
from random import Random

import numpy as np

from ivr.intents.cry import CRY_FEATURES, CryCalibration, CryFigures, figures
from ivr.intents.emergency import EmergencyPhrases, in_words, possible, prepared_emergencies
from ivr.intents.evidence import Evidence
from ivr.intents.known_texts import known
from ivr.intents.meaning_matcher import MeaningMatcher
from ivr.intents.small_talk import SMALL_TALK
from ivr.meaning.comparison import Comparison
from ivr.meaning.encoder import Encode
from ivr.phonetics.align import ComparableUtterance, hear
from ivr.registry.model import Registry
from trials.bench.speech.calibration.examples import TYPED
from trials.bench.speech.calibration.logit import Observation, fit
from trials.bench.speech.calibration.readings import Reading
from trials.bench.speech.corpus.sets import TUNING, SampleKind, utterances
from trials.bench.speech.judging.decision import MENU

MOST_ASKED = 0.004
"""Share of everything else that may be asked about; the aim is 0.5 %."""

_PENALTY = 3e-3
_FOLDS = 5


def calibrated(all_readings: Sequence[Reading], registry: Registry, on: date, encode: Encode | None) -> CryCalibration:
    """Calibrate with a sentence encoder, or without; print what is to be expected."""
    menu, ready = registry.menus[MENU], prepared_emergencies(registry)
    by_meaning = None
    if encode is not None:
        by_meaning = MeaningMatcher(
            known(registry, menu, on), registry.emergencies.values(), lambda *texts: Comparison(encode, *texts)
        )
    open_readings = [each for each in all_readings if not each.utterance.kind.is_answer and each.text]
    open_readings += _not_read(open_readings)
    found = [(each, figures_of(each, ready, by_meaning)) for each in open_readings]
    known_words = [is_known(each, ready) for each in open_readings]
    texts = sorted({each.utterance.text for each in open_readings})
    Random(3).shuffle(texts)
    fold = {text: at % _FOLDS for at, text in enumerate(texts)}
    likely = np.zeros(len(found))
    for out in range(_FOLDS):
        model = _fitted([each for each in found if fold[each[0].utterance.text] != out], by_meaning, ready)
        for at, (reading, each) in enumerate(found):
            if fold[reading.utterance.text] == out:
                likely[at] = model.likelihood(each) if each else 0.0
    is_cry = np.array([each.utterance.kind is SampleKind.EMERGENCY for each in open_readings])
    by_words = np.array(known_words)
    others = np.sort(likely[~is_cry & ~by_words])
    allowed = max(0, int(MOST_ASKED * (~is_cry).sum()) - int((by_words & ~is_cry).sum()))
    ask = float(others[-1 - allowed]) + 0.01 if len(others) else 0.5
    ask = min(0.99, max(0.05, round(ask, 3)))
    served = by_words[is_cry] | (likely[is_cry] >= ask)
    asked = by_words[~is_cry] | (likely[~is_cry] >= ask)
    print(
        f"cries, {'sound and meaning' if encode else 'sound alone'}: asked from {ask}; "
        f"{served.mean():.1%} of {is_cry.sum()} served, {by_words[is_cry].mean():.1%} by their words; "
        f"{asked.mean():.2%} of {(~is_cry).sum()} others asked"
    )
    fitted = _fitted(found, by_meaning, ready)
    return CryCalibration(tuple(round(value, 3) for value in fitted.coefficients), ask)


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


def is_known(reading: Reading, ready: Sequence[EmergencyPhrases]) -> bool:
    """Whether a reading is a cry by the registry's own words, whatever the model says."""
    heard, emergencies = _possible(reading, ready)
    return in_words(heard, emergencies, reading.cry, certain=True) is not None


def _possible(
    reading: Reading, ready: Sequence[EmergencyPhrases]
) -> tuple[ComparableUtterance, list[EmergencyPhrases]]:
    heard = hear(reading.text.replace("啦", "了"))
    return heard, possible(heard, ready, reading.cry)


def _fitted(
    found: Sequence[tuple[Reading, CryFigures | None]],
    by_meaning: MeaningMatcher | None,
    ready: Sequence[EmergencyPhrases],
) -> CryCalibration:
    choices = []
    for reading, each in found:
        if each is not None:
            choices.append(_choice(each, is_cry=reading.utterance.kind is SampleKind.EMERGENCY))
    for text in SMALL_TALK:
        heard = hear(text)
        meant = by_meaning(heard.text) if by_meaning is not None else None
        if each := figures(heard, [one.cry for one in ready], meant, None):
            choices.append(_choice(each, is_cry=False))
    return CryCalibration(tuple(map(float, fit(choices, _PENALTY))), 0.5)


def _choice(each: CryFigures, *, is_cry: bool) -> Observation:
    """Return a logistic model's observation as a conditional logit has it: against an alternative of nothing."""
    rows = np.array([each.values, [0.0] * len(CRY_FEATURES)])
    return Observation(rows, np.array([is_cry, not is_cry]))
