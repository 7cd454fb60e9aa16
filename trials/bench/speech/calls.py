"""Callers of the bench: each talks into the menu's prompt, which a call script plays again and again."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import numpy as np

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.speech import Said, hearing
from ivr.speech.session import Vocabularies
from testkit.phones import Call as PhoneCall
from testkit.phones import Carrier, Phones
from testkit.phones.tones import write_wav
from tests.speech.asterisk import SpeakingAsterisk
from tests.speech.listening import silence
from trials.bench.speech.meaning import Menu
from trials.bench.speech.utterances import Group, Speech, Utterance
from trials.bench.speech.watch import Watch, WatchedPool

PROMPT = "menu-main"
_WAIT = 8  # seconds after the prompt until it is played again
_PAUSE = 0.4  # seconds between an answer and the next prompt, so that a recording shows where the first ended
_LATE = 1.5  # seconds after an utterance in which an answer still belongs to it
_ANSWERED = 1.5  # seconds within which a call is answered, and an answer found
_FIRST_TONE = 4000  # beyond what parties are given as tones


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer; all times are of `time.monotonic`."""

    text: str
    prompted: float  # the prompt was asked for
    loud: float  # the last loud sound came
    heard: float  # the recogniser knew
    decided: float  # the script knew what it means


@dataclass(slots=True, eq=False)
class Caller:
    """One call: what is said, and what came of it."""

    name: str  # for the bench's progress
    speech: Speech
    group: Group
    heard: list[Heard] = field(default_factory=list)
    prompted: list[float] = field(default_factory=list)  # each time that the prompt was asked for
    watch: Watch | None = None
    phone: PhoneCall | None = None

    def answers(self) -> list[tuple[Utterance, Heard | None]]:
        """Which answer belongs to which utterance; None to one that was passed over."""
        assert self.watch
        first = self.speech.utterances[0][1]
        found = []
        for utterance, begins, ends in self.speech.utterances:
            since = self.watch.begun - first
            mine = [one for one in self.heard if since + begins < one.loud < since + ends + _LATE]
            found.append((utterance, mine[0] if mine else None))
        return found


class Bench:
    """An Asterisk, the recognisers, and phones; entering it waits for all."""

    def __init__(self, pool: WatchedPool, vocabularies: Vocabularies, menu: Menu) -> None:
        self._pool, self._menu = pool, menu
        self._callers: dict[str, Caller] = {}
        self._taking = asyncio.Lock()
        self._phones = Phones()
        self._carrier = Carrier(self._phones)
        self._asterisk = SpeakingAsterisk(self._carrier.address, self._script, pool, vocabularies)

    def __enter__(self) -> Self:
        self._asterisk.__enter__()
        self._carrier.hotline = self._asterisk.server
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._phones.close()
        self._asterisk.__exit__(kind, error, trace)

    def run(self, callers: Sequence[Caller], at_once: int, done: Callable[[Caller], None]) -> None:
        """Have them all call, so many at once; `done` is told of each that is over."""
        waiting, talking = list(callers), list[tuple[Caller, PhoneCall]]()

        def over() -> bool:
            for caller, phone in talking[:]:
                if phone.connected and phone.heard.seconds > caller.speech.seconds + _ANSWERED:
                    phone.hang_up()
                if phone.closed:
                    talking.remove((caller, phone))
                    done(caller)
            while waiting and len(talking) < at_once:
                caller = waiting.pop(0)
                talking.append((caller, self._call(caller)))
            return not talking

        longest = sum(caller.speech.seconds + 10 for caller in callers)
        self._phones.until(over, longest, "all callers have said what they had to say")

    def _call(self, caller: Caller) -> PhoneCall:
        number = len(self._callers)
        self._callers[f"139{number:08}"] = caller
        path = self._phones.folder / f"tone-{_FIRST_TONE + number}.wav"  # where `Phones` finds a tone
        write_wav(path, np.concatenate([caller.speech.samples, silence(60)]))
        tone = _FIRST_TONE + number
        caller.phone = self._carrier.call("12345", f"139{number:08}", name=f"caller-{number}", tone=tone)
        return caller.phone

    async def _script(self, call: Call) -> None:
        caller = self._callers[call.caller]
        await call.answer()
        async with AsyncExitStack() as stack:
            async with self._taking:
                ear = await stack.enter_async_context(hearing(call, wanted=True))
                caller.watch = watch = self._pool.latest
            assert watch
            while call.is_up and ear.hears:
                prompted = time.monotonic()
                caller.prompted.append(prompted)
                answer = await ear.listen(caller.group.vocabulary, [PROMPT], _WAIT)
                if isinstance(answer, Said):
                    loud = watch.loud
                    await asyncio.to_thread(self._menu.meaning, answer.text, caller.group)
                    caller.heard.append(Heard(answer.text, prompted, loud, watch.heard, time.monotonic()))
                await asyncio.sleep(_PAUSE)
