"""Sixty callers, some in each stage of a call, and the result of each call after a failure."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ivr.asterisk.config.console import Console
from ivr.control import control_client
from ivr.runtime.layout import Home
from testkit.hotline.running import RunningHotline
from testkit.signalling import Port, SignallingCall
from trials.failures import recognition

STAGES = {"message": 9, "talking": 12, "consult": 3, "center": 6, "ringing": 6, "queue": 12, "menu": 12}
DIALLED = {"menu": "12345", "center": "12313"}  # the others: 12369, which has no menu and no expert
_SEATS = [str(number) for number in range(8001, 8022)]  # as many as the calls that talk, consult and ring
_INTERVAL = 0.1  # seconds between two checks of all calls
_SET_UP_LIMIT = 90.0  # seconds
_DRIVE_LIMIT = 90.0
_GIVEN_UP = 15.0
_PRESSES = 2.5  # seconds between two tries of a caller in a menu to press a key
_PROBE = "13999999999"  # the number of the caller who calls right after the failure


@dataclass
class ExpectedCall:
    """One caller's call, and its right course."""

    number: str
    dialled: str
    stage: str
    leg: SignallingCall
    answered_by: list[str] = field(default_factory=list)  # parties that answered, in order
    misrouting: str = ""  # the party that was called by mistake, in words
    pressed_at: float = 0.0  # seconds after the failure
    first_pressed: float = 0.0  # seconds since 1970
    served_at: float = 0.0
    lost: bool = False

    @property
    def expected(self) -> str:
        return "message" if self.stage == "message" else "answered"


@dataclass
class SixtyResult:
    """The results of all calls."""

    up: int
    lost: list[str]
    misrouted: list[str]
    records: list[str]  # faults of records: missing, doubled or wrong
    normal_after: float  # seconds until engine, Asterisk and records were all there again
    new_call: float  # seconds until the next call after the failure was answered
    new_call_rang: float  # seconds until this call rang at a seat
    key: float = math.nan  # the longest time to a menu's key, in seconds, if callers may speak
    speech_back: float = math.nan  # seconds until callers may speak again

    @property
    def faults(self) -> list[str]:
        """All faults."""
        return [*self.lost, *self.misrouted, *self.records]


