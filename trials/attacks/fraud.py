"""Toll fraud: each way to a call at the city's expense, tried a thousand times."""

import itertools
import time
from collections.abc import Callable, Iterator

from testkit.phones import Carrier, PhoneCall, SeatPhone

_PACE = 0.05  # seconds between two calls: a phone's process has 64 sockets, and frees a call's half a second late
_PATIENCE = 20  # seconds
_PATTERNS = (
    *("008613{:09}", "00{:011}", "+1900{:07}", "+881{:09}", "900{:07}", "9{:09}", "0{:010}", "1{:04}9", "7{:04}"),
    *("*2{:06}", "*72{:09}", "16{:06}", "12345{:06}", "{:06}@carrier", "PJSIP/00{:08}@carrier", "12345&PJSIP/0{:09}"),
)


def numbers() -> Iterator[str]:
    """Yield unregistered numbers without end: abroad, satellites, premium rate, prefixes, names of channels."""
    for count in itertools.count():
        yield _PATTERNS[count % len(_PATTERNS)].format(count)


def by_citizens(carrier: Carrier, count: int) -> Iterator[PhoneCall]:
    """Yield calls from the carrier to unregistered numbers."""
    for index, number in enumerate(itertools.islice(numbers(), count)):
        yield carrier.call(number, f"1360000{index:04}")


def by_a_seat(seat: SeatPhone, count: int) -> Iterator[PhoneCall]:
    """Yield calls that a seat's own phone dials."""
    for number in itertools.islice(numbers(), count):
        yield seat.dial(number)


def run_calls(calls: Iterator[PhoneCall], at_once: int) -> Iterator[None]:
    """Make the calls, ``at_once`` at a time; hang up each call once the hotline has answered it."""
    open_calls: list[PhoneCall] = []
    for call in calls:
        open_calls.append(call)
        next_call_at = time.monotonic() + _PACE
        while len(open_calls) >= at_once or time.monotonic() < next_call_at:
            yield
            open_calls = _hang_up_answered(open_calls)
    while open_calls:
        yield
        open_calls = _hang_up_answered(open_calls)


def _until(done: Callable[[], bool], event: str) -> Iterator[None]:
    """Wait for a condition while the other steps of the attack go on."""
    until = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > until:
            raise AssertionError(f"not within {_PATIENCE} s: {event}")
        yield


def _hang_up_answered(calls: list[PhoneCall]) -> list[PhoneCall]:
    for call in calls:
        if call.connected:
            call.hang_up()
    return [call for call in calls if not call.closed]


def by_transfer(caller: SeatPhone, line: str, agent: SeatPhone, count: int) -> Iterator[None]:
    """Call ``line``, which ``agent`` answers at once; press ``*2`` and an unregistered number, again and again."""
    agent.dial("*81")
    yield from _until(lambda: agent.call.ended, "the agent has signed in")
    caller.dial(line)
    yield from _until(lambda: caller.hears(agent), "the caller talks with the agent")
    for number in itertools.islice(numbers(), count):
        agent.keys("*2" + "".join(sign for sign in number if sign in "0123456789*#")[:14])
        yield
