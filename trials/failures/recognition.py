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
_INTERVAL = 0.2  # seconds between two checks


def is_enabled(hotline: RunningHotline) -> bool:
    """Return whether callers of this hotline may speak."""
    return hotline.environment["HOTLINE_SPEAKERS"] != "0"


def processes(hotline: RunningHotline) -> frozenset[int]:
    """Return the ids of the recognisers' processes."""
    return frozenset(process.pid for process in recognizers(hotline))


def callers_heard(hotline: RunningHotline) -> int:
    """Return the number of callers whose sound goes to the speech server now."""
    port = _port(hotline)
    connections = psutil.net_connections("tcp")
    return sum(
        connection.laddr[1:] == (port,) and connection.status == psutil.CONN_ESTABLISHED for connection in connections
    )


async def until_loaded(hotline: RunningHotline, other_than: Collection[int] = ()) -> float:
    """Return after how many seconds a caller may speak; NaN for never.

    Args:
        hotline: the hotline.
        other_than: process ids of the recognisers before the failure.
    """
    began = time.monotonic()
    while time.monotonic() < began + _LOADS:
        if not processes(hotline) & set(other_than) and await _takes_callers(hotline):
            return time.monotonic() - began
        await asyncio.sleep(_INTERVAL)
    return float("nan")


async def _takes_callers(hotline: RunningHotline) -> bool:
    try:
        async with SpeechClient(_port(hotline)) as caller:
            return "error_msg" not in await caller.create()
    except (OSError, WebSocketException, TimeoutError):
        return False


def longest_wait(hotline: RunningHotline, pressed: Mapping[str, float]) -> float:
    """Return the longest time from a caller's key to the call script, in seconds; infinite if a key never came there.

    Args:
        hotline: the hotline.
        pressed: when each caller, by number, pressed a menu's key for the first time; seconds since 1970.
    """
    callers = {record["call_id"]: record["caller"] for record in hotline.calls()}
    heard: dict[str, float] = {}
    for line in (Home(hotline.home).cel / "cel.csv").read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = cel.parse(line)
        except BadLine:
            continue
        call_event = decode(event.name, event.extra) if event.type is CelEventType.USER_DEFINED else None
        if isinstance(call_event, KeyPressed) and call_event.key:
            heard.setdefault(callers.get(event.linkedid, ""), event.at.timestamp())
    return max((heard.get(number, float("inf")) - at for number, at in pressed.items()), default=float("nan"))


def _port(hotline: RunningHotline) -> int:
    return hotline_facts.read(Home(hotline.home).hotline).speech_port
