"""``python -m trials.bench.speech.calibration READINGS…``: choose coefficients and thresholds on the tuning set alone.

Each reading is judged by coefficients that were fitted without its text, and by coefficients that were fitted without
its voice. ``--write`` keeps what was found in ivr/intents/calibration.py, and the tables of the other choices in
docs/speech-calibration.md. After a change of the features of `ivr.intents.features` or `ivr.intents.cry`, or of the
recogniser, the tuning set has to be read anew.
"""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ivr.meaning.encoder import Encode, load
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.shipped import RECORDINGS
from testkit.hotline.running import ROOT
from trials.bench.speech.calibration import calibration_page, cries
from trials.bench.speech.calibration.examples import MATTERS, Examples, by_text, by_voice, cross_validated, fitted
from trials.bench.speech.calibration.readings import Reading, readings
from trials.bench.speech.calibration.thresholds import Judge, best, choices
from trials.bench.speech.calibration.written import source
from trials.bench.speech.judging.decision import MENU
from trials.bench.speech.judging.destinations import destinations

_FILE = ROOT / "ivr" / "intents" / "calibration.py"
_PAGE = ROOT / "docs" / "speech-calibration.md"


def calibrated(
    all_readings: Sequence[Reading], registry: Registry, on: date, encode: Encode | None
) -> calibration_page.Calibrated:
    """Calibrate with a sentence encoder, or without."""
    prepared = Examples(registry, on, encode)
    examples = prepared.of([reading for reading in all_readings if reading.utterance.kind in MATTERS])
    said = [example.reading for example in examples]
    ways = [list(cross_validated(examples, prepared.candidates, folds(said))) for folds in (by_text, by_voice)]
    judge = Judge(destinations(registry, MENU))
    every = tuple(choices(ways, fitted(examples, prepared.candidates), judge))
    reliability = tuple(calibration_page.reliability(ways[0], prepared.candidates))
    return calibration_page.Calibrated(best(every), every, reliability)


def main() -> None:
    """Calibrate, print, and write if asked to."""
    parser = argparse.ArgumentParser(prog="python -m trials.bench.speech.calibration")
    parser.add_argument("readings", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help=f"keep what was found in {_FILE.name} and {_PAGE.name}")
    options = parser.parse_args()
    all_readings = readings(options.readings)
    registry, on, encode = read(ROOT / "numbers.yaml", recorded(RECORDINGS)), date.today(), load()
    found = {
        name: calibrated(all_readings, registry, on, encoder)
        for name, encoder in (("WITH_MEANING", encode), ("BY_SOUND", None))
    }
    cries_found = {
        name: cries.calibrated(all_readings, registry, on, encoder)
        for name, encoder in (("CRY_WITH_MEANING", encode), ("CRY_BY_SOUND", None))
    }
    text = calibration_page.markdown(all_readings, tuple(found.values()), tuple(cries_found.values()))
    print(text)
    if options.write:
        models = {name: one.chosen.calibration for name, one in found.items()}
        _FILE.write_text(source(models, {name: one.calibration for name, one in cries_found.items()}), encoding="utf-8")
        _PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
