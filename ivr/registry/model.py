"""The registry as values: lines, seats, groups, menus, hours, linkage and the trunk.

Every value is frozen and independent of Asterisk. Only ``ivr.registry.load`` makes a `Registry`, from YAML.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from ivr.registry.alarm_model import Alarms
from ivr.registry.place import Place as Place  # noqa: PLC0414 - every room knows it as a part of the model
from ivr.registry.trunk_model import SipTransport, Trunk


class Mode(StrEnum):
    """The mode in which a number was merged (郴政办发〔2021〕22号, 二(一)1)."""

    HOTLINE = "hotline"  # 12345 itself; exactly one line has it
    MERGED = "merged"  # 整体并入
    DUAL = "dual"  # 双号并行
    SUBCENTER = "subcenter"  # 设分中心


class GroupKind(StrEnum):
    """The task of a group's seats."""

    GENERAL = "general"  # 话务座席
    ENTERPRISE = "enterprise"  # 政企通专席
    EXPERT = "expert"  # 专家座席


@dataclass(frozen=True, slots=True)
class City:
    """The city of the hotline, with the codes that a carrier may put before a local number."""

    name: str
    area_code: str  # with its trunk zero, "0735"
    country_code: str  # without plus, "86"


@dataclass(frozen=True, slots=True)
class Line:
    """One number that citizens dial (号码), for the dates on which this entry holds."""

    number: str
    name: str
    unit: str  # 责任单位; "" if the annex names none
    mode: Mode
    place: Place
    into: str | None = None  # merged: the number it leads on to; None means the hotline itself
    remark: str = ""
    valid_from: date | None = None  # key `from`, inclusive
    valid_until: date | None = None  # key `until`, inclusive
    expert: str | None = None  # dual: name of the expert group that is asked first
    reach: str | None = None  # subcenter: digits dialled through the carrier; None means `number`
    hours: str | None = None  # name in Registry.hours: the hours in which expert or center is staffed; None: always
    menu: str | None = None  # hotline: name of the menu; None means straight to the agents
    phrases: tuple[str, ...] = ()  # phrases with which citizens ask for the line, the likeliest first
    matters: tuple[str, ...] = ()  # matters of the line (事项), in key words
    script: tuple[str, ...] = ()  # the agent's words in a call of this line, sentence by sentence (话术)
    checklist: tuple[str, ...] = ()  # questions and acts of the agent before the call ends (核对清单)
    results: tuple[str, ...] = ()  # results of a call of this line (处理结果), for the agent to choose from


@dataclass(frozen=True, slots=True)
class Group:
    """Seats that share one queue."""

    name: str  # key in the file, "general", "enterprise", "expert-12348"
    title: str  # in words, "政企通专席"
    kind: GroupKind
    limit: int  # callers who may wait at once
    place: Place
    overflow: str | None = None  # group that takes the call if no seat of this group is signed in
    priority: int = 0  # callers of a group with a higher priority go first to a seat that serves both; 0 to 9


class SecondPhone(StrEnum):
    """The rule for a phone that registers with a seat's account while another phone is registered with it."""

    REPLACES = "replaces"  # a phone that restarts need not wait for its old registration to end
    REFUSED = "refused"  # while the first phone answers OPTIONS


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat (座席): a SIP account and the groups it serves."""

    number: str
    name: str
    groups: tuple[str, ...]
    place: Place
    supervisor: bool = False  # 班长席: may listen to other seats' calls, speak in them, take them over and end them
    transport: SipTransport = SipTransport.UDP  # of the seat's phone; with TLS and WSS its sound is encrypted, too
    second_phone: SecondPhone = SecondPhone.REPLACES


class ChoiceKind(StrEnum):
    """The effect of a menu key."""

    GROUP = "group"
    LINE = "line"
    REPEAT = "repeat"
    SLOW = "slow"  # the menu again, with slower prompts and twice the waiting time (慢速)
    DIALECT = "dialect"  # an agent without any question: the caller does not understand Mandarin (方言)
    PROGRESS = "progress"  # the state of the caller's work order, then an agent (查询办理进度)
    EMERGENCY = "emergency"  # an agent ahead of every other caller (紧急求助)


@dataclass(frozen=True, slots=True)
class Choice:
    """One key of a menu."""

    key: str  # "0" to "9" or "*"
    kind: ChoiceKind
    target: str | None  # group name or line number; None for repeat and slow
    topic: str  # in words, for the record and the agent; "" for repeat and slow
    place: Place
    phrases: tuple[str, ...] = ()  # phrases that citizens say instead of pressing the key


@dataclass(frozen=True, slots=True)
class Menu:
    """A one-level keypad menu (按键菜单)."""

    name: str
    prompt: str  # prompt id
    choices: tuple[Choice, ...]
    human: str  # group that silence, an unknown key or three failures lead to
    place: Place


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly opening hours; Monday is 0. A day without a span is closed."""

    name: str
    spans: Mapping[int, tuple[tuple[time, time], ...]]
    place: Place


