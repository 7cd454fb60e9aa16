"""A refused transfer (REFER): the agent hears a prompt, and the citizen is not lost.

Asterisk answers a refused REFER itself, and raises no event. Many phones show the refusal and go on with the call. Some
phones hang up, and the citizen would be lost. So the engine marks the citizen's channel for some seconds, and the
dialplan's [queue-ended] puts a marked citizen to the head of the queue.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from ivr.asterisk.ami import call_actions
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.signalling.hep import CapturedPacket
from ivr.signalling.refused_transfers import RefusedTransfers
from ivr.signalling.sip_message import ParsedSip
from ivr.texts import _

log = logging.getLogger(__name__)

_MARKED = 5.0  # seconds: a phone that hangs up by itself does so at once


class TransferRefusals:
    """Follows the SIP messages that pass."""

    def __init__(self, ami: Ami, sent_by_asterisk: Callable[[CapturedPacket], bool]) -> None:
        """``ami`` may connect later; ``sent_by_asterisk`` tells whether Asterisk sent a packet."""
        self._ami, self._sent_by_asterisk = ami, sent_by_asterisk
        self._transfers = RefusedTransfers()
        self._tasks: set[asyncio.Task[None]] = set()

    def watch(self, packet: CapturedPacket, message: ParsedSip) -> None:
        """Take the message in a packet of an INVITE, REFER or NOTIFY transaction."""
        if call := self._transfers.refused(message, outgoing=self._sent_by_asterisk(packet)):
            task = asyncio.create_task(self._keep(call))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _keep(self, call: str) -> None:
        """Mark the citizen of a call, play the agent a prompt, and remove the mark if the call goes on."""
        try:
            channels = await call_actions.channels(self._ami)
            citizen = next((channel for channel in channels if channel.uniqueid == call), None)
            if citizen is None:
                return
            await call_actions.mark_for_queue_head(self._ami, citizen.channel, str(int(time.time())))
            log.info(_("call %s: the transfer of the agent's phone was refused"), call)
            for channel in channels:
                if (
                    channel.bridge
                    and channel.bridge == citizen.bridge
                    and channel.channel != citizen.channel
                    and channel.endpoint
                ):
                    await call_actions.whisper(self._ami, channel.channel, "consult-unknown")
            await asyncio.sleep(_MARKED)
            await call_actions.mark_for_queue_head(self._ami, citizen.channel, "")
        except AmiError as error:
            log.debug("call %s: a refused transfer: %s", call, error)  # the citizen or the agent is gone
