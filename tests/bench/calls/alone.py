"""The same calls while the engine is away: each call's script is a process of its own (pyst2, layer 2)."""

import asyncio
import time

from ivr.asterisk.console import Console
from ivr.runtime import facts
from ivr.runtime.layout import Home
from tests.bench.calls.field import NUMBER, Field
from tests.bench.calls.load import Cost, Tally, machine_busy

_NOBODY = "agi://127.0.0.1:9"  # refused at once


def cost(here: Field, into: Cost, tally: Tally, calls: int, a_second: float) -> None:
    """Place calls whose script is a process each, and add what they cost; ``ours`` are the processes.

    They come and go unseen, so they are what the whole machine used more than in as long a time without a call; SIPp
    is in that, too, which is little.
    """
    home = Home(here.hotline.home)
    console = Console(home.asterisk_socket)
    fastagi = facts.read(home.hotline).fastagi_port
    quiet, begun = machine_busy(), time.monotonic()
    time.sleep(4.0)
    idles = (machine_busy() - quiet) / (time.monotonic() - begun)
    asyncio.run(console.run(f"dialplan set global ENGINE {_NOBODY}"))
    try:
        busy, begun, own = machine_busy(), time.monotonic(), sum(here.asterisk.cpu_times()[:2])
        placed = here.carrier.place(here.hotline.server, NUMBER, calls, a_second)
        asterisk = sum(here.asterisk.cpu_times()[:2]) - own
        into.asterisk += asterisk
        into.ours += machine_busy() - busy - asterisk - idles * (time.monotonic() - begun)
        into.calls += calls
    finally:
        asyncio.run(console.run(f"dialplan set global ENGINE agi://127.0.0.1:{fastagi}"))
    tally.placed += calls
    tally.failed += placed.failed + placed.missed
