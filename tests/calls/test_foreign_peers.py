"""SIP of real carriers and phones: identity headers, user parameters, redirections, transfers."""

import asyncio

import pytest

from testkit.hotline.raw_sip_hotline import RawSipHotline, together
from testkit.hotline.running import RunningHotline
from testkit.signalling import SignallingCall
from testkit.waiting_async import until

CITIZEN = "13900001111"


@pytest.fixture
async def staffed(street: RawSipHotline) -> RawSipHotline:
    """Give a hotline with two signed-in seats; the phone of each seat is a `Port` of its own."""
    await street.staff("8001", "8002")
    return street


IDENTITIES = {
    "sip": f"P-Asserted-Identity: <sip:{CITIZEN}@ims.example>",
    "tel": f"P-Asserted-Identity: <tel:+86{CITIZEN}>",
    "user parameters": f'P-Asserted-Identity: "x" <sip:+86{CITIZEN};npdi=yes@ims.example;user=phone>',
}
DIALLED = ["12345;phone-context=+86", "12345;npdi=yes;rn=073500", "+8673512345;user=phone"]


async def test_callers_number_and_number_dialled_are_read_in_each_notation_of_an_ims(street: RawSipHotline) -> None:
    carrier, hotline = street.carrier, street.hotline
    legs = {name: carrier.call("12345", "anonymous", identity) for name, identity in IDENTITIES.items()}
    legs |= {dialled: carrier.call(dialled, f"1380000000{at};cpc=ordinary") for at, dialled in enumerate(DIALLED)}
    await until(lambda: all(leg.answered for leg in legs.values()), "the hotline answers")
    for leg in legs.values():
        leg.hang_up()
    records = await until(lambda: hotline.records(len(legs)), "the calls are in the record")
    callers = sorted(record["caller"].removeprefix("+86") for record in records)
    assert callers == sorted([CITIZEN] * 3 + [f"1380000000{at}" for at in range(3)])
    assert {(record["dialled"], record["gap"]) for record in records} == {("12345", False)}


async def test_late_offer_100rel_and_short_session_timers_work(
    street: RawSipHotline,
) -> None:
    """A call with a late offer (RFC 3264), 100rel (RFC 3262) or a session of 60 s (RFC 4028) reaches the menu."""
    carrier, hotline = street.carrier, street.hotline
    legs = {
        "13500000001": carrier.call("12345", "13500000001", late=True),
        "13500000002": carrier.call("12345", "13500000002", "Require: 100rel"),
        "13500000003": carrier.call("12345", "13500000003", "Supported: timer", "Session-Expires: 60;refresher=uac"),
    }
    await until(lambda: all(leg.rtp for leg in legs.values()), "the hotline answers with a sound address")
    for leg in legs.values():
        leg.press_as_event("1")

    def paths() -> dict[str, str]:
        return {str(call["caller"]): str(call["path"]) for call in hotline.calls() if call["caller"] in legs}

    await until(lambda: paths() == dict.fromkeys(legs, "main:1"), "the key of each caller counts")
    for leg in legs.values():
        leg.hang_up()
    records = await until(lambda: hotline.records(len(legs)), "the calls are in the record")
    assert {(record["dialled"], record["gap"]) for record in records} == {("12345", False)}


FORWARDED_TO = [
    (302, "<sip:13900001111@carrier.example>"),
    (301, "<sip:12345@{hotline}>"),
    (302, "<sip:PJSIP%2F13900001111%40carrier@{hotline}>"),
    (300, "<tel:+8613900001111>"),
    (305, "<sip:s@127.0.0.1;method=BYE?Subject=x>"),
    (380, "<sip:12333@{hotline}>;expires=60"),
]


async def test_a_redirection_from_a_seat_is_a_refusal_and_the_next_seat_rings(staffed: RawSipHotline) -> None:
    """Call forwarding on an agent's phone (302) sends no citizen out through the carrier or back into the hotline."""
    carrier, hotline, phones = staffed.carrier, staffed.hotline, staffed.seats
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
        await until(
            lambda: all(leg.ended for phone in phones.values() for leg in phone.legs.values()), "all seats are free"
        )
    records = await until(lambda: hotline.records(len(FORWARDED_TO)), "the calls are in the record")
    assert {record["outcome"] for record in records} == {"answered"}


