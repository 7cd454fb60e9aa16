"""One try of an agent to call a citizen back, from the events of the agent's own call. Pure."""

from ivr.call_events.vocabulary import CallbackStarted, RecordingStarted
from ivr.records.derive.legs import Scene
from ivr.records.derive.record import CallbackAttempt, LegKind, Result


def calling_back(scene: Scene) -> CallbackAttempt | None:
    """Return the try that this call is; None where it is none."""
    noted = next((noted for noted in scene.notes if isinstance(noted.note, CallbackStarted)), None)
    if noted is None or not isinstance(noted.note, CallbackStarted):
        return None
    leg = next((leg for leg in scene.legs() if leg.kind is LegKind.CENTER), None)  # through the carrier
    gone_at = scene.caller.ended_at or (scene.last_at if scene.over else None)
    recorded = [noted.note.recording for noted in scene.notes if isinstance(noted.note, RecordingStarted)]
    return CallbackAttempt(
        call_id=scene.call_id,
        missed_call=noted.note.call,
        number=noted.note.number,
        seat=noted.note.seat,
        result=leg.result if leg else Result.UNAVAILABLE if gone_at else Result.RINGING,
        seconds=leg.seconds if leg else 0.0,
        started_at=noted.at,
        answered_at=leg.answered_at if leg else None,
        ended_at=leg.ended_at if leg else gone_at,
        recording=recorded[0] if recorded and leg and leg.answered_at else None,
    )
