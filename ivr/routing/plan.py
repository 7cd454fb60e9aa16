"""A plan: the steps that a call goes through, in order, each with its reason.

A call script walks the steps. A step that reaches a human ends the plan; otherwise the next step follows. Every plan
ends in a `Message`, so that no call ends in silence. Only the plan of a rejected caller (`ivr.routing.protection`)
is a single `Say`, which names the emergency numbers.

After `AskMenu`, a key or a word replaces the rest of the plan. The steps after it in the plan are the steps for
silence.
"""

from dataclasses import dataclass
from datetime import datetime

from ivr.call_events.values import Reason
from ivr.registry.model import Line, Place

ANY_EMERGENCY = "any"
"""In place of 110, 119, …: the caller pressed the emergency key, and the agent asks which service is needed."""


@dataclass(frozen=True, slots=True)
class Say:
    """Play prompts, in order. Keys do not interrupt."""

    prompts: tuple[str, ...]  # prompt ids; a spoken number is one id a digit: "phone/1", "phone/2", …
    reason: Reason
    place: Place | None


@dataclass(frozen=True, slots=True)
class AskMenu:
    """Play opening and menu, and take a key or speech.

    `ivr.routing.decide.after_menu` returns the steps after a key, `after_speech` the steps after speech. The steps
    behind it in the plan are the steps of a caller who presses nothing.
    """

    menu: str
    opening: tuple[str, ...]  # prompt ids, said once, interruptible
    reason: Reason
    place: Place | None
    slow: bool = False  # slower prompts and twice the waiting time, from here to the end of the call (慢速)


@dataclass(frozen=True, slots=True)
class OfferExpert:
    """Ring the expert group's free seats (专家座席优先)."""

    group: str
    seconds: int
    reason: Reason
    place: Place | None
    topic: str = ""  # the matter in words, for the expert; "" if the number dialled says it


@dataclass(frozen=True, slots=True)
class OfferCenter:
    """Ring the sub-center through the carrier (分中心)."""

    number: str  # the number of the line
    reach: str  # digits from the registry, never from a caller
    seconds: int
    reason: Reason
    place: Place | None


@dataclass(frozen=True, slots=True)
class Agents:
    """Wait for the pooled agents of a group (话务座席)."""

    group: str
    needs_expert: bool  # 需专家: shown to the agent if an expert seat should have answered
    topic: str  # the menu choice in words, or the caller's words; "" if there was no menu
    reason: Reason
    place: Place | None
    emergency: str = ""  # 110, 119, … or ANY_EMERGENCY: ahead of every waiting caller; "" for no emergency


@dataclass(frozen=True, slots=True)
class JoinService:
    """Call an emergency service, and join it with the caller and an agent in one conference (三方通话)."""

    number: str  # of linkage: 110, 119, …
    group: str | None  # the group that is rung meanwhile, ahead of every other caller; None if no seat is signed in
    reason: Reason
    place: Place | None


@dataclass(frozen=True, slots=True)
class TellProgress:
    """Ask for the number of a work order, and tell its state (查询办理进度). An agent follows."""

    reason: Reason
    place: Place | None


@dataclass(frozen=True, slots=True)
class Message:
    """Take a message that becomes a work order (留言 → 派发工单)."""

    reason: Reason
    place: Place | None
    line: Line | None = None  # the line that the message concerns if a menu led to it; None: the line of the plan


Step = Say | AskMenu | OfferExpert | OfferCenter | Agents | JoinService | Message | TellProgress


@dataclass(frozen=True, slots=True)
class Live:
    """The state of the hotline at this moment. A group's seats are named by group name."""

    signed_in: frozenset[str]  # groups with at least one seat signed in
    free: frozenset[str]  # groups with at least one seat that can be rung now
    came_back: bool = False  # this caller is being offered to a center right now
    of_caller: int = 0  # calls of this caller that are up, with this call; 0 if the number is withheld
    on_trunk: int = 0  # calls from the carrier that are up, with this call


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one call."""

    dialled: str  # as registered ("12333"), or the digits dialled if they are unregistered ("" for none)
    caller: str  # digits, and a leading +; "" if it is withheld or not a number
    line: Line  # the line whose service the call gets (12331 → the entry of 12315)
    entry: Line | None  # the entry dialled; None if it is unregistered
    chain: tuple[str, ...]  # numbers passed, dialled first: ("12331", "12315")
    steps: tuple[Step, ...]
    gap: bool  # True if the number is unregistered or not in force
    at: datetime  # time of the decision, by which dates and hours were checked
