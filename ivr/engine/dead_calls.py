"""Ends calls whose other side is gone, with or without session timers (RFC 4028); keeps the citizen of a dead phone.

A channel that receives no sound is asked by an in-dialog NOTIFY whether it lives. Any answer keeps it, because a phone
on hold, or one that suppresses silence, sends no sound. Without an answer PJSIP ends the call itself after 32 s.
Asterisk's own rtp_timeout goes by the time of day: a clock that is set forward would end every call.

A seat's phone is asked sooner and again and again. If it answers no question, the citizen of the call is marked, and
the phone's channel is hung up: the dialplan's [queue-ended] puts a marked citizen to the head of the queue.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping

from ivr.asterisk.agi.seats import seat_of
from ivr.asterisk.ami import call_actions
from ivr.asterisk.ami.channel_listing import ChannelNow
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.config.channel_sound import received
from ivr.asterisk.config.console import Console, ConsoleError
from ivr.engine.background_task import BackgroundTask
from ivr.signalling.open_questions import OpenQuestions
from ivr.signalling.sip_message import ParsedSip
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two looks at the questions
_LISTED_EVERY = 5  # looks at the questions between two looks at the sound
_SILENT, _AGAIN = (
    40.0,
    40.0,
)  # seconds without a packet until a side is asked, and between two questions; 5 + 40 + 32 < 120
_SEAT_SILENT, _SEAT_AGAIN = 8.0, 12.0  # the same of a seat's phone


class SilentChannels:
    """Remembers since when each channel has received no packet. Pure."""

    def __init__(self, silent: float = _SILENT, again: float = _AGAIN) -> None:
        """Start with no channel; see `_SILENT` and `_AGAIN`."""
        self._silent, self._again = silent, again
        self._seen: dict[str, tuple[str, float]] = {}

    def silent(self, packets: Mapping[str, str], now: float) -> list[str]:
        """Take the packets that each channel has received so far; return the channels that are to be asked now."""
        found = []
        for channel, count in packets.items():
            before, since = self._seen.get(channel, ("", now))
            if count != before:
                self._seen[channel] = (count, now)
            elif now - since >= self._silent:
                found.append(channel)
                self._seen[channel] = (count, now - self._silent + self._again)
        self._seen = {channel: seen for channel, seen in self._seen.items() if channel in packets}
        return found


class DeadCalls(BackgroundTask):
    """Looks for dead calls for as long as it is entered."""

    def __init__(self, console: Console, ami: Ami, seats: Callable[[], Collection[str]]) -> None:
        """Asterisk may start later; ``seats`` are the numbers of those in force."""
        self._console, self._ami, self._seats = console, ami, seats
        self._of_seats, self._others = SilentChannels(_SEAT_SILENT, _SEAT_AGAIN), SilentChannels()
        self._questions = OpenQuestions()

    def watch(self, message: ParsedSip) -> None:
        """Take a message of a NOTIFY transaction."""
        self._questions.passed(message, time.monotonic())

    async def _work(self) -> None:
        look = 0
        while True:
            try:
                if look % _LISTED_EVERY == 0:
                    await self._ask_silent_channels(time.monotonic())
                for channel in self._questions.to_repeat(time.monotonic()):
                    await self._ask(channel)
                for channel in self._questions.unanswered():
                    await self._lose(channel)
            except (AmiError, ConsoleError) as error:
                log.debug("dead calls are not looked for: %s", error)
            look += 1
            await asyncio.sleep(_EVERY)

    async def _ask_silent_channels(self, now: float) -> None:
        packets = received(await self._console.run("pjsip show channelstats"))
        seats = self._seats()
        phones = {name: count for name, count in packets.items() if seat_of(name) in seats}
        for channel, count in phones.items():
            if not count.isdigit():  # shown in thousands, which change every 20 s
                phones[channel] = await call_actions.received_packets(self._ami, channel)
        for channel in self._others.silent({one: packets[one] for one in packets.keys() - phones.keys()}, now):
            await self._ask(channel)
        for channel in self._of_seats.silent(phones, now):
            self._questions.ask(channel, await call_actions.sip_call_id(self._ami, channel), now)
            await self._ask(channel)

    async def _ask(self, channel: str) -> None:
        await self._console.run(f"pjsip send notify keep-alive channel {channel}")

    async def _lose(self, name: str) -> None:
        """Hang up the channel of a phone that is gone; a citizen who talked with its agent alone waits again."""
        channels = await call_actions.channels(self._ami)
        own = next((one for one in channels if one.channel == name), None)
        if own is None:
            return
        log.warning(_("the phone of seat %s is gone in a call"), own.endpoint, extra={"plain": (own.endpoint,)})
        others = [one for one in channels if own.bridge and one.bridge == own.bridge and one is not own]
        if len(others) == 1 and not await self._consults(others[0]):
            await call_actions.mark_for_queue_head(self._ami, others[0].channel, str(int(time.time())))
        await call_actions.note_lost_phone(self._ami, name, seat_of(name))
        await call_actions.hang_up(self._ami, name)

    async def _consults(self, citizen: ChannelNow) -> bool:
        """Return whether a party that the agent consults has the citizen once the agent is gone."""
        return await call_actions.queue_head_mark(self._ami, citizen.channel) in ("ringing", "talking")
