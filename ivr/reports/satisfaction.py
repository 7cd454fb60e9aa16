"""Ratings of the service by citizens (满意度)."""

from ivr.reports.indicator import Calls, Unit, count, indicator, share
from ivr.texts import _

SATISFIED = 3
"""The last of the five levels that counts as satisfied: 非常满意, 满意 and 基本满意."""


@indicator(_("ratings"), _("Calls after which the citizen gave a rating, from 1 (very satisfied) to 5 (not at all)."))
def ratings(calls: Calls) -> int:
    """评价量."""
    return count(calls, lambda call: call.rating)


@indicator(_("satisfied"), _("Of these, those with a rating of 1, 2 or 3."))
def satisfied(calls: Calls) -> int:
    """满意量: 非常满意, 满意 and 基本满意."""
    return count(calls, lambda call: call.rating and call.rating <= SATISFIED)


@indicator(_("satisfied %"), _("Calls rated 1, 2 or 3, out of all calls that were rated."), Unit.SHARE)
def satisfied_share(calls: Calls) -> float | None:
    """满意率."""
    return share(count(calls, lambda call: call.rating and call.rating <= SATISFIED), count(calls, lambda c: c.rating))


INDICATORS = (ratings, satisfied, satisfied_share)
