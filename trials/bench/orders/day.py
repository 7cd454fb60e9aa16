"""``python -m trials.bench.orders.day``: a day of 5,000 work orders, and callers beside it.

A day's work orders are made and handled in 10 minutes, six times as fast as the hour of the aim. Callers dial one after
the other all the time: first without work orders, then beside them, then without them again. Exit status: 0 if work
orders delay callers by one packet of sound at most; 1 if they delay callers more, if a call failed or a request was
refused.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from time import monotonic, perf_counter, sleep

import click

from testkit.hotline.desk import hang_up, staff
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones, SeatPhone
from testkit.provision.databases import new_database, running_postgres
from trials.bench.calls.prompt import first_packets
from trials.bench.orders.order_maker import make_orders
from trials.bench.speech.judging.intervals import percentile

_PACE = 5000 / 3600  # work orders a second: a day in an hour
_PACKET = 20.0  # ms of sound; no caller notices such a delay
_ROUND, _PAUSE = 10, 3.0  # calls to the first packet in a row, and the seconds after them
_NUMBER = "12345"
_NAMES = ("INVITE to the first packet", "key 0 until the agent's phone rings")

Waits = tuple[list[float], list[float]]  # milliseconds of each call, by `_NAMES`


@click.command()
@click.option("--orders", default=5000, show_default=True)
@click.option("--minutes", default=10.0, show_default=True, help="In which the work orders are made and handled.")
@click.option("--alone", default=2.0, show_default=True, help="Minutes of calls without work orders, before and after.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
def main(orders: int, minutes: float, alone: float, database: str) -> None:
    """Measure and print."""
    began = monotonic()

    def say(text: str) -> None:
        print(f"{monotonic() - began:5.0f} s  {text}", file=sys.stderr, flush=True)

    with _database(database) as environment, Phones() as phones:
        carrier = Carrier(phones)
        with RunningHotline(carrier.address, quick_registry(), with_desk=False, **environment) as hotline:
            carrier.hotline = hotline.server
            (agent,) = staff(SeatPhones(hotline, phones), "8001")
            callers = _Callers(phones, carrier, agent, hotline.server)
            callers.until(callers.after(5.0))  # because the first call loads modules
            before = callers.until(callers.after(60 * alone))
            say(f"{len(before[0])} calls without work orders")
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as maker:
                making = maker.submit(make_orders, hotline.home, orders, 60 * minutes)
                beside = callers.until(making.done)
                result = making.result()
            say(f"{len(beside[0])} calls beside {result.closed} work orders")
            after = callers.until(callers.after(60 * alone))
            say(f"{len(after[0])} calls without work orders")
            phones.reset()
    pace = result.closed / result.seconds
    print(f"{database}: {result.closed} work orders of {orders} settled in {result.seconds:.0f} s, "
          f"{3600 * pace:.0f} an hour; refused {len(result.refused)} {result.refused[:1] or ''}")  # fmt: skip
    print("| milliseconds | count | p50 | p95 | p99 |\n|---|---|---|---|---|")
    for name, times in (("an act", result.acts), ("a list, a work order", result.lists)):
        _print(name, times)
    print(f"calls that failed: {callers.failed}")
    met = not result.refused and not callers.failed and pace >= min(_PACE, 0.95 * orders / (60 * minutes))
    for name, *three in zip(_NAMES, before, beside, after, strict=True):
        alone_times, beside_times = three[0] + three[2], three[1]
        _print(f"{name}, alone", alone_times)
        _print(f"{name}, beside", beside_times)
        met &= percentile(beside_times, 0.99) <= percentile(alone_times, 0.99) + _PACKET
    sys.exit(0 if met else 1)


def _print(name: str, times: list[float]) -> None:
    cuts = " | ".join(f"{percentile(times, share):.0f}" for share in (0.5, 0.95, 0.99))
    print(f"| {name} | {len(times)} | {cuts} |")


class _Callers:
    """Citizens who call one after the other."""

    def __init__(self, phones: Phones, carrier: Carrier, agent: SeatPhone, server: str) -> None:
        """``agent`` is a phone that rings and does not answer."""
        self._phones, self._carrier, self._agent, self._server = phones, carrier, agent, server
        self.failed = 0

    def after(self, seconds: float) -> Callable[[], bool]:
        """Return a condition that is true when so many seconds have passed."""
        end = monotonic() + seconds
        return lambda: monotonic() > end

    def until(self, condition: Callable[[], bool]) -> Waits:
        """Call until the condition is true; return the waits of the callers."""
        packets: list[float] = []
        rings: list[float] = []
        while not condition():
            try:
                packets += [1000 * seconds for seconds in first_packets(self._server, _NUMBER, _ROUND)]
            except (TimeoutError, AssertionError):  # no sound in five seconds, or no answer
                self.failed += 1
            rings.append(self._ring())
            sleep(_PAUSE)
        return packets, rings

    def _ring(self) -> float:
        citizen = self._carrier.call(_NUMBER, "13800000001")
        self._phones.until(lambda: citizen.connected and citizen.heard.seconds > 1, 20, "the opening is heard")
        began = perf_counter()
        citizen.keys("0")
        self._phones.until(lambda: self._agent.ringing, 20, "the agent's phone rings")
        waited = 1000 * (perf_counter() - began)
        hang_up(self._phones, [citizen])
        self._phones.until(lambda: not self._agent.ringing, 10, "the phone rings no more")
        return waited


@contextmanager
def _database(kind: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a hotline with such a call database."""
    if kind == "sqlite":
        yield {}
    else:
        with running_postgres() as socket, new_database(socket) as url:
            yield {"HOTLINE_DATABASE": url}


if __name__ == "__main__":
    main()
