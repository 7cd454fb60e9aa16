"""The finding of one check."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The severity of a finding."""

    OK = "ok"
    WARNING = "warning"  # calls are taken, but an admin should look
    PROBLEM = "problem"  # calls are not taken as they should be, or will soon not be


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for the admin."""

    level: Level
    text: str  # the state
    advice: str = ""  # about the fault; "" if there is none


def ok(text: str) -> Finding:
    """Tell that something is as it should be."""
    return Finding(Level.OK, text)


def warning(text: str, advice: str) -> Finding:
    """Return a finding that an admin should look at."""
    return Finding(Level.WARNING, text, advice)


def problem(text: str, advice: str) -> Finding:
    """Tell something that keeps calls from being taken as they should be."""
    return Finding(Level.PROBLEM, text, advice)
