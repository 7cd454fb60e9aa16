"""Several trunks: the header fields of numbers, the number shown, and the trunk of an outgoing call."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from ivr.asterisk.config.console import Console
from ivr.asterisk.queue_names import queue_name
from ivr.runtime.layout import Home
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import free_udp_port
from testkit.hotline.shared import SharedHotline
from testkit.signalling import Port, SignallingCall, SignallingMessage
from testkit.waiting_async import until

pytestmark = pytest.mark.xdist_group("trunks")  # one hotline
CITIZEN = "13900001111"
OWN = "07352812345"
BUSY, SERVER_ERROR, UNAVAILABLE, FORBIDDEN, NOT_FOUND = 486, 500, 503, 403, 404


def trunks(one: int, two: int, sbc: int, unregistered: int, **more: Any) -> list[dict[str, Any]]:
    """Return three trunks: one whose registrar refuses the hotline, an IMS with two border controllers, and an SBC."""
    return [
        {
            "name": "ims", "profile": "ims-leased-line", "domain": "ims.example.cn", "own_number": OWN,
            "hosts": [f"127.0.0.1:{one}", f"127.0.0.1:{two}"], "dialled": "to",
            "shows": "p-asserted-identity", "numbers_out": {"form": "e164"}, "order": 2,
        },
        {
            "name": "sbc", "hosts": [f"127.0.0.2:{sbc}"], "dialled": "header X-Dialled", "order": 3,
            "trusted": "false", "caller": "from", "numbers_out": {"prefix": "9"}, "channels": 6,
            "codecs": ["g722", "alaw"], **more,
        },
        {
            "name": "refused", "profile": "ims-registration", "hosts": [f"127.0.0.4:{unregistered}"],
            "domain": "other.example.cn", "own_number": OWN, "registration": {"user": OWN}, "order": 1,
        },
    ]  # fmt: skip


class Carriers:
    """The carriers' ends of the trunks."""

    def __init__(self, one: Port, two: Port, sbc: Port, unregistered: Port) -> None:
        self.one, self.two, self.sbc, self.unregistered = one, two, sbc, unregistered
        self.all = {"one": one, "two": two, "sbc": sbc, "unregistered": unregistered}
        for port in self.all.values():
            port.on_invite = SignallingCall.answer

    def invites(self, number: str) -> list[tuple[str, SignallingMessage]]:
        """Return the INVITEs to a number in order of time, each with the name of its host."""
        named_invites = [(name, invite) for name, port in self.all.items() for invite in port.invites]
        return [(name, invite) for name, invite in named_invites if invite.user.removeprefix("9") == number]


PORTS = [free_udp_port() for _ in range(4)]
SBC = 2
REACHED = {"12313": "2912313"}


def numbers(**more: Any) -> dict[str, Any]:
    """Return the registry, with more fields of the second trunk."""
    lines = [
        {**line, **({"reach": REACHED[line["number"]]} if line["number"] in REACHED else {})}
        for line in quick_registry()["lines"]
    ]
    return quick_registry(trunks=trunks(*PORTS, **more), lines=lines)


@pytest.fixture(scope="module")
def running() -> Iterator[SharedHotline]:
    running = SharedHotline(None, numbers())
    PORTS[SBC] = int(running.server.rpartition(":")[2])  # because carriers use port 5060, like the hotline
    running.write_numbers(numbers())
    with running:
        yield running


@pytest.fixture
def hotline(running: SharedHotline) -> SharedHotline:
    """Give the hotline of this file's tests, with no calls and refusals of earlier tests."""
    running.begin()
    return running


@pytest.fixture
async def carriers(hotline: SharedHotline) -> AsyncIterator[Carriers]:
    hosts = ("127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.4")
    ports = [await Port(host).open(number) for host, number in zip(hosts, PORTS, strict=True)]
    for port in ports:
        port.at(hotline.server)
    await answer_options(hotline)
    yield Carriers(*ports)
    for port in ports:
        for leg in list(port.legs.values()):
            leg.hang_up()
    await until(lambda: not hotline.ask("status")["calls"], "no call is left")
    for port in ports:
        port.close()