@dataclass(frozen=True, slots=True)
class Linkage:
    """A service outside the hotline that agents may bring in (联动): 110, 119, 120, 122, utilities."""

    number: str  # the number that the agent dials
    name: str
    reach: str  # digits dialled through the carrier
    place: Place
    phrases: tuple[str, ...] = ()  # phrases with which citizens ask for it
    matters: tuple[str, ...] = ()  # matters of the service


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that mean one of two lines (预付卡), so that the caller has to choose."""

    phrases: tuple[str, ...]
    lines: tuple[str, str]  # numbers
    place: Place


@dataclass(frozen=True, slots=True)
class Emergency:
    """A service that is called at once if a citizen says a phrase of ``phrases`` (着火了)."""

    number: str  # of linkage
    phrases: tuple[str, ...]
    unless: tuple[str, ...]  # words that make the phrases no emergency (着火了怎么投诉消防)
    place: Place
    situations: tuple[str, ...] = ()  # the caller is asked after words of such a meaning (触电了)


@dataclass(frozen=True, slots=True)
class Answers:
    """The words of citizens for yes and for no."""

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timers:
    """The ringing time of each party, in seconds."""

    expert: int  # 20: an expert seat rings
    center: int  # 25: a sub-center rings
    seat: int  # 15: one pooled seat rings before the next is tried
    menu: int  # 5: silence after the menu prompt
    message: int  # 120: longest message
    rating: int  # 6: silence after the question for a rating; 0: no citizen is asked
    wrapup: int = 0  # from a call to the next offer to the seat (话后整理)
    patience: int = 90  # interval at which a waiting caller is offered message and callback


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of calls at once. A caller beyond a limit hears the emergency numbers."""

    caller: int = 20  # from one number, which may be the number of a whole office
    trunk: int = 240  # all calls from the carrier; RTP ports must suffice for them and for the legs to agents


@dataclass(frozen=True, slots=True)
class Blocked:
    """A caller on the supervised block list (骚扰电话), who hears the emergency numbers and nothing else."""

    number: str  # as the carrier shows it, or with the area code, or with the country code
    reason: str  # the reason, and the person who ordered it; for the next admin
    until: date  # last day; every entry ends, so that the city has to decide again
    place: Place


@dataclass(frozen=True, slots=True)
class Records:
    """Call records (通话记录), and the other data of a call."""

    days: int = 730  # from the call's end until all its data is deleted


@dataclass(frozen=True, slots=True)
class Recordings:
    """Recordings of agents' calls (通话录音)."""

    days: int = 90  # from the call's end until its recording is deleted


@dataclass(frozen=True, slots=True)
class Callbacks:
    """The numbers that agents may call back (漏接电话回拨), and the hours of callbacks.

    A pattern is digits, X for any digit, [2-8] for a digit of this range.
    """

    hours: tuple[time, time] = (time(8), time(21))  # on every day; the city's time
    patterns: tuple[str, ...] = (  # of a number without country code
        "1[3-9]XXXXXXXXX",  # mobile phones
        "[2-8]XXXXXX",  # the city's own lines, in cities of seven digits and of eight
        "[2-8]XXXXXXX",
        *(f"0{area}[2-8]{'X' * more}" for area in ("[1-9]X", "[1-9]XX") for more in (6, 7)),  # lines elsewhere
    )


@dataclass(frozen=True, slots=True)
class Events:
    """A desktop program that gets events of calls, each as an HTTP POST to this address."""

    url: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The knowledge base (知识库)."""

    public: bool = False  # the public may read and search the articles on offer without signing in


@dataclass(frozen=True, slots=True)
class Registry:
    """The whole of numbers.yaml, checked."""

    city: City
    lines: tuple[Line, ...]  # in file order; one number may have several, their dates not overlapping
    groups: Mapping[str, Group]
    seats: Mapping[str, Seat]
    menus: Mapping[str, Menu]
    hours: Mapping[str, Hours]
    holidays: Mapping[date, str]  # days on which every `hours` is closed, to the holiday's name; lines without: 7×24
    linkage: Mapping[str, Linkage]
    trunks: tuple[Trunk, ...]  # in the order in which calls go out; at least one
    timers: Timers
    workdays: Mapping[date, int] = field(default_factory=dict)  # 调休: days that have another weekday's hours, to that
    unclear: tuple[Unclear, ...] = ()
    emergencies: Mapping[str, Emergency] = field(default_factory=dict)  # by number
    answers: Answers = Answers()
    limits: Limits = Limits()
    blocked: Mapping[str, Blocked] = field(default_factory=dict)  # by number
    records: Records = Records()
    recordings: Recordings = Recordings()
    callbacks: Callbacks = Callbacks()
    events: Events | None = None
    alarms: Alarms = field(default_factory=Alarms)
    knowledge: Knowledge = Knowledge()

    @property
    def hotline(self) -> Line:
        """The line of 12345 itself."""
        return next(line for line in self.lines if line.mode is Mode.HOTLINE)

    def entry(self, number: str, day: date) -> Line | None:
        """Return the entry of ``number`` that holds on that day, if any."""
        for line in self.lines:
            if line.number == number and (line.valid_from or day) <= day <= (line.valid_until or day):
                return line
        return None
