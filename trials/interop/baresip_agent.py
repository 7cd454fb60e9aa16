"""baresip as an agent's phone, beside a carrier of raw SIP."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from testkit.baresip_phone import BaresipPhone
from testkit.hotline.running import RunningHotline, registry
from testkit.signalling import Port, SignallingCall
from trials.interop.behaviours import Behaviour
from trials.interop.interop_report import InteropCell, InteropReport

_CITIZEN = "13900001111"
_SEAT = "8001"
_SECONDS = 20.0


def tried() -> list[InteropCell]:
    """Try everything that an agent does, with keys by RFC 4733, and the keys once more by SIP INFO."""
    report = InteropReport("baresip 1.0")
    asyncio.run(_day(report, "rtpevent", Behaviour.KEYS_RFC4733))
    by_info = InteropReport("baresip 1.0")
    asyncio.run(_day(by_info, "info", Behaviour.KEYS_INFO))
    return report.cells + [cell for cell in by_info.cells if cell.behaviour is Behaviour.KEYS_INFO]


async def _day(report: InteropReport, keys: str, by: Behaviour) -> None:
    carrier = await Port().open()
    try:
        with (
            RunningHotline(f"127.0.0.1:{carrier.number}", registry()) as hotline,
            tempfile.TemporaryDirectory() as folder,
        ):
            carrier.at(hotline.server)
            password = hotline.password(_SEAT)
            with BaresipPhone(Path(folder) / "baresip", _SEAT, password, hotline.server, keys=keys) as phone:
                await _calls(report, carrier, hotline, phone, by)
    finally:
        carrier.close()


async def _calls(
    report: InteropReport, carrier: Port, hotline: RunningHotline, phone: BaresipPhone, by: Behaviour
) -> None:
    carrier.on_invite = SignallingCall.answer
    phone.dial("*81")
    await _tried(report, Behaviour.SIGNS_IN, lambda: _state(hotline) == "ready")
    citizen = carrier.call("12369", _CITIZEN)
    await _until(lambda: phone.count_of("CALL_INCOMING"))
    phone.command("accept")
    await _tried(report, Behaviour.TAKES_A_CALL, lambda: _state(hotline) == "in-call")
    phone.command("hold")
    await _tried(report, Behaviour.HOLDS, lambda: _heard_of(carrier))
    phone.command("resume")

    await asyncio.to_thread(phone.keys, "*2")
    await asyncio.sleep(2)  # until Asterisk listens to the number
    await asyncio.to_thread(phone.keys, "12313")
    await _tried(report, by, lambda: _answered(carrier, "12313"))
    await asyncio.to_thread(phone.keys, "*3")
    await asyncio.sleep(1)
    center = _answered(carrier, "12313")
    await _tried(report, Behaviour.THREE_WAY, lambda: not citizen.ended and center and not center.ended)
    if center:
        center.hang_up()
        await asyncio.sleep(2)  # until Asterisk has taken the conference apart

    phone.command("transfer", f"sip:12366@{hotline.server}")
    await _tried(report, Behaviour.TRANSFERS_BLIND, lambda: _answered(carrier, "12366") and not citizen.ended)
    await _until(lambda: _state(hotline) != "in-call")
    citizen.hang_up()

    dialled, rung = len(carrier.legs), phone.count_of("CALL_INCOMING")
    carrier.call("12369", _CITIZEN)
    await _until(lambda: phone.count_of("CALL_INCOMING") > rung)
    phone.command("accept")
    await _until(lambda: _state(hotline) == "in-call")
    phone.command("transfer", f"sip:13900002222@{hotline.server}")
    refused = lambda: "404 Not Found" in phone.log() and len(carrier.legs) == dialled + 1  # noqa: E731
    await _tried(report, Behaviour.TRANSFER_REFUSED, refused)


async def _tried(report: InteropReport, behaviour: Behaviour, true: Callable[[], object]) -> None:
    seen = await _until(true)

    def result() -> None:
        if not seen:
            raise AssertionError(f"not within {_SECONDS:g} s")

    report.attempt(behaviour, result)


async def _until(true: Callable[[], object]) -> bool:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        if await asyncio.to_thread(true):
            return True
        await asyncio.sleep(0.05)
    return False


def _state(hotline: RunningHotline) -> str:
    return next(str(one["state"]) for one in hotline.ask("status")["seats"] if one["seat"] == _SEAT)


def _answered(carrier: Port, number: str) -> SignallingCall | None:
    """Return the call that the hotline made to a number through the carrier, if it was answered."""
    calls = (leg for leg in carrier.legs.values() if leg.invite and leg.invite.user == number and leg.answered)
    return next(calls, None)


def _heard_of(carrier: Port) -> bool:
    """Whether sound that is not silence comes to the carrier now."""
    sounds: set[int] = set()
    with contextlib.suppress(BlockingIOError):
        while packet := carrier.sound.recv(2048):
            sounds |= set(packet[12:])
    return len(sounds) > 20  # values of A-law; silence has two
