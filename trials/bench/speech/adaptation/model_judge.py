"""Reads captured sounds with the product's recogniser, and judges what the hotline's decisions make of the readings."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from ivr.engine import speech_service
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.shipped import RECORDINGS
from ivr.speech.recognizers.phrase_sounds import Phrases
from ivr.speech.recognizers.whisper import Whisper
from ivr.speech.sound import for_models
from testkit.hotline.running import ROOT
from trials.bench.speech.adaptation.captured_sounds import CapturedSound
from trials.bench.speech.adaptation.judged_reading import JudgedReading
from trials.bench.speech.judging.decision import MENU, Decider
from trials.bench.speech.judging.destinations import destinations
from trials.bench.speech.judging.judge import judge


class ModelJudge:
    """The shipped registry and the decisions at its menu."""

    def __init__(self) -> None:
        """Load them (some seconds)."""
        registry = read(ROOT / "numbers.yaml", recorded(RECORDINGS))
        vocabulary = speech_service.vocabulary(registry, MENU)
        if vocabulary is None:
            raise ValueError(f"the menu {MENU} of the shipped numbers.yaml has no phrases")
        self._phrases = Phrases(vocabulary)
        self._decider = Decider(registry, date.today())
        self._leads = destinations(registry, MENU)

    def readings(self, model_folder: Path, sounds: Iterable[CapturedSound]) -> Iterator[JudgedReading]:
        """Read sounds with the model of a folder, and judge what comes of it."""
        recognizer = Whisper(model_folder)
        for captured in sounds:
            heard = None
            if captured.sound is not None:
                heard = recognizer.read(for_models(captured.samples), self._phrases)
            utterance = captured.take.utterance
            outcome = self._decider.outcome(heard, utterance.kind)
            yield JudgedReading(captured, heard, judge(utterance, outcome, self._leads))
