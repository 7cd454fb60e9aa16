"""The life cycle of a work order (郴政办发〔2021〕22号, 二(二)4, 5, 9): states, acts, and the rule of each act.

The plan names 受理、派单、办理、答复、督办、办结、回访评价. `RULES` declares for each act the states in which it is
allowed, the roles, the fields, and the state after it. The commands of `ivr orders` and the diagram in docs/orders.md
follow from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ivr.texts import _


class OrderState(StrEnum):
    """The state of a work order."""

    RECORDED = "recorded"  # 待受理: the hotline has not decided yet whether it takes the matter up
    RECEIVED = "received"  # 待派单: taken up (受理)
    DISPATCHED = "dispatched"  # 待签收: sent to its main unit (主办单位)
    HANDLING = "handling"  # 办理中: the unit has accepted it (签收)
    RETURNED = "returned"  # 退单审核: the unit says that the matter is another unit's; the hotline decides
    ANSWERED = "answered"  # 待审核: the unit has answered; the hotline reviews the answer
    FOLLOW_UP = "follow-up"  # 待回访: the answer is approved; the citizen is asked
    CLOSED = "closed"  # 已办结
    REFUSED = "refused"  # 不予受理
    MERGED = "merged"  # 已并单: another work order covers it
    WITHDRAWN = "withdrawn"  # 已撤销


class OrderAct(StrEnum):
    """An act on a work order."""

    OPEN = "open"
    AMEND = "amend"
    RECEIVE = "receive"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    ANSWER = "answer"
    APPROVE = "approve"
    REJECT = "reject"
    REFER = "refer"
    RETURN = "return"
    GRANT_RETURN = "grant-return"
    REFUSE_RETURN = "refuse-return"
    REASSIGN = "reassign"
    ADD_HELPER = "add-helper"
    ASSIST = "assist"
    EXTEND = "extend"
    GRANT_EXTENSION = "grant-extension"
    REFUSE_EXTENSION = "refuse-extension"
    REMIND = "remind"
    SUPERVISE = "supervise"
    RELEASE = "release"
    SEND_LINK = "send-link"
    TRY_FOLLOW_UP = "try-follow-up"
    FOLLOW_UP = "follow-up"
    DISPUTE = "dispute"
    CLOSE = "close"
    REDO = "redo"
    STRIKE_OFF = "strike-off"
    MERGE = "merge"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    NOTE = "note"
    ATTACH = "attach"


class OrderRole(StrEnum):
    """The capacity in which an actor acts."""

    AGENT = "agent"  # of the hotline
    SUPERVISOR = "supervisor"  # of the hotline
    UNIT = "unit"  # a person of a unit
    HOTLINE = "hotline"  # the program itself, after a call or at a deadline
    CITIZEN = "citizen"
    PLATFORM = "platform"  # the city's or the province's platform, or another hotline


@dataclass(frozen=True, slots=True)
class ActRule:
    """The conditions of an act, and the state after it."""

    roles: tuple[OrderRole, ...]
    begin: tuple[OrderState, ...]  # the states in which the act is allowed; () if the act makes a new work order
    to: OrderState | None = None  # the state that follows; None leaves the state as it is
    needs: tuple[str, ...] = ()  # fields that must be given, see `ivr.orders.act_fields`
    may: tuple[str, ...] = ()  # fields that may be given
    helpers: bool = False  # whether a helping unit (协办单位) may do the act, too


_S, _A, _R = OrderState, OrderAct, OrderRole
_STAFF = (_R.AGENT, _R.SUPERVISOR)
_AT_UNIT = (_S.DISPATCHED, _S.HANDLING)
FINAL = (_S.CLOSED, _S.REFUSED, _S.MERGED, _S.WITHDRAWN)
"""The states of a work order that has ended."""
OPEN_STATES = tuple(state for state in OrderState if state not in FINAL)
"""The states of a work order that has not ended."""
WITH_UNIT = (_S.DISPATCHED, _S.HANDLING, _S.RETURNED)
"""The states in which a unit has the work order, and the deadline runs."""
_MATTER = ("title", "content", "caller", "contact", "number", "county", "place", "kind", "class", "confidential",
           "enterprise", "company")  # fmt: skip
_ORIGIN = ("channel", "source", "call_id", "said", "recording", "seconds", "earlier")

RULES: Mapping[OrderAct, ActRule] = {
    _A.OPEN: ActRule((*_STAFF, _R.HOTLINE, _R.CITIZEN, _R.PLATFORM), (), _S.RECORDED, ("title",),
        (*_MATTER[1:], *_ORIGIN),
    ),
    _A.AMEND: ActRule(_STAFF, OPEN_STATES, may=_MATTER),
    _A.RECEIVE: ActRule(_STAFF, (_S.RECORDED,), _S.RECEIVED, ("kind", "class"), ("county",)),
    _A.DISPATCH: ActRule(_STAFF, (_S.RECEIVED,), _S.DISPATCHED, ("unit",), ("helpers", "text")),
    _A.ACCEPT: ActRule((_R.UNIT,), (_S.DISPATCHED,), _S.HANDLING),
    _A.ANSWER: ActRule((_R.UNIT,), (_S.HANDLING,), _S.ANSWERED, ("answer",)),
    _A.APPROVE: ActRule(_STAFF, (_S.ANSWERED,), _S.FOLLOW_UP, (), ("text",)),
    _A.REJECT: ActRule((*_STAFF, _R.PLATFORM), (_S.ANSWERED,), _S.HANDLING, ("reason",)),
    _A.REFER: ActRule(_STAFF, (_S.RECEIVED,), _S.DISPATCHED, ("officer",), ("text",)),
    _A.RETURN: ActRule((_R.UNIT,), _AT_UNIT, _S.RETURNED, ("reason",), ("suggested_unit",)),
    _A.GRANT_RETURN: ActRule((_R.SUPERVISOR,), (_S.RETURNED,), _S.RECEIVED, (), ("text",)
    ),
    _A.REFUSE_RETURN: ActRule((_R.SUPERVISOR,), (_S.RETURNED,), _S.DISPATCHED, ("reason",)
    ),
    _A.REASSIGN: ActRule((_R.SUPERVISOR,), (*_AT_UNIT, _S.RETURNED), _S.DISPATCHED, ("unit", "reason"), ("helpers",)
    ),
    _A.ADD_HELPER: ActRule(_STAFF, _AT_UNIT, needs=("unit",), may=("text",)),
    _A.ASSIST: ActRule((_R.UNIT,), _AT_UNIT, needs=("answer",), helpers=True),
    _A.EXTEND: ActRule((_R.UNIT,), (_S.HANDLING,), needs=("days", "reason")),
    _A.GRANT_EXTENSION: ActRule((_R.SUPERVISOR,), (_S.HANDLING,), may=("text",)),
    _A.REFUSE_EXTENSION: ActRule((_R.SUPERVISOR,), (_S.HANDLING,), needs=("reason",)),
    _A.REMIND: ActRule((*_STAFF, _R.HOTLINE, _R.PLATFORM), (*_AT_UNIT, _S.RETURNED), may=("text", "stage")
    ),
    _A.SUPERVISE: ActRule((_R.SUPERVISOR, _R.HOTLINE, _R.PLATFORM), (*_AT_UNIT, _S.RETURNED, _S.ANSWERED),
        may=("reason", "stage"),
    ),
    _A.RELEASE: ActRule((_R.SUPERVISOR,), OPEN_STATES, needs=("reason",)),
    _A.SEND_LINK: ActRule((_R.HOTLINE,), (_S.FOLLOW_UP,)),
    _A.TRY_FOLLOW_UP: ActRule((*_STAFF, _R.HOTLINE), (_S.FOLLOW_UP,), needs=("reason",), may=("call_id",)
    ),
    _A.FOLLOW_UP: ActRule((*_STAFF, _R.HOTLINE, _R.CITIZEN), (_S.FOLLOW_UP,), _S.CLOSED, ("solved",),
        ("satisfaction", "opinion", "call_id"),
    ),
    _A.DISPUTE: ActRule((*_STAFF, _R.HOTLINE, _R.CITIZEN), (_S.FOLLOW_UP,), _S.DISPATCHED, (),
        ("satisfaction", "opinion", "call_id"),
    ),
    _A.CLOSE: ActRule(
        (*_STAFF, _R.HOTLINE, _R.PLATFORM), (_S.RECORDED, _S.RECEIVED, _S.FOLLOW_UP), _S.CLOSED, ("reason",),
        ("answer",),
    ),
    _A.REDO: ActRule((_R.SUPERVISOR, _R.PLATFORM), (_S.CLOSED, _S.FOLLOW_UP), _S.DISPATCHED, ("reason",)),
    _A.STRIKE_OFF: ActRule((_R.SUPERVISOR,), (_S.CLOSED,), needs=("reason",)),
    _A.MERGE: ActRule(_STAFF, (_S.RECORDED, _S.RECEIVED, _S.DISPATCHED), _S.MERGED, ("into",), ("text",)),
    _A.REFUSE: ActRule(_STAFF, (_S.RECORDED, _S.RECEIVED), _S.REFUSED, ("ground", "turn_to"), ("text",)
    ),
    _A.WITHDRAW: ActRule((*_STAFF, _R.CITIZEN), OPEN_STATES, _S.WITHDRAWN, ("reason",)),
    _A.NOTE: ActRule((*_STAFF, _R.UNIT, _R.PLATFORM), tuple(OrderState), needs=("text",), helpers=True),
    _A.ATTACH: ActRule((*_STAFF, _R.UNIT, _R.CITIZEN), OPEN_STATES, needs=("file", "name", "media", "size"),
        helpers=True,
    ),
}  # fmt: skip


def act_title(act: OrderAct) -> str:
    """Return the name of an act, for people."""
    return {
        _A.OPEN: _("record"),
        _A.AMEND: _("amend"),
        _A.RECEIVE: _("receive"),
        _A.DISPATCH: _("dispatch"),
        _A.ACCEPT: _("accept"),
        _A.ANSWER: _("answer"),
        _A.APPROVE: _("approve the answer"),
        _A.REJECT: _("reject the answer"),
        _A.REFER: _("refer to a policy officer"),
        _A.RETURN: _("return"),
        _A.GRANT_RETURN: _("grant the return"),
        _A.REFUSE_RETURN: _("refuse the return"),
        _A.REASSIGN: _("reassign"),
        _A.ADD_HELPER: _("add a helping unit"),
        _A.ASSIST: _("assist"),
        _A.EXTEND: _("ask for an extension"),
        _A.GRANT_EXTENSION: _("grant the extension"),
        _A.REFUSE_EXTENSION: _("refuse the extension"),
        _A.REMIND: _("remind"),
        _A.SUPERVISE: _("supervise"),
        _A.RELEASE: _("release from supervision"),
        _A.SEND_LINK: _("send the link of the follow-up"),
        _A.TRY_FOLLOW_UP: _("follow up in vain"),
        _A.FOLLOW_UP: _("follow up"),
        _A.DISPUTE: _("follow up: not solved, again"),
        _A.CLOSE: _("close"),
        _A.REDO: _("redo"),
        _A.STRIKE_OFF: _("strike off the ledger"),
        _A.MERGE: _("merge"),
        _A.REFUSE: _("refuse"),
        _A.WITHDRAW: _("withdraw"),
        _A.NOTE: _("note"),
        _A.ATTACH: _("attach a file"),
    }[act]


def state_title(state: OrderState) -> str:
    """Return the name of a state, for people."""
    return {
        _S.RECORDED: _("to be received"),
        _S.RECEIVED: _("to be dispatched"),
        _S.DISPATCHED: _("to be accepted"),
        _S.HANDLING: _("in hand"),
        _S.RETURNED: _("return under review"),
        _S.ANSWERED: _("answer under review"),
        _S.FOLLOW_UP: _("to be followed up"),
        _S.CLOSED: _("settled"),
        _S.REFUSED: _("not taken up"),
        _S.MERGED: _("merged into another"),
        _S.WITHDRAWN: _("withdrawn"),
    }[state]


def role_title(role: OrderRole) -> str:
    """Return the name of a role, for people."""
    return {
        _R.AGENT: _("agent of the hotline"),
        _R.SUPERVISOR: _("supervisor"),
        _R.UNIT: _("unit"),
        _R.HOTLINE: _("the hotline itself"),
        _R.CITIZEN: _("citizen"),
        _R.PLATFORM: _("platform"),
    }[role]


def diagram() -> str:
    """Return the life cycle as a Mermaid state diagram: an arrow for each act that changes the state."""
    lines = ["stateDiagram-v2"]
    for act, rule in RULES.items():
        if rule.to is None:
            continue
        lines += [f"    {_id(begin)} --> {_id(rule.to)}: {act}" for begin in rule.begin] or [
            f"    [*] --> {_id(rule.to)}: {act}"
        ]
    lines += [f"    {_id(state)} --> [*]" for state in FINAL]
    return "\n".join(lines)


def _id(state: OrderState) -> str:
    return state.value.replace("-", "_")
