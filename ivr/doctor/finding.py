"""The finding of one check."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The severity of a finding."""

    OK = "ok"
    WARNING = "warning"  # calls are served, but an admin should act
    PROBLEM = "problem"  # calls are not served properly now, or will not be soon


@dataclass(frozen=True, slots=True)
class Finding:
    """A line for the admin."""

    level: Level
    text: str  # the state
    advice: str = ""  # about the fault; "" if there is none


def ok(text: str) -> Finding:
    """Return a finding without a fault."""
    return Finding(Level.OK, text)


def warning(text: str, advice: str) -> Finding:
    """Return a finding about which an admin should act."""
    return Finding(Level.WARNING, text, advice)


def problem(text: str, advice: str) -> Finding:
    """Return a finding about a fault that keeps calls from being served properly."""
    return Finding(Level.PROBLEM, text, advice)
