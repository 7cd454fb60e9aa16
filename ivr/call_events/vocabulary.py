"""The call events, each declared once.

``NAME`` is the name of Asterisk's CEL user event. The log files have the names of the fields, too, so that a renamed
field makes older files unreadable.
"""

from dataclasses import dataclass
from typing import ClassVar

from ivr.call_events.values import (
    FALLBACKS,
    AnswerEnd,
    CallbackResult,
    PartyKind,
    Reason,
    SeatKind,
    SecondLineAct,
    SpeechDecision,
    WatchAct,
)


@dataclass(frozen=True, slots=True)
class RouteChosen:
    """The plan of the call; written once, as soon as the plan is known."""

    NAME: ClassVar[str] = "IVR_ROUTE"
    dialled: str  # as registered ("12333"); the digits dialled if they are not registered
    caller: str  # "" if withheld
    line: str  # number of the line whose service the call gets (12331 → "12315")
    mode: str  # the registry's mode of the number dialled; "" if unregistered
    chain: tuple[str, ...]  # numbers passed, the number dialled first
    gap: bool  # the number dialled is unregistered or not in force


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The caller pressed a key in a menu, or was silent."""

    NAME: ClassVar[str] = "IVR_KEY"
    menu: str
    key: str  # "0"-"9", "*", "#"; "" is silence
    topic: str  # the choice in words; "" if the key chose nothing


@dataclass(frozen=True, slots=True)
class SpeechHeard:
    """The caller spoke at a menu, or answered a question about an earlier utterance."""

    NAME: ClassVar[str] = "IVR_HEARD"
    menu: str
    text: str  # the recogniser's reading: a stranger's words
    score: float  # how likely the caller wants the target, 0 to 1; of an emergency, the recogniser's score
    recognizer: str
    milliseconds: int  # of computing after the utterance ended
    decision: SpeechDecision
    target: str  # "main:1" for a menu's key, else a number; of two targets the likelier; "" for none
    topic: str  # the target in words; "" while the decision is open


@dataclass(frozen=True, slots=True)
class AnswerPlayed:
    """The caller asked a question at a menu and heard the short answer of an article (群众自助查询)."""

    NAME: ClassVar[str] = "IVR_ANSWER"
    article: str  # its name in the knowledge base
    version: int
    title: str
    seconds: int  # that the caller heard
    length: int  # seconds of the whole answer
    end: AnswerEnd


@dataclass(frozen=True, slots=True)
class OfferStarted:
    """The call is about to be offered to a group, an expert seat or a center; written before the Queue or Dial."""

    NAME: ClassVar[str] = "IVR_OFFER"
    kind: SeatKind
    target: str  # group name; the line's number for a center


@dataclass(frozen=True, slots=True)
class EmergencyStarted:
    """An emergency service and the agents of a group are about to be rung, to be joined with the caller."""

    NAME: ClassVar[str] = "IVR_EMERGENCY"
    number: str  # 110, 119, …
    group: str  # "" if no agent is signed in


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A node of a cluster took the caller of another node's call; all events that it writes belong to that call."""

    NAME: ClassVar[str] = "IVR_HANDED_OVER"
    call: str  # id of the call at the node that took the call from the trunk


@dataclass(frozen=True, slots=True)
class FallbackTaken:
    """An offer reached nobody, or was not made; the call goes on to the next step."""

    NAME: ClassVar[str] = "IVR_FALLBACK"
    reason: Reason  # one of FALLBACKS

    def __post_init__(self) -> None:
        """Refuse the reason of a step that is no fallback.

        Raises:
            ValueError: ``reason`` is not one of FALLBACKS.
        """
        if self.reason not in FALLBACKS:
            raise ValueError(f"{self.reason} is no reason of a fallback")


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """The caller left a message; it becomes a work order (派发工单)."""

    NAME: ClassVar[str] = "IVR_MESSAGE"
    work_order: str  # id, unique over all calls
    number: str  # the line that the message concerns
    unit: str  # 责任单位
    recording: str  # file name in the home's folder of messages
    seconds: int


