"""The same calls while the engine is away: each call's script is a process of its own (pyst2, layer 2)."""

import asyncio

from ivr.asterisk.config.console import Console
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from trials.bench.calls.call_load import Cost, Tally
from trials.bench.calls.testbed import NUMBER, Testbed

_NOBODY = "agi://127.0.0.1:9"  # refused at once


def cost(here: Testbed, into: Cost, tally: Tally, calls: int, a_second: float) -> None:
    """Place calls, each with a script process, and add their cost; ``ours`` are the processes."""
    home = Home(here.hotline.home)
    console = Console(home.asterisk_socket)
    fastagi = hotline_facts.read(home.hotline).fastagi_port
    asyncio.run(console.run(f"dialplan set global HOTLINE_ENGINE {_NOBODY}"))
    try:
        before = here.asterisk.cpu_times()
        placed = here.carrier.place(here.hotline.server, NUMBER, calls, a_second)
        after = here.asterisk.cpu_times()
    finally:
        asyncio.run(console.run(f"dialplan set global HOTLINE_ENGINE agi://127.0.0.1:{fastagi}"))
    into.asterisk += sum(after[:2]) - sum(before[:2])
    into.ours += sum(after[2:4]) - sum(before[2:4])  # ended child processes of Asterisk
    into.calls += calls
    tally.placed += calls
    tally.failed += max(placed.failed, placed.missed)
