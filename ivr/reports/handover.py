"""Calls that were handed on to experts and centers, consults, and work orders."""

from ivr.call_events.values import Reason, SeatKind
from ivr.records.derive.record_parts import Leg, LegKind, LegResult
from ivr.reports.indicator import Calls, Unit, count, indicator, share
from ivr.texts import _


@indicator(_("by experts"), _("Calls that an expert seat was the first to answer."))
def expert_answered(calls: Calls) -> int:
    """专家座席接听量."""
    return count(calls, lambda call: call.seat_kind is SeatKind.EXPERT)


@indicator(_("expert absent"), _("Calls for an expert while no expert of the line was signed in."))
def expert_absent(calls: Calls) -> int:
    """专家座席缺席."""
    return _fell_back(calls, Reason.EXPERT_AWAY)


@indicator(_("expert busy"), _("Calls for an expert while all experts signed in were busy."))
def expert_busy(calls: Calls) -> int:
    """专家座席忙."""
    return _fell_back(calls, Reason.EXPERT_BUSY)


@indicator(_("expert silent"), _("Calls for which an expert's phone rang and nobody answered."))
def expert_silent(calls: Calls) -> int:
    """专家座席无应答."""
    return _fell_back(calls, Reason.EXPERT_SILENT)


@indicator(_("by centers"), _("Calls that a center's own seats were the first to answer."))
def center_answered(calls: Calls) -> int:
    """分中心接听量."""
    return count(calls, lambda call: call.seat_kind is SeatKind.CENTER)


@indicator(
    _("center not reached"),
    _("Calls straight to a center that was busy, did not answer, or could not be reached."),
)
def center_not_reached(calls: Calls) -> int:
    """分中心未接通."""
    return _fell_back(calls, Reason.CENTER_BUSY, Reason.CENTER_SILENT, Reason.CENTER_UNREACHABLE)


@indicator(_("after hours"), _("Calls that came outside the hours of the line's expert or center."))
def after_hours(calls: Calls) -> int:
    """非工作时间来电."""
    return _fell_back(calls, Reason.CLOSED)


@indicator(
    _("transfers"),
    _("Agents' attempts to bring a party into a call: a center, an expert, an emergency number, another seat."),
)
def transfers(calls: Calls) -> int:
    """三方转接次数."""
    return len(_consults(calls))


@indicator(_("transfers answered"), _("Attempts that were answered."))
def transfers_answered(calls: Calls) -> int:
    """三方转接成功次数."""
    return _answered(_consults(calls))


@indicator(_("transfers answered %"), _("Answered transfers out of all attempts."), Unit.SHARE)
def transfers_answered_share(calls: Calls) -> float | None:
    """三方转接成功率."""
    consults = _consults(calls)
    return share(_answered(consults), len(consults))


@indicator(_("work orders"), _("Work orders made from calls, one for each message left in any call."))
def work_orders(calls: Calls) -> int:
    """派发工单量."""
    return sum(len(call.work_orders) for call in calls)


def _fell_back(calls: Calls, *reasons: Reason) -> int:
    """Return the number of calls with a fallback for any of these reasons; each call counts once."""
    return count(calls, lambda call: not set(reasons).isdisjoint(call.fallbacks))


def _consults(calls: Calls) -> list[Leg]:
    return [leg for call in calls for leg in call.legs if leg.kind is LegKind.CONSULT]


def _answered(legs: list[Leg]) -> int:
    return sum(1 for leg in legs if leg.result is LegResult.ANSWERED)


INDICATORS = (
    expert_answered, expert_absent, expert_busy, expert_silent, center_answered, center_not_reached, after_hours,
    transfers, transfers_answered, transfers_answered_share, work_orders,
)  # fmt: skip
