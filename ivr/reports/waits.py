"""The waiting times of callers, and the handle time."""

from ivr.records.derive.call_record import CallRecord
from ivr.reports.indicator import Calls, Unit, count, indicator, mean, percentile, share
from ivr.texts import _

PROMISE_S = 15.0
"""Seconds within which a call should be answered: GB/T 33358-2016."""


def wait_s(call: CallRecord) -> float | None:
    """Return the seconds from the begin of the call to the answer of a human; None if no human answered.

    This is the strictest reading of the standard: notices, menus, and the ringing of an expert or a center count.
    """
    return (call.answered_at - call.started_at).total_seconds() if call.answered_at else None


def wait_from_offer_s(call: CallRecord) -> float | None:
    """Return the seconds from the first offer of the call to the answer of a human; None if no human answered."""
    if call.answered_at is None or call.first_offer_at is None:
        return None
    return max((call.answered_at - call.first_offer_at).total_seconds(), 0.0)


def answered_in_time(call: CallRecord) -> bool:
    """Return whether a human answered within the promised time, counted from the begin of the call."""
    waited = wait_s(call)
    return waited is not None and waited <= PROMISE_S


def answered_in_time_from_offer(call: CallRecord) -> bool:
    """Return whether a human answered within the promised time, counted from the first offer of the call."""
    waited = wait_from_offer_s(call)
    return waited is not None and waited <= PROMISE_S


@indicator(
    _("within 15 s of the call"),
    _(
        "Calls that a human answered within 15 s of their begin. Notices, menus, and the ringing of an expert or a "
        "center are part of these 15 s."
    ),
)
def answered_15s(calls: Calls) -> int:
    """15秒内接听量(从来电起)."""
    return count(calls, answered_in_time)


@indicator(
    _("within 15 s of the call, %"), _("Calls answered within 15 s of their begin, out of the calls offered."),
    Unit.SHARE,
)  # fmt: skip
def answered_15s_share(calls: Calls) -> float | None:
    """15秒接通率(从来电起)."""
    return share(count(calls, answered_in_time), len(calls))


@indicator(
    _("within 15 s of the queue"),
    _(
        "Calls that a human answered within 15 s of the moment from which the caller waited for a human: the call "
        "entered a queue for the first time, or the phone of an expert or a center began to ring. Notices and menus "
        "are no part of these 15 s."
    ),
)
def answered_15s_from_queue(calls: Calls) -> int:
    """15秒内接听量(从转人工起)."""
    return count(calls, answered_in_time_from_offer)


@indicator(
    _("within 15 s of the queue, %"),
    _("Calls answered within 15 s of that moment, out of all calls that waited for a human at all."),
    Unit.SHARE,
)
def answered_15s_from_queue_share(calls: Calls) -> float | None:
    """15秒接通率(从转人工起)."""
    return share(count(calls, answered_in_time_from_offer), count(calls, lambda call: call.first_offer_at))


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


INDICATORS = (
    answered_15s, answered_15s_share, answered_15s_from_queue, answered_15s_from_queue_share, wait_median_s,
    wait_p90_s, queue_median_s, handle_mean_s,
)  # fmt: skip
