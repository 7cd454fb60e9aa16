"""The choice of a caller at a menu, by key or by speech."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from ivr.call_events.values import Reason
from ivr.registry.model import Choice, Menu


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """A key of the menu, pressed or said; None if the choice leads to a human."""

    key: str | None


class MenuRepeat(Enum):
    """The caller wants to hear the menu again."""

    AGAIN = "again"


AGAIN: Final = MenuRepeat.AGAIN


@dataclass(frozen=True, slots=True)
class WantsLine:
    """A registered line."""

    number: str
    topic: str  # the line in words, for the agent


@dataclass(frozen=True, slots=True)
class WantsAgent:
    """An agent is needed: the service is never dialled for a caller, or the words were not understood."""

    topic: str  # the service, or the words, for the agent
    reason: Reason


@dataclass(frozen=True, slots=True)
class NeedsHelp:
    """An emergency."""

    number: str  # 110, 119, …
    sure: bool  # the caller said so beyond doubt, or answered yes: the hotline calls the service


SpokenChoice = WantsLine | WantsAgent | NeedsHelp


def late_choice(
    menu: Menu, answer: SpokenChoice | KeyChoice | None, key: str, waited: float, patience: float
) -> Choice | None:
    """Return the menu's choice that a caller makes by a key in the queue; None if the key is the queue's.

    Args:
        menu: the menu that was asked.
        answer: the caller's answer to the menu; only a silent caller can answer late.
        key: the key pressed in the queue.
        waited: seconds from joining the queue to the key.
        patience: seconds after which the queue names its own keys.
    """
    if answer != KeyChoice(None) or waited >= patience:
        return None
    return next((choice for choice in menu.choices if choice.key == key), None)
