"""SIP of carriers and phones in the field: identity headers, user parameters, redirections, transfers."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from ivr.asterisk.config.console import Console
from ivr.runtime.layout import Home
from testkit.hotline.running import RunningHotline
from testkit.signalling import Port, SignallingCall
from tests.calls.conftest import quick_registry
from tests.calls.waiting_async import until

CITIZEN = "13900001111"


@pytest.fixture
async def carrier() -> AsyncIterator[Port]:
    port = await Port().open()
    yield port
    port.close()


@pytest.fixture
def hotline(carrier: Port) -> Iterator[RunningHotline]:
    seats = [{"number": number, "name": f"话务座席{number}", "groups": ["general"]} for number in ("8001", "8002")]
    others = [seat for seat in quick_registry()["seats"] if not seat["number"].startswith("800")]
    with RunningHotline(
        f"127.0.0.1:{carrier.number}", quick_registry(seats=seats + others, callbacks={"hours": "00:00-24:00"})
    ) as running:
        carrier.at(running.server)
        yield running


@pytest.fixture
async def phones(hotline: RunningHotline) -> AsyncIterator[dict[str, Port]]:
    """The phones of two seats, signed in; each is a port of its own."""
    console = Console(Home(hotline.home).asterisk_socket)
    ports: dict[str, Port] = {}
    for seat in ("8001", "8002"):
        port = ports[seat] = await Port().open()
        port.at(hotline.server)
        await port.register(seat, hotline.password(seat))
        await console.run(f"queue add member PJSIP/{seat} to group-general penalty 0 as {seat}")
    yield ports
    for port in ports.values():
        port.close()


IDENTITIES = {
    "sip": f"P-Asserted-Identity: <sip:{CITIZEN}@ims.example>",
    "tel": f"P-Asserted-Identity: <tel:+86{CITIZEN}>",
    "user parameters": f'P-Asserted-Identity: "x" <sip:+86{CITIZEN};npdi=yes@ims.example;user=phone>',
}
DIALLED = ["12345;phone-context=+86", "12345;npdi=yes;rn=073500", "+8673512345;user=phone"]


async def test_the_caller_and_the_number_are_known_however_an_ims_writes_them(
    carrier: Port, hotline: RunningHotline
) -> None:
    legs = {name: carrier.call("12345", "anonymous", identity) for name, identity in IDENTITIES.items()}
    legs |= {dialled: carrier.call(dialled, f"1380000000{at};cpc=ordinary") for at, dialled in enumerate(DIALLED)}
    await until(lambda: all(leg.answered for leg in legs.values()), "the hotline answers")
    for leg in legs.values():
        leg.hang_up()
    records = await until(lambda: hotline.records(len(legs)), "the calls are in the record")
    callers = sorted(record["caller"].removeprefix("+86") for record in records)
    assert callers == sorted([CITIZEN] * 3 + [f"1380000000{at}" for at in range(3)])
    assert {(record["dialled"], record["gap"]) for record in records} == {("12345", False)}


FORWARDED_TO = [
    (302, "<sip:13900001111@carrier.example>"),
    (301, "<sip:12345@{hotline}>"),
    (302, "<sip:PJSIP%2F13900001111%40carrier@{hotline}>"),
    (300, "<tel:+8613900001111>"),
    (305, "<sip:s@127.0.0.1;method=BYE?Subject=x>"),
    (380, "<sip:12333@{hotline}>;expires=60"),
]


async def test_a_redirection_from_a_seat_is_a_refusal_and_the_next_seat_rings(
    carrier: Port, hotline: RunningHotline, phones: dict[str, Port]
) -> None:
    """Call forwarding on an agent's phone leads no citizen away: not into the hotline again, and not out of it."""
    for at, (code, contact) in enumerate(FORWARDED_TO):
        rung: list[str] = []
        header = f"Contact: {contact.format(hotline=hotline.server)}"
        dialled = len(carrier.legs)

        def redirect_the_first(
            leg: SignallingCall, code: int = code, header: str = header, rung: list[str] = rung
        ) -> None:
            assert leg.invite
            rung.append(leg.invite.user)
            if len(rung) == 1:
                leg.ended = True
                leg.port.reply(leg.invite, code, "Moved", leg.local, "", header)
            else:
                leg.answer()

        for phone in phones.values():
            phone.on_invite = redirect_the_first
        citizen = carrier.call("12369", f"1370000000{at}")
        await until(lambda rung=rung: len(rung) == 2, f"the next seat rings after {code} {contact}")
        assert len(carrier.legs) == dialled + 1, "nothing was dialled through the carrier"
        citizen.hang_up()
        await until(lambda: all(leg.ended for phone in phones.values() for leg in phone.legs.values()), "all are free")
    records = await until(lambda: hotline.records(len(FORWARDED_TO)), "the calls are in the record")
    assert {record["outcome"] for record in records} == {"answered"}


NOWHERE = (
    "sip:13900001111@carrier.example",
    "sip:PJSIP%2F13900001111%40carrier@x",
    "sip:912313@x",
    "sip:8002@x?Replaces=1%3Bto-tag%3D2",
    "tel:+8613900001111",
)


async def served(carrier: Port, phones: dict[str, Port], caller: str) -> tuple[SignallingCall, SignallingCall]:
    """A citizen and the agent who answered; every other phone that rings from now on refuses."""
    for phone in phones.values():
        phone.on_invite = SignallingCall.answer
    citizen = carrier.call("12369", caller)
    [agent] = await until(
        lambda: [leg for phone in phones.values() for leg in phone.legs.values() if leg.answered and not leg.ended],
        "an agent answers",
    )
    return citizen, agent


