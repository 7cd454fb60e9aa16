"""Notes that a call script leaves in Asterisk's CEL file, so that the call record knows what only the script knew.

A script emits ``CELGenUserEvent(NAME,extra)`` with what `encode` returns; the importer reads it back
with `decode`. The notes travel through Asterisk's own file, so they survive whatever dies.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, get_args
from urllib.parse import parse_qsl, urlencode


class SeatKind(StrEnum):
    """Who answers a call (座席类型). The first three are the registry's group kinds."""

    GENERAL = "general"  # 话务座席
    ENTERPRISE = "enterprise"  # 政企通专席
    EXPERT = "expert"  # 专家座席
    CENTER = "center"  # a sub-center's own seats (分中心)


class Party(StrEnum):
    """Whom an agent consults."""

    CENTER = "center"  # a sub-center
    LINKAGE = "linkage"  # 110, 119, … (联动)
    LINE = "line"  # another registered line
    SEAT = "seat"  # a pooled seat
    EXPERT = "expert"  # an expert seat
    SUPERVISOR = "supervisor"  # a supervisor's seat (班长席), who comes without being asked


class Act(StrEnum):
    """What an expert who guides, or a supervisor, does at an agent's call."""

    RING = "ring"  # the expert's phone rings
    LISTEN = "listen"
    WHISPER = "whisper"  # only the agent hears it (耳语)
    JOIN = "join"  # all three hear each other (三方通话)
    TAKE_OVER = "take-over"  # the agent is let go (接管)
    HANG_UP = "hang-up"  # the call is ended (强拆)
    LEFT = "left"
    BUSY = "busy"  # the last three: nobody came
    SILENT = "silent"
    AWAY = "away"


class Reason(StrEnum):
    """Why an offer reached nobody, so that the call fell back to the next step of its plan."""

    EXPERT_AWAY = "expert-away"  # no expert is signed in
    EXPERT_BUSY = "expert-busy"  # signed in, none free
    EXPERT_SILENT = "expert-silent"  # rang, nobody answered
    CENTER_BUSY = "center-busy"
    CENTER_SILENT = "center-silent"
    CENTER_UNREACHABLE = "center-unreachable"
    CLOSED = "closed"  # outside the hours of expert or center
    NO_AGENT = "no-agent"  # no pooled agent is signed in
    QUEUE_FULL = "queue-full"  # as many callers wait as the group allows
    GAVE_UP = "gave-up"  # the caller pressed 1 rather than wait on
    CALLBACK = "callback"  # the caller pressed 2: to be called back rather than wait on
    CAME_BACK = "came-back"  # a call to a center came back in
    BLOCKED = "blocked"  # the caller is on the block list
    CALLER_LIMIT = "caller-limit"  # more calls at once than one caller may have
    TRUNK_LIMIT = "trunk-limit"  # more calls at once than the hotline takes from the carrier
    TECHNICAL = "technical"  # something of ours failed


TURNED_AWAY = frozenset({Reason.BLOCKED, Reason.CALLER_LIMIT, Reason.TRUNK_LIMIT})
"""Why a caller was offered to nobody at all."""


@dataclass(frozen=True, slots=True)
class Route:
    """The plan of the call, once, as soon as it is known."""

    NAME: ClassVar[str] = "IVR_ROUTE"
    dialled: str  # as registered ("12333"), or the digits dialled where unregistered
    caller: str  # "" where withheld
    line: str  # number of the line whose service the call gets (12331 → "12315")
    mode: str  # the registry's mode of the number dialled; "" where unregistered
    chain: tuple[str, ...]  # numbers passed, dialled first
    gap: bool  # the number is unregistered or not in force


@dataclass(frozen=True, slots=True)
class Key:
    """A key pressed in a menu."""

    NAME: ClassVar[str] = "IVR_KEY"
    menu: str
    key: str  # "0"-"9", "*", "#"; "" is silence
    topic: str  # the choice in words; "" where the key chose nothing


class Understood(StrEnum):
    """What came of something that a caller said."""

    SURE = "sure"  # went there
    CONFIRM = "confirm"  # asked whether that is meant
    CONFIRMED = "confirmed"  # ... and it was
    DENIED = "denied"  # ... and it was not, or the caller did not answer
    WHICH = "which"  # asked which of two is meant
    CHOSEN = "chosen"  # ... and it was this one
    UNKNOWN = "unknown"  # an agent had to hear it
    EMERGENCY_ASKED = "emergency-asked"  # asked whether help is needed
    EMERGENCY_DENIED = "emergency-denied"  # ... and it was not: a false alarm
    EMERGENCY_UNANSWERED = "emergency-unanswered"  # ... and there was no answer, so it was taken for one
    EMERGENCY = "emergency"  # ... and it was: the service was called
    EMERGENCY_SURE = "emergency-sure"  # beyond doubt: the service was called without a question

    @property
    def is_first(self) -> bool:
        """Whether the caller said it just then; the others follow a question about what was said."""
        return self in (self.SURE, self.CONFIRM, self.WHICH, self.UNKNOWN, self.EMERGENCY_ASKED, self.EMERGENCY_SURE)


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that the caller said at a menu, or what came of the question about it."""

    NAME: ClassVar[str] = "IVR_HEARD"
    menu: str
    text: str  # as the recogniser wrote it: a stranger's words
    score: float  # the recogniser's, 0 to 1
    recognizer: str
    milliseconds: int  # of computing after the sound was there
    decision: Understood
    target: str  # "main:1" for a menu's key, else a number; the likelier of two; "" for none
    topic: str  # where the call goes, in words; "" while that is not sure


@dataclass(frozen=True, slots=True)
class Offer:
    """The call is about to be offered to somebody; emit it before the Queue or Dial."""

    NAME: ClassVar[str] = "IVR_OFFER"
    kind: SeatKind
    target: str  # group name; the line's number for a center


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency service and the agents of a group are about to be rung, to be joined with the caller."""

    NAME: ClassVar[str] = "IVR_EMERGENCY"
    number: str  # 110, 119, …
    group: str  # "" where nobody is signed in


