"""Notes the holds of seats' phones in the call record.

Asterisk writes no event for such a hold; only a script on the agent's channel can write it. So the engine presses a
feature code on that channel. No agent can use the code, because it is refused without a mark that only the engine sets.
"""

import asyncio
import logging
from collections.abc import Callable

from ivr.asterisk.ami import call_actions
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.engine.background_task import BackgroundTask
from ivr.signalling.hep import CapturedPacket
from ivr.signalling.phone_holds import PhoneHold, PhoneHolds
from ivr.signalling.sip_message import ParsedSip

log = logging.getLogger(__name__)

_CODE = "*0"


class PhoneHoldNotes(BackgroundTask):
    """Writes the call events of holds, one after another, while its context is open."""

    def __init__(self, ami: Ami, sent_by_asterisk: Callable[[CapturedPacket], bool]) -> None:
        """``ami`` may connect later; ``sent_by_asterisk`` tells whether Asterisk sent a packet."""
        self._ami, self._sent_by_asterisk = ami, sent_by_asterisk
        self._holds = PhoneHolds()
        self._waiting: asyncio.Queue[PhoneHold] = asyncio.Queue()

    def watch(self, packet: CapturedPacket, message: ParsedSip) -> None:
        """Take the message in a packet of an INVITE transaction."""
        if change := self._holds.changed(message, outgoing=self._sent_by_asterisk(packet)):
            self._waiting.put_nowait(change)

    async def _work(self) -> None:
        while True:
            change = await self._waiting.get()
            try:
                await self._note(change)
            except AmiError as error:
                log.debug("a hold of seat %s is not noted: %s", change.seat, error)  # the agent has hung up

    async def _note(self, change: PhoneHold) -> None:
        channels = await call_actions.channels(self._ami)
        bridge = next((channel.bridge for channel in channels if channel.uniqueid == change.call), "")
        agent_channel = next(
            (
                channel
                for channel in channels
                if bridge and channel.bridge == bridge and channel.endpoint == change.seat
            ),
            None,
        )
        if agent_channel:  # else the agent holds a consulted party, and the citizen hears music anyway
            await call_actions.mark_phone_hold(self._ami, agent_channel.channel, "held" if change.held else "resumed")
            await call_actions.press(self._ami, agent_channel.channel, _CODE)
