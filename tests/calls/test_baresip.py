"""baresip, which nobody here wrote, as an agent's phone: signs in, takes a call, holds, presses keys, transfers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ivr.runtime.errors import RuntimeMissing
from testkit.baresip_phone import BaresipPhone
from testkit.hotline.running import RunningHotline
from testkit.provision import baresip
from testkit.signalling import Port, SignallingCall
from tests.calls.conftest import quick_registry
from tests.calls.test_foreign_peers import until

CITIZEN = "13900001111"


def _is_here() -> bool:
    with contextlib.suppress(RuntimeMissing):
        return bool(baresip.program())
    return False


pytestmark = pytest.mark.skipif(not _is_here(), reason="needs: python -m testkit.provision --phones")


@pytest.fixture
async def carrier() -> AsyncIterator[Port]:
    port = await Port().open()
    yield port
    port.close()


@pytest.fixture
def hotline(carrier: Port) -> Iterator[RunningHotline]:
    with RunningHotline(f"127.0.0.1:{carrier.number}", quick_registry()) as running:
        carrier.at(running.server)
        yield running


@pytest.fixture(params=["rtpevent", "info"])
def phone(hotline: RunningHotline, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[BaresipPhone]:
    password = hotline.password("8001")
    with BaresipPhone(tmp_path / "baresip", "8001", password, hotline.server, keys=request.param) as running:
        yield running


def state(hotline: RunningHotline) -> str:
    return next(str(one["state"]) for one in hotline.ask("status")["seats"] if one["seat"] == "8001")


async def test_an_agents_day_with_baresip(carrier: Port, hotline: RunningHotline, phone: BaresipPhone) -> None:
    def do(name: str, parameters: str = "") -> None:
        phone.command(name, parameters)

    phone.dial("*81")
    await until(lambda: state(hotline) == "ready", "the seat is signed in")
    citizen = carrier.call("12369", CITIZEN)
    await until(lambda: phone.told("CALL_INCOMING"), "baresip rings")
    do("accept")
    await until(lambda: state(hotline) == "in-call", "the agent talks")

    do("hold")
    await until(lambda: heard_of(carrier), "the citizen hears music")
    do("resume")

    # A consult by the hotline's own keys: *2 and the number, then *3.
    carrier.on_invite = SignallingCall.answer
    await asyncio.to_thread(phone.keys, "*2")
    await asyncio.sleep(2)  # until Asterisk listens to the number
    await asyncio.to_thread(phone.keys, "12313")
    [center] = await until(lambda: [leg for leg in carrier.legs.values() if leg.answered and leg.invite], "the center")
    await asyncio.to_thread(phone.keys, "*3")
    await asyncio.sleep(1)
    assert not citizen.ended
    center.hang_up()
    await until(lambda: state(hotline) == "in-call", "the agent has the citizen again")

    # The phone's own transfer button.
    do("transfer", f"sip:12366@{hotline.server}")
    await until(
        lambda: any(leg.invite and leg.invite.user == "12366" and leg.answered for leg in carrier.legs.values()),
        "the other center has the citizen",
    )
    await until(lambda: state(hotline) != "in-call", "the agent is free")
    assert not citizen.ended
    citizen.hang_up()
    [record] = await until(lambda: hotline.records(1), "the call is in the record")
    legs = [(leg["kind"], leg["target"], leg["result"]) for leg in record["legs"]]
    assert legs == [
        ("general", "8001", "answered"), ("consult", "12313", "answered"), ("consult", "12366", "answered"),
    ]  # fmt: skip

    # To a stranger it is refused; baresip 1.0 hangs up by itself then.
    dialled = len(carrier.legs)
    rung = phone.told("CALL_INCOMING")
    carrier.call("12369", CITIZEN)
    await until(lambda: phone.told("CALL_INCOMING") > rung, "baresip rings again")
    do("accept")
    await until(lambda: state(hotline) == "in-call", "the agent talks")
    do("transfer", f"sip:13900002222@{hotline.server}")
    await until(lambda: "404 Not Found" in phone.log(), "it is refused")
    assert len(carrier.legs) == dialled + 1, "nothing was dialled through the carrier"


def heard_of(carrier: Port) -> bool:
    """Whether sound that is not silence comes to the carrier now."""
    sounds = set()
    with contextlib.suppress(BlockingIOError):
        while packet := carrier.sound.recv(2048):
            sounds |= set(packet[12:])
    return len(sounds) > 20  # values of A-law; silence has two
