"""``python -m trials.bench.speech.calibration READINGS…``: choose coefficients and thresholds on the tuning set alone.

What is printed is cross-validated: each utterance is judged by coefficients that were fitted without it, under
whichever condition it was read. ``--write`` keeps them in ivr/intents/calibration.py. After a change of the features of
`ivr.intents.features` or `ivr.intents.cry`, readings of the present recogniser are needed.
"""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from ivr.intents.calibration import BY_SOUND, WITH_MEANING
from ivr.intents.candidates import Candidates
from ivr.intents.likelihood import Calibration
from ivr.meaning.encoder import Encode, load
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.shipped import RECORDINGS
from testkit.hotline.running import ROOT
from trials.bench.speech.calibration import cries
from trials.bench.speech.calibration.examples import MATTERS, TYPED, Examples, cross_validated, fitted, right_names
from trials.bench.speech.calibration.readings import Reading, readings
from trials.bench.speech.calibration.thresholds import Judge, Judged, best_thresholds
from trials.bench.speech.calibration.written import source
from trials.bench.speech.judging.decision import MENU
from trials.bench.speech.judging.destinations import destinations

_FILE = ROOT / "ivr" / "intents" / "calibration.py"


def calibrated(all_readings: Sequence[Reading], registry: Registry, on: date, encode: Encode | None) -> Calibration:
    """Calibrate with a sentence encoder, or without; print what is to be expected."""
    prepared = Examples(registry, on, encode)
    examples = prepared.of([reading for reading in all_readings if reading.utterance.kind in MATTERS])
    judged = list(cross_validated(examples, prepared.candidates))
    judge = Judge(destinations(registry, MENU))
    calibration, expected = best_thresholds(judged, fitted(examples, prepared.candidates), judge)
    print("\nby sound and meaning" if encode else "\nby sound alone")
    print(f"sure from {calibration.sure}, asked from {calibration.ask}, which from {calibration.which}: {expected}")
    for condition in dict.fromkeys(example.reading.condition for example in examples):
        part = [(example, best) for example, best in judged if example.reading.condition == condition]
        if condition != TYPED:
            print(f"  {condition} ({len(part)}): {judge.shares(part, calibration)}")
    print(*reliability(judged, prepared.candidates), sep="\n")
    return calibration


def reliability(judged: Judged, candidates: Candidates) -> Iterator[str]:
    """Yield, for each tenth of confidence, how many best guesses had it and how many of them were right."""
    yield "confidence   utterances   right"
    for tenth in range(10):
        right = [
            candidates.leads_to(best[0].target).name in right_names(example.reading, candidates)
            for example, best in judged
            if best and tenth == min(9, int(best[0].confidence * 10))
        ]
        if right:
            yield f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}   {len(right):10}   {sum(right) / len(right):5.0%}"


def main() -> None:
    """Calibrate, print, and write if asked to."""
    parser = argparse.ArgumentParser(prog="python -m trials.bench.speech.calibration")
    parser.add_argument("readings", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="keep what was found in ivr/intents/calibration.py")
    parser.add_argument("--cries", action="store_true", help="calibrate cries for help alone, and keep the rest")
    options = parser.parse_args()
    all_readings = readings(options.readings)
    registry, on, encode = read(ROOT / "numbers.yaml", recorded(RECORDINGS)), date.today(), load()
    found = {"WITH_MEANING": WITH_MEANING, "BY_SOUND": BY_SOUND}
    if not options.cries:
        found = {
            "WITH_MEANING": calibrated(all_readings, registry, on, encode),
            "BY_SOUND": calibrated(all_readings, registry, on, None),
        }
    cries_found = {
        "CRY_WITH_MEANING": cries.calibrated(all_readings, registry, on, encode),
        "CRY_BY_SOUND": cries.calibrated(all_readings, registry, on, None),
    }
    if options.write:
        _FILE.write_text(source(found, cries_found), encoding="utf-8")


if __name__ == "__main__":
    main()
