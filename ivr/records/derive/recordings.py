"""What the record says of a call's recording (通话录音). Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from ivr.call_events.vocabulary import RecordingPaused, RecordingStarted
from ivr.records.derive.legs import Noted
from ivr.records.derive.record import Leg, LegKind, Recording

_SPEAKERS = (LegKind.GENERAL, LegKind.ENTERPRISE, LegKind.EXPERT, LegKind.LINKAGE)


def recording_of(
    recorded: Sequence[RecordingStarted], notes: Iterable[Noted], legs: Iterable[Leg], ended_at: datetime
) -> Recording | None:
    """Return the recording of a call; None where none was begun, or nobody recorded answered: then nothing is in it.

    Args:
        recorded: the notes that a recording was begun; one goes on for the whole call.
        notes: all notes, in order of time.
        legs: the call's legs.
        ended_at: the end of the call, or the last thing known of it.
    """
    answers = [leg.answered_at for leg in legs if leg.kind in _SPEAKERS and leg.answered_at]
    if not recorded or not answers:
        return None
    return Recording(recorded[-1].recording, _paused(notes, min(answers), ended_at))


def _paused(notes: Iterable[Noted], begun: datetime, ended_at: datetime) -> tuple[tuple[float, float], ...]:
    spans: list[tuple[float, float]] = []
    since: datetime | None = None
    for noted in notes:
        if isinstance(noted.note, RecordingPaused):
            if noted.note.paused and since is None:
                since = noted.at
            elif not noted.note.paused and since is not None:
                spans.append((_seconds(since - begun), _seconds(noted.at - begun)))
                since = None
    if since is not None:
        spans.append((_seconds(since - begun), _seconds(ended_at - begun)))
    return tuple(spans)


def _seconds(span: timedelta) -> float:
    return round(max(span.total_seconds(), 0.0), 1)
