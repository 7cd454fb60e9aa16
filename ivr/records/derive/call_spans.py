"""The spans of a call during which something lasted: a paused recording (通话录音), a hold (保持). Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from ivr.call_events.vocabulary import CallEvent, CallHeld, RecordingPaused
from ivr.records.derive.call_trace import TracedEvent
from ivr.records.derive.record_parts import Spans


def recording_pauses(events: Iterable[TracedEvent], answered_at: datetime, ended_at: datetime) -> Spans:
    """Return the spans of the recording that were paused.

    Args:
        events: the call events, in order of time.
        answered_at: when the first recorded party answered: the begin of the recording.
        ended_at: the end of the call, or the time of its last event.
    """
    return _spans(events, _begins_pause, answered_at, ended_at)


def holds(events: Iterable[TracedEvent], answered_at: datetime, ended_at: datetime) -> Spans:
    """Return the spans during which an agent held the other party. Args as `recording_pauses`."""
    return _spans(events, _begins_hold, answered_at, ended_at)


def _begins_pause(event: CallEvent) -> bool | None:
    return event.paused if isinstance(event, RecordingPaused) else None


def _begins_hold(event: CallEvent) -> bool | None:
    return event.held if isinstance(event, CallHeld) else None


def _spans(
    events: Iterable[TracedEvent], begins: Callable[[CallEvent], bool | None], answered_at: datetime, ended_at: datetime
) -> Spans:
    """Return the spans; ``begins`` returns True if an event begins a span, False if it ends a span, else None."""
    spans: list[tuple[float, float]] = []
    since: datetime | None = None
    for traced in events:
        begin = begins(traced.event)
        if begin and since is None:
            since = traced.at
        elif begin is False and since is not None:
            spans.append((_seconds(since - answered_at), _seconds(traced.at - answered_at)))
            since = None
    if since is not None:
        spans.append((_seconds(since - answered_at), _seconds(ended_at - answered_at)))
    return tuple(spans)


def _seconds(span: timedelta) -> float:
    return round(max(span.total_seconds(), 0.0), 1)