@dataclass(frozen=True, slots=True)
class Fallback:
    """The offer (or the wish to make one) reached nobody."""

    NAME: ClassVar[str] = "IVR_FALLBACK"
    reason: Reason


@dataclass(frozen=True, slots=True)
class Message:
    """The caller left a message; it becomes a work order (派发工单)."""

    NAME: ClassVar[str] = "IVR_MESSAGE"
    work_order: str  # id, unique over all calls
    number: str  # the line it concerns
    unit: str  # 责任单位
    recording: str  # file name under the home's messages
    seconds: int


@dataclass(frozen=True, slots=True)
class Consult:
    """An agent consults (三方转接); emitted on the consult's own channel, before it dials."""

    NAME: ClassVar[str] = "IVR_CONSULT"
    seat: str  # number of the seat that asks
    target: str  # as the agent dialled it, registered
    party: Party
    reach: str  # what is really dialled


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the caller and an agent say to each other is recorded from now on (通话录音)."""

    NAME: ClassVar[str] = "IVR_RECORDED"
    recording: str  # file name under the home's recordings


@dataclass(frozen=True, slots=True)
class Pause:
    """An agent paused the recording, or let it go on; emitted on the agent's own channel."""

    NAME: ClassVar[str] = "IVR_PAUSE"
    paused: bool


@dataclass(frozen=True, slots=True)
class Ordered:
    """An agent made a work order (派发工单) for a unit that was asked in vain."""

    NAME: ClassVar[str] = "IVR_ORDERED"
    work_order: str  # id, unique over all calls
    number: str  # the line it concerns
    unit: str  # 责任单位


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody is at an agent's call; left on a channel of the watcher's own, which is in no call of a citizen."""

    NAME: ClassVar[str] = "IVR_WATCH"
    call: str  # linkedid of the call that it is about
    seat: str  # the agent's
    by: str  # seat of the watcher; the group, where nobody of it came
    role: Party  # expert or supervisor
    act: Act


@dataclass(frozen=True, slots=True)
class Rated:
    """The citizen rated the service (满意度)."""

    NAME: ClassVar[str] = "IVR_RATED"
    level: int  # 1 非常满意 to 5 非常不满意


@dataclass(frozen=True, slots=True)
class Seated:
    """Another seat than the phone's own has signed in at the phone that rings; left on the phone's channel."""

    NAME: ClassVar[str] = "IVR_SEATED"
    seat: str


@dataclass(frozen=True, slots=True)
class CallingBack:
    """An agent is about to ring a citizen back (回拨); emitted on the agent's own channel, before it dials."""

    NAME: ClassVar[str] = "IVR_CALLING_BACK"
    call: str  # id of the call that was missed
    number: str  # what is dialled
    seat: str


Note = (
    Route
    | Key
    | Heard
    | Offer
    | Emergency
    | Fallback
    | Message
    | Consult
    | Recorded
    | Pause
    | Ordered
    | Watch
    | Rated
    | Seated
    | CallingBack
)
_KINDS: dict[str, type[Note]] = {kind.NAME: kind for kind in get_args(Note)}


def is_note(name: str) -> bool:
    """Say whether a user event of this name is one of ours."""
    return name in _KINDS


def encode(note: Note) -> tuple[str, str]:
    """Return the name and the extra text of the user event that carries ``note``.

    The extra holds only ``[A-Za-z0-9_.~%=&+-]``: commas, quotes and semicolons would not survive
    Asterisk's argument parser.
    """
    return note.NAME, urlencode({field.name: _to_text(getattr(note, field.name)) for field in fields(note)})


@lru_cache(maxsize=2000)  # whoever looks at an event decodes it, and a call's events are looked at with each new one
def decode(name: str, extra: str) -> Note | None:
    """Return the note that a user event carries, or None where it is not a whole note of ours."""
    kind = _KINDS.get(name)
    if kind is None:
        return None
    try:
        given = dict(parse_qsl(extra, keep_blank_values=True, strict_parsing=True, max_num_fields=16))
        return kind(**{field.name: _from_text(field.type, given[field.name]) for field in fields(kind)})
    except (KeyError, ValueError):
        return None


def _to_text(value: object) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case tuple():
            return ",".join(value)
        case _:
            return str(value)


def _from_text(wanted: object, text: str) -> Any:  # noqa: ANN401 - the dataclass field says which type it is
    """Return ``text`` as a field of that type; ValueError where it is none."""
    text.encode()  # a lone surrogate is a ValueError here; no database takes it
    if "\0" in text:
        raise ValueError("no database takes a NUL character")
    if wanted is bool:
        return {"1": True, "0": False}[text]
    if wanted is int:
        return _count(text)
    if wanted is float:
        return _share(text)
    if wanted == tuple[str, ...]:
        return tuple(text.split(",")) if text else ()
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return wanted(text)
    return text


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**31:
        raise ValueError("no database column takes it")
    return number


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise ValueError("no share of one")
    return share
