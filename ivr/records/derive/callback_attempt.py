"""An agent's attempt to call a citizen back, from the trace of the agent's own call. Pure."""

from ivr.call_events.vocabulary import CallbackSettled, CallbackStarted, RecordingStarted
from ivr.records.derive.call_trace import CallTrace
from ivr.records.derive.legs import legs_of
from ivr.records.derive.record_parts import CallbackAttempt, LegKind, LegResult


def callback_attempt_of(call: CallTrace) -> CallbackAttempt | None:
    """Return the callback attempt of a call; None if the call is no callback attempt."""
    for traced in call.events:
        if isinstance(traced.event, CallbackStarted):
            started, started_at = traced.event, traced.at
            break
    else:
        return None
    leg = next((leg for leg in legs_of(call) if leg.kind is LegKind.CENTER), None)  # the citizen, through the carrier
    gone_at = call.caller.ended_at or (call.last_at if call.is_over else None)
    recordings, settled = call.of_type(RecordingStarted), call.of_type(CallbackSettled)
    return CallbackAttempt(
        call_id=call.call_id,
        missed_call=started.call,
        number=started.number,
        seat=started.seat,
        result=leg.result if leg else LegResult.UNAVAILABLE if gone_at else LegResult.RINGING,
        seconds=leg.seconds if leg else 0.0,
        started_at=started_at,
        answered_at=leg.answered_at if leg else None,
        ended_at=leg.ended_at if leg else gone_at,
        recording=recordings[0].recording if recordings and leg and leg.answered_at else None,
        said=settled[-1].result if settled else None,
    )
