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
        """Asterisk's milliseconds a call."""
        return 1000 * self.asterisk / self.calls

    @property
    def ours_ms(self) -> float:
        """Our milliseconds a call."""
        return 1000 * self.ours / self.calls


@dataclass(slots=True)
class Tally:
    """The numbers of calls to the hotline and of failed calls."""

    placed: int = 0
    failed: int = 0


def idle(here: Testbed, seconds: float) -> float:
    """Return the cores that the hotline without Asterisk keeps busy while nobody calls."""
    before = cpu(*here.ours)
    time.sleep(seconds)
    return (cpu(*here.ours) - before) / seconds


def cost(here: Testbed, into: Cost, tally: Tally, calls: int, a_second: float, idles: float) -> None:
    """Place calls with the hotline, and add their cost, without the ``idles`` cores that an idle hotline uses."""
    asterisk, ours, begun = cpu(here.asterisk), cpu(*here.ours), time.monotonic()
    placed = here.carrier.place(here.hotline.server, NUMBER, calls, a_second)
    settle()
    tally.placed += calls
    tally.failed += max(placed.failed, placed.missed)
    into.calls += calls
    into.asterisk += cpu(here.asterisk) - asterisk
    into.ours += cpu(*here.ours) - ours - idles * (time.monotonic() - begun)


def bare_cost(here: Testbed, into: Cost, calls: int, a_second: float) -> None:
    """Place calls with the bare dialplan, and add their cost."""
    before = cpu(here.bare.asterisk)
    placed = here.carrier.place(here.bare.server, NUMBER, calls, a_second)
    if not placed.good:
        raise AssertionError(f"the bare dialplan failed at {a_second:g} calls a second: {placed}")
    settle()
    into.calls += calls
    into.asterisk += cpu(here.bare.asterisk) - before


def peer_cost(here: Testbed, into: Cost, number: str, calls: int, a_second: float) -> None:
    """Place calls that a peer steers in the bare dialplan, and add their cost; ``ours`` is the peer's part."""
    before, begun = here.bare.asterisk.cpu_times(), cpu(here.panoramisk)
    placed = here.carrier.place(here.bare.server, number, calls, a_second)
    if not placed.good:
        raise AssertionError(f"a peer failed at {a_second:g} calls a second: {placed}")
    settle()
    after = here.bare.asterisk.cpu_times()
    into.calls += calls
    into.asterisk += sum(after[:2]) - sum(before[:2])
    into.ours += (
        sum(after[2:4]) - sum(before[2:4]) + cpu(here.panoramisk) - begun
    )  # ended child processes, or the server


@dataclass(slots=True)
class Rates:
    """Calls a second that were held without a failure."""

    ours: float = 0.0
    bare: float = 0.0


def rates(here: Testbed, steps: list[int], seconds: float, say: Callable[[str], None], found: Rates) -> Rates:
    """Raise the rate for bare dialplan and hotline in turn, each until its first failure; fill ``found``."""
    climbing = {"bare": True, "ours": True}
    for rate in steps:
        for who, server in (("bare", here.bare.server), ("ours", here.hotline.server)):
            if not climbing[who]:
                continue
            placed = here.carrier.place(server, NUMBER, round(rate * seconds), rate)
            held = placed.good and placed.seconds < seconds + 4
            say(f"{who}: {rate}/s {'held' if held else f'not held: {placed}'}; {placed.most} up at once")
            setattr(found, who, float(rate) if held else getattr(found, who))
            climbing[who] = held
    return found


def many(
    here: Testbed, calls: int, pieces: int, a_second: float, tally: Tally, say: Callable[[str], None]
) -> list[tuple[float, float, float]]:
    """Place many calls in ``pieces`` pieces, each with the bare dialplan, too.

    Returns:
        The MB of ours, of Asterisk and of the bare one after each piece.
    """
    found = []
    for _ in range(pieces):
        placed = here.carrier.place(here.hotline.server, NUMBER, calls // pieces, a_second)
        tally.placed += placed.calls
        tally.failed += max(placed.failed, placed.missed)
        here.carrier.place(here.bare.server, NUMBER, calls // pieces, a_second)
        settle()
        found.append((memory(*here.ours), memory(here.asterisk), memory(here.bare.asterisk)))
        say(
            f"{placed.calls} calls, {placed.failed} failed, {placed.missed} missed; ours {found[-1][0]:.1f} MB, "
            f"Asterisk {found[-1][1]:.1f} MB, bare {found[-1][2]:.1f} MB"
        )
    return found


def records(here: Testbed, wanted: int) -> tuple[int, int]:
    """Return the numbers of records and of their calls, once there are ``wanted`` or no more come."""
    found, since = _recorded(here), time.monotonic()
    while found[0] < wanted and time.monotonic() < since + _STILL:
        time.sleep(0.5)
        if (now := _recorded(here)) != found:
            found, since = now, time.monotonic()
    return found


def _recorded(here: Testbed) -> tuple[int, int]:
    with closing(sqlite3.connect(f"file:{Home(here.hotline.home).call_database}?mode=ro", uri=True)) as database:
        found: tuple[int, int] = database.execute(
            "SELECT count(*), count(DISTINCT call_id) FROM calls WHERE outcome <> 'in-progress'"
        ).fetchone()
    return found
