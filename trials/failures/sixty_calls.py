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
_LOOK = 0.1  # seconds between two looks at all calls
_SET_UP = 90.0  # seconds
_DRIVE = 90.0
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
    taken: list[str] = field(default_factory=list)  # parties that answered, in order
    wrong: str = ""  # parties that were reached by mistake
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
    new_call: float  # seconds until a call made right after the failure was answered
    new_taken: float  # ... until it rang at a seat
    key: float = math.nan  # the longest that a menu's key took, in seconds, where callers may speak
    heard_again: float = math.nan  # seconds until callers may speak again

    @property
    def wrong(self) -> list[str]:
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
        self._speaks = recognition.is_wanted(hotline)
        self._probe_rang_at = math.nan

    def rings(self, leg: SignallingCall) -> None:
        """Note a call to a seat or a center."""
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
        if line != caller.dialled or caller.stage == "message" or caller.taken:
            caller.wrong = f"{caller.number} ({caller.stage}, {caller.dialled}) rang at {leg.invite.user} for {line}"
        if self._pick_up:
            caller.taken.append(leg.invite.user)
            leg.answer()

    async def set_up(self, say: Callable[[str], None]) -> None:
        """Bring all callers to their stages."""
        for seat in _SEATS:
            await self._phones.register(seat, self._hotline.password(seat))
        messages = Home(self._hotline.home).messages
        await self._dial("message", 9, lambda _: len(list(messages.glob("*.wav"))) == 9)
        for caller in self._of("message"):
            caller.leg.speak()
        await self._sign_in(_SEATS[:15])
        await self._dial("talking", 12, lambda _: all(caller.taken for caller in self._of("talking")))
        await self._dial("consult", 3, lambda _: all(caller.taken for caller in self._of("consult")))
        await self._dial("center", 6, lambda _: all(caller.taken for caller in self._of("center")))
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
        if self._speaks:
            await recognition.until_loaded(self._hotline)
        await self._dial("menu", 12, lambda _: all(caller.leg.answered for caller in self._of("menu")))
        if self._speaks:
            await self._until(lambda: recognition.listened_to(self._hotline) == 12, "12 are listened to")
            await asyncio.sleep(
                1.0
            )  # their prompts play now, because Asterisk drops a key that is pressed just before a prompt
            for at, caller in enumerate(
                self._of("menu")
            ):  # some callers press before the failure is noticed, some after
                caller.pressed_at = at * 0.4 - _PRESSES
        say(f"  {sum(not caller.leg.ended for caller in self.callers.values())} calls up")

    async def verdict(self, fail: Callable[[], Any], say: Callable[[str], None], *, loses: bool) -> SixtyResult:
        """Let it fail; then bring every call to its end, as its caller and the agents would.

        Args:
            fail: what fails.
            say: prints a line.
            loses: whether calls that are up are lost by its nature; then they are given up after a while.
        """
        up = sum(not caller.leg.ended for caller in self.callers.values())
        recognizers = recognition.processes(self._hotline)
        begun = _now()
        await asyncio.to_thread(fail)
        self._pick_up = True
        for leg in list(self._phones.legs.values()):  # the ringing phones answer a moment later
            if not leg.ended and not leg.answered and leg.invite:
                asyncio.get_running_loop().call_later(3.0, self._take, leg)
        probe = self._citizens.call("12369", _PROBE)
        normal = asyncio.create_task(self._until_normal(begun))
        loaded = asyncio.create_task(recognition.until_loaded(self._hotline, recognizers)) if self._speaks else None
        end = begun + (_GIVEN_UP if loses else _DRIVE)
        while _now() < end and not self._all_over(loses=loses):
            self._drive(_now() - begun)
            await asyncio.sleep(_LOOK)
        left = [caller for caller in self.callers.values() if not caller.leg.ended]
        for caller in left:
            caller.lost = True
            caller.leg.hang_up()
        probe.hang_up()
        say("  calls ended")
        normal_after = await normal
        heard_again = await loaded if loaded else math.nan
        await asyncio.sleep(1.0)
        records = await self._records(loses=loses)
        pressed = {caller.number: caller.first_pressed for caller in self._of("menu") if caller.first_pressed}
        return SixtyResult(
            up,
            [f"{one.number} ({one.stage}, {one.leg.code})" for one in self.callers.values() if one.lost],
            [caller.wrong for caller in self.callers.values() if caller.wrong],
            records,
            normal_after,
            probe.answer_delay if probe.answered else math.nan,
            self._probe_rang_at - begun,
            await asyncio.to_thread(recognition.longest_wait, self._hotline, pressed) if self._speaks else math.nan,
            heard_again,
        )

    def _all_over(self, *, loses: bool) -> bool:
        """Say whether all calls are, and, where all are lost at once, whether the next caller is being served."""
        served = not loses or not math.isnan(self._probe_rang_at)
        return served and all(caller.leg.ended for caller in self.callers.values())

    def _take(self, leg: SignallingCall) -> None:
        assert leg.invite
        if not leg.ended:
            self.callers[leg.invite.caller].taken.append(leg.invite.user)
            leg.answer()

    def _drive(self, seconds: float) -> None:
        """Do what each party would do by now, ``seconds`` after the failure."""
        for leg in self._consults:
            if seconds > 4 and not leg.ended:
                leg.hang_up()
        for at, caller in enumerate(self.callers.values()):
            leg = caller.leg
            if leg.ended:
                caller.lost = caller.lost or not leg.by_us
                continue
            match caller.stage:
                case "message":
                    over = seconds > 8
                case "talking" | "center":
                    over = seconds > 5 + at / 10
                case "consult":
                    over = seconds > 8
                case _:
                    if caller.taken and not caller.served_at:
                        caller.served_at = seconds
                    over = bool(caller.taken) and seconds > caller.served_at + 1.5
            if over:
                leg.hang_up()
            elif caller.stage == "menu" and not caller.taken and seconds > caller.pressed_at + _PRESSES:
                caller.pressed_at = seconds
                caller.first_pressed = caller.first_pressed or time.time()
                leg.keys("0")

    async def _records(self, *, loses: bool) -> list[str]:
        """Return the faults of the records, a line each."""
        wanted = set(self.callers)
        wrong: list[str] = []
        for _again in range(40):
            try:
                found = await asyncio.to_thread(self._hotline.ask, "calls")
            except (control_client.NotRunning, control_client.RequestRefused, OSError) as error:
                wrong = [f"no records: {error}"]
                await asyncio.sleep(0.5)
                continue
            ours = [one for one in found if one["caller"] in wanted]
            times = Counter(one["caller"] for one in ours)
            wrong = [f"{number} ({self.callers[number].stage}): no record" for number in sorted(wanted - times.keys())]
            wrong += [f"{number}: {count} records" for number, count in times.items() if count > 1]
            for one in ours:
                caller = self.callers[one["caller"]]
                as_it_was = loses or caller.lost or one["outcome"] == caller.expected
                if not as_it_was or one["dialled"] != caller.dialled:
                    wrong.append(f"{caller.number} ({caller.stage}): {one['outcome']} on {one['dialled']}")
                if one["ended_at"] and one["ended_at"] < one["started_at"]:
                    wrong.append(f"{caller.number} ({caller.stage}): ended before it began")
                talked = [leg for leg in one["legs"] if leg["result"] == "answered" and leg["kind"] != "consult"]
                answered = [leg["target"] for leg in talked]
                if len(answered) > 1:
                    wrong.append(f"{caller.number} ({caller.stage}): answered by {', '.join(answered)}")
            seats = (await asyncio.to_thread(self._hotline.ask, "status"))["seats"]
            out = len(_SEATS) - sum(seat["signed_in"] for seat in seats)
            wrong += [f"{out} seats are signed in no more"] if out else []
            if not wrong:
                break
            await asyncio.sleep(0.5)
        return wrong

    async def _until_normal(self, begun: float) -> float:
        """Return the seconds until engine, Asterisk and records answered again, three times in a row."""
        good, since = 0, 0.0
        while good < 3 and _now() < begun + _DRIVE:
            try:
                async with asyncio.timeout(3):
                    await asyncio.to_thread(self._hotline.ask, "status")
                    await asyncio.to_thread(self._hotline.ask, "calls", since="2100-01-01T00:00:00+00:00")
                since = since if good else _now() - begun
                good += 1
            except (control_client.NotRunning, control_client.RequestRefused, OSError, TimeoutError):
                good = 0
            await asyncio.sleep(0.3)
        return since if good else math.nan

    async def _dial(self, stage: str, count: int, there: Callable[[Counter[str]], bool]) -> None:
        for _ in range(count):
            self._call(stage)
        await self._until_stages(there, f"{count} callers: {stage}")

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
            async with asyncio.timeout(_SET_UP):
                while True:
                    now = await asyncio.to_thread(self._hotline.ask, "status")
                    stages = Counter(call["stage"] for call in now["calls"])
                    if condition(stages):
                        return
                    await asyncio.sleep(0.3)
        except TimeoutError:
            raise AssertionError(f"not so within {_SET_UP:g} s: {event}; there are {dict(stages)}") from None

    async def _until(self, condition: Callable[[], bool], event: str) -> None:
        try:
            async with asyncio.timeout(_SET_UP):
                while True:
                    if condition():
                        return
                    await asyncio.sleep(_LOOK)
        except TimeoutError:
            raise AssertionError(f"not so within {_SET_UP:g} s: {event}") from None


def _now() -> float:
    return asyncio.get_running_loop().time()
