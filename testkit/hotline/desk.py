"""Seats that sign in at the same time, and the calls that they take."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import SOUND, Carrier, Center, PhoneCall, Phones, SeatPhone


def staff(seat: SeatPhones, *numbers: str) -> list[SeatPhone]:
    """Register the seats' phones, and sign all seats in."""
    seats = [seat(number, signs_in=False, calls=1) for number in numbers]
    seat.sign_in(*seats)
    return seats


def rung_for(seats: Iterable[SeatPhone], caller: str) -> SeatPhone | None:
    """Return the seat whose phone rings for a caller."""
    return next((seat for seat in seats if seat.ringing and seat.ringing.caller == caller), None)


def talk(phones: Phones, citizen: PhoneCall, seat: SeatPhone | Center) -> None:
    """Wait until citizen and agent hear each other alone."""
    phones.until(
        lambda: citizen.hears_only(seat) and seat.hears_only(citizen), 10, f"{citizen.name} and {seat.name} talk"
    )


def serve_all(
    phones: Phones,
    citizens: Mapping[str, PhoneCall],
    seats: Iterable[SeatPhone],
    seconds: float,
    meanwhile: Callable[[], object] = lambda: None,
) -> dict[str, PhoneCall]:
    """Answer each phone that rings; each citizen hangs up once citizen and agent hear each other alone.

    Args:
        phones: all phones.
        citizens: calls by the caller's number.
        seats: the phones that may ring.
        seconds: how long it may take until the last citizen was served.
        meanwhile: called again and again, for example to press the citizens' keys.

    Returns:
        The call that a seat's phone took, by the caller's number that it showed.
    """
    seats = list(seats)
    seat_calls: dict[str, PhoneCall] = {}
    talked: set[str] = set()

    def all_served() -> bool:
        meanwhile()
        for call in [seat.ringing for seat in seats if seat.ringing]:
            if call.caller not in seat_calls:
                seat_calls[call.caller] = call
                call.answer()
            elif seat_calls[call.caller] is not call:
                raise AssertionError(f"{call.caller} was offered to {seat_calls[call.caller].called} and {call.called}")
        for caller in seat_calls.keys() - talked:
            citizen, call = citizens[caller], seat_calls[caller]
            if citizen.hears_only(call) and call.hears_only(citizen):
                talked.add(caller)
                citizen.hang_up()
        return len(talked) == len(citizens)

    phones.until(all_served, seconds, "every citizen has talked with a seat")
    hang_up(phones, citizens.values())
    return seat_calls


def batched(callers: Iterable[str], size: int) -> Iterator[list[str]]:
    """Return the callers in batches of ``size``."""
    remaining = iter(callers)
    while batch := list(islice(remaining, size)):
        yield batch


def hang_up(phones: Phones, calls: Collection[PhoneCall]) -> None:
    """End calls, and wait until they are over and all that was heard is on the disk."""
    for call in calls:
        call.hang_up()
    phones.until(lambda: all(call.closed for call in calls), 10, "the calls are over")


def recorded(phones: Phones, hotline: RunningHotline, count: int) -> list[dict[str, Any]]:
    """Wait until ``count`` calls are over and recorded; return their records, the oldest first."""

    def over() -> list[dict[str, Any]]:
        records = hotline.records(count)
        return records if all(record["outcome"] != "in-progress" for record in records) else []

    return phones.until(over, 10, f"{count} calls are recorded")


def to_the_agents(phones: Phones, carrier: Carrier, caller: str) -> PhoneCall:
    """Call 12345, and press 0 in the menu."""
    citizen = carrier.call("12345", caller, name=f"citizen {caller[-1]}")
    phones.until(lambda: citizen.connected and citizen.hears(SOUND), 15, "the opening begins")
    citizen.keys("0")
    return citizen