async def test_a_redirection_from_any_called_party_is_a_refusal(
    staffed: RawSipHotline,
) -> None:
    """Center, expert, emergency service, consulted party and called-back citizen redirect; no new number is dialled."""
    carrier, hotline = staffed.carrier, staffed.hotline
    await staffed.staff("8003", "8004", "8005")
    expert = await staffed.seat("8333", "expert-12333")
    expert.on_invite = redirected
    carrier.on_invite = redirected

    async def by_a_center() -> None:
        citizen, _agent = await staffed.served("13700000011", "12366")
        citizen.hang_up()

    async def by_an_expert() -> None:
        """The expert's phone redirects the citizen's call, and later the agent's request for guidance."""
        citizen, agent = await staffed.served("13700000012", "12333")
        await agent.press("*7#")
        await until(lambda: len(expert.invites) == 2, "the expert is asked for guidance")
        await asyncio.sleep(1)
        assert not agent.ended
        citizen.hang_up()

    async def by_an_emergency_service() -> None:
        citizen, agent = await staffed.served("13700000014")
        service = await staffed.consult(agent, "119")
        await until(lambda: service.ended, "the service has forwarded the call")
        await asyncio.sleep(1)
        assert not agent.ended
        citizen.hang_up()

    async def by_a_consulted_party() -> None:
        citizen, agent = await staffed.served("13700000013")
        center = await staffed.consult(agent, "12313")
        await until(lambda: center.ended, "the center has forwarded the call")
        await asyncio.sleep(1)
        assert not agent.ended
        assert not citizen.ended
        citizen.hang_up()
        await until(lambda: agent.ended, "the agent is free")

    await together(by_a_center(), by_an_expert(), by_a_consulted_party(), by_an_emergency_service())
    dialled = {leg.invite.user for leg in carrier.legs.values() if leg.invite}
    assert dialled == {"12366", "12313", "119"}
    records = await until(lambda: hotline.records(4), "the calls are in the record")
    assert {record["outcome"] for record in records} == {"answered"}


def redirected(leg: SignallingCall) -> None:
    """Answer a call with 302, to another number."""
    assert leg.invite
    leg.ended = True
    leg.port.reply(leg.invite, 302, "Moved Temporarily", leg.local, "", "Contact: <sip:13900001111@carrier.example>")


NOWHERE = (  # no caller's number, because Asterisk logs the target of a transfer that it refuses (docs/limits.md)
    "sip:13500001111@carrier.example",
    "sip:PJSIP%2F13500001111%40carrier@x",
    "sip:912313@x",
    "sip:8002@x?Replaces=1%3Bto-tag%3D2",
    "tel:+8613500001111",
)


async def test_a_transfer_button_reaches_the_targets_of_a_consult_only(staffed: RawSipHotline) -> None:
    """REFER (RFC 3515) to an unregistered number is refused, and the call goes on; a center takes the citizen."""
    carrier, hotline = staffed.carrier, staffed.hotline
    citizen, agent = await staffed.served("13700000009")
    carrier.on_invite = SignallingCall.answer
    for target in NOWHERE:
        assert await staffed.refer(agent, target) >= 400, target
    assert not citizen.ended
    assert not agent.ended
    assert len(carrier.legs) == 1, "nothing was dialled through the carrier"
    assert await staffed.refer(agent, f"sip:12313@{hotline.server}") == 200
    [center] = await until(lambda: [leg for leg in carrier.legs.values() if leg.invite and leg.answered], "the center")
    assert center.invite
    assert center.invite.user == "12313"
    assert not citizen.ended
    citizen.hang_up()
    await until(lambda: center.ended, "the center gets the BYE of the citizen")
    [record] = await until(lambda: hotline.records(1), "the call is in the record")
    legs = [(leg["kind"], leg["target"], leg["result"]) for leg in record["legs"]]
    assert legs == [("general", agent.invite.user, "answered"), ("consult", "12313", "answered")]  # type: ignore[union-attr]


