"""The sections about the time after a call: retention periods, callbacks, events, and the knowledge base."""

from ivr.registry import field_types
from ivr.registry.draft import Draft
from ivr.registry.fields import Fields
from ivr.registry.model import Callbacks, Events, Knowledge, Recordings, Records
from ivr.texts import _


def read_kept(top: Fields, draft: Draft) -> None:
    """Read the retention periods of `records` and `recordings`. No recording is kept longer than its call record."""
    records, recordings = top.section("records"), top.section("recordings")
    if records is not None:
        # At least 90 days, because a month's report is made from records.
        draft.records = Records(days=records.maybe("days", field_types.whole(90, 3650)) or draft.records.days)
        records.done()
    if recordings is None:
        return
    days = recordings.maybe("days", field_types.whole(1, 3650)) or draft.recordings.days
    if days > draft.records.days:
        message = _(
            "days: a recording cannot be kept for {days} days, because its call record is deleted after {records}"
        )
        recordings.refuse(recordings.at("days"), message.format(days=days, records=draft.records.days))
    draft.recordings = Recordings(days=days)
    recordings.done()


def read_callbacks(top: Fields, draft: Draft) -> None:
    """Read `callbacks`."""
    fields = top.section("callbacks")
    if fields is None:
        return
    patterns = tuple(pattern for pattern, _place in fields.texts("patterns", field_types.number_pattern))
    draft.callbacks = Callbacks(
        hours=fields.maybe("hours", field_types.span) or draft.callbacks.hours,
        patterns=patterns or draft.callbacks.patterns,
    )
    fields.done()


def read_events(top: Fields, draft: Draft) -> None:
    """Read `events`."""
    fields = top.section("events")
    if fields is None:
        return
    url = fields.need("url", field_types.url)
    fields.done()
    draft.events = Events(url) if url else None


def read_knowledge(top: Fields, draft: Draft) -> None:
    """Read `knowledge`."""
    fields = top.section("knowledge")
    if fields is not None:
        draft.knowledge = Knowledge(public=bool(fields.maybe("public", field_types.yes)))
        fields.done()
