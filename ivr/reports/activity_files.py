"""The activity report as JSON, CSV, Excel workbook and text. Pure."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from ivr.registry.model import Registry
from ivr.reports.activity import Activity, ActivityRows
from ivr.reports.activity_columns import ActivityColumn, activity_columns, column_heads, figures, row_key, row_title
from ivr.reports.indicator import Unit
from ivr.reports.spreadsheet import FORMATS, formula_safe
from ivr.reports.workbook_sheets import append_row, new_workbook, workbook_bytes
from ivr.texts import _


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """The activity of seats and calls in a time."""

    rows: ActivityRows
    since: datetime  # aware
    until: datetime  # aware; not included
    made_at: datetime  # aware
    activities: Sequence[Activity]
    total: Activity
    registry: Registry | None  # for the names

    @property
    def columns(self) -> list[ActivityColumn]:
        """The figures of each row."""
        return activity_columns(self.rows, [*self.activities, self.total])


def activity_json(report: ActivityReport) -> dict[str, Any]:
    """Return the report in JSON's own types: shares from 0 to 1, times in seconds."""
    columns = report.columns
    return {
        "by": report.rows.value,
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "columns": [
            {"key": column.key, "title": column.title, "meaning": column.meaning, "unit": column.unit.value}
            for column in columns
        ],
        "rows": [
            {"key": row.key, "name": row_title(report.rows, row.key, report.registry), **figures(columns, row)}
            for row in report.activities
        ],
        "total": figures(columns, report.total),
    }


def activity_csv(report: ActivityReport) -> bytes:
    """Return the report as CSV in UTF-8, with a byte order mark for Excel."""
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(_titles(report))
    for names, row in _rows(report):
        texts = ["" if value is None else str(value) for value in figures(report.columns, row).values()]
        writer.writerow([*map(formula_safe, names), *texts])
    return lines.getvalue().encode("utf-8-sig")


def activity_xlsx(report: ActivityReport) -> bytes:
    """Return the report as an Excel workbook: the figures, and how each is counted."""
    book = new_workbook()
    sheet, meanings = book.create_sheet(_("activity")), book.create_sheet(_("how it is counted"))
    append_row(sheet, _titles(report), bold=True)
    for names, row in _rows(report):
        append_row(sheet, [*names, *figures(report.columns, row).values()])
    for place, column in enumerate(report.columns, start=3):
        for [cell] in sheet.iter_rows(min_row=2, min_col=place, max_col=place):
            cell.number_format = FORMATS.get(column.unit, "0")
    sheet.freeze_panes = "C2"
    for column in report.columns:
        append_row(meanings, [column.title, column.meaning])
    return workbook_bytes(book)


def activity_table(report: ActivityReport) -> tuple[list[str], list[list[str]]]:
    """Return titles and rows as people read them: times as hours, minutes and seconds."""
    rows = [
        [*names, *(_text(column.of(row), column.unit) for column in report.columns)] for names, row in _rows(report)
    ]
    return [*column_heads(report.rows), *(column.title for column in report.columns)], rows


def _titles(report: ActivityReport) -> list[str]:
    seconds = _("s")
    return [
        *column_heads(report.rows),
        *(f"{column.title} ({seconds})" if column.unit is Unit.SECONDS else column.title for column in report.columns),
    ]


def _rows(report: ActivityReport) -> Iterator[tuple[tuple[str, str], Activity]]:
    for row in report.activities:
        yield (row_key(report.rows, row.key), row_title(report.rows, row.key, report.registry)), row
    yield (_("all"), ""), report.total


def _text(value: float | None, unit: Unit) -> str:
    if value is None:
        return "–"
    if unit is Unit.SHARE:
        return f"{value:.1%}"
    if unit is Unit.SECONDS:
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return f"{value}"