class SixtyCalls:
    """The callers, the seats and the centers of one hotline."""

    def __init__(self, hotline: RunningHotline, carrier: Port, citizens: Port, phones: Port) -> None:
        self._hotline, self._citizens, self._phones, self._carrier = hotline, citizens, phones, carrier
        carrier.on_invite = phones.on_invite = self.rings
        self._console = Console(Home(hotline.home).asterisk_socket)
        self.callers: dict[str, ExpectedCall] = {}
        self._pick_up = True
        self._consults: list[SignallingCall] = []
        self._may_speak = recognition.is_enabled(hotline)
        self._probe_rang_at = math.nan

    def rings(self, leg: SignallingCall) -> None:
        """Answer a call to a seat or a center, and check its target."""
        assert leg.invite
        caller = self.callers.get(leg.invite.caller)
        if caller is None:  # a consult, or the call that was made after the failure
            if leg.port is self._carrier:
                self._consults.append(leg)
            elif leg.invite.caller == _PROBE and math.isnan(self._probe_rang_at):
                self._probe_rang_at = _now()
            leg.answer()
            return
        line = leg.invite.get("X-Hotline-Line")
        if line != caller.dialled or caller.stage == "message" or caller.answered_by:
            caller.misrouting = (
                f"{caller.number} ({caller.stage}, {caller.dialled}) rang at {leg.invite.user} for {line}"
            )
        if self._pick_up:
            caller.answered_by.append(leg.invite.user)
            leg.answer()

    async def set_up(self, report: Callable[[str], None]) -> None:
        """Bring all callers to their stages."""
        for seat in _SEATS:
            await self._phones.register(seat, self._hotline.password(seat))
        messages = Home(self._hotline.home).messages
        await self._dial("message", 9, lambda _: len(list(messages.glob("*.wav"))) == 9)
        for caller in self._of("message"):
            caller.leg.speak()
        await self._sign_in(_SEATS[:15])
        await self._dial("talking", 12, lambda _: all(caller.answered_by for caller in self._of("talking")))
        await self._dial("consult", 3, lambda _: all(caller.answered_by for caller in self._of("consult")))
        await self._dial("center", 6, lambda _: all(caller.answered_by for caller in self._of("center")))
        for caller in self._of("consult"):
            self._seat_of(caller).keys("*2")
            await asyncio.sleep(1.5)  # the agent hears that the number may be dialled
            self._seat_of(caller).keys("12313")
        await self._until(lambda: len(self._consults) == 3, "three consults")
        self._pick_up = False
        await self._sign_in(_SEATS[15:])
        ringing = {"ringing": 6, "queue": 12}
        for stage, count in ringing.items():
            for _ in range(count):
                self._call(stage)
        await self._until_stages(lambda stages: stages["waiting"] == 18, "18 wait")
        if self._may_speak:
            await recognition.until_loaded(self._hotline)
        await self._dial("menu", 12, lambda _: all(caller.leg.answered for caller in self._of("menu")))
        if self._may_speak:
            await self._until(lambda: recognition.callers_heard(self._hotline) == 12, "12 are listened to")
            # Their prompts have to play, because Asterisk drops a key that is pressed just before a prompt.
            await asyncio.sleep(1.0)
            # Some callers press before the failure is noticed, some afterwards.
            for index, caller in enumerate(self._of("menu")):
                caller.pressed_at = index * 0.4 - _PRESSES
        report(f"  {sum(not caller.leg.ended for caller in self.callers.values())} calls up")

    async def verdict(self, fail: Callable[[], Any], report: Callable[[str], None], *, loses: bool) -> SixtyResult:
        """Cause the failure; then bring every call to its end, as its parties would.

        Args:
            fail: causes the failure.
            report: prints a line.
            loses: whether the failure loses the calls that are up; then they are given up after a while.
        """
        up = sum(not caller.leg.ended for caller in self.callers.values())
        recognizers = recognition.processes(self._hotline)
        began = _now()
        await asyncio.to_thread(fail)
        self._pick_up = True
        for leg in list(self._phones.legs.values()):  # the ringing phones answer a moment later
            if not leg.ended and not leg.answered and leg.invite:
                asyncio.get_running_loop().call_later(3.0, self._answer, leg)
        probe = self._citizens.call("12369", _PROBE)
        normal = asyncio.create_task(self._until_normal(began))
        loaded = asyncio.create_task(recognition.until_loaded(self._hotline, recognizers)) if self._may_speak else None
        end = began + (_GIVEN_UP if loses else _DRIVE_LIMIT)
        while _now() < end and not self._all_over(loses=loses):
            self._drive(_now() - began)
            await asyncio.sleep(_INTERVAL)
        unfinished = [caller for caller in self.callers.values() if not caller.leg.ended]
        for caller in unfinished:
            caller.lost = True
            caller.leg.hang_up()
        probe.hang_up()
        report("  calls ended")
        normal_after = await normal
        speech_back = await loaded if loaded else math.nan
        await asyncio.sleep(1.0)
        records = await self._records(loses=loses)
        pressed = {caller.number: caller.first_pressed for caller in self._of("menu") if caller.first_pressed}
        return SixtyResult(
            up,
            [f"{caller.number} ({caller.stage}, {caller.leg.code})" for caller in self.callers.values() if caller.lost],
            [caller.misrouting for caller in self.callers.values() if caller.misrouting],
            records,
            normal_after,
            probe.answer_delay if probe.answered else math.nan,
            self._probe_rang_at - began,
            await asyncio.to_thread(recognition.longest_wait, self._hotline, pressed) if self._may_speak else math.nan,
            speech_back,
        )

    def _all_over(self, *, loses: bool) -> bool:
        """Return whether all calls have ended and, if the failure loses all calls, whether the next call rings."""
        served = not loses or not math.isnan(self._probe_rang_at)
        return served and all(caller.leg.ended for caller in self.callers.values())

    def _answer(self, leg: SignallingCall) -> None:
        assert leg.invite
        if not leg.ended:
            self.callers[leg.invite.caller].answered_by.append(leg.invite.user)
            leg.answer()

    def _drive(self, seconds: float) -> None:
        """Let each party act as it would ``seconds`` after the failure."""
        for leg in self._consults:
            if seconds > 4 and not leg.ended:
                leg.hang_up()
        for index, caller in enumerate(self.callers.values()):
            leg = caller.leg
            if leg.ended:
                caller.lost = caller.lost or not leg.by_us
                continue
            match caller.stage:
                case "message":
                    over = seconds > 8
                case "talking" | "center":
                    over = seconds > 5 + index / 10
                case "consult":
                    over = seconds > 8
                case _:
                    if caller.answered_by and not caller.served_at:
                        caller.served_at = seconds
                    over = bool(caller.answered_by) and seconds > caller.served_at + 1.5
            if over:
                leg.hang_up()
            elif caller.stage == "menu" and not caller.answered_by and seconds > caller.pressed_at + _PRESSES:
                caller.pressed_at = seconds
                caller.first_pressed = caller.first_pressed or time.time()
                leg.keys("0")

    async def _records(self, *, loses: bool) -> list[str]:
        """Return the faults of the records, a line each."""
        numbers = set(self.callers)
        faults: list[str] = []
        for _again in range(40):
            try:
                calls = await asyncio.to_thread(self._hotline.ask, "calls")
            except (control_client.NotRunning, control_client.RequestRefused, OSError) as error:
                faults = [f"no records: {error}"]
                await asyncio.sleep(0.5)
                continue
            records = [record for record in calls if record["caller"] in numbers]
            times = Counter(record["caller"] for record in records)
            faults = [
                f"{number} ({self.callers[number].stage}): no record" for number in sorted(numbers - times.keys())
            ]
            faults += [f"{number}: {count} records" for number, count in times.items() if count > 1]
            for record in records:
                caller = self.callers[record["caller"]]
                is_as_expected = loses or caller.lost or record["outcome"] == caller.expected
                if not is_as_expected or record["dialled"] != caller.dialled:
                    faults.append(f"{caller.number} ({caller.stage}): {record['outcome']} on {record['dialled']}")
                if record["ended_at"] and record["ended_at"] < record["started_at"]:
                    faults.append(f"{caller.number} ({caller.stage}): ended before it began")
                talked = [leg for leg in record["legs"] if leg["result"] == "answered" and leg["kind"] != "consult"]
                answered = [leg["target"] for leg in talked]
                if len(answered) > 1:
                    faults.append(f"{caller.number} ({caller.stage}): answered by {', '.join(answered)}")
            seats = (await asyncio.to_thread(self._hotline.ask, "status"))["seats"]
            signed_out = len(_SEATS) - sum(seat["signed_in"] for seat in seats)
            faults += [f"{signed_out} seats are signed in no more"] if signed_out else []
            if not faults:
                break
            await asyncio.sleep(0.5)
        return faults

    async def _until_normal(self, began: float) -> float:
        """Return the seconds until engine, Asterisk and records answered again, three times in a row."""
        answers_in_a_row, since = 0, 0.0
        while answers_in_a_row < 3 and _now() < began + _DRIVE_LIMIT:
            try:
                async with asyncio.timeout(3):
                    await asyncio.to_thread(self._hotline.ask, "status")
                    await asyncio.to_thread(self._hotline.ask, "calls", since="2100-01-01T00:00:00+00:00")
                since = since if answers_in_a_row else _now() - began
                answers_in_a_row += 1
            except (control_client.NotRunning, control_client.RequestRefused, OSError, TimeoutError):
                answers_in_a_row = 0
            await asyncio.sleep(0.3)
        return since if answers_in_a_row else math.nan

    async def _dial(self, stage: str, count: int, condition: Callable[[Counter[str]], bool]) -> None:
        for _ in range(count):
            self._call(stage)
        await self._until_stages(condition, f"{count} callers: {stage}")

    def _call(self, stage: str) -> None:
        number = f"138{len(self.callers):08}"
        dialled = DIALLED.get(stage, "12369")
        self.callers[number] = ExpectedCall(number, dialled, stage, self._citizens.call(dialled, number))

    def _of(self, stage: str) -> Iterable[ExpectedCall]:
        return [caller for caller in self.callers.values() if caller.stage == stage]

    def _seat_of(self, caller: ExpectedCall) -> SignallingCall:
        """Return the seat's end of a call."""
        legs = (leg for leg in self._phones.legs.values() if leg.answered and leg.invite)
        return next(leg for leg in legs if leg.invite and leg.invite.caller == caller.number)

    async def _sign_in(self, seats: Iterable[str]) -> None:
        for seat in seats:
            await self._console.run(f"queue add member PJSIP/{seat} to group-general penalty 0 as {seat}")

    async def _until_stages(self, condition: Callable[[Counter[str]], bool], event: str) -> None:
        stages: Counter[str] = Counter()
        try:
            async with asyncio.timeout(_SET_UP_LIMIT):
                while True:
                    status = await asyncio.to_thread(self._hotline.ask, "status")
                    stages = Counter(call["stage"] for call in status["calls"])
                    if condition(stages):
                        return
                    await asyncio.sleep(0.3)
        except TimeoutError:
            raise AssertionError(f"not so within {_SET_UP_LIMIT:g} s: {event}; there are {dict(stages)}") from None

    async def _until(self, condition: Callable[[], bool], event: str) -> None:
        try:
            async with asyncio.timeout(_SET_UP_LIMIT):
                while True:
                    if condition():
                        return
                    await asyncio.sleep(_INTERVAL)
        except TimeoutError:
            raise AssertionError(f"not so within {_SET_UP_LIMIT:g} s: {event}") from None


def _now() -> float:
    return asyncio.get_running_loop().time()
