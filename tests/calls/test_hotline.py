"""12345: the opening, a menu of one level, and a human at the end of each path."""

from typing import Any

import pytest

from testkit.hotline.desk import recorded, rung_for, serve_all, staff, talk
from testkit.hotline.heard_prompts import has_heard, prompts_heard
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, PhoneCall, Phones

TOPICS = {"1": "反映问题", "2": "企业服务", "0": "转人工"}


def test_each_key_leads_to_its_agents(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    general = staff(seat, "8001", "8002", "8003")

    def call_with(key: str) -> tuple[str, PhoneCall]:
        number = f"1380000000{key}"
        return number, carrier.call("12345", number, name=f"citizen-{key}")

    def press(citizens: dict[str, PhoneCall]) -> None:
        for number, citizen in citizens.items():
            phones.until(lambda citizen=citizen: has_heard(citizen, "opening"), 10, "the opening is heard")
            citizen.keys(number[-1])

    # No enterprise seat is signed in yet, so a caller from an enterprise does not wait for such a seat.
    citizens = dict([call_with("2")])
    press(citizens)
    served = serve_all(phones, citizens, general, 15)
    assert served["13800000002"].shown == "12345 12345政务服务便民热线 企业服务"

    enterprise = staff(seat, "8101")
    citizens = dict(call_with(key) for key in TOPICS)
    press(citizens)
    served = serve_all(phones, citizens, general + enterprise, 15)
    for number, citizen in citizens.items():
        key, shown = number[-1], served[number]
        assert (served[number].called == "8101") == (key == "2"), f"key {key} led to {served[number].called}"
        assert shown.shown == f"12345 12345政务服务便民热线 {TOPICS[key]}"
        assert (shown.header("X-Hotline-Line"), shown.header("X-Hotline-Needs-Expert")) == ("12345", None)
        assert prompts_heard(citizen) == ["opening", "transferring"], "the key did not interrupt the opening"
        assert _offers_a_law_first(shown), f"the seat was offered {shown.invite}"

    overflowed, *others = recorded(phones, hotline, 4)
    assert (overflowed["path"], overflowed["queue"], overflowed["fallback"]) == ("main:2", "general", "no-agent")
    assert {record["path"]: (record["queue"], record["seat_kind"], record["outcome"]) for record in others} == {
        "main:1": ("general", "general", "answered"),
        "main:2": ("enterprise", "enterprise", "answered"),
        "main:0": ("general", "general", "answered"),
    }


def test_each_path_through_the_menu_leads_to_a_human(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Five callers at once: silent, with unknown keys, with the menu once again, and with the menu again too often."""
    agents = staff(seat, "8001", "8002", "8003", "8004", "8005")
    names = ("silent", "six", "hash", "once more", "again and again")
    citizens = {f"1390000000{n}": carrier.call("12345", f"1390000000{n}", name=name) for n, name in enumerate(names)}
    silent, six, hash_, once, again = citizens.values()
    for citizen in (six, hash_, once, again):
        phones.until(lambda citizen=citizen: has_heard(citizen, "opening"), 10, "the opening is heard")
    six.keys("6")
    hash_.keys("#")
    once.keys("*")
    again.keys("*")
    for citizen, key in ((once, "1"), (again, "*")):
        phones.until(lambda citizen=citizen: has_heard(citizen, "menu-main"), 10, "the menu is heard again")
        citizen.keys(key)
    phones.until(lambda: has_heard(again, "menu-main"), 10, "the menu is heard a third time")
    again.keys("*")

    served = serve_all(phones, citizens, agents, 40)
    assert prompts_heard(silent) == ["opening", "menu-main"]
    assert prompts_heard(six) == prompts_heard(hash_) == ["opening", "menu-unknown"]
    assert prompts_heard(once) == ["opening", "menu-main", "transferring"]
    assert prompts_heard(again) == ["opening", "menu-main", "menu-main"]
    assert served["13900000003"].shown.endswith(TOPICS["1"])
    records = recorded(phones, hotline, len(citizens))
    assert {record["caller"]: record["path"] for record in records} == {
        "13900000000": "main:silence",
        "13900000001": "main:6",
        "13900000002": "main:#",
        "13900000003": "main:*/main:1",
        "13900000004": "main:*/main:*/main:*",
    }
    assert {(record["queue"], record["outcome"]) for record in records} == {("general", "answered")}


@pytest.mark.reloaded_hotline
class TestStraightToTheAgents:
    @pytest.fixture
    def numbers(self) -> dict[str, Any]:
        shipped = quick_registry()
        hotline, *lines = shipped["lines"]
        return {**shipped, "lines": [{key: hotline[key] for key in hotline if key != "menu"}, *lines]}

    def test_a_hotline_without_a_menu_rings_an_agent_after_the_opening(
        self, phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
    ) -> None:
        agent = seat("8001", name="agent")
        citizen = carrier.call("12345")
        phones.until(lambda: rung_for([agent], "13800000001"), 25, "the agent's phone rings")
        assert prompts_heard(citizen) == ["opening"]
        assert agent.call.shown == "12345 12345政务服务便民热线"
        agent.answer()
        talk(phones, citizen, agent)
        agent.hang_up()
        phones.until(lambda: citizen.ended, 5, "the citizen's call is over")
        (record,) = recorded(phones, hotline, 1)
        assert (record["path"], record["outcome"], record["seat"]) == ("", "answered", "8001")


def _offers_a_law_first(call: PhoneCall) -> bool:
    assert call.invite
    media = next(line for line in call.invite.text.splitlines() if line.startswith("m=audio"))
    return media.split()[3] == "8"
