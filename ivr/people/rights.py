"""Roles, acts, and the table of the acts that each role may do. Pure."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """A person's role at the hotline; a person may have several roles."""

    AGENT = "agent"  # 话务员
    EXPERT = "expert"  # 专家
    SUPERVISOR = "supervisor"  # 班长
    ADMIN = "admin"  # 管理员
    AUDITOR = "auditor"  # 审计员
    UNIT = "unit"  # 承办单位


class Act(StrEnum):
    """The acts that a person, or a program with a token, can ask of the desk."""

    TAKE_SEAT = "seat.take"
    LEAVE_SEAT = "seat.leave"
    SIGN_IN = "seat.sign-in"
    SIGN_OUT = "seat.sign-out"
    READY = "seat.ready"
    BUSY = "seat.busy"
    MORE_WRAP_UP = "seat.more-wrap-up"
    HANG_UP = "call.hang-up"
    HOLD = "call.hold"
    RESUME = "call.resume"
    CONSULT = "call.consult"
    THREE_WAY = "call.three-way"
    BACK = "call.back"
    LEAVE = "call.leave"
    SWAP = "call.swap"
    TAKE_OUT = "call.take-out"
    GUIDE = "call.guide"
    PAUSE_RECORDING = "call.pause-recording"
    RESUME_RECORDING = "call.resume-recording"
    EMERGENCY = "call.emergency"
    WORK_ORDER = "call.work-order"
    DIAL = "call.dial"
    KEYS = "call.keys"
    RETURN = "call.return"
    QUALITY = "call.quality"
    NOTE = "note.save"
    RESULT = "call.result"
    CHECK = "call.check"
    RING_BACK = "callback.ring"
    CALLBACK_RESULT = "callback.result"
    SETTLE_MESSAGE = "message.settle"
    LISTEN = "watch.listen"
    WHISPER = "watch.whisper"
    JOIN = "watch.join"
    TAKE_OVER = "watch.take-over"
    END = "watch.end"
    STOP_WATCHING = "watch.leave"
    SET_STATE = "team.set-state"
    SET_GROUPS = "team.set-groups"
    SEND_MESSAGE = "team.message"
    ACKNOWLEDGE_ALARM = "alarm.acknowledge"
    PULL = "team.pull"
    UNMASK = "number.unmask"
    ADD_PERSON = "people.add"
    CHANGE_PERSON = "people.change"
    REMOVE_PERSON = "people.remove"
    END_SESSIONS = "people.end-sessions"
    GIVE_TOTP = "people.totp"
    TAKE_TOTP = "people.no-totp"
    ADD_TOKEN = "tokens.add"
    REMOVE_TOKEN = "tokens.remove"
    EDIT_REGISTRY = "registry.edit"
    MERGE_REGISTRY = "registry.merge"
    DISCARD_REGISTRY = "registry.discard"
    APPLY_REGISTRY = "registry.apply"
    WITHDRAW_REGISTRY = "registry.withdraw"
    ROLL_BACK = "registry.roll-back"
    CHANGE_PROMPT = "prompts.change"
    SHOW_SECRETS = "seats.secrets"
    PHONE_ACCOUNT = "phone.account"
    ORDER = "order.act"  # the life cycle of work orders says which role may do which of its acts
    UNMASK_ORDER = "order.unmask"
    ARTICLE = "article.act"  # the life cycle of articles says which role may do which of its acts
    # Rights to read.
    READ_STATE = "read.state"
    READ_ALL_OF_STATE = "read.all-of-state"  # callers, keys and words of other agents' calls, too
    READ_OWN_CALLS = "read.own-calls"
    READ_CALLS = "read.calls"
    HEAR_OWN_RECORDINGS = "read.own-recordings"
    HEAR_RECORDINGS = "read.recordings"
    READ_CALLBACKS = "read.callbacks"
    READ_MESSAGES = "read.messages"
    READ_REACH = "read.reach"
    READ_PEOPLE = "read.people"
    READ_AUDIT = "read.audit"
    READ_REGISTRY = "read.registry"
    READ_TOKENS = "read.tokens"
    READ_HEALTH = "read.health"
    READ_TRACES = "read.traces"
    TAKE_BACKUP = "read.backup"
    READ_INDICATORS = "read.indicators"
    READ_ALARMS = "read.alarms"
    READ_REPORTS = "read.reports"
    READ_OWN_REPORTS = "read.own-reports"  # of the own seat
    READ_ORDERS = "read.orders"  # a unit reads its own
    READ_ORDER_REPORT = "read.order-report"
    EXPORT_ORDERS = "read.order-export"
    READ_ARTICLES = "read.articles"  # articles on offer; drafts are for their unit and for reviewers


