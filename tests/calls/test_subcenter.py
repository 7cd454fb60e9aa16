"""设分中心: the center's own seats through the carrier, else the pooled agents, and never in a circle."""

import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from testkit.hotline.desk import batched, hang_up, recorded, serve_all, staff, talk
from testkit.hotline.heard_prompts import prompts_heard
from testkit.hotline.running import RunningHotline, free_udp_port, registry
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, PhoneCall, Phones
from tests.calls.conftest import CLOSED
from tests.docs.markdown import text

CENTERS = {line["number"]: line for line in registry()["lines"] if line["mode"] == "subcenter"}
AT_ONCE = 4  # calls to centers that the test's carrier can hold


def test_every_subcenter_number_reaches_its_center(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """The six centers, and a center that the carrier knows by another number; no agent's phone rings."""
    assert len(CENTERS) == 6
    agent = seat("8001", name="agent")
    reached = {number: number for number in CENTERS} | {"96001": "07362220000"}
    centers = {number: carrier.center(reach, after=0.5) for number, reach in reached.items()}
    callers = {f"138000{number}": number for number in reached}
    for some in batched(callers, AT_ONCE):
        citizens = {caller: carrier.call(callers[caller], caller) for caller in some}
        phones.until(lambda some=some: all(centers[callers[caller]].talking for caller in some), 20, "they answer")
        shown = {call["caller"]: call["with"] for call in hotline.ask("status")["calls"]}
        assert shown == {caller: [centers[callers[caller]].number] for caller in some}
        for caller, citizen in citizens.items():
            center = centers[callers[caller]]
            phones.until(lambda center=center: center.talking, 20, f"{center.number} answers")
            talk(phones, citizen, center)
            assert prompts_heard(citizen) == ["center-connecting"]
            assert len(center.calls) == 1
            assert (center.call.caller, center.call.header("X-Hotline-Line")) == (caller, callers[caller])
        hang_up(phones, citizens.values())
        phones.until(
            lambda: all(center.call.ended for center in centers.values() if center.calls), 5, "all calls are over"
        )
    assert not any(call.invite for call in agent.calls)
    for record in recorded(phones, hotline, len(callers)):
        number = callers[record["caller"]]
        assert (record["dialled"], record["line"], record["mode"]) == (number, number, "subcenter")
        assert (record["seat"], record["seat_kind"], record["outcome"]) == (number, "center", "answered")
        assert (record["fallback"], record["queue"]) == (None, None)
    assert not carrier.unexpected


def test_the_log_of_a_call_shows_the_contexts_that_the_page_of_the_dialplan_names(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """An admin finds each context of the log in docs/dialplan.md, in the same order."""

    def console(command: str) -> None:
        subprocess.run([hotline.home / "asterisk", "-rx", command], check=True, capture_output=True)

    center = carrier.center("12313", name="center")
    console("logger add channel calls verbose(3)")
    citizen = carrier.call("12313", name="citizen")
    talk(phones, citizen, center)
    center.hang_up()
    phones.until(lambda: citizen.ended, 10, "the call is over")
    log = hotline.home / "log" / "calls"
    phones.until(lambda: "h@hang-up" in log.read_text(encoding="utf-8"), 10, "the log is written")
    console("logger remove channel calls")
    passed = re.findall(r"Executing \[\S+@([\w-]+):", log.read_text(encoding="utf-8"))
    log.unlink()  # because the log has callers' numbers, as the page says
    steps = text("docs/dialplan.md").partition("## Example: a citizen dials 12313")[2].partition("Other ways")[0]
    named = [
        name for step in re.findall(r"(?m)^\d+\. (.*)", steps) for name in re.findall(r"\*\*`\[([\w-]+)\]`\*\*", step)
    ]
    assert list(dict.fromkeys(passed)) == named


def test_if_a_center_fails_a_pooled_agent_is_rung(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Six centers fail, each in another way, and a seventh is closed."""
    agents = staff(seat, *(str(number) for number in range(8001, 8008)))
    ways: dict[str, bool | int] = {"12360": 486, "12366": False, "12313": 503, "12367": 404, "12305": 603}
    reasons = {
        "12360": "center-busy",
        "12366": "center-silent",
        "12313": "center-unreachable",
        "12367": "center-unreachable",
        "12305": "center-unreachable",
        "12329": "center-unreachable",  # the carrier knows no such number
        "96002": "closed",
    }
    centers = {number: carrier.center(number, answers=way) for number, way in ways.items()}
    callers = {f"138000{number}": number for number in reasons}
    citizens: dict[str, PhoneCall] = {}
    served: dict[str, PhoneCall] = {}
    for some in batched(callers, AT_ONCE):
        asking = {caller: carrier.call(callers[caller], caller) for caller in some}
        served |= serve_all(phones, asking, agents, 30)
        citizens |= asking
    names = {line["number"]: line["name"] for line in [*CENTERS.values(), CLOSED]}
    for caller, number in callers.items():
        shown = served[caller]
        assert shown.shown == f"{number} {names[number]}"
        assert (shown.header("X-Hotline-Line"), shown.header("X-Hotline-Needs-Expert")) == (number, None)
        if number != "96002":
            assert prompts_heard(citizens[caller]) == ["center-connecting", "center-away"], number
    assert centers["12366"].call.code == 487, "the silent center still rings"
    assert all(len(center.calls) == 1 for center in centers.values()), "a center was rung twice"
    assert [invite.called for invite in carrier.unexpected] == ["12329"]
    records = recorded(phones, hotline, len(callers))
    assert {callers[record["caller"]]: record["fallback"] for record in records} == reasons
    for record in records:
        *before, answered = record["legs"]
        assert (answered["kind"], answered["result"]) == ("general", "answered")
        assert [leg["kind"] for leg in before] == ([] if record["dialled"] == "96002" else ["center"])


def test_a_call_that_a_center_forwards_to_the_hotline_goes_to_the_agents(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Centers forward to their own number, to another center's and to 12345; one caller's number is withheld."""
    agents = staff(seat, *(str(number) for number in range(8001, 8003)))
    onward = {"12360": "073512360", "12366": "12345", "12313": "12367", "12305": "12305"}
    callers = {"13800012360": "12360", "13800012366": "12366", "13800012313": "12313", "": "12305"}
    centers = {number: carrier.center(number, forwards_to=back) for number, back in onward.items()}
    other = carrier.center("12367")
    for some in batched(callers, AT_ONCE // 2):  # each call uses two of the carrier's slots
        citizens = {caller: carrier.call(callers[caller], caller, name=callers[caller]) for caller in some}
        served = serve_all(phones, citizens, agents, 30)
        for caller, shown in served.items():
            assert shown.header("X-Hotline-Line") == onward[callers[caller]].removeprefix("0735")
        phones.until(lambda: not any(agent.talking for agent in agents), 5, "the agents' calls are over")
    assert [len(center.calls) for center in centers.values()] == [1, 1, 1, 1], "a center was rung more than once"
    assert not other.calls, "a call that came back was sent to a center again"
    assert sum(call.invite is not None for agent in agents for call in agent.calls) == len(onward)
    records = recorded(phones, hotline, 2 * len(onward))
    assert {record["outcome"] for record in records} == {"answered"}
    back_in = [record for record in records if record["fallback"] == "came-back"]
    assert len(back_in) == len(onward)
    assert {record["seat_kind"] for record in back_in} == {"general"}


def test_a_withheld_caller_is_not_taken_for_another_withheld_callers_forwarded_call(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """A withheld caller was at a center and now talks with an agent; the next withheld caller still gets a center."""
    agent = seat("8001", name="agent")
    carrier.center("12366", answers=486)
    center = carrier.center("12367", name="center")
    first = carrier.call("12366", "", name="first")
    phones.until(lambda: agent.ringing, 20, "the agent's phone rings")
    agent.answer()
    talk(phones, first, agent)
    second = carrier.call("12367", "", name="second")
    phones.until(lambda: center.talking, 15, "the second caller's center answers")
    talk(phones, second, center)


def test_a_forwarded_call_is_known_by_the_hotlines_own_header(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """The center's exchange forwards the hotline's INVITE with its headers, but with another caller's number."""
    agent, center = seat("8001", name="agent"), carrier.center("12366", name="center")
    citizen = carrier.call("12366", "073155555555", headers={"X-Hotline-Call": "1700000000.1"})
    phones.until(lambda: agent.ringing, 15, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)
    assert not center.calls
    assert prompts_heard(citizen) == []


class TestNobodyAtTheCarriersAddress:
    @pytest.fixture
    def hotline(self, phones: Phones, carrier: Carrier, numbers: dict[str, Any]) -> Iterator[RunningHotline]:
        """Give a hotline with a carrier that sends calls, but has no open port for the hotline's calls."""
        with RunningHotline(f"127.0.0.1:{free_udp_port()}", numbers) as hotline:
            carrier.hotline = hotline.server
            yield hotline
            phones.reset()

    def test_if_the_trunk_is_dead_a_pooled_agent_is_rung(
        self, phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
    ) -> None:
        agent = seat("8001", name="agent")
        citizen: PhoneCall = carrier.call("12366")
        phones.until(lambda: agent.ringing, 30, "the agent's phone rings")
        agent.answer()
        talk(phones, citizen, agent)
        assert prompts_heard(citizen) == ["center-connecting", "center-away"]
        hang_up(phones, [citizen])
        (record,) = recorded(phones, hotline, 1)
        assert record["fallback"] in {"center-silent", "center-unreachable"}
