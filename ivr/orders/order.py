"""A work order, derived from its events alone. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never

from ivr.orders.act_fields import FieldValue
from ivr.orders.life_cycle import RULES, OrderAct, OrderRole, OrderState


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, seat or program that does an act."""

    name: str  # a user, a seat such as "8001", a platform, or "hotline" for the program
    role: OrderRole
    unit: str = ""  # the person's unit, if the person acts for a unit


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """One act that was done to a work order. It is written once and never changed."""

    order: str
    sequence: int  # 1, 2, 3, … within the order
    at: datetime
    actor: Actor
    act: OrderAct
    fields: Mapping[str, FieldValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderFile:
    """A photo or document that belongs to a work order."""

    file: str  # SHA-256 of its content, in hexadecimal: its name in the state folder
    name: str  # for people
    media: str  # type by its content, such as "image/jpeg"
    size: int  # bytes
    by: OrderRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The present state of a work order. Times are UTC; a time that was not reached is None."""

    order: str  # 12 digits, so that a citizen can key them
    state: OrderState = OrderState.RECORDED
    sequence: int  # of the last event
    opened_at: datetime
    changed_at: datetime  # of the last event
    title: str = ""
    content: str = ""
    caller: str = ""  # "" if withheld or unknown
    contact: str = ""  # the citizen's name
    number: str = ""  # the line that the matter concerns
    county: str = ""
    place: str = ""
    kind: str = ""
    klass: str = ""  # field `class`
    confidential: bool = False
    enterprise: bool = False  # whether the matter is an enterprise's (企业诉求, 政企通)
    company: str = ""  # the enterprise's name
    channel: str = ""
    source: str = ""  # the message, call or callback of which it was made; each source makes one work order
    call_id: str = ""
    said: str = ""  # the caller's words at the menu
    recording: str = ""  # of the message
    seconds: int = 0  # of the message
    earlier: str = ""  # the earlier work order of the same matter
    unit: str = ""  # main (主办)
    helpers: tuple[str, ...] = ()  # helping (协办)
    officer: str = ""  # the policy officer (政策专员) to whom it was referred
    dispatched_at: datetime | None = None  # to the present unit, in the present round; the deadlines run from this time
    first_dispatched_at: datetime | None = None
    days: int = 0  # the deadline in working days from `dispatched_at` on, by the kind at that time
    extended: int = 0  # further working days that were granted
    accepted_at: datetime | None = None  # in this round: the unit accepted, returned or answered for the first time
    answered_at: datetime | None = None  # in this round
    answer: str = ""
    approved_at: datetime | None = None
    closed_at: datetime | None = None
    extension_asked: int = 0  # working days; 0 if no request is open
    extensions: int = 0  # granted in this round
    returns: int = 0
    rounds: int = 1  # number of rounds of handling: 1, and 1 more for each redo (重办)
    supervised: int = 0  # level of supervision (督办); 0 if none
    stages: tuple[str, ...] = ()  # the reminders and supervisions of the deadlines in this round
    linked_at: datetime | None = None  # in this round: the citizen got the link of the follow-up
    tries: int = 0  # follow-ups in vain
    tried_at: datetime | None = None
    satisfaction: int | None = None  # 1 (very satisfied) to 5, the five grades of 好差评
    solved: bool | None = None
    opinion: str = ""
    struck_off_at: datetime | None = None  # off the ledger of enterprises (销号)
    into: str = ""  # the work order that covers it
    reason: str = ""  # of the last act that has one
    ground: str = ""  # of a refusal
    turn_to: str = ""  # the place to which the citizen can turn instead
    files: tuple[OrderFile, ...] = ()


def order_from_events(events: Iterable[OrderEvent]) -> Order:
    """Return the work order that follows from all its events in order.

    Raises:
        ValueError: there is no event, or the first event does not open a work order.
    """
    order: Order | None = None
    for event in events:
        order = order_after(order, event)
    if order is None:
        raise ValueError("a work order without events")
    return order


def order_after(order: Order | None, event: OrderEvent) -> Order:
    """Return the work order after one more event.

    Raises:
        ValueError: the event opens a work order that exists, or changes a work order that does not exist.
    """
    if (order is None) is not (event.act is OrderAct.OPEN):
        raise ValueError(f"{event.act} as event {event.sequence} of {event.order}")
    if order is None:
        order = Order(order=event.order, sequence=0, opened_at=event.at, changed_at=event.at)
    follows = RULES[event.act].to
    changes = _changes(order, event)
    return replace(order, sequence=event.sequence, changed_at=event.at, **{"state": follows or order.state, **changes})


def _changes(order: Order, event: OrderEvent) -> dict[str, Any]:  # noqa: PLR0911, PLR0912 - a case for each act
    """Return the attributes that an event changes, beside the state."""
    act, fields = event.act, dict(event.fields)
    match act:
        case OrderAct.OPEN | OrderAct.AMEND | OrderAct.RECEIVE:
            return _attributes(fields)
        case OrderAct.DISPATCH | OrderAct.REASSIGN | OrderAct.REFER:
            return _dispatched(order, event) | {
                "unit": fields["unit"],
                "helpers": fields.get("helpers", ()),
                "officer": fields.get("officer", ""),
                "days": fields["days"],
                "reason": fields.get("reason", order.reason),
            }
        case OrderAct.DISPUTE | OrderAct.REDO:
            next_round = {"rounds": order.rounds + 1, "days": fields["days"], "closed_at": None, "solved": None}
            next_round |= {"struck_off_at": None}
            citizen_answers = {name: fields[name] for name in ("satisfaction", "opinion", "reason") if name in fields}
            return _dispatched(order, event) | next_round | citizen_answers
        case OrderAct.ACCEPT:
            return {"accepted_at": order.accepted_at or event.at}
        case OrderAct.ANSWER:
            return {"answer": fields["answer"], "answered_at": event.at, "extension_asked": 0}
        case OrderAct.APPROVE:
            return {"approved_at": event.at}
        case OrderAct.REJECT:
            return {"answered_at": None, "reason": fields["reason"]}
        case OrderAct.RETURN:
            responded = {"accepted_at": order.accepted_at or event.at, "extension_asked": 0}
            return responded | {"returns": order.returns + 1, "reason": fields["reason"]}
        case OrderAct.GRANT_RETURN:
            return {
                "unit": "",
                "helpers": (),
                "officer": "",
                "dispatched_at": None,
                "accepted_at": None,
                "days": 0,
                "extended": 0,
            }
        case OrderAct.ADD_HELPER:
            return {"helpers": tuple(dict.fromkeys((*order.helpers, fields["unit"])))}
        case OrderAct.EXTEND:
            return {"extension_asked": fields["days"], "reason": fields["reason"]}
        case OrderAct.GRANT_EXTENSION:
            added = {"extended": order.extended + order.extension_asked, "extensions": order.extensions + 1}
            return added | {"extension_asked": 0, "stages": ()}  # the clock starts again with the later day
        case OrderAct.REFUSE_EXTENSION:
            return {"extension_asked": 0, "reason": fields["reason"]}
        case OrderAct.REMIND:
            return _staged(order, fields)
        case OrderAct.SUPERVISE:
            level = {"supervised": order.supervised + 1, "reason": fields.get("reason", order.reason)}
            return _staged(order, fields) | level
        case OrderAct.RELEASE:
            return {"supervised": 0, "reason": fields["reason"]}
        case OrderAct.SEND_LINK:
            return {"linked_at": event.at}
        case OrderAct.STRIKE_OFF:
            return {"struck_off_at": event.at, "reason": fields["reason"]}
        case OrderAct.TRY_FOLLOW_UP:
            return {"tries": order.tries + 1, "tried_at": event.at}
        case OrderAct.FOLLOW_UP:
            verdict = {name: fields.get(name) for name in ("satisfaction", "solved")}
            return verdict | {"opinion": fields.get("opinion", ""), "closed_at": event.at}
        case OrderAct.CLOSE:
            closed = {"closed_at": event.at, "reason": fields["reason"]}
            return closed | ({"answer": fields["answer"]} if "answer" in fields else {})
        case OrderAct.MERGE:
            return {"into": fields["into"], "closed_at": event.at}
        case OrderAct.REFUSE:
            return {"ground": fields["ground"], "turn_to": fields["turn_to"], "closed_at": event.at}
        case OrderAct.WITHDRAW:
            return {"reason": fields["reason"], "closed_at": event.at}
        case OrderAct.REFUSE_RETURN:
            return {"reason": fields["reason"]}
        case OrderAct.ATTACH:
            file: dict[str, Any] = {name: fields[name] for name in ("file", "name", "media", "size")}
            return {"files": (*order.files, OrderFile(**file, by=event.actor.role))}
        case OrderAct.ASSIST | OrderAct.NOTE:
            return {}
        case _:
            assert_never(act)


def _attributes(fields: dict[str, Any]) -> dict[str, Any]:
    return {("klass" if name == "class" else name): value for name, value in fields.items()}


def _dispatched(order: Order, event: OrderEvent) -> dict[str, Any]:
    """Return the fields that a dispatch sets: the deadlines of this round begin."""
    return {
        "dispatched_at": event.at,
        "first_dispatched_at": order.first_dispatched_at or event.at,
        "extended": 0,
        "extensions": 0,
        "extension_asked": 0,
        "accepted_at": None,
        "answered_at": None,
        "approved_at": None,
        "stages": (),
        "linked_at": None,
        "tries": 0,
        "tried_at": None,
    }


def _staged(order: Order, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"stages": (*order.stages, fields["stage"])} if "stage" in fields else {}
