"""双号并行: straight to the expert seat where there is one, else to the pooled agents."""

import pytest

from tests.calls.conftest import Seat
from tests.calls.running import RunningHotline
from tests.phones import Carrier, Phones, SeatPhone

EXPERTS = {"12348": "8348", "12333": "8333", "12320": "8320", "12315": "8315"}


@pytest.mark.parametrize(("number", "expert"), EXPERTS.items())
def test_the_lines_expert_answers_first(
    phones: Phones, carrier: Carrier, seat: Seat, hotline: RunningHotline, number: str, expert: str
) -> None:
    pooled, expert_seat = seat("8001", name="pooled"), seat(expert, name="expert")
    citizen = carrier.call(number)
    phones.until(lambda: expert_seat.ringing, 20, "the expert's phone rings")
    expert_seat.answer()
    _talk(phones, citizen, expert_seat)
    assert not pooled.calls[1:], "a pooled agent was offered the call too"
    citizen.hang_up()
    phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    (record,) = hotline.records(1)
    assert (record["mode"], record["line"], record["outcome"]) == ("dual", number, "answered")
    assert (record["seat"], record["seat_kind"], record["fallback"]) == (expert, "expert", None)


def _talk(phones: Phones, citizen: object, seat: SeatPhone) -> None:
    phones.until(lambda: citizen.hears_only(seat) and seat.hears_only("citizen"), 5, "they talk")
