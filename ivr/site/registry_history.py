"""The registries that a hotline ran with, kept in its home; the newest is the one in force."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ivr.call_events.values import SeatKind
from ivr.registry.load import load
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home

_CURRENT = "applied.yaml"
_STAMP = "%Y%m%d-%H%M%S-%f"
_NO_NAME = re.compile(r"[^\w.@-]")  # a user's name is shown on terminals and stands in JSON


@dataclass(frozen=True, slots=True)
class Applied:
    """One registry that was put in force."""

    path: Path
    at: datetime  # when; the city's time
    by: str  # the operating system's user who asked for it; "" where it was not kept


def check(text: str, file: str, recordings: Path) -> Registry:
    """Return the registry that ``text`` describes; ``file`` is the name that its problems carry.

    Raises:
        RegistryError: it has problems.
    """
    return load(text, file, recorded(recordings))


def keep(home: Home, text: str, at: datetime, by: str = "") -> None:
    """Make ``text`` the registry in force, and keep it under the moment it became so, with the user who asked.

    Where the clock was set back, that moment is put right after the last one: the order is what a rollback goes by.
    """
    if before := history(home)[:1]:
        at = max(at, before[0].at + timedelta(milliseconds=1))
    kept = home.registry / f"{at.astimezone(CITY_TIME):{_STAMP}}.yaml"
    kept.write_text(text, encoding="utf-8")
    kept.with_suffix(".json").write_text(json.dumps({"by": _NO_NAME.sub("?", by)[:64]}), encoding="utf-8")
    fresh = home.registry / "applied.new"
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(home.registry / _CURRENT)


def history(home: Home) -> list[Applied]:
    """Return every registry that was in force, newest first; that of now is the first."""
    found = []
    for path in home.registry.glob("*.yaml"):
        try:
            at = datetime.strptime(path.stem, _STAMP).replace(tzinfo=CITY_TIME)
        except ValueError:
            continue  # the one in force, by its other name, or a file of the admin's
        found.append(Applied(path, at, _who(path)))
    return sorted(found, key=lambda applied: applied.at, reverse=True)


def _who(path: Path) -> str:
    try:
        return str(json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["by"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # kept by an earlier version, or damaged: the registry beside it is good all the same


def current(home: Home) -> str:
    """Return the text of the registry in force."""
    return (home.registry / _CURRENT).read_text(encoding="utf-8")


def seat_kinds(registry: Registry) -> Mapping[str, SeatKind]:
    """Return each seat's kind, by seat number: that of the first group it serves."""
    return {seat.number: SeatKind(registry.groups[seat.groups[0]].kind) for seat in registry.seats.values()}
