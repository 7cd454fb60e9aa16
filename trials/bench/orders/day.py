"""``python -m trials.bench.orders.day``: a day of 5,000 work orders in an hour, and callers beside it.

Citizens call one after the other, first without and then with work orders that are made and handled at the pace of
5,000 an hour, seven acts each. Exit status: 0 if callers wait no longer for it, 1 if they do.
"""

import sys
import threading
import time
from statistics import quantiles
from typing import Any

import click

from ivr.control.control_client import RequestRefused
from testkit.hotline.desk import hang_up, staff
from testkit.hotline.running import RunningHotline
from testkit.phones import Carrier, Phones, SeatPhone
from tests.calls.conftest import SeatPhones, quick_registry

ORDERS, HOUR = 5000, 3600.0
LATER_MS = 100.0  # by which the slowest twentieth of the callers may wait longer
_AGENT = {"name": "wang", "role": "agent"}
_SUPERVISOR = {"name": "li", "role": "supervisor"}
_UNIT = {"name": "zhang", "role": "unit", "unit": "市人社局"}
_WAY: tuple[tuple[str, dict[str, str], dict[str, Any]], ...] = (
    ("open", _AGENT, {"title": "工资没发", "content": "公司三个月没有发工资，员工多次反映没有结果。" * 3}),
    ("receive", _AGENT, {"kind": "help", "class": "labour"}),
    ("dispatch", _AGENT, {"unit": "市人社局"}),
    ("accept", _UNIT, {}),
    ("answer", _UNIT, {"answer": "已责成公司补发工资。"}),
    ("approve", _SUPERVISOR, {}),
    ("follow-up", _AGENT, {"solved": True, "satisfaction": 1}),
)


class OrderDay:
    """Work orders at the pace of a day in an hour, in a thread of their own, until it is told to end."""

    def __init__(self, hotline: RunningHotline) -> None:
        self._hotline, self._ends = hotline, threading.Event()
        self.acts: list[float] = []  # milliseconds of each
        self.refused = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "OrderDay":
        self.begun = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ends.set()
        self._thread.join()
        self.seconds = time.monotonic() - self.begun

    def _run(self) -> None:
        while not self._ends.is_set():
            order = ""
            for act, actor, fields in _WAY:
                begun = time.perf_counter()
                try:
                    made = self._hotline.ask("order-act", actor=actor, order=order, act=act, fields=fields)
                    order = made["order"]
                except RequestRefused:
                    self.refused += 1
                self.acts.append(1000 * (time.perf_counter() - begun))
                due = self.begun + len(self.acts) * HOUR / ORDERS / len(_WAY)
                self._ends.wait(max(0.0, due - time.monotonic()))


@click.command()
@click.option("--calls", default=25, show_default=True, help="Calls without work orders, and as many beside them.")
def main(calls: int) -> None:
    """Measure and print."""
    with Phones() as phones:
        carrier = Carrier(phones)
        with RunningHotline(carrier.address, quick_registry()) as hotline:
            carrier.hotline = hotline.server
            (agent,) = staff(SeatPhones(hotline, phones), "8001")
            _waits(phones, carrier, agent, 3)  # what is loaded at the first call
            alone = _waits(phones, carrier, agent, calls)
            with OrderDay(hotline) as day:
                beside = _waits(phones, carrier, agent, calls)
            phones.reset()
    pace = HOUR * len(day.acts) / len(_WAY) / day.seconds
    print(f"work orders {len(day.acts) // len(_WAY)}, {pace:.0f} an hour, refused {day.refused}, "
          f"an act p50 {_cut(day.acts, 50):.0f} ms p95 {_cut(day.acts, 95):.0f} ms")  # fmt: skip
    met = day.refused == 0 and pace > 0.95 * ORDERS
    for name in alone:
        print(f"{name:24} alone p50 {_cut(alone[name], 50):5.0f} ms p95 {_cut(alone[name], 95):5.0f} ms   "
              f"beside p50 {_cut(beside[name], 50):5.0f} ms p95 {_cut(beside[name], 95):5.0f} ms")  # fmt: skip
        met &= _cut(beside[name], 95) <= _cut(alone[name], 95) + LATER_MS
    sys.exit(0 if met else 1)


def _waits(phones: Phones, carrier: Carrier, agent: SeatPhone, count: int) -> dict[str, list[float]]:
    """The milliseconds that callers wait, one after the other."""
    found: dict[str, list[float]] = {"until the answer": [], "key 0 until it rings": []}
    for _call in range(count):
        begun = time.perf_counter()
        citizen = carrier.call("12345", "13800000001")
        phones.until(lambda: citizen.connected, 20, "the hotline answers")  # noqa: B023
        found["until the answer"].append(1000 * (time.perf_counter() - begun))
        phones.until(lambda: citizen.heard.seconds > 1, 20, "the opening is heard")  # noqa: B023
        begun = time.perf_counter()
        citizen.keys("0")
        phones.until(lambda: agent.ringing, 20, "the agent's phone rings")
        found["key 0 until it rings"].append(1000 * (time.perf_counter() - begun))
        hang_up(phones, [citizen])
        phones.until(lambda: not agent.ringing, 10, "the phone rings no more")
    return found


def _cut(milliseconds: list[float], percent: int) -> float:
    return quantiles(milliseconds, n=100)[percent - 1]


if __name__ == "__main__":
    main()
