"""The spans of a recording (通话录音) during which an agent had paused it. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ivr.call_events.vocabulary import RecordingPaused
from ivr.records.derive.call_trace import TracedEvent

Spans = tuple[tuple[float, float], ...]
"""From and to, in seconds of the recording."""


def recording_pauses(events: Iterable[TracedEvent], answered_at: datetime, ended_at: datetime) -> Spans:
    """Return the spans that were paused.

    Args:
        events: the call events, in order of time.
        answered_at: when the first recorded party answered: the begin of the recording.
        ended_at: the end of the call, or the time of its last event.
    """
    spans: list[tuple[float, float]] = []
    since: datetime | None = None
    for traced in events:
        if isinstance(traced.event, RecordingPaused):
            if traced.event.paused and since is None:
                since = traced.at
            elif not traced.event.paused and since is not None:
                spans.append((_seconds(since - answered_at), _seconds(traced.at - answered_at)))
                since = None
    if since is not None:
        spans.append((_seconds(since - answered_at), _seconds(ended_at - answered_at)))
    return tuple(spans)


def _seconds(span: timedelta) -> float:
    return round(max(span.total_seconds(), 0.0), 1)