_A, _E, _S, _M, _U, _N = Role
_AT_A_SEAT = frozenset({_A, _E, _S})

RIGHTS: dict[Act, frozenset[Role]] = {
    **dict.fromkeys(
        (
            Act.TAKE_SEAT, Act.LEAVE_SEAT, Act.SIGN_IN, Act.SIGN_OUT, Act.READY, Act.BUSY, Act.MORE_WRAP_UP,
            Act.HANG_UP, Act.HOLD, Act.RESUME, Act.CONSULT, Act.THREE_WAY, Act.BACK, Act.LEAVE, Act.SWAP, Act.TAKE_OUT,
            Act.GUIDE, Act.PAUSE_RECORDING, Act.RESUME_RECORDING, Act.EMERGENCY, Act.WORK_ORDER, Act.DIAL, Act.KEYS,
            Act.RETURN, Act.QUALITY, Act.NOTE, Act.RESULT, Act.CHECK,
            Act.PHONE_ACCOUNT,
        ),
        _AT_A_SEAT,
    ),
    **dict.fromkeys((Act.RING_BACK, Act.CALLBACK_RESULT, Act.SETTLE_MESSAGE), frozenset({_A, _S})),
    **dict.fromkeys(
        (Act.LISTEN, Act.WHISPER, Act.JOIN, Act.TAKE_OVER, Act.END, Act.STOP_WATCHING, Act.PULL), frozenset({_S})
    ),
    **dict.fromkeys((Act.SET_STATE, Act.SET_GROUPS, Act.SEND_MESSAGE, Act.ACKNOWLEDGE_ALARM), frozenset({_S, _M})),
    Act.UNMASK: frozenset({_A, _E, _S, _M, _U}),
    **dict.fromkeys(
        (
            Act.ADD_PERSON, Act.CHANGE_PERSON, Act.REMOVE_PERSON, Act.END_SESSIONS, Act.GIVE_TOTP, Act.TAKE_TOTP,
            Act.READ_PEOPLE, Act.ADD_TOKEN, Act.REMOVE_TOKEN, Act.READ_TOKENS, Act.EDIT_REGISTRY, Act.MERGE_REGISTRY,
            Act.DISCARD_REGISTRY, Act.APPLY_REGISTRY, Act.WITHDRAW_REGISTRY, Act.ROLL_BACK, Act.CHANGE_PROMPT,
            Act.SHOW_SECRETS, Act.READ_REGISTRY, Act.READ_HEALTH, Act.READ_TRACES, Act.TAKE_BACKUP,
        ),
        frozenset({_M}),
    ),
    **dict.fromkeys((Act.READ_STATE, Act.READ_INDICATORS), frozenset({_A, _E, _S, _M, _U})),
    Act.READ_ALL_OF_STATE: frozenset({_S, _M}),
    **dict.fromkeys((Act.READ_OWN_CALLS, Act.HEAR_OWN_RECORDINGS, Act.READ_OWN_REPORTS), _AT_A_SEAT),
    **dict.fromkeys((Act.READ_REPORTS, Act.READ_ALARMS), frozenset({_S, _M, _U})),
    **dict.fromkeys((Act.READ_CALLS, Act.HEAR_RECORDINGS), frozenset({_S, _M, _U})),
    **dict.fromkeys((Act.READ_CALLBACKS, Act.READ_MESSAGES), frozenset({_A, _S, _M})),
    Act.READ_REACH: _AT_A_SEAT,
    Act.READ_AUDIT: frozenset({_M, _U}),
    **dict.fromkeys((Act.ORDER, Act.UNMASK_ORDER), frozenset({_A, _S, _N})),
    Act.READ_ORDERS: frozenset({_A, _S, _U, _N}),
    Act.READ_ORDER_REPORT: frozenset({_S, _U, _N}),
    Act.EXPORT_ORDERS: frozenset({_S, _U, _N}),
    Act.ARTICLE: frozenset({_A, _E, _S, _M, _N}),
    Act.READ_ARTICLES: frozenset({_A, _E, _S, _M, _U, _N}),
}  # fmt: skip
"""The roles that may do each act."""


def may(roles: Iterable[Role], act: Act) -> bool:
    """Return whether a person with these roles may do the act."""
    return not RIGHTS[act].isdisjoint(roles)


def acts_of(roles: Iterable[Role]) -> tuple[Act, ...]:
    """Return every act that a person with these roles may do."""
    role_set = frozenset(roles)
    return tuple(act for act in Act if may(role_set, act))
