"""The services of the program that runs a call script: the engine, or a process of its own (layer 2)."""

from collections.abc import Awaitable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from ivr.registry.model import Registry

if TYPE_CHECKING:  # loading them takes a second, and a script process has to start sooner
    from agi_scripts.meanings import Meanings
    from agi_scripts.pins import WrongPinCounter

YES_NO = "yes-no"
"""Name of the phrases that are expected as an answer to a question; a menu's phrases have the menu's name."""


class NoCallback(Enum):
    """The reason why no callback is made now."""

    NOBODY = "nobody"  # no missed call is due
    CLOSED = "closed"  # outside the hours in which citizens may be called


@dataclass(frozen=True, slots=True)
class DueCallback:
    """A missed call with a due callback."""

    call_id: str  # of the missed call
    number: str  # the number to dial
    line: str  # the number that the caller dialled


@dataclass(frozen=True, slots=True)
class SpokenAnswer:
    """The short answer of an article, as a sound."""

    article: str  # name of the article
    version: int
    title: str
    prompt: str  # prompt id
    seconds: int  # length of the sound


class ScriptServices(Protocol):
    """The services. No script changes them, and they stay the same while the program runs."""

    @property
    def registry(self) -> Registry:
        """The registry in force now; a reload replaces it."""

    @property
    def meanings(self) -> "Meanings | None":
        """The meanings of callers' words; None if there is no recogniser."""

    @property
    def wrong_pins(self) -> "WrongPinCounter":
        """The recent wrong PINs."""

    def now(self) -> datetime:
        """Return the city's time."""

    def can_hear(self) -> bool:
        """Return whether a recogniser is free for a further caller."""

    def has_prompt(self, prompt: str) -> bool:
        """Return whether there is a recording of that prompt id."""

    def seat_pins(self) -> Mapping[str, str]:
        """Return the PIN of each seat, by its number."""

    def may_record(self) -> bool:
        """Return whether the disk has room for a further recording."""

    def message_seconds(self, work_order: str) -> float:
        """Return the length of the message that an earlier script of the call recorded; 0 without such a message."""

    def claim_callback(self, missed: str) -> AbstractAsyncContextManager[DueCallback | NoCallback]:
        """Claim a callback for as long as the block runs, so that no other agent gets it.

        Args:
            missed: id of the missed call; "" for the callback that has been due longest.
        """

    def order_prompts(self, number: str, caller: str) -> Awaitable[tuple[str, ...] | None]:
        """Return the prompts that tell the state of a work order.

        Args:
            number: the number that the caller keyed; "" for the newest work order of the caller.
            caller: the caller's number; "" if withheld.

        Returns:
            The prompt ids; an empty tuple if this caller has no such work order; None if it cannot be looked up now.
        """

    def find_answer(self, question: str) -> Awaitable[SpokenAnswer | None]:
        """Return the answer to a caller's question; None if no article with a sound answers it for sure."""

    def followed_up(self, order: str, solved: bool, satisfaction: int | None) -> Awaitable[None]:
        """Keep a citizen's answer to a follow-up; ``satisfaction`` is 1 to 5, None if the citizen gave no grade."""

    def press_again(self, agent: str, keys: str, playing: str) -> None:
        """Press keys at an agent's channel once the script on the channel ``playing`` is over. Does not wait."""

    def keys_pressed(self, channel: str, seconds: float) -> str:
        """Return the keys pressed at a channel within the last ``seconds``, the oldest first, held-back keys too."""

    def watch_consult(self, consult: str, *parties: str) -> AbstractAsyncContextManager[None]:
        """Hang up the channel ``consult`` if all these channels are gone while the block runs."""

    def pause_recording(self, channel: str) -> Awaitable[bool | None]:
        """Pause the recording of a channel, or resume it; return whether it is paused now, None if that failed."""


def work_order_id(call_id: str) -> str:
    """Return the id of the work order (工单) of a call; the same call always gives the same id."""
    return "W" + _plain(call_id)


def recording_id(call_id: str) -> str:
    """Return the id of a call's recording (通话录音): letters, digits and ``-`` for every id of a call."""
    return "R" + _plain(call_id)


def _plain(call_id: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in call_id)
