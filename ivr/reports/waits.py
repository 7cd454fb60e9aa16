"""How long callers waited, and how long they were spoken with."""

from ivr.records.derive.call_record import CallRecord
from ivr.reports.indicator import Calls, Unit, count, indicator, mean, percentile, share
from ivr.texts import _

PROMISE_S = 15.0
"""Seconds within which a call should be answered: GB/T 33358-2016."""


def wait_s(call: CallRecord) -> float | None:
    """Return the seconds from the call's coming in to a human's answer; None where nobody answered.

    The strictest reading of the standard: notices, menus, and the ringing of an expert or a center all count.
    """
    return (call.answered_at - call.started_at).total_seconds() if call.answered_at else None


def answered_in_time(call: CallRecord) -> bool:
    """Tell whether a human answered within the promised time."""
    waited = wait_s(call)
    return waited is not None and waited <= PROMISE_S


@indicator(
    _("within 15 s"),
    _(
        "Answered calls whose wait was 15 s or less. The wait begins when the call comes in and ends when a human "
        "answers: notices, menus, and the ringing of an expert or a center are part of it."
    ),
)
def answered_15s(calls: Calls) -> int:
    """15秒内接听量."""
    return count(calls, answered_in_time)


@indicator(_("within 15 s %"), _("Calls answered within 15 s, out of all that were offered."), Unit.SHARE)
def answered_15s_share(calls: Calls) -> float | None:
    """15秒接通率."""
    return share(count(calls, answered_in_time), len(calls))


@indicator(
    _("wait, median"),
    _("Of answered calls: half of them, or more, waited no longer than this."),
    Unit.SECONDS,
)
def wait_median_s(calls: Calls) -> float | None:
    """等待时长中位数."""
    return percentile(_waits(calls), 50)


@indicator(_("wait, 90 %"), _("Of answered calls: at least 90 % waited no longer than this."), Unit.SECONDS)
def wait_p90_s(calls: Calls) -> float | None:
    """等待时长90分位."""
    return percentile(_waits(calls), 90)


@indicator(
    _("in queue, median"),
    _("Of calls that waited in a queue, answered or not: half of them, or more, spent no longer in queues than this."),
    Unit.SECONDS,
)
def queue_median_s(calls: Calls) -> float | None:
    """排队时长中位数."""
    return percentile((call.wait_s for call in calls if call.queue is not None), 50)


@indicator(
    _("handle time, mean"),
    _("Of answered calls: from the first human's answer until the caller was gone, consults and holding included."),
    Unit.SECONDS,
)
def handle_mean_s(calls: Calls) -> float | None:
    """平均通话时长."""
    return mean([
        (call.ended_at - call.answered_at).total_seconds() for call in calls if call.answered_at and call.ended_at
    ])  # fmt: skip


def _waits(calls: Calls) -> list[float]:
    return [waited for call in calls if (waited := wait_s(call)) is not None]


INDICATORS = (answered_15s, answered_15s_share, wait_median_s, wait_p90_s, queue_median_s, handle_mean_s)
