"""Pauses seats that are in a call of another node, so that the queue does not ring them for some seconds.

If a node loses the database, its calls go on, and the next home of its queues takes over its seats. For a phone in a
call of the other node, the front answers 486. Without a pause, each waiting caller would ring the phone again at once.
"""

import asyncio
import logging
import time
from dataclasses import replace

from ivr.asterisk.ami import queue_actions
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.cluster.cluster_model import IN_CALL_ELSEWHERE
from ivr.engine.background_task import BackgroundTask
from ivr.signalling.sip_message import ParsedSip

log = logging.getLogger(__name__)

REASON = "in-call-elsewhere"
"""Reason of the pause."""
_PAUSE = 5.0  # seconds until the phone is rung again
_EVERY = 0.5  # seconds between two looks for pauses that are over
_BUSY = 486


class SeatsElsewhere(BackgroundTask):
    """Pauses such seats, and ends their pauses, while its context is open."""

    def __init__(self, ami: Ami) -> None:
        """``ami`` may connect later."""
        self._ami = ami
        self._busy_answers: dict[str, float] = {}  # time of the front's last 486 for a phone, by phone
        self._paused: dict[str, str] = {}  # the seat that is signed in at a phone, by phone
        self._news = asyncio.Event()

    def watch(self, message: ParsedSip) -> None:
        """Take a message of an INVITE transaction."""
        if message.status == _BUSY and message.reason == IN_CALL_ELSEWHERE:
            self._busy_answers[message.number("to")] = time.monotonic()
            self._news.set()

    def is_in_call_elsewhere(self, seat: str) -> bool:
        """Return whether the front has just said that a seat's phone is in a call of another node."""
        return seat in self._busy_answers or seat in self._paused.values()

    async def _work(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_EVERY if self._busy_answers else None):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            phones_over = {phone for phone, at in self._busy_answers.items() if at < time.monotonic() - _PAUSE}
            try:
                await self._pause(self._busy_answers.keys() - self._paused.keys() - phones_over, is_paused=True)
                await self._pause(phones_over, is_paused=False)
            except AmiError as error:
                log.debug("seats in calls of other nodes are rung again and again: %s", error)
                continue
            for phone in phones_over:
                del self._busy_answers[phone]
                self._paused.pop(phone, None)

    async def _pause(self, phones: set[str], *, is_paused: bool) -> None:
        """Pause the phones in the queues in which they are not paused, or end the pauses with `REASON` and no other."""
        if not phones:
            return
        for member in await queue_actions.members(self._ami):
            phone, has_our_reason = member.interface.removeprefix("PJSIP/"), member.reason == REASON
            if phone not in phones:
                continue
            self._paused[phone] = member.seat
            if not member.is_paused if is_paused else has_our_reason:
                await queue_actions.pause(self._ami, replace(member, is_paused=is_paused, reason=REASON))
