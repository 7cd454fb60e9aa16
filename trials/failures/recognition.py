"""Callers in a menu with a recogniser: whether it listens, when it listens again, and how long a key takes."""

import asyncio
import time
from collections.abc import Collection, Mapping

import psutil
from websockets.exceptions import WebSocketException

from ivr.asterisk.logs import cel
from ivr.asterisk.logs.cel import BadLine, CelEventType
from ivr.call_events.codec import decode
from ivr.call_events.vocabulary import KeyPressed
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from testkit.hotline.processes import recognizers
from testkit.hotline.running import RunningHotline
from testkit.speech_client import SpeechClient

_LOADS = 120.0  # seconds until a model has to be loaded
_LOOK = 0.2  # seconds between two looks


def is_wanted(hotline: RunningHotline) -> bool:
    """Return whether callers of this hotline may speak."""
    return hotline.environment["HOTLINE_SPEAKERS"] != "0"


def processes(hotline: RunningHotline) -> frozenset[int]:
    """Return the ids of the recognisers' processes."""
    return frozenset(one.pid for one in recognizers(hotline))


def listened_to(hotline: RunningHotline) -> int:
    """Return the number of callers whose sound goes to the speech server now."""
    port = _port(hotline)
    connections = psutil.net_connections("tcp")
    return sum(one.laddr[1:] == (port,) and one.status == psutil.CONN_ESTABLISHED for one in connections)


async def until_loaded(hotline: RunningHotline, other_than: Collection[int] = ()) -> float:
    """Return after how many seconds a caller may speak; NaN for never.

    Args:
        hotline: where.
        other_than: recognisers that are gone, or to be replaced.
    """
    begun = time.monotonic()
    while time.monotonic() < begun + _LOADS:
        if not processes(hotline) & set(other_than) and await _takes_callers(hotline):
            return time.monotonic() - begun
        await asyncio.sleep(_LOOK)
    return float("nan")


async def _takes_callers(hotline: RunningHotline) -> bool:
    try:
        async with SpeechClient(_port(hotline)) as caller:
            return "error_msg" not in await caller.create()
    except (OSError, WebSocketException, TimeoutError):
        return False


def longest_wait(hotline: RunningHotline, pressed: Mapping[str, float]) -> float:
    """Return the most seconds that a caller's key took until the call script had it; infinite if it never had.

    Args:
        hotline: where.
        pressed: when each caller, by number, pressed a menu's key for the first time; seconds since 1970.
    """
    callers = {one["call_id"]: one["caller"] for one in hotline.ask("calls")}
    heard: dict[str, float] = {}
    for line in (Home(hotline.home).cel / "cel.csv").read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = cel.parse(line)
        except BadLine:
            continue
        note = decode(event.name, event.extra) if event.type is CelEventType.USER_DEFINED else None
        if isinstance(note, KeyPressed) and note.key:
            heard.setdefault(callers.get(event.linkedid, ""), event.at.timestamp())
    return max((heard.get(number, float("inf")) - at for number, at in pressed.items()), default=float("nan"))


def _port(hotline: RunningHotline) -> int:
    return hotline_facts.read(Home(hotline.home).hotline).speech_port
