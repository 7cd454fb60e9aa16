"""The registries that a hotline ran with, kept in its home; the newest is the one in force."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from ivr.records.notes import SeatKind
from ivr.registry.load import load
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.runtime.layout import Home

_CURRENT = "applied.yaml"


def check(text: str, file: str, recordings: Path) -> Registry:
    """Return the registry that ``text`` describes; ``file`` is the name that its problems carry.

    Raises:
        RegistryError: it has problems.
    """
    return load(text, file, recorded(recordings))


def keep(home: Home, text: str, at: datetime) -> None:
    """Make ``text`` the registry in force, and keep it under the moment it became so."""
    (home.registry / f"{at:%Y%m%d-%H%M%S-%f}.yaml").write_text(text, encoding="utf-8")
    fresh = home.registry / "applied.new"
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(home.registry / _CURRENT)


def current(home: Home) -> str:
    """Return the text of the registry in force."""
    return (home.registry / _CURRENT).read_text(encoding="utf-8")


def seat_kinds(registry: Registry) -> Mapping[str, SeatKind]:
    """Return each seat's kind, by seat number: that of the first group it serves."""
    return {seat.number: SeatKind(registry.groups[seat.groups[0]].kind) for seat in registry.seats.values()}
