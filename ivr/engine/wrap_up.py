"""A longer wrap-up (话后整理) than the registry gives: the seat is paused, and the reason of the pause has its end.

Asterisk keeps the reason, so that a restarted engine ends the wrap-up as well.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from ivr.asterisk.agi.seats import seat_of
from ivr.asterisk.ami import seat_actions
from ivr.asterisk.ami.manager import Ami, AmiError, Event
from ivr.engine.background_task import BackgroundTask

WRAP_UP = "wrap-up"
_REASON = re.compile(rf"{WRAP_UP}:([0-9]{{1,11}})")
_EVERY = 1.0  # seconds


def reason_until(seconds: int) -> str:
    """Return the reason of a pause that ends ``seconds`` from now."""
    return f"{WRAP_UP}:{int(time.time()) + seconds}"


def ends_at(reason: str) -> datetime | None:
    """Return the end of the wrap-up of a pause with this reason; None if the pause has another reason."""
    match = _REASON.fullmatch(reason)
    return datetime.fromtimestamp(int(match[1]), UTC) if match else None


class WrapUpEnd(BackgroundTask):
    """Makes seats ready when their longer wrap-up is over, while its context is open."""

    def __init__(self, ami: Ami) -> None:
        """``ami`` may connect later."""
        self._ami = ami
        self._is_running = False  # while this engine knows of no longer wrap-up, Asterisk is not asked

    def begin(self) -> None:
        """Check from now on whether a longer wrap-up is over."""
        self._is_running = True

    async def _work(self) -> None:
        self._is_running = True  # an earlier engine may have begun a wrap-up
        while True:
            await asyncio.sleep(_EVERY)
            if self._is_running and self._ami.connected:
                try:
                    self._is_running = await self._end_wrap_ups_over()
                except AmiError:
                    continue

    async def _end_wrap_ups_over(self) -> bool:
        """Make seats ready; return whether a wrap-up still lasts."""
        lasting = False
        for phone, until in dict(_paused(await self._ami.listing("QueueStatus"))).items():
            if until <= datetime.now(UTC):
                await seat_actions.ready(self._ami, phone)
            else:
                lasting = True
        return lasting


def _paused(events: list[Event]) -> Iterator[tuple[str, datetime]]:
    for event in events:
        is_paused = event.get("Event") == "QueueMember" and event.get("Paused") == "1"
        if is_paused and (until := ends_at(event.get("PausedReason", ""))):
            yield seat_of(event["Location"] + "-"), until
