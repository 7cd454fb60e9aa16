"""One call of the bench, with the hotline's script and the caller's phone, and its result.

The script is the hotline's own: `agi_scripts.menu.ask_menu`. Each of its commands to Asterisk is observed here, so that
the caller speaks at the planned moment, and answers the question that was asked.
"""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

from agi_scripts.meanings import Meanings
from agi_scripts.menu import ask_menu
from agi_scripts.spoken import NO_KEY, YES_KEY, Spoken
from ivr.asterisk.agi import speech
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.reply import Reply
from ivr.call_events import codec
from ivr.call_events.values import SpeechDecision
from ivr.call_events.vocabulary import SpeechHeard
from ivr.engine import speech_service
from ivr.registry.model import Registry
from ivr.routing import decide
from ivr.routing.calendar import CITY_TIME
from ivr.routing.plan import AskMenu, Live, Plan
from testkit.fake_services import FakeServices
from testkit.hotline.heard_prompts import audio
from testkit.phones.tones import RATE
from trials.bench.speech.calls.moments import Moment, Timeline
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import SampleKind
from trials.bench.speech.corpus.takes import Take
from trials.bench.speech.telephone.conditions import Condition
from trials.bench.speech.telephone.phone_process import (
    Answered,
    Command,
    Ended,
    Event,
    HangUp,
    Press,
    Speak,
    SpeakingEnded,
)

ASKED_ABOUT = "12360"
"""The number of the question to a caller whose utterance is a yes, a no or a correction."""

NO_RECOGNIZER, TOO_SLOW = "no recogniser was free", "the recogniser did not keep up"
"""Problems of a call for which the machine was too slow."""

_PATIENCE = 6.0  # seconds after the utterance until it counts as not heard
_LONGEST = 120.0  # seconds of a call
_PRESSES = 1.5  # seconds of the opening after which a caller presses the key for the menu
_REACTS = 0.6  # seconds until a caller answers
_ANSWER_TEXT = re.compile(r'text0="([^"]+)"')
_FINAL = frozenset({
    SpeechDecision.SURE, SpeechDecision.UNKNOWN, SpeechDecision.CONFIRMED, SpeechDecision.CHOSEN,
    SpeechDecision.EMERGENCY, SpeechDecision.EMERGENCY_SURE, SpeechDecision.EMERGENCY_UNANSWERED,
})  # fmt: skip
_QUESTIONS = frozenset({SpeechDecision.CONFIRM, SpeechDecision.WHICH, SpeechDecision.EMERGENCY_ASKED})


@dataclass(frozen=True, slots=True)
class Trial:
    """The plan of one call."""

    caller: str  # a number that no other trial has
    set_name: str
    take: Take
    condition: Condition
    moment: Moment
    answers: tuple[str, Take, Take] | None = None  # a yes and a no to say, and their set; None: the caller stays silent


@dataclass(slots=True)
class Record:
    """The result of one call. All times are of `time.monotonic`."""

    trial: Trial
    began: float = 0.0  # the speech began
    ended: float = 0.0  # ... and ended
    is_alone: bool = False  # no other caller's speech was being decided
    decisions: list[tuple[float, SpeechHeard]] = field(default_factory=list)
    answer: str = ""  # the recognised answer to the question
    problem: str = ""

    @property
    def delay(self) -> float | None:
        """Seconds from the end of the speech to the first decision; None if there was none, or an earlier one."""
        if not self.decisions or not self.ended or self.decisions[0][0] < self.began:
            return None
        return self.decisions[0][0] - (self.ended - recordings.MARGIN)


