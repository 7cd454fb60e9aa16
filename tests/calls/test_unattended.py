"""If every seat of a group declines, the caller is offered message and callback, and supervisors are told."""

from typing import Any

import pytest

from testkit.hotline.desk import hang_up, staff
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.quick_registry import QUICK, quick_registry
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones

PATIENCE = 10  # seconds


@pytest.fixture
def numbers() -> dict[str, Any]:
    return quick_registry(timers={**QUICK, "patience": PATIENCE})


def test_seats_that_decline_every_call_leave_nobody_in_music_for_ever(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Both agents' phones are on do not disturb: each is paused after two calls, and the caller waits."""
    for phone in staff(seat, "8001", "8002"):
        phone.behaviour = "busy"
    citizen = carrier.call("12369")
    general = lambda: next(one for one in hotline.ask("status")["queues"] if one["group"] == "general")  # noqa: E731
    phones.until(lambda: general()["waiting"] == 1 and not general()["taking"], 40, "no seat takes calls")
    for _again in range(2):
        phones.until(lambda: has_heard(citizen, "patience"), 2 * PATIENCE, "message and callback are offered")
    phones.until(lambda: general()["unattended_s"] >= PATIENCE, 2 * PATIENCE, "status says for how long")
    log = hotline.home / "log" / "engine.log"
    phones.until(lambda: "no seat has taken calls for" in log.read_text(encoding="utf-8"), 10, "supervisors are told")
    citizen.keys("1")
    phones.until(lambda: has_heard(citizen, "leave-message"), 10, "the caller may leave a message")
    hang_up(phones, [citizen])
    phones.until(lambda: not general()["unattended_s"], 10, "nobody waits any more")
