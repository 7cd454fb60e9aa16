"""All indicators, in the order in which a report shows them.

Every indicator follows from call records alone. A new indicator is a function in `volume`, `waits`, `peak` or
`handover`, and its name in the INDICATORS of that file; every table, spreadsheet and page then shows it.
"""

from dataclasses import dataclass

from ivr.records.derive.record_parts import Outcome
from ivr.reports import callbacks, handover, peak, satisfaction, volume, waits
from ivr.reports.indicator import Calls, Indicator, Value
from ivr.texts import _


@dataclass(frozen=True, slots=True)
class Section:
    """The indicators of one table."""

    title: str
    indicators: tuple[Indicator, ...]


SECTIONS = (
    Section(_("Calls"), volume.INDICATORS),
    Section(_("Waits, handle time, busiest hour"), (*waits.INDICATORS, *peak.INDICATORS)),
    Section(_("Experts, centers, transfers, work orders"), handover.INDICATORS),
    Section(_("Callbacks"), callbacks.INDICATORS),
    Section(_("Satisfaction"), satisfaction.INDICATORS),
)

INDICATORS = tuple(indicator for section in SECTIONS for indicator in section.indicators)


def ended_calls(calls: Calls) -> Calls:
    """Return the calls that are over, because a call in progress has no outcome to count."""
    return [call for call in calls if call.outcome is not Outcome.IN_PROGRESS]


def indicators(calls: Calls) -> dict[str, Value]:
    """Return every indicator of these calls, by key; calls in progress are left out."""
    counted = ended_calls(calls)
    return {indicator.key: indicator.of(counted) for indicator in INDICATORS}