async def answer_options(hotline: SharedHotline) -> None:
    """Wait until the hotline knows that all hosts answer OPTIONS; by itself it asks within 20 s."""
    console = Console(Home(hotline.home).asterisk_socket)
    for trunk in ("ims", "sbc", "refused"):
        await console.run(f"pjsip qualify {trunk}")
    async with asyncio.timeout(30):
        while (await console.run("pjsip show contacts")).count(" Avail ") < len(PORTS):  # noqa: ASYNC110  Asterisk says it
            await asyncio.sleep(0.1)
    await until(
        lambda: all(host["answers"] for trunk in hotline.ask("trunks") for host in trunk["hosts"]),
        "the engine knows that all hosts answer",
    )


def shown(invite: SignallingMessage) -> tuple[str, str]:
    """Return the number in From, and the value of P-Asserted-Identity."""
    return invite.caller, invite.get("p-asserted-identity")


async def test_a_call_goes_out_by_the_next_trunk_only_if_the_trunk_refuses_it(
    carriers: Carriers, hotline: SharedHotline
) -> None:
    carriers.one.refuses = {"12305": UNAVAILABLE, "12329": SERVER_ERROR, "12360": FORBIDDEN, "12366": BUSY}
    carriers.one.refuses |= {"12367": NOT_FOUND}
    carriers.two.refuses = {"12329": UNAVAILABLE, "12360": FORBIDDEN}
    numbers = ("2912313", "12305", "12329", "12360", "12366", "12367")
    for number in numbers:
        carriers.one.call(number.removeprefix("29"), f"+86{CITIZEN}")
    host_of_number = {"+867352912313": "one", "12305": "two", "12329": "sbc", "12360": "sbc"}
    await until(lambda: all(carriers.invites(number) for number in host_of_number), "the centers are rung")
    await until(
        lambda: all(carriers.invites(number)[-1][0] == name for number, name in host_of_number.items()),
        "each call has found its trunk",
    )
    identity = f"<sip:{CITIZEN}@ims.example.cn>"
    by_number = {number: carriers.invites(number) for number in (*host_of_number, "12366", "12367")}
    assert [name for name, _ in by_number["12329"]] == ["one", "two", "sbc"]
    assert [name for name, _ in by_number["12366"]] == ["one"], "a busy center (486) is not tried by another trunk"
    assert [name for name, _ in by_number["12367"]] == ["one"], "an unknown number (404) is not tried by another trunk"
    assert [shown(invite) for _, invite in by_number["+867352912313"]] == [(OWN, identity)]
    forbidden = [(OWN, identity), (OWN, ""), (OWN, identity), (OWN, ""), (CITIZEN, "")]
    assert [shown(invite) for _, invite in by_number["12360"]] == forbidden, "403 is tried again with our own number"
    assert by_number["12329"][-1][1].user == "912329", "the trunk's prefix"
    assert not carriers.unregistered.invites, "a trunk that is not registered is left out"
    for port in carriers.all.values():
        for leg in list(port.legs.values()):
            leg.hang_up()
    records = await until(lambda: hotline.records(len(numbers)), "the calls are in the record")
    assert {record["caller"] for record in records} == {CITIZEN}
    outcomes = {record["dialled"]: record["outcome"] for record in records}
    assert {number: outcomes[number] for number in ("12313", "12305", "12329", "12360")} == dict.fromkeys(
        ("12313", "12305", "12329", "12360"), "answered"
    )


FROM_TO_CALL_ID_CSEQ = (
    f"<sip:{CITIZEN}@ims.example.cn>;tag=a",
    "<sip:12369@ims.example.cn>",
    "no-sip-contact",
    1,
)
SPELLED = [
    "+86-139-0000-1111",
    "(0)13900001111",
    "+8613900001111",
    "013900001111",
    "8613900001111",
    "008613900001111",
    "13900001111",
]


