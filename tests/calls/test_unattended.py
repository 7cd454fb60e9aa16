"""If every seat of a group declines, the caller is offered message and callback, and supervisors are told."""

from testkit.hotline.desk import hang_up, staff
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.seat_phones import SeatPhones
from testkit.hotline.shared import SharedHotline
from testkit.phones import Carrier, Phones
from tests.calls.conftest import PATIENCE


def test_if_seats_decline_every_call_no_caller_waits_for_ever(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: SharedHotline
) -> None:
    """Both agents' phones are on do not disturb: each seat becomes busy after two calls, and the caller waits."""
    log = hotline.home / "log" / "engine.log"
    before = len(log.read_bytes())
    for phone in staff(seat, "8001", "8002"):
        phone.behaviour = "busy"
    citizen = carrier.call("12369")
    general = lambda: next(queue for queue in hotline.ask("status")["queues"] if queue["group"] == "general")  # noqa: E731
    phones.until(lambda: general()["waiting"] == 1 and not general()["taking"], 40, "no seat takes calls")
    for _again in range(2):
        phones.until(lambda: has_heard(citizen, "patience"), 2 * PATIENCE, "message and callback are offered")
    phones.until(
        lambda: general()["unattended_s"] >= PATIENCE, 2 * PATIENCE, "ivr status shows the time without an agent"
    )
    phones.until(
        lambda: b"no seat has taken calls for" in log.read_bytes()[before:], 10, "the supervisors get a notification"
    )
    citizen.keys("1")
    phones.until(lambda: has_heard(citizen, "leave-message"), 10, "the caller may leave a message")
    hang_up(phones, [citizen])
    phones.until(lambda: not general()["unattended_s"], 10, "the queue is empty")
