"""The part of a registry that could be read: values with their fields, for the checks between entries."""

from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from ivr.registry.alarm_model import Alarms
from ivr.registry.fields import Fields
from ivr.registry.model import (
    Answers,
    Blocked,
    Callbacks,
    Choice,
    City,
    Emergency,
    Events,
    Group,
    Hours,
    Knowledge,
    Limits,
    Line,
    Linkage,
    Menu,
    Place,
    Recordings,
    Records,
    Seat,
    Timers,
    Unclear,
)
from ivr.registry.trunk_model import Trunk

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A value that was read, and the fields that it came from."""

    value: T
    fields: Fields

    def at(self, key: str) -> Place:
        """Return the place of the value of ``key``."""
        return self.fields.at(key)


@dataclass(frozen=True, slots=True)
class DraftPhrase:
    """One phrase, its place and its meaning."""

    phrase: str
    place: Place
    meaning: str  # in words, "line 12315"; phrases with equal words here mean the same
    line: Line | None = None  # the line that it means; None for another target
    menu: str | None = None  # the only menu in which callers can say it; None: every menu


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """The part of the file about one day."""

    name: str  # of the holiday; "" without one
    place: Place
    like: int = 0  # of a working day: the day of the week whose hours hold; Monday is 0


@dataclass(slots=True)
class DeclaredNames:
    """Names and numbers of the file, also of entries with a problem.

    An entry that refers to an entry with a problem is no problem itself.
    """

    def lacks_line(self, number: str) -> bool:
        """Tell whether no line has a number; a line whose number could not be read may have it."""
        return self.are_numbers_whole and number not in self.numbers

    numbers: dict[str, Place] = field(default_factory=dict)  # of lines; the first entry's place
    are_numbers_whole: bool = True  # the number of every line could be read
    hotlines: list[Place] = field(default_factory=list)
    menus: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    seated: set[str] = field(default_factory=set)  # groups that a seat names


@dataclass(slots=True)
class Draft:
    """The entries of a file without problems."""

    start: Place
    declared: DeclaredNames = field(default_factory=DeclaredNames)
    city: City | None = None
    lines: list[Entry[Line]] = field(default_factory=list)
    groups: dict[str, Entry[Group]] = field(default_factory=dict)
    seats: list[Entry[Seat]] = field(default_factory=list)
    menus: dict[str, Entry[Menu]] = field(default_factory=dict)
    choices: dict[str, list[Entry[Choice]]] = field(default_factory=dict)  # by menu, also of menus with a problem
    hours: dict[str, Hours] = field(default_factory=dict)
    holidays: dict[date, CalendarDay] = field(default_factory=dict)
    workdays: dict[date, CalendarDay] = field(default_factory=dict)
    linkage: list[Entry[Linkage]] = field(default_factory=list)
    trunks: list[Entry[Trunk]] = field(default_factory=list)
    timers: Timers | None = None
    events: Events | None = None
    alarms: Alarms = field(default_factory=Alarms)
    knowledge: Knowledge = field(default_factory=Knowledge)
    callbacks: Callbacks = field(default_factory=Callbacks)
    records: Records = field(default_factory=Records)
    recordings: Recordings = field(default_factory=Recordings)
    unclear: list[Entry[Unclear]] = field(default_factory=list)
    emergencies: list[Entry[Emergency]] = field(default_factory=list)
    answers: Answers = field(default_factory=Answers)
    limits: Limits = field(default_factory=Limits)
    blocked: dict[str, Blocked] = field(default_factory=dict)
    phrases: list[DraftPhrase] = field(default_factory=list)  # every phrase of a line, key, service and emergency
    broken_numbers: set[str] = field(default_factory=set)  # numbers of lines with a problem
    modes_read: bool = False  # the mode of every line could be read
    groups_read: bool = False  # there is a mapping of groups
