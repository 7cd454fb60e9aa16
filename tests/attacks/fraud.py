"""Toll fraud: every way to a call that the city would pay for, tried a thousand times."""

import itertools
from collections.abc import Iterator

from tests.phones import Call, Carrier, SeatPhone

_PATTERNS = (
    *("008613{:09}", "00{:011}", "+1900{:07}", "+881{:09}", "900{:07}", "9{:09}", "0{:010}", "1{:04}9", "7{:04}"),
    *("*2{:06}", "*72{:09}", "16{:06}", "12345{:06}", "{:06}@carrier", "PJSIP/00{:08}@carrier", "12345&PJSIP/0{:09}"),
)


def numbers() -> Iterator[str]:
    """Yield numbers that nobody registered, without end: abroad, satellites, premium, prefixes, channels by name."""
    for count in itertools.count():
        yield _PATTERNS[count % len(_PATTERNS)].format(count)


def by_citizens(carrier: Carrier, count: int) -> Iterator[Call]:
    """Yield calls from the carrier to such numbers."""
    for at, number in enumerate(itertools.islice(numbers(), count)):
        yield carrier.call(number, f"1360000{at:04}")


def by_a_seat(seat: SeatPhone, count: int) -> Iterator[Call]:
    """Yield calls that a seat's own phone dials."""
    for number in itertools.islice(numbers(), count):
        yield seat.dial(number)


def made(calls: Iterator[Call], at_once: int) -> Iterator[None]:
    """Make the calls, ``at_once`` at a time; each is hung up once the hotline has picked up."""
    up: list[Call] = []
    for call in calls:
        up.append(call)
        while len(up) >= at_once:
            yield
            up = _still_up(up)
    while up:
        yield
        up = _still_up(up)


def _still_up(calls: list[Call]) -> list[Call]:
    for call in calls:
        if call.connected:
            call.hang_up()
    return [call for call in calls if not call.closed]


def by_transfer(agent: SeatPhone, count: int) -> Iterator[None]:
    """In the agent's call that stands: ``*2`` and such a number, again and again."""
    for number in itertools.islice(numbers(), count):
        agent.keys("*2" + "".join(sign for sign in number if sign in "0123456789*#")[:14])
        yield
