"""The time from an INVITE to a seat's ringing if the caller does nothing, and from a refusal to the next ringing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from ivr.asterisk.config.console import Console
from ivr.runtime.layout import Home
from testkit.hotline.running import RunningHotline, registry
from testkit.signalling import Port, SignallingCall
from trials.bench.calls.bench_page import BenchRow

_EXPERT = "8333"
_SEATS = {"8001": "general", "8002": "general", "8003": "general", "8004": "general", _EXPERT: "expert-12333"}
_EMERGENCY_KEY = "7"
_KEY_NAMED = 3.4  # seconds until the opening has named that key
_LONGEST = 40.0


@dataclass(frozen=True, slots=True)
class FirstWordsCase:
    """One kind of caller."""

    name: str
    number: str
    aim: float  # seconds
    key: str = ""  # pressed once the opening has named it


CASES = (
    FirstWordsCase("12345", "12345", 15.0),
    FirstWordsCase("a merged number", "2912345", 12.0),
    FirstWordsCase("a merged number whose chain ends at an expert", "12331", 12.0),
    FirstWordsCase("a dual number", "12369", 6.0),
    FirstWordsCase("a dual number with an expert", "12333", 6.0),
    FirstWordsCase("12345 and the emergency key, pressed as soon as it is named", "12345", 5.0, _EMERGENCY_KEY),
)
NEXT_SEAT_AIM = 2.0  # seconds


class FirstWordsHotline(RunningHotline):
    """A hotline with the shipped registry, whose carrier and seats are raw SIP ports."""

    def __init__(self, carrier: Port) -> None:
        super().__init__(f"127.0.0.1:{carrier.number}", registry())
        self.carrier_port = carrier

    async def phone(self, seat: str, *groups: str) -> Port:
        """Register a seat's phone, and sign the seat in."""
        port = await Port().open()
        port.at(self.server)
        await port.register(seat, self.password(seat))
        console = Console(Home(self.home).asterisk_socket)
        for group in groups:
            await console.run(f"queue add member PJSIP/{seat} to group-{group} penalty 0 as {seat}")
        return port


async def until_ringing(hotline: FirstWordsHotline, phones: list[Port]) -> dict[FirstWordsCase, float]:
    """Return the seconds until a phone rings for each case; all callers call at once, and hang up when it rings."""
    loop = asyncio.get_running_loop()
    rings = {f"1380000000{at}": loop.create_future() for at, _case in enumerate(CASES)}

    def keep_ring(leg: SignallingCall) -> None:
        ring = rings[leg.invite.caller] if leg.invite else None
        if ring and not ring.done():
            ring.set_result(loop.time())

    for phone in phones:
        phone.on_invite = keep_ring
    callers = zip(CASES, rings.items(), strict=True)
    seconds = await asyncio.gather(*(_until_ringing(hotline, case, *caller) for case, caller in callers))
    await _ended(phones)
    return dict(zip(CASES, seconds, strict=True))


async def _until_ringing(
    hotline: FirstWordsHotline, case: FirstWordsCase, caller: str, rings: asyncio.Future[float]
) -> float:
    citizen = hotline.carrier_port.call(case.number, caller)
    pressed = asyncio.create_task(_press(citizen, case.key)) if case.key else None
    async with asyncio.timeout(_LONGEST):
        seconds = await rings - citizen.asked_at
    if pressed:
        await pressed
    citizen.hang_up()
    return seconds


async def until_the_next_seat(hotline: FirstWordsHotline, phones: list[Port]) -> float:
    """Return the seconds from a seat's 486 to the ringing of the next seat."""
    loop = asyncio.get_running_loop()
    rings: list[asyncio.Future[float]] = [loop.create_future(), loop.create_future()]

    def refuse_first(leg: SignallingCall) -> None:
        open_rings = [ring for ring in rings if not ring.done()]
        if len(open_rings) == len(rings):
            leg.hang_up()
        if open_rings:
            open_rings[0].set_result(loop.time())

    for phone in phones:
        phone.on_invite = refuse_first
    citizen = hotline.carrier_port.call("12369", "13800000001")
    async with asyncio.timeout(_LONGEST):
        refused, rung = [await ring for ring in rings]
    citizen.hang_up()
    await _ended(phones)
    return rung - refused


async def _press(citizen: SignallingCall, key: str) -> None:
    answered = asyncio.Event()
    citizen.on_answer = answered.set
    await answered.wait()
    await asyncio.sleep(_KEY_NAMED)
    citizen.keys(key)


async def _ended(phones: list[Port]) -> None:
    """Wait until each phone has received BYE or CANCEL."""
    async with asyncio.timeout(_LONGEST):
        while any(not leg.ended for phone in phones for leg in phone.legs.values()):  # noqa: ASYNC110  the ports have no event for it
            await asyncio.sleep(0.02)


async def measured() -> tuple[dict[FirstWordsCase, float], float]:
    """Return the seconds of each case, and the seconds from a refusal to the next seat."""
    carrier = await Port().open()
    phones: list[Port] = []
    try:
        with FirstWordsHotline(carrier) as hotline:
            carrier.at(hotline.server)
            phones = [await hotline.phone(seat, group) for seat, group in _SEATS.items()]
            market = await hotline.phone("8315", "expert-12315")
            phones.append(market)
            found = await until_ringing(hotline, phones)
            return found, await until_the_next_seat(hotline, phones[:4])
    finally:
        for port in (carrier, *phones):
            port.close()


def rows(say: Callable[[str], None]) -> list[BenchRow]:
    """Measure, and return a row for each case."""
    found, rung = asyncio.run(measured())
    result = [
        BenchRow(f"INVITE to a seat's ringing, agents free, a caller who does nothing: {case.name}", f"{seconds:.1f} s",
            aim=f"≤ {case.aim:g} s", met=seconds <= case.aim)
        for case, seconds in found.items()
    ]  # fmt: skip
    shown, met = f"{rung:.1f} s", rung <= NEXT_SEAT_AIM
    result.append(BenchRow("486 of a seat to the next seat's ringing", shown, aim=f"≤ {NEXT_SEAT_AIM:g} s", met=met))
    for row in result:
        say(f"{row}")
    return result