async def test_numbers_are_read_where_the_trunk_has_them(carriers: Carriers, hotline: SharedHotline) -> None:
    ims, sbc = carriers.one, carriers.sbc
    legs = [
        ims.call("main", spelled, to="<sip:12369;phone-context=+86@ims.example.cn;user=phone>") for spelled in SPELLED
    ]
    legs += [ims.call("main", "anonymous", f"P-Asserted-Identity: <tel:+86{CITIZEN}>", to="<tel:+8673512369>")]
    legs += [sbc.call("main", CITIZEN, "X-Dialled: 12369", "P-Asserted-Identity: <sip:110@sbc>")]
    await until(lambda: all(leg.answered for leg in legs), "the hotline answers")
    for leg in legs:
        leg.hang_up()
    records = await until(lambda: hotline.records(len(legs)), "the calls are in the record")
    assert {(record["caller"], record["dialled"], record["gap"]) for record in records} == {(CITIZEN, "12369", False)}


NAMES = ['"Tel: 110"', '"sip:110@x"', '"<sip:110@x>"', '"a \\" <sip:110@x> \\""', "sip "]


async def test_a_display_name_is_no_number(carriers: Carriers, hotline: SharedHotline) -> None:
    """A caller chooses the display name, and may write another number into it."""
    ims, sbc = carriers.one, carriers.sbc
    legs = [ims.call("main", CITIZEN, to=f"{name} <sip:12369@ims.example.cn>") for name in NAMES]
    legs += [sbc.call("main", CITIZEN, "X-Dialled: 12369", name=name) for name in NAMES]
    await until(lambda: all(leg.answered for leg in legs), "the hotline answers")
    for leg in legs:
        leg.hang_up()
    records = await until(lambda: hotline.records(len(legs)), "the calls are in the record")
    assert {(record["caller"], record["dialled"], record["gap"]) for record in records} == {(CITIZEN, "12369", False)}


WITHHELD = ["alice99", "500&PJSIP", "line12366", "1" * 21]
DIALLED_NAMES = ["<sip:line12366@ims.example.cn>", "<sip:12366>", "<sip:10.0.0.1:5060>"]


async def test_digits_of_a_name_or_of_a_host_are_no_number(carriers: Carriers, hotline: SharedHotline) -> None:
    legs = [carriers.sbc.call("main", caller, "X-Dialled: 12369") for caller in WITHHELD]
    legs += [carriers.one.call("main", CITIZEN, to=name) for name in DIALLED_NAMES]
    await until(lambda: all(leg.answered for leg in legs), "the hotline answers")
    shown = {(call["caller"], call["line"]) for call in await asyncio.to_thread(lambda: hotline.ask("status")["calls"])}
    assert shown == {("", "12369"), (CITIZEN, "")}
    for leg in legs:
        leg.hang_up()
    records = await until(lambda: hotline.records(len(legs)), "the calls are in the record")
    assert {(record["caller"], record["dialled"]) for record in records} == {("", "12369"), (CITIZEN, "")}


async def test_a_trunk_takes_no_more_calls_than_it_has_channels(carriers: Carriers, hotline: SharedHotline) -> None:
    legs = [carriers.sbc.call("main", f"1380000000{at}", "X-Dialled: 12369") for at in range(8)]
    await until(lambda: sum(leg.code == UNAVAILABLE for leg in legs) == 2, "two calls are refused with 503")
    other = carriers.one.call("main", CITIZEN, to="<sip:12369@ims.example.cn>")
    await until(lambda: other.answered, "calls on another trunk are answered")
    full = await until(
        lambda: [refusal for refusal in hotline.ask("refusals") if refusal["kind"] == "full"],
        "the admin sees that the trunk was full",
    )
    assert sum(refusal["count"] for refusal in full) == 2
    last_in = {refusal["trunk"]: refusal["last_in"] for refusal in await asyncio.to_thread(hotline.ask, "trunks")}
    assert last_in["sbc"], "its port is the hotline's"
    await asyncio.to_thread(hotline.ask, "ping")


