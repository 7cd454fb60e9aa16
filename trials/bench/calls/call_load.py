"""Calls under load: the cost of a call, the held rate, and the memory after many thousand calls."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from ivr.runtime.layout import Home
from trials.bench.calls.testbed import NUMBER, Testbed, cpu, memory, settle

_STILL = 5.0  # seconds without a new record


@dataclass(slots=True)
class Cost:
    """Processor seconds of a number of calls."""

    calls: int = 0
    asterisk: float = 0.0
    ours: float = 0.0

    @property
    def asterisk_ms(self) -> float:
        """Return the milliseconds of Asterisk a call."""
        return 1000 * self.asterisk / self.calls

    @property
    def ours_ms(self) -> float:
        """Return the milliseconds of the hotline without Asterisk a call."""
        return 1000 * self.ours / self.calls


@dataclass(slots=True)
class Tally:
    """The numbers of calls to the hotline and of failed calls."""

    placed: int = 0
    failed: int = 0


def idle(testbed: Testbed, seconds: float) -> float:
    """Return the cores that the hotline without Asterisk uses while nobody calls."""
    before = cpu(*testbed.ours)
    time.sleep(seconds)
    return (cpu(*testbed.ours) - before) / seconds


def cost(testbed: Testbed, total: Cost, tally: Tally, calls: int, a_second: float, idles: float) -> None:
    """Place calls with the hotline, and add their cost, without the ``idles`` cores that an idle hotline uses."""
    asterisk, ours, began = cpu(testbed.asterisk), cpu(*testbed.ours), time.monotonic()
    placed = testbed.carrier.place(testbed.hotline.server, NUMBER, calls, a_second)
    settle()
    tally.placed += calls
    tally.failed += max(placed.failed, placed.missed)
    total.calls += calls
    total.asterisk += cpu(testbed.asterisk) - asterisk
    total.ours += cpu(*testbed.ours) - ours - idles * (time.monotonic() - began)


def bare_cost(testbed: Testbed, total: Cost, calls: int, a_second: float) -> None:
    """Place calls with the bare dialplan, and add their cost."""
    before = cpu(testbed.bare.asterisk)
    placed = testbed.carrier.place(testbed.bare.server, NUMBER, calls, a_second)
    if not placed.good:
        raise AssertionError(f"the bare dialplan failed at {a_second:g} calls a second: {placed}")
    settle()
    total.calls += calls
    total.asterisk += cpu(testbed.bare.asterisk) - before


def peer_cost(testbed: Testbed, total: Cost, number: str, calls: int, a_second: float) -> None:
    """Place calls that a peer steers in the bare dialplan, and add their cost; ``ours`` is the peer's part."""
    before, began = testbed.bare.asterisk.cpu_times(), cpu(testbed.panoramisk)
    placed = testbed.carrier.place(testbed.bare.server, number, calls, a_second)
    if not placed.good:
        raise AssertionError(f"a peer failed at {a_second:g} calls a second: {placed}")
    settle()
    after = testbed.bare.asterisk.cpu_times()
    total.calls += calls
    total.asterisk += sum(after[:2]) - sum(before[:2])
    total.ours += (
        sum(after[2:4]) - sum(before[2:4]) + cpu(testbed.panoramisk) - began
    )  # ended child processes, or the server


@dataclass(slots=True)
class Rates:
    """Calls a second that were held without a failure."""

    ours: float = 0.0
    bare: float = 0.0


def rates(testbed: Testbed, steps: list[int], seconds: float, say: Callable[[str], None], highest: Rates) -> Rates:
    """Raise the rate for bare dialplan and hotline in turn, each until its first failure; fill ``highest``."""
    climbing = {"bare": True, "ours": True}
    for rate in steps:
        for side, server in (("bare", testbed.bare.server), ("ours", testbed.hotline.server)):
            if not climbing[side]:
                continue
            placed = testbed.carrier.place(server, NUMBER, round(rate * seconds), rate)
            held = placed.good and placed.seconds < seconds + 4
            say(f"{side}: {rate}/s {'held' if held else f'not held: {placed}'}; {placed.most_at_once} up at once")
            setattr(highest, side, float(rate) if held else getattr(highest, side))
            climbing[side] = held
    return highest


def many(
    testbed: Testbed, calls: int, pieces: int, a_second: float, tally: Tally, say: Callable[[str], None]
) -> list[tuple[float, float, float]]:
    """Place many calls in ``pieces`` pieces, each with the bare dialplan, too.

    Returns:
        After each piece, the MB of the hotline, of its Asterisk and of the bare Asterisk.
    """
    sizes = []
    for _ in range(pieces):
        placed = testbed.carrier.place(testbed.hotline.server, NUMBER, calls // pieces, a_second)
        tally.placed += placed.calls
        tally.failed += max(placed.failed, placed.missed)
        testbed.carrier.place(testbed.bare.server, NUMBER, calls // pieces, a_second)
        settle()
        sizes.append((memory(*testbed.ours), memory(testbed.asterisk), memory(testbed.bare.asterisk)))
        say(
            f"{placed.calls} calls, {placed.failed} failed, {placed.missed} missed; ours {sizes[-1][0]:.1f} MB, "
            f"Asterisk {sizes[-1][1]:.1f} MB, bare {sizes[-1][2]:.1f} MB"
        )
    return sizes


def records(testbed: Testbed, expected: int) -> tuple[int, int]:
    """Return the numbers of records and of their calls, when there are ``expected`` records or no more come."""
    counts, since = _recorded(testbed), time.monotonic()
    while counts[0] < expected and time.monotonic() < since + _STILL:
        time.sleep(0.5)
        if (now := _recorded(testbed)) != counts:
            counts, since = now, time.monotonic()
    return counts


def _recorded(testbed: Testbed) -> tuple[int, int]:
    with closing(sqlite3.connect(f"file:{Home(testbed.hotline.home).call_database}?mode=ro", uri=True)) as database:
        counts: tuple[int, int] = database.execute(
            "SELECT count(*), count(DISTINCT call_id) FROM calls WHERE outcome <> 'in-progress'"
        ).fetchone()
    return counts
