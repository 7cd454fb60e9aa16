"""Moves the call events of guiding experts and of supervisors to the call that they watch."""

from ivr.asterisk.logs.cel import CelEvent, CelEventType
from ivr.call_events.codec import decode
from ivr.call_events.vocabulary import AgentWatched


def reattribute_watch_events(event: CelEvent) -> CelEvent:
    """Return an event of a watcher as an event of the call that is watched; any other event unchanged."""
    if event.type is not CelEventType.USER_DEFINED or event.name != AgentWatched.NAME:
        return event
    match decode(event.name, event.extra):
        case AgentWatched(call=call):
            return event._replace(linkedid=call, uniqueid=call)
    return event