@dataclass(frozen=True, slots=True)
class ConsultStarted:
    """An agent consults (三方转接); written on the consult's own channel, before it dials."""

    NAME: ClassVar[str] = "IVR_CONSULT"
    seat: str  # number of the seat whose agent consults
    target: str  # the registered number that the agent dialled
    party: PartyKind
    reach: str  # the number that Asterisk dials


@dataclass(frozen=True, slots=True)
class SecondLineConsult:
    """An agent consults on the second line of the phone, which is another call; written on a channel of that call."""

    NAME: ClassVar[str] = "IVR_SECOND_LINE"
    call: str  # linkedid of the citizen's call
    seat: str  # number of the seat whose agent consults
    target: str  # the registered number that the agent dialled
    party: PartyKind
    act: SecondLineAct


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    """From now on the call between caller and agent is recorded (通话录音)."""

    NAME: ClassVar[str] = "IVR_RECORDED"
    recording: str  # file name in the home's folder of recordings


@dataclass(frozen=True, slots=True)
class RecordingPaused:
    """An agent paused or resumed the recording; written on the agent's own channel."""

    NAME: ClassVar[str] = "IVR_PAUSE"
    paused: bool


@dataclass(frozen=True, slots=True)
class CallHeld:
    """An agent put the other party on hold (保持), or came back; written on the agent's channel."""

    NAME: ClassVar[str] = "IVR_HELD"
    seat: str
    held: bool


@dataclass(frozen=True, slots=True)
class PhoneLost:
    """An agent's phone answered nothing more in a call, and the hotline gave it up; written on the agent's channel."""

    NAME: ClassVar[str] = "IVR_PHONE_LOST"
    seat: str


@dataclass(frozen=True, slots=True)
class CallPulled:
    """A supervisor took a waiting caller out of the queue, to a seat of the supervisor's choice."""

    NAME: ClassVar[str] = "IVR_PULLED"
    seat: str  # that is rung
    by: str  # the supervisor's seat


@dataclass(frozen=True, slots=True)
class WorkOrderMade:
    """An agent made a work order (派发工单), because the unit's phone was not answered."""

    NAME: ClassVar[str] = "IVR_ORDERED"
    work_order: str  # id, unique over all calls
    number: str  # the line that the work order concerns
    unit: str  # 责任单位


@dataclass(frozen=True, slots=True)
class AgentWatched:
    """An expert or a supervisor acts at an agent's call; written on the watcher's channel, which is another call."""

    NAME: ClassVar[str] = "IVR_WATCH"
    call: str  # linkedid of the call that is watched
    seat: str  # the agent's
    by: str  # seat of the watcher; the group if no seat of the group came
    role: PartyKind  # expert or supervisor
    act: WatchAct


@dataclass(frozen=True, slots=True)
class CallRated:
    """The citizen rated the service (满意度)."""

    NAME: ClassVar[str] = "IVR_RATED"
    level: int  # 1 非常满意 to 5 非常不满意


@dataclass(frozen=True, slots=True)
class SeatIdentified:
    """A seat other than the phone's own is signed in at the phone that rings; written on the phone's channel."""

    NAME: ClassVar[str] = "IVR_SEATED"
    seat: str


@dataclass(frozen=True, slots=True)
class CallbackStarted:
    """An agent is about to call a citizen back (回拨); written on the agent's channel, before it dials."""

    NAME: ClassVar[str] = "IVR_CALLING_BACK"
    call: str  # linkedid of the missed call
    number: str  # the number that is dialled
    seat: str


@dataclass(frozen=True, slots=True)
class CallbackSettled:
    """The agent's result of the callback; written on the agent's channel after the talk."""

    NAME: ClassVar[str] = "IVR_CALLED_BACK"
    result: CallbackResult


CallEvent = (
    RouteChosen
    | KeyPressed
    | SpeechHeard
    | AnswerPlayed
    | OfferStarted
    | EmergencyStarted
    | HandedOver
    | FallbackTaken
    | MessageLeft
    | ConsultStarted
    | SecondLineConsult
    | RecordingStarted
    | RecordingPaused
    | CallHeld
    | PhoneLost
    | CallPulled
    | WorkOrderMade
    | AgentWatched
    | CallRated
    | SeatIdentified
    | CallbackStarted
    | CallbackSettled
)
