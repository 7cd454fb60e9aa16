"""The number of calls, and their outcomes. Every call that is over has exactly one outcome."""

from ivr.records.derive.record_parts import Outcome
from ivr.reports.indicator import Calls, Unit, count, indicator, share
from ivr.texts import _


@indicator(_("offered"), _("Calls that came in during the month and are over."))
def offered(calls: Calls) -> int:
    """呼入量."""
    return len(calls)


@indicator(_("answered"), _("A human spoke with the caller: a seat, an expert, or a center."))
def answered(calls: Calls) -> int:
    """接听量."""
    return _ended(calls, Outcome.ANSWERED)


@indicator(_("answered %"), _("Answered calls out of the calls offered."), Unit.SHARE)
def answered_share(calls: Calls) -> float | None:
    """接通率; GB/T 33358-2016 requires 95 % in any 24 hours."""
    return share(_ended(calls, Outcome.ANSWERED), len(calls))


@indicator(_("abandoned"), _("The caller hung up before a human answered and without leaving a message."))
def abandoned(calls: Calls) -> int:
    """放弃量."""
    return _ended(calls, Outcome.ABANDONED)


@indicator(_("abandoned %"), _("Abandoned calls out of the calls offered."), Unit.SHARE)
def abandoned_share(calls: Calls) -> float | None:
    """放弃率."""
    return share(_ended(calls, Outcome.ABANDONED), len(calls))


@indicator(_("message"), _("No human answered; the caller left a message."))
def message(calls: Calls) -> int:
    """留言量."""
    return _ended(calls, Outcome.MESSAGE)


@indicator(_("message %"), _("Calls that ended with a message, out of the calls offered."), Unit.SHARE)
def message_share(calls: Calls) -> float | None:
    """留言率."""
    return share(_ended(calls, Outcome.MESSAGE), len(calls))


@indicator(_("informed"), _("The caller heard the answer of an article by telephone, and needed no human."))
def informed(calls: Calls) -> int:
    """自助答复量."""
    return _ended(calls, Outcome.INFORMED)


@indicator(_("failed"), _("The hotline hung up, or stopped working, before a human answered or a message was left."))
def failed(calls: Calls) -> int:
    """系统原因未接通."""
    return _ended(calls, Outcome.FAILED)


@indicator(
    _("refused"),
    _("Turned away: the caller is on the block list, or beyond the limits of calls at once."),
)
def refused(calls: Calls) -> int:
    """未受理."""
    return _ended(calls, Outcome.REFUSED)


@indicator(
    _("unregistered"),
    _("The number dialled was not registered, or not in force on that day: a gap in numbers.yaml."),
)
def unregistered(calls: Calls) -> int:
    """未登记号码来电."""
    return count(calls, lambda call: call.gap)


def _ended(calls: Calls, outcome: Outcome) -> int:
    return count(calls, lambda call: call.outcome is outcome)


INDICATORS = (
    offered, answered, answered_share, abandoned, abandoned_share, message, message_share, informed, failed, refused,
    unregistered,
)  # fmt: skip
