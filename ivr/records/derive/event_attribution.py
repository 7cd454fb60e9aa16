"""Moves events that were written in another call to the citizen's call that they are about."""

from ivr.asterisk.logs.cel import CelEvent, CelEventType
from ivr.call_events.codec import decode
from ivr.call_events.vocabulary import AgentWatched, SecondLineConsult

_OF_ANOTHER_CALL = {AgentWatched.NAME, SecondLineConsult.NAME}


def reattributed(event: CelEvent) -> CelEvent:
    """Return an event of a watcher, or of an agent's second line, as an event of the citizen's call.

    Any other event is returned unchanged.
    """
    if event.type is not CelEventType.USER_DEFINED or event.name not in _OF_ANOTHER_CALL:
        return event
    match decode(event.name, event.extra):
        case AgentWatched(call=call) | SecondLineConsult(call=call):
            return event._replace(linkedid=call, uniqueid=call)
    return event


def as_event_of_call(event: CelEvent, call: str) -> CelEvent | None:
    """Return an event of this node as an event of ``call``, which another node handed over; None for a LINKEDID_END.

    A LINKEDID_END of this node does not end the call, because the call goes on at the other node.
    """
    if event.linkedid == call:
        return event
    return None if event.type is CelEventType.LINKEDID_END else event._replace(linkedid=call)
