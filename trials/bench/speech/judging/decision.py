"""The decisions of the hotline's own code about a recognised text, without a call."""

import asyncio
from datetime import date

from agi_scripts.likeliest import likeliest
from agi_scripts.meanings import Meaning, Meanings
from ivr.asterisk.agi.speech import RecognizedSpeech
from ivr.engine import speech_service
from ivr.intents import emergency
from ivr.intents.decisions import AskWhich, Confirm, Sure, Unknown
from ivr.registry.model import Registry
from ivr.speech.recognizer import RecognizedUtterance
from trials.bench.speech.corpus.sets import SampleKind
from trials.bench.speech.judging.judge import UtteranceOutcome, Way

MENU = "main"


class Decider:
    """The decisions at the shipped menu on one day."""

    def __init__(self, registry: Registry, on: date) -> None:
        """Compute the meanings of the menu."""

        async def meaning_of_menu() -> Meaning:
            return await Meanings(speech_service.comparison).at(registry, registry.menus[MENU], on)

        self._meaning = asyncio.run(meaning_of_menu())

    def outcome(self, heard: RecognizedUtterance | None, kind: SampleKind) -> UtteranceOutcome:
        """Return the decision about an utterance; ``heard`` is None if nothing was heard."""
        return asyncio.run(self._outcome(heard, kind))

    async def _outcome(self, heard: RecognizedUtterance | None, kind: SampleKind) -> UtteranceOutcome:
        if heard is None or not heard.text:
            return UtteranceOutcome(Way.NOTHING)
        evidence = heard.phrase, heard.evidence, heard.cry, heard.cry_evidence
        likelier = likeliest(RecognizedSpeech(heard.text, heard.score, "", heard.seconds, *evidence))
        match await self._meaning.emergency(likelier):
            case emergency.CallService(number):
                return UtteranceOutcome(Way.ALARM, (number,))
            case emergency.AskEmergency(number):
                return UtteranceOutcome(Way.ALARM_ASKED, (number,))
        if kind in (SampleKind.YES, SampleKind.NO):
            yes = self._meaning.answer(likelier.text)
            return UtteranceOutcome({True: Way.YES, False: Way.NO, None: Way.NOTHING}[yes])
        match await self._meaning.decide(likelier):
            case Sure(target):
                outcome = UtteranceOutcome(Way.GOES, (target.name,))
            case Confirm(target):
                outcome = UtteranceOutcome(Way.ASKED, (target.name,))
            case AskWhich(first, other):
                outcome = UtteranceOutcome(Way.ASKED, (first.name, other.name))
            case Unknown():
                outcome = UtteranceOutcome(Way.AGENT)
        return outcome
