"""Ends calls whose other side is gone, with or without session timers (RFC 4028).

A channel that receives no sound is asked by an in-dialog NOTIFY whether it lives. Any answer keeps it, because a phone
on hold, or one that suppresses silence, sends no sound. Without an answer PJSIP ends the call itself after 32 s.
Asterisk's own rtp_timeout goes by the time of day: a clock that is set forward would end every call.
"""

import asyncio
import logging
import time
from collections.abc import Mapping

from ivr.asterisk.config.channel_sound import received
from ivr.asterisk.config.console import Console, ConsoleError
from ivr.engine.background_task import BackgroundTask

log = logging.getLogger(__name__)

_EVERY = 10.0  # seconds between two looks
_SILENT = 40.0  # seconds without a packet until the other side is asked; 10 + 40 + 32 < 120
_AGAIN = 40.0  # seconds between two questions


class SilentChannels:
    """Remembers since when each channel has received no packet. Pure."""

    def __init__(self) -> None:
        """Start with no channel."""
        self._seen: dict[str, tuple[str, float]] = {}

    def silent(self, packets: Mapping[str, str], now: float) -> list[str]:
        """Take the packets that each channel has received so far; return the channels that are to be asked now."""
        found = []
        for channel, count in packets.items():
            before, since = self._seen.get(channel, ("", now))
            if count != before:
                self._seen[channel] = (count, now)
            elif now - since >= _SILENT:
                found.append(channel)
                self._seen[channel] = (count, now - _SILENT + _AGAIN)
        self._seen = {channel: seen for channel, seen in self._seen.items() if channel in packets}
        return found


class DeadCalls(BackgroundTask):
    """Looks for dead calls for as long as it is entered."""

    def __init__(self, console: Console) -> None:
        """Asterisk may start later."""
        self._console = console
        self._channels = SilentChannels()

    async def _work(self) -> None:
        while True:
            try:
                shown = await self._console.run("pjsip show channelstats")
                for channel in self._channels.silent(received(shown), time.monotonic()):
                    await self._console.run(f"pjsip send notify keep-alive channel {channel}")
            except ConsoleError as error:
                log.debug("dead calls are not looked for: %s", error)
            await asyncio.sleep(_EVERY)
