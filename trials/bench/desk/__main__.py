"""``python -m trials.bench.desk [PAGES [WAVES [RATE [write]]]]``: delays, memory and cores while phones take calls.

A wave is four calls; RATE is calls a minute; if it is 0, wave follows wave. ``60 50 20`` takes twelve minutes. A wave
that is not served within a minute ends the bench. ``write`` puts the figures into docs/desk.md and docs/desk.zh-CN.md.
The exit code is 1 if the 95th percentile of the delays is above 200 ms.
"""

import os
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

import psutil

from ivr.asterisk.logs import cel
from ivr.runtime.layout import Home
from testkit.hotline import processes
from testkit.hotline.desk import serve_all, staff
from testkit.hotline.desk_client import DeskClient, LivePage
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import ROOT, RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones
from trials.bench.desk.delay_tables import DelayFigures, in_english, write
from trials.bench.desk.delays import delays

_AT_ONCE = 4  # calls in a wave
_SETTLED = 2.0  # seconds
_POLL_INTERVAL = 0.05  # seconds
_WAVES_WITHOUT_PAGES = 5  # the most waves without pages
_AIM = 200.0  # ms, the 95th percentile
_PASSWORD = "bench horse 7"


def main(pages: int, waves: int, rate: int, *, written: bool) -> int:
    """Print a table of delays, and the processor time of the pages.

    Args:
        pages: the number of pages that are open at the same time.
        waves: the number of waves of calls with the pages; up to five waves without pages come before.
        rate: calls a minute; 0: as fast as the phones take them.
        written: whether the documents get the figures.
    """
    with Phones(Path(tempfile.mkdtemp(prefix="bench-desk-"))) as phones:
        carrier = Carrier(phones)
        with RunningHotline(carrier.address, quick_registry(), with_desk=True) as hotline:
            carrier.hotline = hotline.server
            agents = staff(SeatPhones(hotline, phones), *(f"80{number:02}" for number in range(1, _AT_ONCE + 2)))
            token = hotline.ask(
                "administer", act="tokens.add", by="bench",
                args={"name": "bench", "scopes": ["read.state", "read.all-of-state"], "until": None},
            )  # fmt: skip
            client = DeskClient(hotline.desk, token)
            _until_served(client)
            desk, engine = processes.desk(hotline), processes.engine(hotline)
            _calls(phones, carrier, agents, 1)
            started = _processor(engine), time.monotonic()
            _calls(phones, carrier, agents, min(waves, _WAVES_WITHOUT_PAGES), rate)
            engine_without_pages = (_processor(engine) - started[0]) / (time.monotonic() - started[1])
            empty = desk.memory_info().rss
            open_pages, stop = [client.live().begin() for _page in range(pages)], threading.Event()
            readers = [threading.Thread(target=_read, args=(page, stop), daemon=True) for page in open_pages]
            for reader in readers:
                reader.start()
            began = _processor(desk), _processor(engine), time.monotonic()
            _calls(phones, carrier, agents, waves, rate)
            seconds = time.monotonic() - began[2]
            used = (_processor(desk) - began[0]) / seconds, (_processor(engine) - began[1]) / seconds
            memory = desk.memory_info().rss - empty
            time.sleep(_SETTLED)
            stop.set()
            for reader in readers:
                reader.join()
            found = _delays(hotline, open_pages[0])
            figures = DelayFigures(
                found, pages, waves * _AT_ONCE / seconds * 60, used[0], memory / pages / 1e6, used[1],
                engine_without_pages, os.getloadavg()[1], date.today().isoformat(),
            )  # fmt: skip
            print(in_english(figures))
            if written:
                write(ROOT / "docs", figures)
            for page in open_pages:
                page.socket.close()
            return int(figures.p95 > _AIM)


def _calls(phones: Phones, carrier: Carrier, agents: list, waves: int, rate: int = 0) -> None:  # type: ignore[type-arg]
    began = time.monotonic()
    for wave in range(waves):
        due = began + wave * _AT_ONCE * 60 / rate if rate else 0.0
        while time.monotonic() < due:
            phones.poll()
            time.sleep(_POLL_INTERVAL)
        numbers = [f"13{time.time_ns() % 10**7:07}{wave % 10}{place}" for place in range(_AT_ONCE)]
        citizens = {number: carrier.call("12333", number, name=f"citizen {number[-1]}") for number in numbers}
        serve_all(phones, citizens, agents, 60)
        print(f"wave {wave + 1} of {waves}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def _read(page: LivePage, stop: threading.Event) -> None:
    while not stop.is_set():
        page.take(0.2)


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _until_served(client: DeskClient) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            if client.api("GET", "/state").status == 200:
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def _delays(hotline: RunningHotline, page: LivePage) -> dict[str, list[float]]:
    lines = (Home(hotline.home).cel / "cel.csv").read_text(encoding="utf-8").splitlines()
    found = delays(map(cel.parse, lines), page.messages)
    return {**found, "all": sorted(delay for delays_ms in found.values() for delay in delays_ms)}


if __name__ == "__main__":
    *numbers, last = sys.argv[1:] or [""]
    numbers_given = [int(word) for word in [*numbers, *([last] if last.isdecimal() else [])]]
    sys.exit(main(*numbers_given, *(60, 5, 0)[len(numbers_given) :], written=last == "write"))
