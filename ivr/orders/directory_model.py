"""The content of orders.yaml as values: units, classes, kinds, periods, the dispatch directory (派单目录)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from ivr.orders.platform_model import Platform
from ivr.orders.working_days import WorkCalendar
from ivr.registry.model import Place


@dataclass(frozen=True, slots=True)
class OrderUnit:
    """A unit that handles work orders (承办单位)."""

    name: str
    place: Place
    platform: str = ""  # its work orders go to this platform, whose acts are the unit's; "" for people at the desk


@dataclass(frozen=True, slots=True)
class OrderKind:
    """A kind of matter (诉求类型): 咨询, 求助, 投诉, 举报, 建议, 表扬, with the deadline that the city sets."""

    name: str
    title: str
    days: int  # working days from dispatch on
    confidential: bool
    phrases: tuple[str, ...]  # words that suggest it


@dataclass(frozen=True, slots=True)
class OrderClass:
    """A class of matters (事项分类)."""

    name: str
    title: str
    phrases: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class County:
    """A county or district, and the unit that handles its matters."""

    name: str
    unit: str
    line: str  # its own number, "" if it has none


@dataclass(frozen=True, slots=True)
class DispatchEntry:
    """One line of the dispatch directory; an empty condition fits everything."""

    unit: str
    helpers: tuple[str, ...]
    klass: str
    line: str
    county: str
    place: Place


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods in working days."""

    accept: int = 1  # from dispatch until the unit accepts
    remind_before: int = 1  # before the due day
    remind_after: int = 1  # after it (催办)
    escalate_after: int = 5  # after it (督办)


@dataclass(frozen=True, slots=True)
class OrderLimits:
    """The limits on a unit's requests."""

    extensions: int = 1  # in one round
    extension_days: int = 15
    returns: int = 2
    rounds: int = 2  # until "not solved" opens a work order no more


@dataclass(frozen=True, slots=True)
class FollowUpLink:
    """Follow-ups by message: the citizen is sent a link to the citizens' page."""

    receiver: str  # under alarms: receivers in numbers.yaml, of the kind json: an SMS gateway
    page: str  # the address of the desk, as citizens reach it: https://…
    wait: int = 24  # hours in which the citizen may answer, before the telephone rings


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Follow-ups by telephone (回访)."""

    hours: tuple[time, time] = (time(9), time(20))
    tries: int = 3
    pause: int = 60  # minutes between two tries
    after: int = 1  # days after the answer was approved
    link: FollowUpLink | None = None  # None: no message is sent


@dataclass(frozen=True, slots=True)
class UnitNotice:
    """The receiver in numbers.yaml by which a unit, or a policy officer, gets reminders."""

    receiver: str
    to: tuple[str, ...]  # of mail: the unit's addresses, in place of the receiver's own


@dataclass(frozen=True, slots=True)
class PolicyOfficer:
    """A person of a unit who answers enterprises about its policies (政策专员)."""

    name: str
    unit: str
    phone: str  # for the agent who connects the enterprise; "" if it has none
    topics: tuple[str, ...]  # words of the policies
    notice: UnitNotice | None  # how the officer is told of a referred matter; None: as the unit


@dataclass(frozen=True, slots=True)
class CitizenPage:
    """The citizens' own page: matters in an hour."""

    each_hour: int = 5  # from one address
    all_hour: int = 200  # from everybody
    proxies: tuple[str, ...] = ()  # reverse proxies whose X-Forwarded-For names the citizen's address


@dataclass(frozen=True, slots=True)
class OrderDirectory:
    """The content of orders.yaml, with the calendar and the units of numbers.yaml."""

    units: Mapping[str, OrderUnit]
    kinds: Mapping[str, OrderKind]
    classes: Mapping[str, OrderClass]
    counties: Mapping[str, County]
    entries: tuple[DispatchEntry, ...]
    default_unit: str
    default_kind: str
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    periods: Periods = field(default_factory=Periods)
    limits: OrderLimits = field(default_factory=OrderLimits)
    follow_ups: FollowUps = field(default_factory=FollowUps)
    citizen_page: CitizenPage | None = None  # None: there is no such page
    notices: Mapping[str, UnitNotice] = field(default_factory=dict)  # by the unit
    supervision: UnitNotice | None = None  # who beside the unit is told of each supervision (督办)
    notifies: bool = False  # numbers.yaml names a receiver of events
    line_units: Mapping[str, str] = field(default_factory=dict)  # the unit of each number, by the registry
    platforms: Mapping[str, Platform] = field(default_factory=dict)
    officers: Mapping[str, PolicyOfficer] = field(default_factory=dict)  # by name
    ledger_kinds: frozenset[str] = frozenset()  # kinds that stand in the ledger of enterprises
