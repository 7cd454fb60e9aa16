"""Notes about a call that were left on a channel of another: an expert's who guides, a supervisor's."""

from dataclasses import replace

from ivr.asterisk.logs.cel import CelEvent, CelEventType
from ivr.call_events.codec import decode
from ivr.call_events.vocabulary import AgentWatched


def adopted(event: CelEvent) -> CelEvent:
    """Return an event as one of the call that it is about: a note of a watcher belongs to the call watched."""
    if event.what is not CelEventType.USER_DEFINED or event.name != AgentWatched.NAME:
        return event
    match decode(event.name, event.extra):
        case AgentWatched(call=call):
            return replace(event, call=call, unique=call)
    return event
