"""The same calls while the engine is away: each call's script is a process of its own (pyst2, layer 2)."""

import asyncio

from ivr.asterisk.config.console import Console
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from trials.bench.calls.call_load import Cost, Tally
from trials.bench.calls.testbed import NUMBER, Testbed

_CLOSED_PORT = "agi://127.0.0.1:9"  # refused at once


def cost(testbed: Testbed, total: Cost, tally: Tally, calls: int, a_second: float) -> None:
    """Place calls, each with a script process, and add their cost; ``ours`` are the processes."""
    home = Home(testbed.hotline.home)
    console = Console(home.asterisk_socket)
    fastagi = hotline_facts.read(home.hotline).fastagi_port
    asyncio.run(console.run(f"dialplan set global HOTLINE_ENGINE {_CLOSED_PORT}"))
    try:
        before = testbed.asterisk.cpu_times()
        placed = testbed.carrier.place(testbed.hotline.server, NUMBER, calls, a_second)
        after = testbed.asterisk.cpu_times()
    finally:
        asyncio.run(console.run(f"dialplan set global HOTLINE_ENGINE agi://127.0.0.1:{fastagi}"))
    total.asterisk += sum(after[:2]) - sum(before[:2])
    total.ours += sum(after[2:4]) - sum(before[2:4])  # ended child processes of Asterisk
    total.calls += calls
    tally.placed += calls
    tally.failed += max(placed.failed, placed.missed)
