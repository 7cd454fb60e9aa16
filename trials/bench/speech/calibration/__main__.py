"""``python -m trials.bench.speech.calibration READINGS…``: choose coefficients and thresholds on the tuning set alone.

Each reading is judged by coefficients that were fitted without its topic, and by coefficients that were fitted without
its voice. ``--write`` keeps what was found in ivr/intents/calibration.py, and the tables of the other choices in
docs/speech-calibration.md. After a change of the features of `ivr.intents.features` or `ivr.intents.cry`, or of the
recogniser, the tuning set has to be read anew.
"""

import argparse
import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
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
from trials.bench.speech.calibration.written import source
from trials.bench.speech.corpus.sets import TUNING, utterances
from trials.bench.speech.judging.decision import MENU
from trials.bench.speech.judging.destinations import destinations

_FILE = ROOT / "ivr" / "intents" / "calibration.py"
_PAGE = ROOT / "docs" / "speech-calibration.md"
_MODELS = {"WITH_MEANING": True, "BY_SOUND": False}
_CRIES = {"CRY_WITH_MEANING": True, "CRY_BY_SOUND": False}
_AT_ONCE = 2  # processes


def calibrated(
    all_readings: Sequence[Reading], registry: Registry, on: date, of_texts: Mapping[str, str], encode: Encode | None
) -> calibration_page.Calibrated:
    """Calibrate with a sentence encoder, or without."""
    prepared = Examples(registry, on, of_texts, encode)
    examples = prepared.of([reading for reading in all_readings if reading.utterance.kind in MATTERS])
    said = [example.reading for example in examples]
    judged = [
        list(cross_validated(examples, prepared.candidates, folds))
        for folds in (by_topic(said, of_texts), by_voice(said))
    ]
    judge = Judge(destinations(registry, MENU))
    every = tuple(choices(judged, fitted(examples, prepared.candidates), judge))
    reliability = tuple(calibration_page.reliability(judged[0], prepared.candidates))
    return calibration_page.Calibrated(best(every), every, reliability)


def _model(files: Sequence[Path], with_meaning: bool) -> calibration_page.Calibrated:
    encode = load()
    of_texts = topics(utterances(TUNING), SMALL_TALK, encode)
    return calibrated(readings(files), _registry(), date.today(), of_texts, encode if with_meaning else None)


def _cry(files: Sequence[Path], with_meaning: bool) -> cries.CryCalibrated:
    encode = load()
    of_texts = topics(utterances(TUNING), SMALL_TALK, encode)
    return cries.calibrated(readings(files), _registry(), date.today(), of_texts, encode if with_meaning else None)


def _registry() -> Registry:
    return read(ROOT / "numbers.yaml", recorded(RECORDINGS))


def main() -> None:
    """Calibrate, print, and write if asked to."""
    parser = argparse.ArgumentParser(prog="python -m trials.bench.speech.calibration")
    parser.add_argument("readings", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help=f"keep what was found in {_FILE.name} and {_PAGE.name}")
    options = parser.parse_args()
    all_readings = readings(options.readings)
    with ProcessPoolExecutor(_AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        models = {name: pool.submit(_model, options.readings, meaning) for name, meaning in _MODELS.items()}
        of_cries = {name: pool.submit(_cry, options.readings, meaning) for name, meaning in _CRIES.items()}
        found = {name: work.result() for name, work in models.items()}
        cries_found = {name: work.result() for name, work in of_cries.items()}
    text = calibration_page.markdown(all_readings, tuple(found.values()), tuple(cries_found.values()))
    print(text)
    if options.write:
        chosen = {name: one.chosen.calibration for name, one in found.items()}
        _FILE.write_text(source(chosen, {name: one.calibration for name, one in cries_found.items()}), encoding="utf-8")
        _PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
