"""Missed callers and their callbacks (漏接电话回拨)."""

from ivr.records.derive.record_parts import CallbackState
from ivr.reports.indicator import Calls, Unit, count, indicator, share
from ivr.texts import _


@indicator(
    _("missed"),
    _("Callers who hung up while waiting, or asked to be called back, and showed a number. Part of the abandoned."),
)
def missed(calls: Calls) -> int:
    """漏接量."""
    return count(calls, lambda call: call.callback)


@indicator(_("called back"), _("Missed callers whom an agent rang at least once."))
def called_back(calls: Calls) -> int:
    """回拨量."""
    return count(calls, lambda call: call.callback and call.callback.tries)


@indicator(_("reached"), _("Missed callers who answered an agent's callback."))
def reached(calls: Calls) -> int:
    """回拨接通量."""
    return count(calls, lambda call: call.callback and call.callback.state is CallbackState.REACHED)


@indicator(_("called again"), _("Missed callers who called again and were answered before an agent reached them."))
def called_again(calls: Calls) -> int:
    """再次来电接通量."""
    return count(calls, lambda call: call.callback and call.callback.state is CallbackState.CALLED_AGAIN)


@indicator(_("reached %"), _("Missed callers who were reached or called again, out of all missed."), Unit.SHARE)
def reached_share(calls: Calls) -> float | None:
    """漏接电话回访率."""
    served = (CallbackState.REACHED, CallbackState.CALLED_AGAIN)
    return share(
        count(calls, lambda call: call.callback and call.callback.state in served),
        count(calls, lambda call: call.callback),
    )


INDICATORS = (missed, called_back, reached, called_again, reached_share)