async def test_after_a_transfer_to_a_busy_center_the_citizen_is_first_in_the_queue(staffed: RawSipHotline) -> None:
    """The center is busy, and the agent's phone has hung up after its REFER: the next seat rings."""
    hotline, phones = staffed.hotline, staffed.seats
    citizen, agent = await staffed.served("13700000008")
    assert await staffed.refer(agent, f"sip:12313@{hotline.server}") == 200
    [again] = await until(
        lambda: [leg for phone in phones.values() for leg in phone.legs.values() if leg.answered and not leg.ended],
        "an agent answers the citizen",
    )
    assert not citizen.ended
    citizen.hang_up()
    await until(lambda: again.ended, "the agent's phone gets the BYE of the citizen")
    [record] = await until(lambda: hotline.records(1), "the call is in the record")
    assert [(leg["kind"], leg["result"]) for leg in record["legs"]] == [
        ("general", "answered"), ("consult", "busy"), ("general", "answered"),
    ]  # fmt: skip


async def test_if_the_agent_hangs_up_while_the_consulted_party_rings_the_citizen_is_first_in_the_queue(
    staffed: RawSipHotline,
) -> None:
    """The center never answers: Asterisk rings the agent again; if the agent does not answer, the next seat rings."""
    carrier, phones = staffed.carrier, staffed.seats
    citizen, agent = await staffed.served("13700000007")
    carrier.on_invite = lambda _leg: None
    await staffed.consult(agent, "12313")
    agent.port.on_invite = SignallingCall.hang_up
    agent.hang_up()
    [again] = await until(
        lambda: [leg for phone in phones.values() for leg in phone.legs.values() if leg.answered and not leg.ended],
        "an agent answers the citizen", 60,
    )  # fmt: skip
    assert not citizen.ended
    again.hang_up()
    await until(lambda: citizen.ended, "the call ends normally")


CALLBACKS_FORWARDED_TO = ("sip:13900001111@x", "sip:PJSIP%2F13900001111%40carrier@x", "sip:12345@x")


async def test_if_the_agents_phone_redirects_a_callback_no_citizen_is_called(
    staffed: RawSipHotline,
) -> None:
    """`ivr callbacks ring` rings the agent's phone first, and a redirection (302) of that phone is a refusal."""
    carrier, hotline, phones = staffed.carrier, staffed.hotline, staffed.seats
    for at, contact in enumerate(CALLBACKS_FORWARDED_TO):
        caller = f"1390000111{at}"
        for phone in phones.values():
            phone.on_invite = lambda _leg: None
        citizen = carrier.call("12369", caller)
        await until(lambda: hotline.ask("status")["queues"][0]["waiting"] == 1, "the citizen waits")
        citizen.hang_up()
        redirected: list[SignallingCall] = []

        def redirect(
            leg: SignallingCall, contact: str = contact, redirected: list[SignallingCall] = redirected
        ) -> None:
            assert leg.invite
            leg.ended = True
            redirected.append(leg)
            leg.port.reply(leg.invite, 302, "Moved Temporarily", leg.local, "", f"Contact: <{contact}>")

        due = await until(lambda caller=caller: due_callback(hotline, caller), "the callback is due")
        for phone in phones.values():
            phone.on_invite = redirect
        asked = await asyncio.to_thread(hotline.ivr, "callbacks", "ring", due, "--seat", "8001")
        assert asked.returncode == 0, asked.stderr
        await until(lambda redirected=redirected: redirected, "the agent's phone rings")
        await until(lambda: not hotline.ask("status")["calls"], "no call is up")
    assert len(carrier.legs) == len(CALLBACKS_FORWARDED_TO), "nothing was dialled through the carrier"
    assert len(hotline.records(1)) == len(CALLBACKS_FORWARDED_TO), (
        "the redirection came back into the hotline as a call"
    )


def due_callback(hotline: RunningHotline, caller: str) -> str:
    """Return the id of the missed call of this caller, if a callback is due."""
    return next((str(callback["id"]) for callback in hotline.json("callbacks") if callback["number"] == caller), "")