async def refer(agent: SignallingCall, target: str) -> int:
    """What the phone is told in the end: a refusal of the REFER, or what became of the transfer."""
    agent.answers.pop("REFER", None)
    agent.notified.clear()
    agent.request("REFER", headers=(f"Refer-To: <{target}>",))

    def told() -> int | None:
        refused = agent.answers.get("REFER", 0)
        return refused if refused >= 300 else next((code for code in agent.notified if code >= 200), None)

    code: int = await until(told, f"what becomes of a transfer to {target}")
    if code < 300:
        agent.hang_up()  # as a phone does that is told that its transfer succeeded
    return code


async def test_a_transfer_button_reaches_what_a_consult_may_reach_and_nothing_else(
    carrier: Port, hotline: RunningHotline, phones: dict[str, Port]
) -> None:
    """REFER (RFC 3515): refused to a stranger, and the call goes on; a center answers, and has the citizen."""
    citizen, agent = await served(carrier, phones, "13700000009")
    carrier.on_invite = SignallingCall.answer
    for target in NOWHERE:
        assert await refer(agent, target) >= 400, target
    assert not citizen.ended
    assert not agent.ended
    assert len(carrier.legs) == 1, "nothing was dialled through the carrier"
    assert await refer(agent, f"sip:12313@{hotline.server}") == 200
    [center] = await until(lambda: [leg for leg in carrier.legs.values() if leg.invite and leg.answered], "the center")
    assert center.invite
    assert center.invite.user == "12313"
    assert not citizen.ended
    citizen.hang_up()
    await until(lambda: center.ended, "the center is told that the citizen hung up")
    [record] = await until(lambda: hotline.records(1), "the call is in the record")
    legs = [(leg["kind"], leg["target"], leg["result"]) for leg in record["legs"]]
    assert legs == [("general", agent.invite.user, "answered"), ("consult", "12313", "answered")]  # type: ignore[union-attr]


async def test_a_citizen_whom_a_transfer_brought_to_nobody_is_the_next_of_the_queue(
    carrier: Port, hotline: RunningHotline, phones: dict[str, Port]
) -> None:
    """The center is busy, and the agent is gone: the next seat rings."""
    citizen, agent = await served(carrier, phones, "13700000008")
    assert await refer(agent, f"sip:12313@{hotline.server}") == 200
    [again] = await until(
        lambda: [leg for phone in phones.values() for leg in phone.legs.values() if leg.answered and not leg.ended],
        "an agent answers the citizen",
    )
    assert not citizen.ended
    citizen.hang_up()
    await until(lambda: again.ended, "the agent's phone is told that the citizen hung up")
    [record] = await until(lambda: hotline.records(1), "the call is in the record")
    assert [(leg["kind"], leg["result"]) for leg in record["legs"]] == [
        ("general", "answered"), ("consult", "busy"), ("general", "answered"),
    ]  # fmt: skip


async def test_an_agent_who_vanishes_while_the_consulted_party_rings_leaves_the_citizen_the_next_of_the_queue(
    carrier: Port, hotline: RunningHotline, phones: dict[str, Port]
) -> None:
    """The center never answers: Asterisk rings the agent once more, and if that is in vain, the next seat."""
    citizen, agent = await served(carrier, phones, "13700000007")
    carrier.on_invite = lambda _leg: None
    agent.keys("*2")
    await asyncio.sleep(2)  # until Asterisk listens to the number
    agent.keys("12313")
    await until(lambda: [leg for leg in carrier.legs.values() if leg.invite], "the center rings")
    agent.port.on_invite = SignallingCall.hang_up
    agent.hang_up()
    [again] = await until(
        lambda: [leg for phone in phones.values() for leg in phone.legs.values() if leg.answered and not leg.ended],
        "an agent answers the citizen", 60,
    )  # fmt: skip
    assert not citizen.ended
    again.hang_up()
    await until(lambda: citizen.ended, "the call ends as any other")


@pytest.mark.parametrize("contact", ["sip:13900001111@x", "sip:PJSIP%2F13900001111%40carrier@x", "sip:12345@x"])
async def test_a_phone_that_forwards_the_ring_of_a_callback_calls_nobody(
    carrier: Port, hotline: RunningHotline, phones: dict[str, Port], contact: str
) -> None:
    """`ivr callbacks ring` rings the agent's phone first; a redirection from it is a refusal as any other."""
    for phone in phones.values():
        phone.on_invite = lambda _leg: None
    citizen = carrier.call("12369", CITIZEN)
    await until(lambda: hotline.ask("status")["queues"][0]["waiting"] == 1, "the citizen waits")
    citizen.hang_up()
    await until(lambda: hotline.records(1), "the call is in the record")
    redirected: list[SignallingCall] = []

    def redirect(leg: SignallingCall) -> None:
        assert leg.invite
        leg.ended = True
        redirected.append(leg)
        leg.port.reply(leg.invite, 302, "Moved Temporarily", leg.local, "", f"Contact: <{contact}>")

    for phone in phones.values():
        phone.on_invite = redirect
    [due] = await until(lambda: hotline.json("callbacks"), "the callback is due")
    asked = await asyncio.to_thread(hotline.ivr, "callbacks", "ring", due["id"], "--seat", "8001")
    assert asked.returncode == 0, asked.stderr
    await until(lambda: redirected, "the agent's phone rings")
    await until(lambda: not hotline.ask("status")["calls"], "no call is up")
    assert len(carrier.legs) == 1, "nothing was dialled through the carrier"
    assert len(hotline.records(1)) == 1, "no call began again in the hotline"