async def test_a_silent_host_costs_two_seconds_and_is_shown(carriers: Carriers, hotline: SharedHotline) -> None:
    carriers.one.refuses = {"12305": 0}
    call = carriers.two.call("12305", f"+86{CITIZEN}")
    await until(lambda: carriers.one.invites, "the silent host gets the INVITE")
    invite_sent = asyncio.get_running_loop().time()
    await until(lambda: carriers.two.invites, "the other host gets the call")
    assert 1.5 < asyncio.get_running_loop().time() - invite_sent < 5

    def states() -> dict[str, dict[str, Any]]:
        return {state["trunk"]: state for state in hotline.ask("trunks")}

    await until(lambda: states()["ims"]["last_out"], "the engine has read the other host's response")
    trunks = await asyncio.to_thread(states)
    assert not trunks["refused"]["up"]
    ims = trunks["ims"]
    assert ims["failed_host"] == f"127.0.0.1:{carriers.one.number}"
    assert ims["failure"] == "no response within 2 s"
    assert ims["last_in"]
    shown = (await asyncio.to_thread(hotline.ivr, "trace", "--number", "12305")).stdout
    assert f"INVITE sip:12305@127.0.0.1:{carriers.two.number}" in shown, shown
    call.hang_up()


async def test_an_admin_sees_each_call_that_was_refused_before_it_began(
    carriers: Carriers, hotline: SharedHotline
) -> None:
    offer = "m=audio 4000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n"
    refused = carriers.one.call("12369", CITIZEN, offer=offer)
    stranger = await Port("127.0.0.3").open()
    stranger.at(hotline.server)
    stranger.call("0014155550100", "8001")
    guesser = stranger.call("12369", "8001", password="a guess")
    malformed = carriers.two.request("INVITE", f"sip:12369@{hotline.server}", *FROM_TO_CALL_ID_CSEQ)
    carriers.two.send(malformed.replace("Contact: <sip:", "Contact: <http:"))
    await until(lambda: refused.code == 488, "the offer has no codec in common")
    await until(lambda: guesser.code == 401, "the password is wrong")
    kinds = await until(
        lambda: (
            {"codec", "unknown-peer", "password", "malformed"}
            <= (refusals_by_kind := {refusal["kind"]: refusal for refusal in hotline.ask("refusals")}).keys()
            and refusals_by_kind
        ),
        "each refusal is listed",
    )
    assert kinds["codec"]["offered"] == ["G729"]
    assert kinds["codec"]["caller"] == "139****1111"
    assert kinds["password"]["source"].startswith("127.0.0.3:")
    assert kinds["malformed"]["source"] == f"127.0.0.1:{carriers.two.number}"
    assert kinds["unknown-peer"]["source"].startswith("127.0.0.3:")
    listed = (await asyncio.to_thread(hotline.ivr, "refusals")).stdout
    assert "no codec in common: the offer has G729; please offer G.711" in listed
    assert "neither an address of a trunk nor a password" in listed
    stranger.close()


IDENTITY = f"P-Asserted-Identity: <sip:+86{CITIZEN}@ims>"


