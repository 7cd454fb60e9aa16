"""The calibrations, each a piece of work that a process of its own can do."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from ivr.intents.small_talk import SMALL_TALK
from ivr.meaning.encoder import Encode, load
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.shipped import RECORDINGS
from testkit.hotline.running import ROOT
from trials.bench.speech.calibration import calibration_page, cries
from trials.bench.speech.calibration.examples import MATTERS, Examples, by_topic, by_voice, cross_validated, fitted
from trials.bench.speech.calibration.readings import Reading, readings
from trials.bench.speech.calibration.thresholds import Judge, best, choices
from trials.bench.speech.calibration.topics import topics
from trials.bench.speech.corpus.sets import TUNING, utterances
from trials.bench.speech.judging.decision import MENU
from trials.bench.speech.judging.destinations import destinations

_LOWEST_ASK_BY_SOUND = 0.6
_LOWEST_ASK_OF_CRIES_BY_SOUND = 0.9
"""By sound alone, typed utterances, which carry no evidence, are asked about too often below these (tests/intents)."""


def calibrated(
    all_readings: Sequence[Reading],
    registry: Registry,
    on: date,
    topic_of: Mapping[str, str],
    encode: Encode | None,
) -> calibration_page.Calibrated:
    """Calibrate with a sentence encoder, or without."""
    prepared = Examples(registry, on, topic_of, encode)
    examples = prepared.of([reading for reading in all_readings if reading.utterance.kind in MATTERS])
    compared_readings = [example.reading for example in examples]
    judged = [
        list(cross_validated(examples, prepared.candidates, folds))
        for folds in (by_topic(compared_readings, topic_of), by_voice(compared_readings))
    ]
    judge = Judge(destinations(registry, MENU))
    lowest = _LOWEST_ASK_BY_SOUND if encode is None else 0.0
    model = fitted(examples, prepared.candidates)
    all_choices = tuple(choice for choice in choices(judged, model, judge) if choice.calibration.ask >= lowest)
    reliability = tuple(calibration_page.reliability(judged[0], prepared.candidates))
    return calibration_page.Calibrated(best(all_choices), all_choices, reliability)


def of_targets(files: Sequence[Path], with_meaning: bool) -> calibration_page.Calibrated:
    """Calibrate lines, units and services by the readings of some files."""
    encode = load()
    topic_of = topics(utterances(TUNING), SMALL_TALK, encode)
    return calibrated(readings(files), _registry(), date.today(), topic_of, encode if with_meaning else None)


def of_cries(files: Sequence[Path], with_meaning: bool) -> cries.CryCalibrated:
    """Calibrate cries for help by the readings of some files."""
    encode = load()
    topic_of = topics(utterances(TUNING), SMALL_TALK, encode)
    lowest = 0.0 if with_meaning else _LOWEST_ASK_OF_CRIES_BY_SOUND
    with_encoder = encode if with_meaning else None
    return cries.calibrated(readings(files), _registry(), date.today(), topic_of, with_encoder, lowest)


def _registry() -> Registry:
    return read(ROOT / "numbers.yaml", recorded(RECORDINGS))
