"""The report of one month: every indicator for each number dialled, for each mode, and overall."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ivr.records.derive.call_record import CallRecord
from ivr.registry.model import Mode, Registry
from ivr.reports.indicator import Calls, Value
from ivr.reports.indicators import ended_calls, indicators
from ivr.reports.month import Month
from ivr.reports.waits import answered_in_time
from ivr.routing.calendar import city_time
from ivr.routing.spelling import registered_form

UNREGISTERED = "unregistered"  # the number had no entry in force
UNKNOWN = "unknown"  # the engine was away, and the number is not in the registry

_MODES = (*Mode, UNREGISTERED, UNKNOWN)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """The indicators of some calls of the month."""

    number: str  # as registered, or as delivered if it is not registered; "" in a total
    name: str  # of the line, on the day of its last call; "" if unregistered, and in a total
    mode: str  # of `Mode`, `UNREGISTERED` or `UNKNOWN`; "" in the total of all
    values: Mapping[str, Value]  # by key of the indicator


@dataclass(frozen=True, slots=True)
class Slice:
    """The calls that came in during a day or an hour."""

    offered: int
    answered: int
    answered_15s: int


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one month. It holds no number of a caller."""

    month: Month
    made_at: datetime  # aware
    kept_from: datetime | None  # calls that ended earlier were deleted by then; None if there is no registry
    city: str  # "" without a registry
    number: str | None  # only calls to this number, or that got its line's service; None: all
    in_progress: int  # calls of the month that are not over; no other figure counts them
    total: ReportRow
    modes: tuple[ReportRow, ...]
    numbers: tuple[
        ReportRow, ...
    ]  # by mode, then number; several rows for a number whose mode changed within the month
    days: Mapping[date, Slice]  # every day of the month
    hours: tuple[Slice, ...]  # by hour of the day, of all days together; 24
    results: Mapping[tuple[str, str], int]  # calls by number dialled and the agent's result


def report(
    calls: Sequence[CallRecord],
    month: Month,
    made_at: datetime,
    registry: Registry | None = None,
    number: str | None = None,
) -> Report:
    """Return the report of a month. Pure.

    Args:
        calls: the calls to report; calls of other months are left out.
        month: on the city's clock.
        made_at: when the calls were read; aware.
        registry: for names of lines, modes that records lack, and the retention period.
        number: for the heading: the only number of ``calls``; None if calls of all numbers are reported.
    """
    of_month = [call for call in calls if call.started_at in month]
    counted = ended_calls(of_month)
    by_number: defaultdict[tuple[str, str], list[CallRecord]] = defaultdict(list)
    by_mode: defaultdict[str, list[CallRecord]] = defaultdict(list)
    for call in counted:
        key = _mode_and_number(call, registry)
        by_number[key].append(call)
        by_mode[key[0]].append(call)
    return Report(
        month=month,
        made_at=made_at,
        kept_from=made_at - timedelta(days=registry.records.days) if registry else None,
        city=registry.city.name if registry else "",
        number=number,
        in_progress=len(of_month) - len(counted),
        total=ReportRow("", "", "", indicators(counted)),
        modes=tuple(ReportRow("", "", mode, indicators(by_mode[mode])) for mode in sorted(by_mode, key=_rank)),
        numbers=tuple(
            ReportRow(dialled, _name(dialled, its_calls, registry), mode, indicators(its_calls))
            for (mode, dialled), its_calls in sorted(by_number.items(), key=lambda item: (_rank(item[0][0]), item[0]))
        ),
        days=_days(counted, month),
        hours=_hours(counted),
        results=_results(counted),
    )


def _mode_and_number(call: CallRecord, registry: Registry | None) -> tuple[str, str]:
    """Return the mode of the call and the number dialled; by the registry if the engine was away."""
    if call.mode is not None:
        return call.mode, call.dialled
    if call.gap:
        return UNREGISTERED, call.dialled
    if registry is None:
        return UNKNOWN, call.dialled
    registered_numbers = {line.number for line in registry.lines}
    number = registered_form(registry.city, registered_numbers, call.dialled) or call.dialled
    entry = registry.entry(number, city_time(call.started_at).date())
    return (entry.mode if entry else UNKNOWN), number


def _rank(mode: str) -> int:
    """Return the position of a mode in a report; an unknown mode comes last."""
    return _MODES.index(mode) if mode in _MODES else len(_MODES)


def _name(number: str, calls: Calls, registry: Registry | None) -> str:
    last_day = max(city_time(call.started_at).date() for call in calls)
    entry = registry.entry(number, last_day) if registry else None
    return entry.name if entry else ""


def _days(calls: Calls, month: Month) -> Mapping[date, Slice]:
    by_day: defaultdict[date, list[CallRecord]] = defaultdict(list)
    for call in calls:
        by_day[city_time(call.started_at).date()].append(call)
    return {day: _slice(by_day[day]) for day in month.days}


def _hours(calls: Calls) -> tuple[Slice, ...]:
    by_hour: defaultdict[int, list[CallRecord]] = defaultdict(list)
    for call in calls:
        by_hour[city_time(call.started_at).hour].append(call)
    return tuple(_slice(by_hour[hour]) for hour in range(24))


def _results(calls: Calls) -> Mapping[tuple[str, str], int]:
    counts = Counter((call.dialled, call.result) for call in calls if call.result)
    return dict(sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1])))


def _slice(calls: Iterable[CallRecord]) -> Slice:
    calls = list(calls)
    return Slice(
        offered=len(calls),
        answered=sum(1 for call in calls if call.answered_at),
        answered_15s=sum(1 for call in calls if answered_in_time(call)),
    )
