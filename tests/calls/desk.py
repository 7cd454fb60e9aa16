"""The desk: seats that sign in together, and who of them takes whose call."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from tests.calls.conftest import Seat, sign_in
from tests.calls.running import RunningHotline
from tests.phones import Call, Center, Phones, SeatPhone


def staff(phones: Phones, seat: Seat, *numbers: str) -> list[SeatPhone]:
    """Seats that sign in all at once."""
    seats = [seat(number, signs_in=False, calls=1) for number in numbers]
    sign_in(phones, *seats)
    return seats


def rung_for(seats: Iterable[SeatPhone], caller: str) -> SeatPhone | None:
    """The seat whose phone rings for that caller."""
    return next((seat for seat in seats if seat.ringing and seat.ringing.caller == caller), None)


def talk(phones: Phones, citizen: Call, seat: SeatPhone | Center) -> None:
    """Wait until the two hear each other and nothing else."""
    phones.until(
        lambda: citizen.hears_only(seat) and seat.hears_only(citizen), 10, f"{citizen.name} and {seat.name} talk"
    )


def answer_all(
    phones: Phones,
    citizens: Mapping[str, Call],
    seats: Iterable[SeatPhone],
    seconds: float,
    meanwhile: Callable[[], object] = lambda: None,
) -> dict[str, SeatPhone]:
    """Pick up as the phones ring, until every citizen talks with a seat.

    Args:
        phones: all phones.
        citizens: calls by the caller's number.
        seats: the phones that may ring.
        seconds: how long the last citizen may wait for a human.
        meanwhile: what else is done all the time, such as pressing the citizens' keys.

    Returns:
        Who talks with whom, by the caller's number that the seat's phone shows.
    """
    seats = list(seats)
    served: dict[str, SeatPhone] = {}

    def all_served() -> bool:
        meanwhile()
        for seat in seats:
            if call := seat.ringing:
                if call.caller in served and served[call.caller] is not seat:
                    raise AssertionError(f"{call.caller} was offered to {served[call.caller].name} and {seat.name}")
                if call.caller not in served:
                    call.answer()
                    served[call.caller] = seat
        return served.keys() >= citizens.keys()

    phones.until(all_served, seconds, "every citizen's call is answered")
    for number, citizen in citizens.items():
        talk(phones, citizen, served[number])
    return served


def batched(callers: Iterable[str], size: int) -> Iterator[list[str]]:
    """So many at a time."""
    rest = iter(callers)
    while batch := list(islice(rest, size)):
        yield batch


def hang_up(phones: Phones, calls: Collection[Call]) -> None:
    """End calls, and wait until they are over."""
    for call in calls:
        call.hang_up()
    phones.until(lambda: all(call.ended for call in calls), 10, "the calls are over")


def recorded(phones: Phones, hotline: RunningHotline, count: int) -> list[dict[str, Any]]:
    """Wait until so many calls are recorded and over; oldest first."""

    def over() -> list[dict[str, Any]]:
        records = hotline.records(count)
        return records if all(one["outcome"] != "in-progress" for one in records) else []

    return phones.until(over, 10, f"{count} calls are recorded")
