"""The conversation after an utterance at a menu: an emergency, a sure target, a question, or words for the agent."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from agi_scripts.likeliest import likeliest
from agi_scripts.meanings import CERTAIN, Meaning
from agi_scripts.services import YES_NO, SpokenAnswer
from agi_scripts.speech_failure import failure_of
from agi_scripts.tell_answer import tell_answer
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.speech import Answer, CallerListener, Key, RecognizedSpeech, Silence
from ivr.call_events.codec import encode
from ivr.call_events.masking import mask_numbers
from ivr.call_events.values import Reason, SpeechDecision
from ivr.call_events.vocabulary import SpeechHeard
from ivr.intents import emergency
from ivr.intents.decisions import AskWhich, Confirm, Decision, Sure, Unknown
from ivr.intents.known_texts import Target, TargetKind
from ivr.knowledge.spoken_answer import asks_for_information
from ivr.registry.model import Choice, ChoiceKind, Menu, Registry
from ivr.routing.caller_choice import AGAIN, KeyChoice, MenuRepeat, NeedsHelp, SpokenChoice, WantsAgent, WantsLine
from ivr.routing.display import own_words

YES_KEY, NO_KEY = "1", "2"
EMERGENCY_WAIT = 3  # seconds; after silence an agent is rung
LONGEST = 80  # characters of an utterance that are kept


Outcome = SpokenChoice | KeyChoice | MenuRepeat


class Spoken:
    """The conversation about one caller's words at one menu: at most one question, then an agent.

    Attributes:
        shown: the caller's last words as phones show them; "" until the caller speaks.
    """

    def __init__(
        self,
        call: Call,
        listener: CallerListener,
        registry: Registry,
        menu: Menu,
        meaning: asyncio.Future[Meaning],
        has_prompt: Callable[[str], bool],
        find_answer: Callable[[str], Awaitable[SpokenAnswer | None]],
    ) -> None:
        """``meaning`` need not be ready yet."""
        self._find_answer = find_answer
        self._call, self._listener, self._registry, self._menu = call, listener, registry, menu
        self._meaning, self._has_prompt = meaning, has_prompt
        self._asked = False
        self.shown = ""

    async def understand(self, speech: RecognizedSpeech) -> Outcome | None:
        """Understand the caller's words, with a question if needed; None if the caller said nothing."""
        speech = _clean(speech)
        if not speech.text:
            return None
        return await self._emergency(speech) or await self._decide_matter(speech)

    async def _decide_matter(self, speech: RecognizedSpeech) -> Outcome:
        meaning = await self._prepared_meaning()
        asks = asks_for_information(speech.text) and speech.score >= CERTAIN
        if asks:  # both at once, because the caller waits for both
            decision, answer = await asyncio.gather(meaning.decide(speech), self._find_answer(speech.text))
        else:
            decision, answer = await meaning.decide(speech), None
        guess = decision.guesses[0] if decision.guesses else None
        judged = _JudgedUtterance(speech, guess.confidence if guess else 0.0)
        if answer and not _wants_a_key(decision):
            return await self._play_answer(judged, decision, answer)
        match decision:
            case Sure(target):
                await self._note(judged, SpeechDecision.SURE, target, settled=True)
                return self._outcome_of(target)
            case Confirm(target) if not self._asked:
                return await self._ask_to_confirm(judged, target)
            case AskWhich(first, second) if not self._asked:
                return await self._ask_which(judged, first, second)
            case Confirm(target) | AskWhich(target):
                await self._note(judged, SpeechDecision.UNKNOWN, target)
            case Unknown():
                await self._note(judged, SpeechDecision.UNKNOWN)
            case _:
                assert_never(decision)
        return _AGENT

    async def _play_answer(self, judged: "_JudgedUtterance", decision: Decision, answer: SpokenAnswer) -> Outcome:
        """Play the answer. Then, or as soon as the caller interrupts, go to the sure target, else to an agent."""
        if isinstance(decision, Sure):
            await self._note(judged, SpeechDecision.SURE, decision.target, settled=True)
        else:
            await self._note(judged, SpeechDecision.ANSWERED, topic=answer.title)
        interruption = await tell_answer(self._call, self._listener, answer)
        if isinstance(interruption, RecognizedSpeech) and (help_needed := await self._emergency(_clean(interruption))):
            return help_needed
        return (
            self._outcome_of(decision.target) if isinstance(decision, Sure) else WantsAgent(answer.title, Reason.SPOKEN)
        )

    async def _ask_to_confirm(self, judged: "_JudgedUtterance", target: Target) -> Outcome:
        """Ask whether the caller means the target (您要办的是公积金，对吗？)."""
        if self._goes_unasked(target):
            await self._note(judged, SpeechDecision.SURE, target, settled=True)
            return self._outcome_of(target)
        if (name := self._name(target)) is None:
            await self._note(judged, SpeechDecision.UNKNOWN, target)
            return _AGENT
        await self._note(judged, SpeechDecision.CONFIRM, target)
        answer = await self._listen(YES_NO, ["confirm-1", *name, "confirm-2"])
        if isinstance(answer, RecognizedSpeech) and (help_needed := await self._emergency(answer)):
            return help_needed
        if await self._is_yes(answer):
            await self._note(judged, SpeechDecision.CONFIRMED, target, settled=True)
            return self._outcome_of(target)
        await self._note(judged, self._unanswered(answer) or SpeechDecision.DENIED, target)
        return await self._outcome_of_new_target(answer) or _AGENT

    async def _ask_which(self, judged: "_JudgedUtterance", first: Target, second: Target) -> Outcome:
        """Ask which of two targets the caller means; the caller presses 1 or 2, or names a target."""
        if unasked := next(filter(self._goes_unasked, (first, second)), None):
            await self._note(judged, SpeechDecision.SURE, unasked, settled=True)
            return self._outcome_of(unasked)
        names = self._name(first), self._name(second)
        if names[0] is None or names[1] is None:
            await self._note(judged, SpeechDecision.UNKNOWN, first)
            return _AGENT
        await self._note(judged, SpeechDecision.WHICH, first)
        prompts = ["which-1", *names[0], "which-2", *names[1], "which-3"]
        answer = await self._listen(self._menu.name, prompts)
        chosen = None
        if isinstance(answer, Key):
            chosen = {YES_KEY: first, NO_KEY: second}.get(answer.key)
        elif isinstance(answer, RecognizedSpeech):
            if help_needed := await self._emergency(answer):
                return help_needed
            chosen = await self._target_in_answer(answer, first, second)
        if chosen is None:
            if failure := self._unanswered(answer):
                await self._note(judged, failure, first)
            return await self._outcome_of_new_target(answer) or _AGENT
        await self._note(judged, SpeechDecision.CHOSEN, chosen, settled=True)
        return self._outcome_of(chosen)

    async def _target_in_answer(self, answer: RecognizedSpeech, first: Target, second: Target) -> Target | None:
        """Return the target of the two that an answer names; None if the answer names neither."""
        match await (await self._prepared_meaning()).decide(answer):
            case Sure(_, guesses) | Confirm(_, guesses) | AskWhich(_, _, guesses):
                return next((guess.target for guess in guesses if guess.target in (first, second)), None)
        return None

    async def _outcome_of_new_target(self, answer: Answer) -> Outcome | None:
        """Return the outcome of a new target if the answer names it for sure (不是，我要办护照); else None."""
        if isinstance(answer, RecognizedSpeech):
            match await (await self._prepared_meaning()).decide(answer):
                case Sure(target, guesses):
                    judged = _JudgedUtterance(answer, guesses[0].confidence)
                    await self._note(judged, SpeechDecision.SURE, target, settled=True)
                    return self._outcome_of(target)
        return None

    async def _emergency(self, speech: RecognizedSpeech) -> NeedsHelp | None:
        """Call for help at once if the emergency is certain, else ask the caller.

        Return None if there is no emergency, or if the caller denies the emergency.
        """
        alarm = await (await self._prepared_meaning()).emergency(speech)
        if alarm is None:
            return None
        judged, number = _JudgedUtterance(speech, speech.score), alarm.number
        target = Target(TargetKind.LINKAGE, number)
        if isinstance(alarm, emergency.CallService):
            await self._note(judged, SpeechDecision.EMERGENCY_SURE, target, settled=True)
            return NeedsHelp(number, sure=True)
        await self._note(judged, SpeechDecision.EMERGENCY_ASKED, target)
        understood = SpeechDecision.EMERGENCY_UNANSWERED
        if self._has_prompt(question := f"emergency/{number}"):
            self._asked = True
            answer = await self._listen(YES_NO, [question], EMERGENCY_WAIT)
            yes = await self._cries_again(answer) or await self._is_yes(answer)
            if yes is False:
                await self._note(judged, SpeechDecision.EMERGENCY_DENIED, target)
                return None
            understood = SpeechDecision.EMERGENCY if yes else understood
        await self._note(judged, understood, target, settled=True)
        return NeedsHelp(number, sure=understood is SpeechDecision.EMERGENCY)

    async def _cries_again(self, answer: Answer) -> bool:
        """Return whether the caller answers the question about an emergency with a cry for help."""
        if not isinstance(answer, RecognizedSpeech) or answer.score < CERTAIN:
            return False
        written = replace(answer, cry="")  # a yes or a no is too short to be compared with cries by sound
        return await (await self._prepared_meaning()).emergency(written) is not None

    async def _is_yes(self, answer: Answer) -> bool | None:
        """Return True for yes, False for no, None for neither."""
        match answer:
            case Key(key):
                return {YES_KEY: True, NO_KEY: False}.get(key)
            case RecognizedSpeech(text):
                return (await self._prepared_meaning()).answer(text)
        return None

    async def _listen(self, vocabulary: str, prompts: Sequence[str], seconds: int | None = None) -> Answer:
        answer = await self._listener.listen(vocabulary, prompts, seconds or self._registry.timers.menu)
        return _clean(answer) if isinstance(answer, RecognizedSpeech) else answer

    def _unanswered(self, answer: Answer) -> SpeechDecision | None:
        """Return the failure if speech recognition failed at a question and the caller pressed no key, else None."""
        return failure_of(self._listener) if isinstance(answer, Silence) else None

    async def _prepared_meaning(self) -> Meaning:
        return await asyncio.shield(self._meaning)  # other callers wait for it, too

    def _outcome_of(self, target: Target) -> Outcome:
        if choice := self._choice(target):
            return AGAIN if choice.kind is ChoiceKind.REPEAT else KeyChoice(choice.key)
        if target.kind is TargetKind.LINE:
            return WantsLine(target.name, self._topic(target))
        return WantsAgent(self._topic(target), Reason.SPOKEN)  # 95598 and the like: never dialled for a caller

    def _goes_unasked(self, target: Target) -> bool:
        """Return whether a question is useless: the caller asks for the menu again, or understands no Mandarin."""
        choice = self._choice(target)
        return choice is not None and choice.kind in (
            ChoiceKind.REPEAT, ChoiceKind.SLOW, ChoiceKind.DIALECT, ChoiceKind.EMERGENCY,
        )  # fmt: skip

    def _choice(self, target: Target) -> Choice | None:
        if target.kind is not TargetKind.CHOICE:
            return None
        return next(choice for choice in self._menu.choices if choice.key == target.name)

    def _name(self, target: Target) -> tuple[str, ...] | None:
        """Return the prompts that name a target: its recording, else its number's digits; None if it has neither."""
        of_menu = target.kind is TargetKind.CHOICE
        recording = f"name/{self._menu.name}/{target.name}" if of_menu else f"name/{target.name}"
        if self._has_prompt(recording):
            return (recording,)
        return None if of_menu else tuple(f"phone/{digit}" for digit in target.name)

    def _topic(self, target: Target) -> str:
        """Return a target in words, for the agent."""
        if choice := self._choice(target):
            return choice.topic
        lines = (line.name for line in self._registry.lines if line.number == target.name)
        linkage = self._registry.linkage.get(target.name) if target.kind is TargetKind.LINKAGE else None
        return f"{target.name} {linkage.name if linkage else next(lines, '')}".rstrip()

    async def _note(
        self,
        judged: "_JudgedUtterance",
        decision: SpeechDecision,
        target: Target | None = None,
        *,
        settled: bool = False,
        topic: str = "",
    ) -> None:
        name = ""
        if target:
            name = f"{self._menu.name}:{target.name}" if target.kind is TargetKind.CHOICE else target.name
        topic = self._topic(target) if target and settled else topic
        speech = judged.speech
        milliseconds = max(0, round(speech.seconds * 1000))
        text = self._masked(speech.text)
        sure = settled and decision is not SpeechDecision.EMERGENCY_UNANSWERED
        guess = self._guess(target) if target and decision is not SpeechDecision.DENIED else ""
        self.shown = own_words(text, sure=sure, guess=guess)
        event = SpeechHeard(
            self._menu.name, text, judged.confidence, speech.recognizer, milliseconds, decision, name, topic
        )
        await self._call.note(*encode(event))

    def _guess(self, target: Target) -> str:
        """Return a possible target in a word: a key's topic, or a number."""
        choice = self._choice(target)
        return choice.topic if choice else target.name

    def _masked(self, text: str) -> str:
        registered = {line.number for line in self._registry.lines} | self._registry.linkage.keys()
        return mask_numbers(text, registered)


@dataclass(frozen=True, slots=True)
class _JudgedUtterance:
    """The caller's words, with the decision about them."""

    speech: RecognizedSpeech
    confidence: float  # 0 to 1


def _clean(speech: RecognizedSpeech) -> RecognizedSpeech:
    """Return the words with printable characters only, cut to a limit."""
    speech = likeliest(speech)
    text = "".join(sign for sign in speech.text if sign.isprintable()).strip()[:LONGEST]
    return replace(speech, text=text, recognizer=speech.recognizer[:40])


def _wants_a_key(decision: Decision) -> bool:
    """Return whether the words ask for a key of the menu (转人工怎么按)."""
    return isinstance(decision, Sure) and decision.target.kind is TargetKind.CHOICE


_AGENT = WantsAgent("", Reason.NOT_UNDERSTOOD)
