"""``python -m trials.bench.desk [PAGES [WAVES]]``: pages are open while phones take calls; delays, memory, cores."""

import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from ivr.asterisk.logs import cel
from ivr.runtime.layout import Home
from testkit.hotline import processes
from testkit.hotline.desk import serve_all, staff
from testkit.hotline.desk_client import DeskClient, LivePage
from testkit.hotline.running import RunningHotline
from testkit.phones import Carrier, Phones
from tests.calls.conftest import SeatPhones, quick_registry
from trials.bench.desk.delays import delays, percentile

_AT_ONCE = 4  # calls in a wave
_SETTLED = 2.0  # seconds
_PASSWORD = "bench horse 7"


def main(pages: int, waves: int) -> None:
    """Print a table of delays, and what the pages cost."""
    with Phones(Path(tempfile.mkdtemp(prefix="bench-desk-"))) as phones:
        carrier = Carrier(phones)
        with RunningHotline(carrier.address, quick_registry(), with_desk=True) as hotline:
            carrier.hotline = hotline.server
            agents = staff(SeatPhones(hotline, phones), *(f"80{number:02}" for number in range(1, _AT_ONCE + 2)))
            token = hotline.ask(
                "administer", what="tokens.add", by="bench",
                args={"name": "bench", "scopes": ["read.state", "read.all-of-state"], "until": None},
            )  # fmt: skip
            client = DeskClient(hotline.desk, token)
            _until_served(client)
            desk, engine = processes.desk(hotline), processes.engine(hotline)
            _calls(phones, carrier, agents, 1)
            alone = _processor(engine), time.monotonic()
            _calls(phones, carrier, agents, waves)
            without = (_processor(engine) - alone[0]) / (time.monotonic() - alone[1])
            empty = desk.memory_info().rss
            opened, stop = [client.live().begin() for _page in range(pages)], threading.Event()
            readers = [threading.Thread(target=_read, args=(page, stop), daemon=True) for page in opened]
            for reader in readers:
                reader.start()
            began = _processor(desk), _processor(engine), time.monotonic()
            _calls(phones, carrier, agents, waves)
            seconds = time.monotonic() - began[2]
            used = (_processor(desk) - began[0]) / seconds, (_processor(engine) - began[1]) / seconds
            memory = desk.memory_info().rss - empty
            time.sleep(_SETTLED)
            stop.set()
            for reader in readers:
                reader.join()
            _print(hotline, opened[0])
            print(f"{pages} pages, {waves * _AT_ONCE / seconds * 60:.0f} calls a minute")
            print(f"the desk's process: {used[0] * 100:.1f} % of a core, {memory / pages / 1e6:.2f} MB a page")
            print(f"the engine: {used[1] * 100:.1f} % of a core with the pages, {without * 100:.1f} % without")
            for page in opened:
                page.socket.close()


def _calls(phones: Phones, carrier: Carrier, agents: list, waves: int) -> None:  # type: ignore[type-arg]
    for wave in range(waves):
        numbers = [f"13{time.time_ns() % 10**7:07}{wave % 10}{place}" for place in range(_AT_ONCE)]
        citizens = {number: carrier.call("12333", number, name=f"citizen {number[-1]}") for number in numbers}
        serve_all(phones, citizens, agents, 60)


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


def _print(hotline: RunningHotline, page: LivePage) -> None:
    lines = (Home(hotline.home).cel / "cel.csv").read_text(encoding="utf-8").splitlines()
    found = delays(map(cel.parse, lines), page.messages)
    print("| Asterisk's event | times | p50 ms | p95 ms | longest ms |\n|---|---|---|---|---|")
    together = sorted(delay for those in found.values() for delay in those)
    for what, those in [*found.items(), ("all", together)]:
        figures = (percentile(those, 0.5), percentile(those, 0.95), those[-1])
        print(f"| {what} | {len(those)} | {' | '.join(f'{figure:.0f}' for figure in figures)} |")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(60, 5)[len(given) :])
