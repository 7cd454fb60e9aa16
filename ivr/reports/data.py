"""A report as JSON, for ``ivr report --json``."""

from datetime import datetime
from typing import Any

from ivr.reports.indicator import Value
from ivr.reports.report import Report, ReportRow, Slice


def to_json(report: Report) -> dict[str, Any]:
    """Return the report in JSON's own types: shares from 0 to 1, times in ISO 8601 with their offset."""
    return {
        "month": str(report.month),
        "begin": report.month.begin.isoformat(),
        "end": report.month.end.isoformat(),
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "number": report.number,
        "in_progress": report.in_progress,
        "total": _values(report.total),
        "modes": [{"mode": row.mode, **_values(row)} for row in report.modes],
        "numbers": [
            {"number": row.number, "name": row.name, "mode": row.mode, **_values(row)} for row in report.numbers
        ],
        "results": [
            {"number": dialled, "result": result, "calls": calls} for (dialled, result), calls in report.results.items()
        ],
        "days": [{"day": day.isoformat(), **_slice(calls)} for day, calls in report.days.items()],
        "hours": [{"hour": hour, **_slice(calls)} for hour, calls in enumerate(report.hours)],
    }


def _values(row: ReportRow) -> dict[str, Any]:
    return {key: _plain(value) for key, value in row.values.items()}


def _plain(value: Value) -> str | int | float | None:
    return value.isoformat() if isinstance(value, datetime) else value


def _slice(calls: Slice) -> dict[str, int]:
    return {"offered": calls.offered, "answered": calls.answered, "answered_15s": calls.answered_15s}
