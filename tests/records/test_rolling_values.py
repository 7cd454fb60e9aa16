"""A node of the previous version reads what a newer node stores, because no closed set of values grows unread."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, get_args

from ivr.call_events.values import CallbackResult
from ivr.knowledge.article_life_cycle import ArticleAct, ArticleRole
from ivr.orders.life_cycle import OrderAct, OrderRole, OrderState
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.declaration import stored_fields
from ivr.records.derive.seat_events import SeatEventKind

BY_HAND = (OrderAct, OrderRole, OrderState, ArticleAct, ArticleRole, SeatEventKind, CallbackResult)
"""The closed sets of other tables than that of the call records."""

READ = {
    "AnswerEnd": "hung-up key whole word",
    "ArticleAct": "reject release remind report revise settle submit withdraw write",
    "ArticleRole": "agent hotline reviewer unit",
    "CallbackResult": "again reached voicemail wrong-number",
    "OrderAct": (
        "accept add-helper amend answer approve assist attach close dispatch dispute extend follow-up "
        "grant-extension grant-return merge note open reassign receive redo refer refuse refuse-extension "
        "refuse-return reject release remind return send-link strike-off supervise try-follow-up withdraw"
    ),
    "OrderRole": "agent citizen hotline platform supervisor unit",
    "OrderState": "answered closed dispatched follow-up handling merged received recorded refused returned withdrawn",
    "Outcome": "abandoned answered failed in-progress informed message refused",
    "Reason": (
        "blocked callback caller-limit came-back center-busy center-silent center-unreachable chain closed "
        "dual emergency expert expert-away expert-busy expert-silent fallback gave-up hotline menu merged "
        "no-agent no-choice not-in-force not-understood queue-full recorded spoken straight subcenter "
        "technical trunk-limit unregistered"
    ),
    "SeatEventKind": "busy held ready resumed signed-in signed-out",
    "SeatKind": "center enterprise expert general",
    "SpeechDecision": (
        "answered chosen confirm confirmed denied emergency emergency-asked emergency-denied emergency-sure "
        "emergency-unanswered recognizer-failed recognizer-too-slow sure unknown which"
    ),
}
"""The values that the version before reads.

A version adds a value to a closed set, and reads it. The version after it may write it, and adds it here. A node cannot
show a call, a work order or an article with a value that it does not know.
"""


def closed_sets(hint: Any) -> Iterator[type[StrEnum]]:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        yield hint
    for part in get_args(hint):
        yield from closed_sets(part)


def stored_values() -> dict[str, set[str]]:
    of_calls = [closed_set for field, _stored in stored_fields(CallRecord) for closed_set in closed_sets(field.type)]
    return {closed_set.__name__: {str(value) for value in closed_set} for closed_set in (*of_calls, *BY_HAND)}


def test_the_version_before_reads_every_stored_value() -> None:
    written = stored_values()
    assert written.keys() == READ.keys()
    assert {name: sorted(values - set(READ[name].split())) for name, values in written.items()} == {
        name: [] for name in READ
    }, "nodes of the version before cannot read these values: see READ"