class Conversation:
    """One call."""

    def __init__(
        self, trial: Trial, services: FakeServices, timeline: Timeline, send: Callable[[Command], None]
    ) -> None:
        """``send`` sends commands to the phones."""
        self.record = Record(trial)
        self._trial, self._services, self._timeline, self._send = trial, services, timeline, send
        self._speech = recordings.samples(trial.set_name, trial.take)
        self._round = 0  # times that the hotline listened
        self._prompts = 0  # played in this round
        self._question: SpeechHeard | None = None
        self._has_spoken = False
        self._settled = asyncio.Event()
        self._share = crc32(trial.caller.encode()) % 1000 / 1000

    async def hold(self, call: Call) -> None:
        """Run as the script of the call."""
        await call.answer()
        self._observe(call)
        script = asyncio.create_task(self._script(call))
        waiting = asyncio.create_task(self._settled.wait())
        try:
            await asyncio.wait({script, waiting}, timeout=_LONGEST, return_when=asyncio.FIRST_COMPLETED)
            if script.done() and (error := script.exception()):
                self.record.problem = f"the script failed: {error!r}"
        finally:
            script.cancel()
            waiting.cancel()
            self._send(HangUp(self._trial.caller))
            await asyncio.gather(script, waiting, return_exceptions=True)

    def on_event(self, event: Event) -> None:
        """Handle an event of the phone."""
        match event:
            case SpeakingEnded(began=began, ended=ended) if not self.record.ended:
                self.record.began, self.record.ended = began, ended
                asyncio.get_running_loop().call_later(_PATIENCE, self._give_up)
            case Ended(problem=problem):
                unheard = "" if self._round else NO_RECOGNIZER
                self.record.problem = self.record.problem or problem or unheard
            case SpeakingEnded() | Answered():
                pass

    async def _script(self, call: Call) -> None:
        now = datetime.now(CITY_TIME)
        registry = self._services.registry
        all_groups = frozenset(registry.groups)
        plan = decide.plan(registry, registry.hotline.number, call.caller, now, Live(all_groups, all_groups))
        step = next(step for step in plan.steps if isinstance(step, AskMenu))
        if self._trial.take.utterance.kind.is_answer:
            await self._ask(call, registry, plan, step)
        else:
            await ask_menu(call, self._services, registry, plan, step)

    async def _ask(self, call: Call, registry: Registry, plan: Plan, step: AskMenu) -> None:
        """Ask the caller about a number, as if the caller had said it."""
        menu, meanings = registry.menus[step.menu], self._services.meanings
        assert meanings
        async with speech.hearing(call, wanted=True) as listener:
            meaning = meanings.at(registry, menu, plan.at.date())
            services = self._services
            spoken = Spoken(call, listener, registry, menu, meaning, services.has_prompt, services.find_answer)
            await spoken.understand(speech.RecognizedSpeech(ASKED_ABOUT, 1.0, "", 0.0))

    def _observe(self, call: Call) -> None:
        """Observe the commands of the script to Asterisk."""
        speech_set, recognize, note = call.speech_set, call.speech_recognize, call.note

        async def observed_set(name: str, value: str) -> None:
            await speech_set(name, value)
            if name == "vocabulary":
                self._round, self._prompts = self._round + 1, 0
            elif name == "wait":
                self._on_silence()

        async def observed_recognize(prompt: str, seconds: int, offset: int = 0) -> Reply:
            if not offset:
                self._on_prompt(prompt)
            reply = await recognize(prompt, seconds, offset)
            self._on_reply(reply)
            return reply

        async def observed_note(name: str, extra: str = "") -> None:
            if isinstance(event := codec.decode(name, extra), SpeechHeard):
                self._on_decision(event)
            await note(name, extra)

        for method in (("speech_set", observed_set), ("speech_recognize", observed_recognize), ("note", observed_note)):
            setattr(call, *method)

    def _on_prompt(self, prompt: str) -> None:
        now, length = time.monotonic(), len(audio(prompt)) / RATE
        self._prompts += 1
        is_opening = self._round == 1 and self._prompts == 1
        match self._trial.moment:
            case Moment.SECOND if is_opening:
                asyncio.get_running_loop().call_later(_PRESSES, self._send, Press(self._trial.caller, "*"))
            case Moment.OPENING if is_opening:
                self._speak(now + 0.8, now + length - 0.5 - self._seconds)
            case Moment.BETWEEN if is_opening:
                self._speak(now + length - 0.8 * self._seconds, now + length - 0.2 * self._seconds)
            case Moment.MENU if self._round == 1 and not is_opening:
                self._speak(now + 0.8, now + length - 0.5 - self._seconds)
            case Moment.SECOND if self._round > 1:
                self._speak(now + 0.8, now + length - 0.5 - self._seconds)

    def _on_reply(self, reply: Reply) -> None:
        if reply.data == "speech" and reply.text.endswith(("grammar0=deaf", "grammar0=slow")):
            self.record.problem = TOO_SLOW
        elif self._question and (answer_text := _ANSWER_TEXT.search(reply.text)):
            self.record.answer = answer_text[1]

    def _on_silence(self) -> None:
        now, moment = time.monotonic(), self._trial.moment
        if self._question:
            self._answer()
        elif (self._round == 1 and moment is Moment.SILENCE) or (self._round > 1 and moment is Moment.LATE):
            self._speak(now + 0.3, now + self._services.registry.timers.menu - 1.0)
        elif self._round == 1 and moment is Moment.LATE:
            self._send(Press(self._trial.caller, "*"))

    @property
    def _seconds(self) -> float:
        return len(self._speech) / RATE

    def _speak(self, earliest: float, latest: float) -> None:
        """Speak between two moments, evenly spread over all calls."""
        if self._has_spoken:
            return
        self._has_spoken = True
        latest = max(earliest, latest)
        planned = earliest + self._share * (latest - earliest)
        at, self.record.is_alone = self._timeline.reserve(planned, earliest, latest, self._seconds)
        self._send(Speak(self._trial.caller, self._trial.set_name, self._trial.take, at))

    def _answer(self) -> None:
        """Answer a question: with the trial's utterance if that is an answer, else with the truth."""
        question, trial = self._question, self._trial
        assert question
        at = time.monotonic() + _REACTS
        if trial.take.utterance.kind.is_answer:
            self._speak(at, at + 1.5)
        elif question.decision is SpeechDecision.WHICH:
            self._send(Press(trial.caller, YES_KEY if self._is_right(question) else NO_KEY))
        elif trial.answers:
            set_name, yes, no = trial.answers
            self._send(Speak(trial.caller, set_name, yes if self._is_right(question) else no, at))

    def _is_right(self, question: SpeechHeard) -> bool:
        utterance = self._trial.take.utterance
        if question.decision is SpeechDecision.EMERGENCY_ASKED:
            return utterance.kind is SampleKind.EMERGENCY
        return question.target.rpartition(":")[2] in utterance.right

    def _on_decision(self, event: SpeechHeard) -> None:
        # The bench asks this question itself; the recogniser has not decided it.
        is_of_bench = self._trial.take.utterance.kind.is_answer and not self._question
        if not is_of_bench:
            self.record.decisions.append((time.monotonic(), event))
        if event.decision in _QUESTIONS:
            self._question = event
        if event.decision in _FINAL:
            self._settled.set()

    def _give_up(self) -> None:
        """End a call in which nothing was heard."""
        if not self.record.decisions:
            self._settled.set()


def services(registry: Registry, can_hear: Callable[[], bool], has_prompt: Callable[[str], bool]) -> FakeServices:
    """Return the services that a menu needs."""
    return FakeServices(
        registry,
        lambda: datetime.now(CITY_TIME),
        can_hear=can_hear,
        has_prompt=has_prompt,
        meanings=Meanings(speech_service.comparison),  # as a hotline understands callers: by sound and by meaning
    )
