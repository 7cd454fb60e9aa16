"""What a call script may ask of the hotline that it belongs to."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from agi_scripts.pins import Guesses
from ivr.registry.model import Registry
from ivr.routing.plan import Plan

if TYPE_CHECKING:  # what words mean takes a second to load, and a script that stands in for the engine hears none
    from agi_scripts.meanings import Meanings

log = logging.getLogger(__name__)

YES_NO = "yes-no"
"""The phrases that are expected as an answer to a question, as a menu's name is those expected there."""


class NotNow(Enum):
    """Why no callback is made now."""

    NOBODY = "nobody"
    CLOSED = "closed"  # outside the hours


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody to be called back."""

    call_id: str  # of the call that was missed
    number: str  # to be dialled
    line: str  # that was dialled then


@asynccontextmanager
async def _nobody(_missed: str) -> AsyncIterator[Due | NotNow]:
    """Give nobody: there are no call records."""
    yield NotNow.NOBODY


async def _cannot(_channel: str) -> None:
    """Say that it could not be done: there is no Asterisk to ask."""


@dataclass(slots=True)
class Hotline:
    """The running hotline as its call scripts see it. ``registry`` is replaced whole by a reload."""

    registry: Registry
    now: Callable[[], datetime]  # the city's time
    can_hear: Callable[[], bool] = lambda: False  # whether one more caller could be understood, not only press keys
    message_seconds: Callable[[str], float] = lambda _order: 0.0  # of what a script recorded that died meanwhile
    has_prompt: Callable[[str], bool] = lambda _prompt: False  # whether there is a recording of that id
    meanings: "Meanings | None" = None  # what words mean; None where nobody is heard
    seat_pins: Callable[[], Mapping[str, str]] = dict  # by seat
    may_record: Callable[[], bool] = lambda: True  # whether there is room for one more recording
    # Who is to be called back, claimed for as long as the block runs: who was missed in that call, "" for any
    claim_callback: Callable[[str], AbstractAsyncContextManager[Due | NotNow]] = _nobody
    pause_recording: Callable[[str], Awaitable[bool | None]] = _cannot  # of a channel; whether it is paused now
    guesses: Guesses = field(default_factory=Guesses)  # at PINs

    def work_order_id(self, call_id: str) -> str:
        """Return the id of the work order (工单) of a call: the same for the same call, however often asked."""
        return "W" + _plain(call_id)

    def recording_id(self, call_id: str) -> str:
        """Return the id of a call's recording (通话录音): letters, digits and ``-``, whatever the call's id is."""
        return "R" + _plain(call_id)

    def log_route(self, call_id: str, tag: str, plan: Plan) -> None:
        """Write the route that a call takes; a dialled number that is not registered is a gap to close.

        Args:
            call_id: the call's, as in its record.
            tag: by which Asterisk's log names it.
            plan: the call's.
        """
        plain = {"plain": (plan.dialled, plan.line.number)}  # the hotline's own numbers; others are masked in its log
        if plan.gap:
            log.warning(
                "registry gap: %r was dialled and is not registered (call %s)", plan.dialled, call_id, extra=plain
            )
        log.info("call %s (%s): %s -> %s", call_id, tag, plan.dialled, plan.line.number, extra=plain)


def _plain(call_id: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in call_id)
