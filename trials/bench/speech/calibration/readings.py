"""Readings of the tuning set, as ``python -m trials.bench.speech --offline --output FILE`` writes them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from agi_scripts.likeliest import likeliest
from ivr.asterisk.agi.speech import RecognizedSpeech
from ivr.intents.evidence import Evidence
from trials.bench.speech.corpus.sets import TUNING, SampleKind, SampleUtterance, UtteranceForm

NO_CRY = Evidence("", 0.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """The recogniser's text of one take under one condition."""

    utterance: SampleUtterance
    condition: str
    text: str  # the likelier of reading and phrase; "" if nothing was heard
    evidence: Evidence
    cry: Evidence = NO_CRY
    voice: str = ""  # "" if nobody said it


def readings(files: Iterable[Path]) -> list[Reading]:
    """Read the files.

    Raises:
        ValueError: A reading is of another set than the tuning set, on which nothing may be chosen.
    """
    return [reading for file in files for reading in _readings(file)]


def _readings(file: Path) -> Iterator[Reading]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["set"] != TUNING:
                raise ValueError(f"{file}: a reading of the set {row['set']}: only the tuning set may be learnt from")
            utterance = SampleUtterance(
                row["text"], SampleKind(row["kind"]), tuple(row["right"]), UtteranceForm(row["form"])
            )
            heard = row["heard"] or {"text": "", "score": 0.0}
            phrase, evidence = heard.get("phrase", ""), heard.get("evidence", 0.0)
            likelier = likeliest(
                RecognizedSpeech(heard["text"], heard["score"], "", 0.0, phrase, evidence)
            )  # as a menu decides on it
            cry = Evidence(heard.get("cry", ""), heard.get("cry_evidence", 0.0))
            evidence_of_text = Evidence(likelier.phrase, likelier.evidence, likelier.score)
            yield Reading(utterance, row["condition"], likelier.text, evidence_of_text, cry, row["voice"])
