"""The desk (工作台): what an agent and a supervisor do in the page happens to real phones, and the page shows it."""

import json
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from testkit.hotline import processes
from testkit.hotline.desk import talk
from testkit.hotline.desk_client import DeskClient, LivePage
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.leaks import leaks
from testkit.hotline.running import RunningHotline
from testkit.phones import SILENCE, SOUND, Carrier, Center, PhoneCall, Phones, SeatPhone
from tests.calls.conftest import SeatPhones, quick_registry

BOSS = "8030"
GONE = "13800005678"
PASSWORD = "right horse 7"


@pytest.fixture
def numbers() -> dict[str, Any]:
    """One of the seats is a supervisor's; a caller who waits for more than three seconds raises an alarm."""
    quick = quick_registry()
    seats = [{**seat, "supervisor": True} if seat["number"] == BOSS else seat for seat in quick["seats"]]
    return {**quick, "seats": seats, "callbacks": {"hours": "00:00-24:00"}, "alarms": {"wait": 3}}


@pytest.fixture
def hotline(phones: Phones, carrier: Carrier, numbers: dict[str, Any]) -> Iterator[RunningHotline]:
    with RunningHotline(carrier.address, numbers, with_desk=True) as hotline:
        carrier.hotline = hotline.server
        yield hotline
        phones.reset()
        assert not leaks(hotline.home)


def signed_in(hotline: RunningHotline, user: str, role: str, seat: str) -> DeskClient:
    """A person with a password of the own choice, signed in at the desk."""
    made = hotline.ask(
        "administer", what="people.add", by="test",
        args={"user": user, "name": user, "roles": [role], "seat": seat, "password": None},
    )  # fmt: skip
    desk = DeskClient(hotline.desk)
    deadline = time.monotonic() + 20
    while True:
        try:
            assert desk.sign_in(user, made).status == 200
            break
        except OSError:  # the desk starts after the hotline, which does not wait for it
            assert time.monotonic() < deadline
            time.sleep(0.2)
    assert desk.api("POST", "/session/password", {"old": made, "new": PASSWORD}).status == 204
    assert desk.sign_in(user, PASSWORD).status == 200
    return desk


def done(answer: dict[str, Any]) -> None:
    assert answer["ok"], answer["error"]


def shown(phones: Phones, page: LivePage, found: Any, seconds: float, what: str) -> Any:
    """Wait until the page shows something, while the phones go on."""

    def looked() -> Any:
        while page.take(0):
            pass
        return found()

    return phones.until(looked, seconds, what)


def consults(phones: Phones, page: LivePage, at: str, citizen: PhoneCall, agent: SeatPhone, center: Center) -> None:
    """Consult, three-way, and let the consulted party go, from the page."""
    now = lambda: page.state["calls"].get(at, {})  # noqa: E731
    refused = page.act("call.consult", number="13912345678")
    assert refused["error"]["code"] == "unreachable", "nothing outside the registry is dialled"
    done(page.act("call.consult", number="12313"))
    phones.until(lambda: center.hears_only(agent), 15, "agent and center talk")
    phones.until(lambda: citizen.hears_only(SOUND), 5, "the citizen hears music")
    shown(phones, page, lambda: now()["stage"] == "consulting", 5, "the page shows the consult")
    assert {party["party"]: party["state"] for party in now()["parties"]} == {"8001": "up", "12313": "up"}
    done(page.act("call.three-way"))
    phones.until(lambda: citizen.hears_only(agent, center), 10, "all three talk")
    shown(phones, page, lambda: now()["stage"] == "three-way", 5, "the page shows the three-way")
    done(page.act("call.take-out"))
    phones.until(lambda: center.call.ended, 15, "the center is let go")


def misses(phones: Phones, page: LivePage, carrier: Carrier) -> str:
    """A caller waits in vain, and the page lists the callback; its id."""
    gone = carrier.call("12369", GONE, name="gone")
    queue = lambda: page.state["queues"]["general"]["waiting"]  # noqa: E731
    shown(phones, page, lambda: queue() == 1, 30, "the page shows who waits")
    gone.hang_up()
    (callback,) = shown(phones, page, page.state["callbacks"].values, 20, "the page lists the callback")
    assert (callback["caller"], callback["number"], callback["state"]) == ("138****5678", "12369", "due")
    return str(callback["call_id"])


