"""An agent in an emergency conference consults, or the agent's phone dies: the citizen is never alone.

The test puts the citizens into the conference like [offer]; test_emergency.py has the way from the cry for help.
"""

import asyncio
import time

import pytest

from ivr.asterisk.ami.manager import Ami
from ivr.asterisk.queue_names import queue_name
from ivr.runtime import hotline_facts, secrets
from ivr.runtime.layout import Home
from testkit.hotline.raw_sip_hotline import RawSipHotline, together
from testkit.signalling import Port, SignallingCall
from testkit.waiting_async import until

SOUNDS = 100  # different A-law values in half a second of noise


async def hears_noise(leg: SignallingCall, event: str) -> None:
    """Wait until the hotline sends noise to a call; `event` is for the message of a failure."""
    async with asyncio.timeout(30):
        values: set[int] = set()
        while len(values) < SOUNDS:
            values = set()
            await asyncio.sleep(0.5)
            for sound in leg.received():
                values |= set(sound)
    assert not leg.ended, event


async def in_conference(
    street: RawSipHotline, port: Port, caller: str
) -> tuple[SignallingCall, SignallingCall, SignallingCall]:
    """Return the calls of a citizen (who sends noise), of 119 and of an agent in one conference."""
    home = Home(street.hotline.home)
    citizen = port.call("12345", caller)
    await until(lambda: citizen.answered, "the hotline answers")
    shown = await street.console("core show channels concise")
    [line] = [line for line in shown.splitlines() if f"!{caller}!" in line]
    channel, call = line.split("!")[0], line.split("!")[-1].strip()
    values = {
        "HOTLINE_QUEUE": queue_name("general"), "HOTLINE_PRIORITY": "100", "HOTLINE_SERVICE_CALLER": caller,
        "HOTLINE_EMERGENCY": "119", "HOTLINE_CALL": call, "HOTLINE_SINCE": str(int(time.time())),
    }  # fmt: skip
    for name, value in values.items():
        await street.console(f"dialplan set chanvar {channel} __{name} {value}")
    facts = hotline_facts.read(home.hotline)
    ami = Ami("127.0.0.1", facts.ami_port, "engine", secrets.load_or_make(home.secrets, ()).ami_password)
    await ami.connect()
    await ami.action("Redirect", Channel=channel, Context="emergency", Exten="119-agent", Priority="1")
    ami.close()
    agent = await until(lambda: street.agent_of(caller), "an agent answers")
    service = await until(lambda: street.center_for(agent, "119"), "119 is rung")
    citizen.speak()
    await hears_noise(service, "119 hears the citizen")
    await hears_noise(agent, "the agent hears the citizen")
    return citizen, service, agent


@pytest.mark.timeout(400)
async def test_a_consult_or_a_dead_phone_of_an_agent_leaves_the_citizen_in_the_emergency_conference(
    street: RawSipHotline,
) -> None:
    street.carrier.on_invite = SignallingCall.answer
    await street.staff("8001", "8002", "8003")
    ports = [await Port().open() for _ in range(2)]
    for port in ports:
        port.at(street.hotline.server)

    async def consults() -> None:
        citizen, service, agent = await in_conference(street, ports[0], "13600000031")
        center = await street.consult(agent, "12313")
        await until(lambda: street.consulted("13600000031"), "the center has answered")
        await hears_noise(service, "119 hears the citizen meanwhile")
        agent.hang_up()
        await hears_noise(center, "the center hears the citizen in the agent's place")
        await hears_noise(service, "119 hears the citizen still")
        center.hang_up()
        await hears_noise(service, "119 hears the citizen without the center")
        assert not citizen.ended

    async def dies() -> None:
        citizen, service, agent = await in_conference(street, ports[1], "13600000032")
        agent.port.die()
        agent.ended = True
        following = await until(lambda: street.agent_of("13600000032"), "another agent answers", 90)
        await hears_noise(following, "the next agent hears the citizen")
        await hears_noise(service, "119 hears the citizen still")
        assert not citizen.ended

    try:
        await together(consults(), dies())
    finally:
        for port in ports:
            for leg in list(port.legs.values()):
                leg.hang_up()
        await until(lambda: not street.hotline.ask("status")["calls"], "no call is up")
        for port in ports:
            port.close()
