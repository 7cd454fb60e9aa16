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
    platform: str = ""  # the platform that handles the unit's work orders; "" if people at the desk do


@dataclass(frozen=True, slots=True)
class OrderKind:
    """A kind of matter (诉求类型): 咨询, 求助, 投诉, 举报, 建议, 表扬, with the deadline that the city sets."""

    name: str
    title: str
    days: int  # working days from dispatch on
    confidential: bool
    phrases: tuple[str, ...]  # words that suggest the kind


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
    line: str  # the county's own number; "" if it has none


@dataclass(frozen=True, slots=True)
class DispatchEntry:
    """One entry of the dispatch directory; an empty condition fits every matter."""

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
    rounds: int = 2  # after so many rounds, "not solved" does not open a work order again


@dataclass(frozen=True, slots=True)
class FollowUpLink:
    """Follow-ups by message: the citizen gets a link to the citizens' page."""

    receiver: str  # a receiver of the kind json in numbers.yaml (alarms: receivers), such as an SMS gateway
    page: str  # the desk's address for citizens: https://…
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
    to: tuple[str, ...]  # if the receiver sends mail: the unit's addresses, in place of the receiver's own


@dataclass(frozen=True, slots=True)
class PolicyOfficer:
    """A person of a unit who answers enterprises about its policies (政策专员)."""

    name: str
    unit: str
    phone: str  # for the agent who connects the enterprise; "" if the officer has no phone
    topics: tuple[str, ...]  # words of the policies
    notice: UnitNotice | None  # for matters that are referred to the officer; None: the unit's notice


@dataclass(frozen=True, slots=True)
class CitizenPage:
    """The citizens' page, and its limits on new matters."""

    each_hour: int = 5  # matters in an hour from one address
    all_hour: int = 200  # matters in an hour in all
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
    supervision: UnitNotice | None = None  # a further receiver of each supervision (督办)
    notifies: bool = False  # numbers.yaml names a receiver of events
    line_units: Mapping[str, str] = field(default_factory=dict)  # the unit of each number, by the registry
    platforms: Mapping[str, Platform] = field(default_factory=dict)
    officers: Mapping[str, PolicyOfficer] = field(default_factory=dict)  # by name
    ledger_kinds: frozenset[str] = frozenset()  # kinds of matters that are in the ledger of enterprises
