"""``python -m trials.bench.speech.calibration READINGS…``: choose coefficients and thresholds on the tuning set alone.

Each reading is judged by coefficients that were fitted without its topic, and by coefficients that were fitted without
its voice. ``--write`` puts the result into ivr/intents/calibration.py, and the tables of the other choices in
docs/speech-calibration.md. After a change of the features of `ivr.intents.features` or `ivr.intents.cry`, or of the
recogniser, the tuning set has to be read anew.
"""

import argparse
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from testkit.hotline.running import ROOT
from trials.bench.speech.calibration import calibration_page, work
from trials.bench.speech.calibration.readings import readings
from trials.bench.speech.calibration.written import source

_FILE = ROOT / "ivr" / "intents" / "calibration.py"
_PAGE = ROOT / "docs" / "speech-calibration.md"
_MODELS = {"WITH_MEANING": True, "BY_SOUND": False}
_CRIES = {"CRY_WITH_MEANING": True, "CRY_BY_SOUND": False}
_AT_ONCE = 2  # processes


def main() -> None:
    """Calibrate, print, and write with ``--write``."""
    parser = argparse.ArgumentParser(prog="python -m trials.bench.speech.calibration")
    parser.add_argument("readings", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help=f"keep what was found in {_FILE.name} and {_PAGE.name}")
    options = parser.parse_args()
    all_readings = readings(options.readings)
    with ProcessPoolExecutor(_AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        models = {name: pool.submit(work.of_targets, options.readings, meaning) for name, meaning in _MODELS.items()}
        of_cries = {name: pool.submit(work.of_cries, options.readings, meaning) for name, meaning in _CRIES.items()}
        found = {name: future.result() for name, future in models.items()}
        cries_found = {name: future.result() for name, future in of_cries.items()}
    text = calibration_page.markdown(all_readings, tuple(found.values()), tuple(cries_found.values()))
    print(text)
    if options.write:
        chosen = {name: calibrated.chosen.calibration for name, calibrated in found.items()}
        _FILE.write_text(
            source(chosen, {name: calibrated.calibration for name, calibrated in cries_found.items()}), encoding="utf-8"
        )
        _PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
