"""The values that a call record is made of: its outcome, its legs, its work orders, its callback."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ivr.call_events.values import CallbackResult, PartyKind, SpeechDecision

Spans = tuple[tuple[float, float], ...]
"""Spans of a recording: from and to, in seconds of the recording."""


class Outcome(StrEnum):
    """The end of a call for the citizen."""

    ANSWERED = "answered"  # a human spoke with the caller
    MESSAGE = "message"  # no human answered; the caller left a message
    INFORMED = "informed"  # the caller heard the answer of an article and hung up before an offer (自助答复)
    ABANDONED = "abandoned"  # the caller hung up before a human answered and before a message
    FAILED = "failed"  # the hotline hung up, or Asterisk died, before a human answered and before a message
    REFUSED = "refused"  # the caller is blocked or beyond the limits, or the hotline never answered
    IN_PROGRESS = "in-progress"  # the call is not over


class LegKind(StrEnum):
    """The kind of a leg. The first four kinds are those of `ivr.call_events.values.SeatKind`."""

    GENERAL = "general"
    ENTERPRISE = "enterprise"
    EXPERT = "expert"
    CENTER = "center"
    CONSULT = "consult"  # a party that an agent consulted
    LINKAGE = "linkage"  # an emergency service (联动), called for the caller
    MESSAGE = "message"
    LISTEN = "listen"  # from here on: an expert or a supervisor who monitors an agent's call
    WHISPER = "whisper"
    JOIN = "join"
    TAKE_OVER = "take-over"
    HANG_UP = "hang-up"


class LegResult(StrEnum):
    """The result of a leg."""

    ANSWERED = "answered"
    NO_ANSWER = "no-answer"
    BUSY = "busy"  # busy or declined
    UNAVAILABLE = "unavailable"  # the phone could not be reached
    CANCELLED = "cancelled"  # the calling side hung up first, or another phone answered
    FAILED = "failed"
    RECORDED = "recorded"  # a message was left
    RINGING = "ringing"  # the leg is not over


@dataclass(frozen=True, slots=True)
class Leg:
    """A party that was rung, or a message."""

    kind: LegKind
    target: str  # a seat's number; a center's or a service's number; a consulted number; a work order's id
    party: PartyKind | None  # of a consult: the party consulted; of a watcher: the watcher's role
    result: LegResult
    seconds: float  # of talk if answered, of recording if a message, else of ringing
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Utterance:
    """An utterance of the caller at a menu, and the decision about it."""

    at: datetime  # of the last decision about it
    menu: str
    text: str  # as the recogniser read it, long numbers masked
    decision: SpeechDecision  # the last decision
    target: str  # "main:1" for a menu's key, else a number; "" for none
    confidence: float  # how likely the caller wants the target, 0 to 1; of an emergency, the recogniser's score


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """A matter that a unit has to handle (派发工单)."""

    work_order: str  # id
    call_id: str
    caller: str
    number: str  # the line that the matter concerns
    unit: str  # 责任单位; "" if the engine was away
    recording: str  # file name in the folder of messages; "" if an agent made the work order
    seconds: int  # of the message
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SoundQuality:
    """The sound quality of a call at the page of a seat: averages over the reported time (W3C webrtc-stats)."""

    call_id: str
    seat: str
    seconds: float  # that the page reported
    loss_percent: float  # of the packets that were sent to the page
    jitter_ms: float
    round_trip_ms: float


class CallbackState(StrEnum):
    """The state of a callback (漏接电话回拨)."""

    DUE = "due"  # an agent should call back
    RINGING = "ringing"  # an agent calls back at this moment
    REACHED = "reached"  # an agent called back, and talked with the citizen
    WRONG_NUMBER = "wrong-number"  # an agent called back, and another person answered
    CALLED_AGAIN = "called-again"  # the citizen called again and was answered
    GIVEN_UP = "given-up"  # agents made as many attempts as are allowed
    EXPIRED = "expired"  # the missed call is too long ago


@dataclass(frozen=True, slots=True)
class Callback:
    """The callback of one missed call."""

    state: CallbackState
    asked: bool  # the caller pressed 2; else the caller hung up while waiting
    tries: int  # attempts of agents
    tried_at: datetime | None  # the last attempt
    recordings: tuple[str, ...] = ()  # of answered attempts: file names in the folder of recordings


@dataclass(frozen=True, slots=True)
class CallbackAttempt:
    """One attempt of an agent to call a citizen back."""

    call_id: str  # of this attempt: Asterisk's linkedid
    missed_call: str  # call id of the missed call
    number: str  # the number dialled
    seat: str
    result: LegResult
    seconds: float  # of talk if answered, else of ringing
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    recording: str | None  # file name in the folder of recordings
    said: CallbackResult | None = None  # the agent's result; None if the agent gave none
