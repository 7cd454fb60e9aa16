"""Automatic pause: a seat that did not answer two calls in a row becomes busy, and its phone says so.

In a cluster a seat may be in a call of the node that was the home of its queue before, and lost the database. The front
then answers for the phone. That is no call that the agent let ring.
"""

import asyncio
import logging
import time
from collections import Counter
from pathlib import Path

from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.logs import queuelog
from ivr.asterisk.logs.cel import BadLine
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.cluster.cluster_model import IN_CALL_ELSEWHERE
from ivr.engine.background_task import BackgroundTask
from ivr.records.ingest.follow import end_of, read_new_lines
from ivr.signalling.sip_message import ParsedSip
from ivr.texts import _

log = logging.getLogger(__name__)

IN_A_ROW = 2
REASON = "no-answer"
_EVERY = 0.5  # seconds between two reads of queue_log
_PIECE = 1000  # lines
_SHOWN = "连续两次未接已置忙 恢复请拨*83"
_RING = 20  # seconds
_MISSED = "RINGNOANSWER"
_BUSY = 486
_SAID_BEFORE = 3.0  # seconds from the front's answer until the line of queue_log is read


class RingNoAnswerCounter:
    """Counts, for each seat, the calls in a row that it did not answer."""

    def __init__(self) -> None:
        """Start with no unanswered call."""
        self._missed: Counter[str] = Counter()

    def see(self, event: QueueEvent) -> str | None:
        """Count an event; return the seat that has to be paused now."""
        match event.type:
            case "RINGNOANSWER":
                self._missed[event.agent] += 1
                if self._missed[event.agent] >= IN_A_ROW:
                    del self._missed[event.agent]
                    return event.agent
            case "CONNECT" | "UNPAUSE" | "UNPAUSEALL" | "ADDMEMBER":
                self._missed.pop(event.agent, None)
        return None


class AutoPause(BackgroundTask):
    """Follows queue_log for as long as it is entered."""

    def __init__(self, queue_log: Path, ami: Ami) -> None:
        """``ami`` may connect later: a seat that cannot be paused now is paused after two more unanswered calls."""
        self._path, self._ami = queue_log, ami
        self._misses = RingNoAnswerCounter()
        self._elsewhere: dict[str, float] = {}  # when the front said so last, by phone

    def watch(self, message: ParsedSip) -> None:
        """Take a message of an INVITE transaction."""
        if message.status == _BUSY and message.reason == IN_CALL_ELSEWHERE:
            self._elsewhere[message.number("to")] = time.monotonic()

    async def _work(self) -> None:
        position = await asyncio.to_thread(end_of, self._path)
        while True:
            try:
                piece = await asyncio.to_thread(read_new_lines, self._path, position, _PIECE)
            except OSError as error:
                log.error(_("seats that do not answer are not paused: %s"), error)
                piece = None
            if piece is None:
                await asyncio.sleep(_EVERY)
                continue
            position = piece.position
            for line in piece.lines:
                try:
                    event = queuelog.parse(line.decode(errors="replace"))
                except BadLine:
                    continue  # the import reports it
                if event.type == _MISSED and await self._is_elsewhere(event.agent):
                    continue
                if seat := self._misses.see(event):
                    await self._pause_seat(seat)

    async def _is_elsewhere(self, seat: str) -> bool:
        """Return whether the front has just said that the seat's phone is in a call of another node."""
        since = time.monotonic() - _SAID_BEFORE
        self._elsewhere = {phone: at for phone, at in self._elsewhere.items() if at > since}
        if not self._elsewhere:
            return False
        try:
            return (await self._phone(seat)).removeprefix("PJSIP/") in self._elsewhere
        except AmiError:
            return seat in self._elsewhere

    async def _pause_seat(self, seat: str) -> None:
        """Pause the seat in all its queues, and ring its phone to say so, by prompt and on its display."""
        try:
            phone = await self._phone(seat)
            await self._ami.action("QueuePause", Interface=phone, Paused="true", Reason=REASON)
            log.info("seat %s has not answered %d calls in a row: paused", seat, IN_A_ROW, extra={"plain": (seat,)})
            await self._ami.action(
                "Originate",
                Channel=f"Local/{phone.removeprefix('PJSIP/')}@tell-paused/n",
                Context="tell-paused",
                Exten="answered",
                Priority="1",
                CallerID=f'"{_SHOWN}" <{seat}>',
                Timeout=str(_RING * 1000),
                Async="true",
            )
        except AmiError as error:
            log.error(_("seat %s does not answer, and could not be paused: %s"), seat, error)

    async def _phone(self, seat: str) -> str:
        members = await self._ami.listing("QueueStatus")
        return next(
            (event["Location"] for event in members if event.get("Event") == "QueueMember" and event["Name"] == seat),
            f"PJSIP/{seat}",
        )