def calls_back(phones: Phones, page: LivePage, carrier: Carrier, agent: SeatPhone, missed: str) -> None:
    """The agent calls back from the page, and says there how it ended."""
    citizen = carrier.center(GONE, name="called back", answers=False)
    done(page.act("callback.ring", call_id=missed))
    phones.until(lambda: agent.ringing, 10, "the agent's phone rings first")
    agent.answer()
    phones.until(lambda: citizen.ringing, 20, "then the citizen's")
    citizen.call.answer()
    phones.until(lambda: agent.hears_only(citizen) and citizen.hears_only(agent), 15, "they talk")
    assert page.act("callback.result", result="again")["error"]["code"] == "not-asked"
    citizen.hang_up()
    phones.until(lambda: has_heard(agent.call, "callback-result"), 15, "the agent is asked for the result")
    done(page.act("callback.result", result="wrong-number"))
    phones.until(lambda: agent.call.ended, 10, "the agent is free")


def test_an_agents_calls_are_led_from_the_page(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Sign in, see the caller before answering, hold, consult, three-way, let go, note, hang up."""
    center, agent = carrier.center("12313", name="center"), seat("8001", name="agent", signs_in=False)
    desk = signed_in(hotline, "wang", "agent", "8001")
    with desk.live() as page:
        page.begin()
        mine = lambda: page.state["seats"]["8001"]  # noqa: E731
        assert mine()["person"] == "wang" or shown(
            phones, page, lambda: mine()["person"] == "wang", 8, "who sits there"
        )
        done(page.act("seat.sign-in", phone="own"))
        shown(phones, page, lambda: mine()["state"] == "ready", 5, "the seat is ready")
        citizen = carrier.call("12333", "13800001234")
        phones.until(lambda: agent.ringing, 30, "the agent's phone rings")
        call = shown(
            phones, page, lambda: next((c for c in page.state["calls"].values() if "8001" in c["ringing"]), None), 5,
            "the page shows the call before it is answered",
        )  # fmt: skip
        assert (call["number"], call["mode"], call["caller"]) == ("12333", "dual", "138****1234")
        assert call["needs_expert"], "no expert is signed in"
        assert call["greeting"].startswith("您好，12333")
        assert call["mine"]
        assert page.act("number.unmask", call_id=call["call_id"])["result"] == {"caller": "13800001234"}
        agent.answer()
        talk(phones, citizen, agent)
        at = call["call_id"]
        now = lambda: page.state["calls"].get(at, {})  # noqa: E731
        shown(phones, page, lambda: now()["stage"] == "talking", 5, "they talk")
        assert mine()["state"] == "in-call"
        done(page.act("call.hold"))
        phones.until(lambda: citizen.hears_only(SOUND), 5, "the citizen hears music")
        shown(phones, page, lambda: now()["stage"] == "held", 5, "the page shows that the citizen is held")
        done(page.act("call.resume"))
        talk(phones, citizen, agent)
        consults(phones, page, at, citizen, agent, center)
        assert page.act("note.save", call_id=at, text="社保卡丢失，已告知补办", version=0)["result"]["version"] == 1
        assert page.act("note.save", call_id=at, text="别人的", version=0)["error"]["code"] == "changed"
        done(page.act("call.hang-up"))
        phones.until(lambda: agent.call.ended, 5, "the agent's phone hung up")
        citizen.hang_up()
        shown(phones, page, lambda: at not in page.state["calls"], 10, "the call is over")
        done(page.act("seat.busy", reason="meal"))
        shown(phones, page, lambda: (mine()["state"], mine()["reason"]) == ("busy", "meal"), 5, "busy")
        missed = misses(phones, page, carrier)
        done(page.act("seat.more-wrap-up", seconds=2))
        shown(phones, page, lambda: mine()["state"] == "wrap-up" and mine()["wrap_up_until"], 5, "more wrap-up")
        shown(phones, page, lambda: mine()["state"] == "ready", 10, "ready by itself")
        calls_back(phones, page, carrier, agent, missed)
        record, *_missed = phones.until(lambda: hotline.records(2), 10, "the calls are recorded")
        assert [(leg["kind"], leg["target"]) for leg in record["legs"]] == [("general", "8001"), ("consult", "12313")]
        history = desk.api("GET", f"/calls/{at}").json
        assert history["notes"][0]["text"] == "社保卡丢失，已告知补办"
        assert desk.api("GET", f"/calls/{at}/recording").body[:4] == b"RIFF"
    told_in_the_report(hotline)


def told_in_the_report(hotline: RunningHotline) -> None:
    """The report has what the agent did, from the lines that Asterisk wrote of it."""
    (row,) = [
        row for row in json.loads(hotline.ivr("report", "--by", "agent", "--json").stdout)["rows"] if row["calls"]
    ]
    assert (row["key"], row["calls"], row["callbacks"]) == ("8001", 1, 1)
    for figure in ("talk_s", "hold_s", "wrap_up_s", "busy_s.meal", "occupancy"):
        assert row[figure] > 0, (figure, row)
    states = row["talk_s"] + row["hold_s"] + row["wrap_up_s"] + row["busy_s"]
    assert states <= row["signed_in_s"] + 1, "a seat is in one state at a time"


def test_a_supervisor_listens_whispers_joins_and_takes_over_from_the_page(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Meanwhile the web process is frozen, then killed: nobody in the call notices."""
    agent, boss = seat("8001", name="agent"), seat(BOSS, name="boss", signs_in=False)
    desk = signed_in(hotline, "li", "supervisor", BOSS)
    citizen = carrier.call("12333", "13800001234")
    phones.until(lambda: agent.ringing, 30, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)
    with desk.live() as page:
        page.begin()
        done(page.act("watch.listen", seat="8001"))
        phones.until(lambda: boss.ringing, 10, "the supervisor's own phone rings")
        boss.answer()
        phones.until(lambda: boss.hears_only(agent, citizen), 10, "the supervisor listens")
        call = next(iter(page.state["calls"]))
        watchers = lambda: page.state["calls"][call]["watchers"]  # noqa: E731
        shown(phones, page, lambda: watchers() == [{"seat": BOSS, "act": "listen"}], 5, "the page shows who listens")
        done(page.act("watch.whisper"))
        phones.until(
            lambda: agent.hears_only(citizen, boss) and citizen.hears_only(agent), 10, "only the agent hears it"
        )
        done(page.act("watch.join"))
        phones.until(lambda: citizen.hears_only(agent, boss), 10, "all three talk")
    since = citizen.heard.seconds
    for hurt in (psutil.Process.suspend, psutil.Process.kill):
        web = processes.desk(hotline)
        hurt(web)
        phones.until(lambda web=web: not web.is_running(), 25, "the web process has ended")
        is_back(phones, desk)
    silences = [span.seconds for span in citizen.heard.timeline(since) if span.who == SILENCE]
    assert max(silences, default=0) <= 0.5, "the three went on talking all the time"
    with desk.live() as page:
        page.begin()
        assert page.state["calls"][call]["watchers"] == [{"seat": BOSS, "act": "join"}], "the new process knows it all"
        done(page.act("watch.take-over"))
        phones.until(lambda: agent.call.ended, 15, "the agent is let go")
        phones.until(lambda: citizen.hears_only(boss) and boss.hears_only(citizen), 10, "the supervisor has the call")
        citizen.hang_up()
        takes_care_of_an_alarm(phones, carrier, hotline, page)


def takes_care_of_an_alarm(phones: Phones, carrier: Carrier, hotline: RunningHotline, page: LivePage) -> None:
    """A caller waits for too long: the page shows the alarm, and the supervisor acknowledges it by name."""
    waits = carrier.call("12369", "13800004321", name="waits")
    alarms = lambda: [one for one in page.state["alarms"].values() if one["kind"] == "wait"]  # noqa: E731
    (alarm,) = shown(phones, page, alarms, 60, "the page shows the alarm")
    assert (alarm["about"], alarm["acknowledged_by"]) == ("general", None)
    done(page.act("alarm.acknowledge", alarm=alarm["alarm"], note="I answer it"))
    shown(phones, page, lambda: alarms()[0]["acknowledged_by"] == "li", 15, "the page shows who takes care of it")
    [listed] = [one for one in json.loads(hotline.ivr("alarms", "list", "--json").stdout) if one["kind"] == "wait"]
    assert (listed["acknowledged_by"], listed["note"], listed["ended_at"]) == ("li", "I answer it", None)
    waits.hang_up()


def is_back(phones: Phones, desk: DeskClient) -> None:
    """Wait until the web process that was started again serves the same session."""

    def answers() -> bool:
        try:
            return desk.api("GET", "/session").status == 200
        except OSError:
            return False

    phones.until(answers, 30, "the desk is back, and the session with it")