@pytest.mark.parametrize(
    ("trunk", "caller", "headers"),
    [
        ("one", "anonymous", (IDENTITY, "Privacy: id")),
        ("one", "anonymous", (IDENTITY, "Privacy: user;id;critical")),
        ("one", CITIZEN, ("Privacy: id",)),  # no P-Asserted-Identity
        ("sbc", CITIZEN, ("X-Dialled: 12305", "Privacy: Id")),  # its P-Asserted-Identity is not read
        ("sbc", CITIZEN, ("X-Dialled: 12305", "Privacy: header; user")),
    ],
)
async def test_a_private_number_is_shown_to_no_center_and_no_agent(
    carriers: Carriers, hotline: SharedHotline, trunk: str, caller: str, headers: tuple[str, ...]
) -> None:
    center = carriers.all[trunk].call("12305", caller, *headers, to="<sip:12305@ims>")
    await until(lambda: carriers.one.invites, "the center rings")
    [invite] = carriers.one.invites
    [call] = (await asyncio.to_thread(hotline.ask, "status"))["calls"]
    assert (CITIZEN in str(invite.headers), CITIZEN in str(call)) == (False, False), (
        "a center or an agent sees the private number"
    )
    center.hang_up()
    [record] = await until(lambda: hotline.records(1), "the call is in the record")
    assert record["caller"] == ""


@pytest.mark.parametrize("privacy", ["none", "history", "session"])
async def test_a_number_that_may_be_shown_is_shown(carriers: Carriers, hotline: SharedHotline, privacy: str) -> None:
    call = carriers.sbc.call("12305", CITIZEN, "X-Dialled: 12369", f"Privacy: {privacy}")
    await until(lambda: call.answered, "the hotline answers")
    call.hang_up()
    [record] = await until(lambda: hotline.records(1), "the call is in the record")
    assert record["caller"] == CITIZEN


async def signed_in(hotline: SharedHotline, number: str) -> Port:
    """Register a seat's phone, which answers, and sign the seat in."""
    seat = await Port().open()
    seat.at(hotline.server)
    seat.on_invite = SignallingCall.answer
    await seat.register(number, hotline.password(number))
    console = Console(Home(hotline.home).asterisk_socket)
    await console.run(f"queue add member PJSIP/{number} to {queue_name('general')} penalty 0 as {number}")
    return seat


async def test_a_reload_that_changes_one_trunk_leaves_calls_on_the_other_alone(
    carriers: Carriers, hotline: SharedHotline
) -> None:
    """A channel reserved for emergency services carries no other call, neither incoming nor outgoing."""
    talking = carriers.one.call("12305", f"+86{CITIZEN}")
    await until(lambda: carriers.invites("12305"), "the center answers")
    [center] = await until(
        lambda: [leg for leg in carriers.one.legs.values() if leg.invite and leg.answered], "citizen and center talk"
    )
    hotline.write_numbers(numbers(channels=3, reserved=1, numbers_out={"prefix": "8"}))
    try:
        result = await asyncio.to_thread(hotline.ivr, "reload")
        assert result.returncode == 0, result.stderr
        assert (
            "the password of the trunk refused is missing; 'ivr secret set trunk refused' asks for it" in result.stderr
        )
        assert not talking.ended
        assert not center.ended
        seat = await signed_in(hotline, "8001")
        first = [carriers.sbc.call("main", f"1380000000{at}", "X-Dialled: 12369") for at in range(2)]
        await until(lambda: all(leg.answered for leg in first), "two calls come in")
        third = carriers.sbc.call("main", "13800000009", "X-Dialled: 12369")
        await until(lambda: third.code == UNAVAILABLE, "one channel is reserved")
        assert not talking.ended
        [agent] = await until(
            lambda: [leg for leg in seat.legs.values() if leg.answered], "the agent answers one of the calls"
        )
        carriers.one.refuses = carriers.two.refuses = {"": UNAVAILABLE}
        carriers.sbc.invites.clear()
        await agent.press("*212305")
        await until(lambda: len(carriers.invites("12305")) > 1, "the center is tried by the other trunk, which refuses")
        await asyncio.sleep(1)
        assert not carriers.sbc.invites, "the reserved channel is not for a center"
        await agent.press("*2119")
        await until(lambda: carriers.sbc.invites, "119 gets the reserved channel")
        assert [invite.user for invite in carriers.sbc.invites] == ["8119"]
        assert not agent.ended
    finally:
        hotline.write_numbers(numbers())
        await asyncio.to_thread(hotline.ivr, "reload")
