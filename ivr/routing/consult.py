"""The rule of consults (三方转接): an agent may bring in registered targets only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ivr.call_events.values import PartyKind
from ivr.registry.model import GroupKind, Mode, Registry
from ivr.routing.calendar import is_open
from ivr.routing.chain import chain


class Via(StrEnum):
    """The way to the party."""

    SEAT = "seat"
    GROUP = "group"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Party:
    """A registered target, and the way to it. ``reach`` is a seat, a group or digits from the registry."""

    number: str
    kind: PartyKind
    via: Via
    reach: str


class Refusal(StrEnum):
    """The reason why a consult is refused."""

    UNKNOWN = "unknown"
    SELF = "self"


def targets(registry: Registry) -> tuple[str, ...]:
    """Return every number that an agent may consult: lines, linkage and seats, each once."""
    return tuple(sorted({line.number for line in registry.lines} | registry.linkage.keys() | registry.seats.keys()))


def strays(numbers: Collection[str]) -> tuple[str, ...]:
    """Return the shortest digit sequences that are no beginning of a number and begin with no number."""
    prefixes = {number[:length] for number in numbers for length in range(len(number))}
    prefixes_and_numbers = prefixes | set(numbers)
    sequences = {f"{begin}{digit}" for begin in prefixes if begin not in numbers for digit in "0123456789"}
    return tuple(sorted(sequences - prefixes_and_numbers))


def is_closed(registry: Registry, number: str, moment: datetime) -> bool:
    """Return whether the line that a number leads to is outside its hours now."""
    line = registry.entry(number, moment.date())
    if line is None:
        return False
    hours = chain(registry, line, moment.date())[-1].hours
    return hours is not None and not is_open(registry.hours[hours], registry, moment)


def guide(registry: Registry, line: str, named_by_agent: str, seat: str, day: date) -> Party | None:
    """Return the expert that guides an agent at ``seat`` (专家指导), or None.

    It is the expert of the line dialled, unless the agent names an expert's seat, or another line with an expert.
    """
    party = consult(registry, named_by_agent or line, seat, day)
    return party if isinstance(party, Party) and party.kind is PartyKind.EXPERT else None


def consult(registry: Registry, dialled: str, seat: str, day: date) -> Party | Refusal:
    """Return the target of ``dialled`` for an agent at ``seat``.

    A sub-center is reached through the carrier. A dual number means its expert seat if it has one. A merged number
    means the line that it is merged into. Any other line means a colleague of the general group.
    """
    if dialled == seat:
        return Refusal.SELF
    if dialled in registry.seats:
        groups = (registry.groups[name] for name in registry.seats[dialled].groups)
        expert = any(group.kind is GroupKind.EXPERT for group in groups)
        return Party(dialled, PartyKind.EXPERT if expert else PartyKind.SEAT, Via.SEAT, dialled)
    if dialled in registry.linkage:
        return Party(dialled, PartyKind.LINKAGE, Via.CARRIER, registry.linkage[dialled].reach)
    line = registry.entry(dialled, day)
    if line is None:
        return Refusal.UNKNOWN
    line = chain(registry, line, day)[-1]
    if line.mode is Mode.SUBCENTER:
        return Party(dialled, PartyKind.CENTER, Via.CARRIER, line.reach or line.number)
    if line.expert:
        return Party(dialled, PartyKind.EXPERT, Via.GROUP, line.expert)
    general = next(group.name for group in registry.groups.values() if group.kind is GroupKind.GENERAL)
    return Party(dialled, PartyKind.LINE, Via.GROUP, general)
