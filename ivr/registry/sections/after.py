"""What stays after a call."""

from ivr.registry import kinds
from ivr.registry.draft import Draft
from ivr.registry.fields import Fields
from ivr.registry.model import Callbacks, Events, Recordings


def read_recordings(top: Fields, draft: Draft) -> None:
    """Read `recordings`."""
    fields = top.section("recordings")
    if fields is None:
        return
    draft.recordings = Recordings(days=fields.maybe("days", kinds.whole(1, 3650)) or draft.recordings.days)
    fields.done()


def read_callbacks(top: Fields, draft: Draft) -> None:
    """Read `callbacks`."""
    fields = top.section("callbacks")
    if fields is None:
        return
    patterns = tuple(pattern for pattern, _place in fields.texts("patterns", kinds.number_pattern))
    draft.callbacks = Callbacks(
        hours=fields.maybe("hours", kinds.span) or draft.callbacks.hours,
        patterns=patterns or draft.callbacks.patterns,
    )
    fields.done()


def read_events(top: Fields, draft: Draft) -> None:
    """Read `events`."""
    fields = top.section("events")
    if fields is None:
        return
    url = fields.need("url", kinds.url)
    fields.done()
    draft.events = Events(url) if url else None
