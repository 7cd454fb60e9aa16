"""Listening to a caller who may speak or press a key, whichever comes first, while prompts play."""

import re
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto

from ivr.asterisk.agi.call import PAST_END, Call
from ivr.asterisk.agi.commands import AgiError, HungUp
from ivr.asterisk.agi.reply import Reply

ENGINE = "hearing"  # the section of aeap.conf

_KEYS = "0123456789*#"
_VOCABULARY = re.compile(r"[a-z0-9-]+")
_RESULT = re.compile(r'score(\d)="?(-?\d+)"? text\1="(.*?)" grammar\1="?([^ "]*)', re.DOTALL)
_HEARD = re.compile(r"heard/([^/]*)/(\d+)")
_PHRASE = "phrase"  # in place of a grammar's name: the result is the expected phrase, and its score the evidence
_CRY = "cry"  # in place of a grammar's name: the result is the text with a cry for help in it
_LONGEST_TALK = 15  # seconds after the wait until Asterisk gives up by itself; the speech server ends earlier


@dataclass(frozen=True, slots=True)
class Key:
    """The caller pressed a key."""

    key: str


@dataclass(frozen=True, slots=True)
class RecognizedSpeech:
    """The caller spoke. The text is hostile, because a stranger chose the words."""

    text: str
    score: float  # 0 to 1, comparable only for the same recogniser
    recognizer: str
    seconds: float  # from the end of the sound until the text was there
    phrase: str = ""  # the expected phrase with the most evidence in the sound; "" if no phrase was compared
    evidence: float = 0.0  # nats by which the sound makes the phrase likelier than the text
    cry: str = ""  # the text, with a cry for help in place of words that sound like it; "" if no cry was compared
    cry_evidence: float = 0.0  # nats by which the sound makes the cry likelier than the text


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller neither spoke nor pressed a key."""


Answer = Key | RecognizedSpeech | Silence


class Failure(Enum):
    """The reason why a caller who may have spoken was not heard."""

    TOO_SLOW = auto()  # the recogniser did not keep up; the caller may speak again at the next question
    NO_RECOGNIZER = auto()  # the recogniser died, or does not answer; only keys work for the rest of the call


class CallerListener:
    """Listens to a caller: to keys, and to speech if a recogniser is free.

    Attributes:
        hears: False if only keys work, because no recogniser is there or free, or because the recogniser died.
        failure: why speech recognition failed at the last question; None if it did not fail. After a failure only
            the key counts.
        heard: the prompts that the caller heard to their end.
    """

    def __init__(self, call: Call, hears: bool, patience: int) -> None:
        """Use `hearing` instead."""
        self.hears = hears
        self.failure: Failure | None = None
        self._patience = patience
        self.heard: set[str] = set()
        self._call = call

    async def listen(
        self, vocabulary: str, prompts: Sequence[str], seconds: int, *, speech_only: Collection[str] = ()
    ) -> Answer:
        """Play prompts, which a key or a recognised utterance interrupts, then wait ``seconds`` for the caller.

        A caller who speaks when the time is over is heard to the end. If speech recognition fails during a prompt, that
        prompt is played again for keys, unless it is in ``speech_only``.

        Args:
            vocabulary: name of the expected phrases.
            prompts: prompt ids.
            seconds: time to answer after the last prompt, without the factor of a slow call.
            speech_only: the prompts of ``prompts`` that are left out if only keys work.

        Raises:
            HungUp: the caller is gone.
        """
        if not _VOCABULARY.fullmatch(vocabulary):
            raise ValueError(f"no name of a vocabulary: {vocabulary!a}")
        seconds *= self._patience
        self.failure = None
        for_keys = [prompt for prompt in prompts if prompt not in speech_only]
        if not self.hears:
            return await self._ask(for_keys, seconds)
        await self._call.speech_set("vocabulary", " ".join([vocabulary, *prompts]))
        for position, prompt in enumerate(prompts):
            reply = await self._call.speech_recognize(prompt, 1)  # 0 would mean no limit
            if reply.data != "timeout":
                prompts_left = [prompt for prompt in prompts[position:] if prompt not in speech_only]
                return await self._answer(reply, prompts_left, seconds)
            self.heard.add(prompt)
        await self._call.speech_set("wait", str(seconds))
        reply = await self._call.speech_recognize(prompts[-1], seconds + _LONGEST_TALK, PAST_END)
        return await self._answer(reply, for_keys[-1:], seconds)

    async def _answer(self, reply: Reply, for_keys: Sequence[str], seconds: int) -> Answer:
        if reply.data == "digit":
            return Key(reply.text)
        if reply.data == "timeout" or (reply.data == "speech" and reply.text.endswith("grammar0=silence")):
            return Silence()
        if reply.data == "speech" and (recognised := _recognized_speech(reply.text)):
            return recognised
        self.failure = Failure.TOO_SLOW if reply.text.endswith("grammar0=slow") else Failure.NO_RECOGNIZER
        self.hears = self.failure is Failure.TOO_SLOW
        return await self._ask(for_keys, seconds)

    async def _ask(self, prompts: Sequence[str], seconds: int) -> Answer:
        for prompt in prompts:
            if key := await self._call.stream(prompt, _KEYS):
                return Key(key)
            self.heard.add(prompt)
        key = await self._call.ask([], _KEYS, seconds)
        return Key(key) if key else Silence()


def _recognized_speech(results: str) -> RecognizedSpeech | None:
    """Read the results of a recognition, which Asterisk gives in any order; None if no utterance is in them."""
    heard: tuple[str, str, re.Match[str]] | None = None
    phrase, evidence = "", 0.0
    cry, cry_evidence = "", 0.0
    for _number, score, text, kind in _RESULT.findall(results):
        if kind == _PHRASE:
            phrase, evidence = text, int(score) / 1000
        elif kind == _CRY:
            cry, cry_evidence = text, int(score) / 1000
        elif match := _HEARD.fullmatch(kind):
            heard = score, text, match
    if heard is None:
        return None
    score, text, match = heard
    return RecognizedSpeech(
        text, min(int(score), 1000) / 1000, match[1], int(match[2]) / 1000, phrase, evidence, cry, cry_evidence
    )


@asynccontextmanager
async def hearing(call: Call, *, wanted: bool, patience: int = 1) -> AsyncIterator[CallerListener]:
    """Listen to a caller for some questions. Close the context before the queue, because it occupies a recogniser.

    Args:
        call: the caller's call.
        wanted: whether to use a recogniser; if not, only keys count.
        patience: factor of every waiting time.
    """
    listener = CallerListener(call, wanted and await call.speech_create(ENGINE), patience)
    created = listener.hears
    try:
        yield listener
    finally:
        if created:
            with suppress(HungUp, AgiError):  # the call is over, and its speech session with it
                await call.speech_destroy()
