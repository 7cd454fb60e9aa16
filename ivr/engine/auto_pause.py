"""Automatic pause: a seat that did not answer two calls in a row becomes busy, and its phone says so.

A call for which the front answered in the phone's place (ivr/engine/seats_elsewhere.py) does not count.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.logs import queuelog
from ivr.asterisk.logs.cel import BadLine
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.engine.background_task import BackgroundTask
from ivr.records.ingest.follow import position_at_end, read_new_lines
from ivr.texts import _

log = logging.getLogger(__name__)

IN_A_ROW = 2
REASON = "no-answer"
_EVERY = 0.5  # seconds between two reads of queue_log
_PIECE = 1000  # lines
_SHOWN = "连续两次未接已置忙 恢复请拨*83"
_RING = 20  # seconds
_MISSED = "RINGNOANSWER"


class RingNoAnswerCounter:
    """Counts, for each seat, the calls in a row that it did not answer."""

    def __init__(self) -> None:
        """Start with no unanswered call."""
        self._missed: Counter[str] = Counter()

    def count_event(self, event: QueueEvent) -> str | None:
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
    """Follows queue_log while its context is open."""

    def __init__(self, queue_log: Path, ami: Ami, is_elsewhere: Callable[[str], bool]) -> None:
        """``is_elsewhere`` says whether a phone is in a call of another node.

        ``ami`` may connect later: a seat that cannot be paused now is paused after two more unanswered calls.
        """
        self._path, self._ami, self._is_elsewhere = queue_log, ami, is_elsewhere
        self._misses = RingNoAnswerCounter()

    async def _work(self) -> None:
        position = await asyncio.to_thread(position_at_end, self._path)
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
                if event.type == _MISSED and self._is_elsewhere(event.agent):
                    continue
                if seat := self._misses.count_event(event):
                    await self._pause_seat(seat)

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
