"""Ends calls whose other side is gone, with or without session timers (RFC 4028); keeps the citizen of a dead phone.

The engine sends an in-dialog NOTIFY on a channel that receives no sound. Any response keeps the call, because a phone
on hold, or a phone that suppresses silence, sends no sound. Without a response PJSIP ends the call itself after 32 s.
Asterisk's own rtp_timeout goes by the time of day: a clock that is set forward would end every call.

A seat's phone gets the NOTIFY sooner, and several times. If it responds to none, the engine marks the citizen's channel
and hangs up the phone's channel: the dialplan's [queue-ended] puts a marked citizen to the head of the queue.
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

_EVERY = 1.0  # seconds between two looks at the open questions
_LISTED_EVERY = 5  # looks at the open questions between two looks at the sound
_SILENT = 40.0  # seconds without a packet until the first NOTIFY; 5 + 40 + 32 < 120
_AGAIN = 40.0  # seconds until the next NOTIFY
_SEAT_SILENT, _SEAT_AGAIN = 8.0, 12.0  # the same two times for a seat's phone


class SilentChannels:
    """Remembers since when each channel has received no packet. Pure."""

    def __init__(self, silent: float = _SILENT, again: float = _AGAIN) -> None:
        """Start with no channel; see `_SILENT` and `_AGAIN`."""
        self._silent, self._again = silent, again
        self._last_counts: dict[str, tuple[str, float]] = {}

    def silent(self, packets: Mapping[str, str], now: float) -> list[str]:
        """Take the packets that each channel has received so far; return the channels that need a NOTIFY now."""
        silent_channels = []
        for channel, count in packets.items():
            earlier_count, since = self._last_counts.get(channel, ("", now))
            if count != earlier_count:
                self._last_counts[channel] = (count, now)
            elif now - since >= self._silent:
                silent_channels.append(channel)
                self._last_counts[channel] = (count, now - self._silent + self._again)
        self._last_counts = {channel: seen for channel, seen in self._last_counts.items() if channel in packets}
        return silent_channels


class DeadCalls(BackgroundTask):
    """Looks for dead calls while its context is open."""

    def __init__(self, console: Console, ami: Ami, seats: Callable[[], Collection[str]]) -> None:
        """Asterisk may start later; ``seats`` returns the numbers of the seats in force."""
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
                    await self._hang_up_lost_phone(channel)
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
                phones[channel] = await call_actions.packet_counter(self._ami, channel)
        for channel in self._others.silent({name: packets[name] for name in packets.keys() - phones.keys()}, now):
            await self._ask(channel)
        for channel in self._of_seats.silent(phones, now):
            self._questions.ask(channel, await call_actions.sip_call_id(self._ami, channel), now)
            await self._ask(channel)

    async def _ask(self, channel: str) -> None:
        await self._console.run(f"pjsip send notify keep-alive channel {channel}")

    async def _hang_up_lost_phone(self, name: str) -> None:
        """Hang up the channel of a lost phone; a citizen who talked with its agent alone waits in the queue again."""
        channels = await call_actions.channels(self._ami)
        lost_phone = next((channel for channel in channels if channel.channel == name), None)
        if lost_phone is None:
            return
        log.warning(
            _("the phone of seat %s is gone in a call"), lost_phone.endpoint, extra={"plain": (lost_phone.endpoint,)}
        )
        other_parties = [
            channel
            for channel in channels
            if lost_phone.bridge and channel.bridge == lost_phone.bridge and channel is not lost_phone
        ]
        if len(other_parties) == 1 and not await self._has_consulted_party(other_parties[0]):
            await call_actions.mark_for_queue_head(self._ami, other_parties[0].channel, str(int(time.time())))
        await call_actions.note_lost_phone(self._ami, name, seat_of(name))
        await call_actions.hang_up(self._ami, name)

    async def _has_consulted_party(self, citizen: ChannelNow) -> bool:
        """Return whether a consulted party takes the citizen over when the agent is gone."""
        return await call_actions.queue_head_mark(self._ami, citizen.channel) in ("ringing", "talking")
