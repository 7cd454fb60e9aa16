"""One reading of a captured sound, judged."""

from dataclasses import asdict, dataclass

from ivr.speech.recognizer import RecognizedUtterance
from trials.bench.speech.adaptation.captured_sounds import CapturedSound
from trials.bench.speech.corpus.sets import TUNING
from trials.bench.speech.judging.judge import Judgement


@dataclass(frozen=True, slots=True)
class JudgedReading:
    """One captured sound, its reading and the judgement of the decision."""

    captured: CapturedSound
    heard: RecognizedUtterance | None
    judgement: Judgement


def row(reading: JudgedReading) -> dict[str, object]:
    """Return a reading as an object for JSON, as ``python -m trials.bench.speech.calibration`` reads it."""
    take = reading.captured.take
    return {
        "set": TUNING,
        "text": take.utterance.text,
        "kind": take.utterance.kind.value,
        "form": take.utterance.form.value,
        "right": list(take.utterance.right),
        "voice": take.voice.name,
        "speed": take.speed,
        "condition": reading.captured.condition.name,
        "heard": asdict(reading.heard) if reading.heard else None,
        "verdict": reading.judgement.verdict.value,
    }
