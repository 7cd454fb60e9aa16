"""A call record (话务数据归集), its legs and its work orders, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ivr.call_events.values import PartyKind, Reason, SeatKind, SpeechDecision


class Outcome(StrEnum):
    """How a call ended for the citizen."""

    ANSWERED = "answered"  # a human spoke with the caller
    MESSAGE = "message"  # the caller left a message
    ABANDONED = "abandoned"  # the caller hung up before either
    FAILED = "failed"  # the hotline hung up, or Asterisk died, before either
    REFUSED = "refused"  # turned away: blocked, or beyond the limits; or never picked up
    IN_PROGRESS = "in-progress"  # not over yet


class LegKind(StrEnum):
    """What a leg is. The first four are those of `ivr.call_events.values.SeatKind`."""

    GENERAL = "general"
    ENTERPRISE = "enterprise"
    EXPERT = "expert"
    CENTER = "center"
    CONSULT = "consult"  # brought in by an agent
    LINKAGE = "linkage"  # an emergency service (联动), called for the caller
    MESSAGE = "message"
    LISTEN = "listen"  # these five: an expert who guides, or a supervisor, at an agent's call
    WHISPER = "whisper"
    JOIN = "join"
    TAKE_OVER = "take-over"
    HANG_UP = "hang-up"


class Result(StrEnum):
    """How a leg ended."""

    ANSWERED = "answered"
    NO_ANSWER = "no-answer"
    BUSY = "busy"  # or declined
    UNAVAILABLE = "unavailable"  # not to be reached
    CANCELLED = "cancelled"  # the asking side gave up first, or somebody else answered
    FAILED = "failed"
    RECORDED = "recorded"  # a message
    RINGING = "ringing"  # not over yet


@dataclass(frozen=True, slots=True)
class Leg:
    """One party that was rung, or the message that was left."""

    kind: LegKind
    target: str  # seat number; number of the center or service; what the agent dialled; id of the work order
    party: PartyKind | None  # of a consult: whom; of a watcher: as what
    result: Result
    seconds: float  # of talk where answered, of recording for a message, else of ringing
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """A message that somebody has to deal with (派发工单)."""

    work_order: str
    call_id: str
    caller: str
    number: str  # the line it concerns
    unit: str  # 责任单位; "" where the engine was away
    recording: str  # file name in the folder of messages
    seconds: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Intent:
    """What a caller said at a menu, and what was made of it."""

    text: str  # as the recogniser wrote it
    decision: SpeechDecision
    target: str  # "main:1" for a menu's key, else a number; "" for none
    confidence: float  # the recogniser's score, 0 to 1
    recognizer: str
    heard_ms: int  # of computing after the sound was there


@dataclass(frozen=True, slots=True)
class Recording:
    """What the caller and agents said to each other (通话录音)."""

    file: str  # name in the folder of recordings
    paused: tuple[tuple[float, float], ...] = ()  # from and to, seconds of the recording; silence stands there
    deleted_at: datetime | None = None  # its time was over; the file is gone


class CallbackState(StrEnum):
    """What became of calling back somebody who was missed (漏接电话回拨)."""

    DUE = "due"  # somebody should
    RINGING = "ringing"  # an agent does, just now
    REACHED = "reached"  # an agent did, and the citizen answered
    CALLED_AGAIN = "called-again"  # the citizen called again, and was answered
    GIVEN_UP = "given-up"  # rung often enough
    EXPIRED = "expired"  # too long ago


@dataclass(frozen=True, slots=True)
class Callback:
    """Whether a caller who was missed has been called back."""

    state: CallbackState
    asked: bool  # the caller pressed 2; otherwise hung up while waiting
    tries: int  # of agents
    tried_at: datetime | None  # the last of them
    recordings: tuple[str, ...] = ()  # of those answered: file names in the folder of recordings


@dataclass(frozen=True, slots=True)
class CallbackAttempt:
    """One try of an agent to call a citizen back."""

    call_id: str  # of this try: Asterisk's linkedid
    missed_call: str  # call id of the call that was missed
    number: str  # as it was dialled
    seat: str
    result: Result
    seconds: float  # of talk where answered, else of ringing
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    recording: str | None  # file name in the folder of recordings


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call of a citizen. Times are UTC; what was never reached is None."""

    call_id: str  # Asterisk's linkedid
    caller: str  # "" where withheld
    dialled: str  # as registered; as delivered, where the engine was away
    line: str  # whose service the call got
    mode: str | None  # of the number dialled; None where unregistered, or the engine was away
    path: str  # keys pressed, "main:1" or "main:*/main:1", "main:speech" for words; "" without a menu
    topic: str  # the menu choice in words
    gap: bool  # the number is unregistered or not in force
    queue: str | None  # the last group whose queue the caller waited in
    wait_s: int  # seconds waited in queues, all told; 0 without a queue
    ring_s: float | None  # seconds that the phone rang which answered
    seat: str | None  # who answered: a seat, or the number of a center; None where only an emergency service did
    seat_kind: SeatKind | None
    started_at: datetime
    answered_at: datetime | None  # by a human: a seat, a center, or an emergency service
    ended_at: datetime | None  # the caller was gone
    outcome: Outcome
    fallbacks: tuple[Reason, ...]  # why earlier offers reached nobody, in order
    legs: tuple[Leg, ...]  # in the order in which they began
    work_orders: tuple[WorkOrder, ...]
    recording: Recording | None = None  # None where no agent answered, or nothing could be recorded
    callback: Callback | None = None  # None where nobody has to call back
    rating: int | None = None  # 1 非常满意 to 5 非常不满意; None where the citizen gave none
    intent: Intent | None = None  # what the caller said last that was no answer; None where nothing was said

    @property
    def fallback(self) -> Reason | None:
        """The last reason why an offer reached nobody."""
        return self.fallbacks[-1] if self.fallbacks else None

    @property
    def work_order(self) -> WorkOrder | None:
        """The last work order that came of this call."""
        return self.work_orders[-1] if self.work_orders else None
