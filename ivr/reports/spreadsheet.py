"""A report as CSV and as an Excel workbook: one row for each number, each mode, and all."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from ivr.reports.indicator import Unit, Value
from ivr.reports.indicators import INDICATORS
from ivr.reports.report import Report, ReportRow
from ivr.reports.report_words import heading, indicator_title, minute_text, mode_name, remarks, row_name, value_text
from ivr.reports.workbook_sheets import append_row, new_workbook, workbook_bytes
from ivr.routing.calendar import city_time
from ivr.texts import _

_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
)  # Excel, LibreOffice and WPS read a text with this first character as a formula
FORMATS = {Unit.SHARE: "0.0%", Unit.SECONDS: "0.0", Unit.HOUR: "yyyy-mm-dd hh:mm"}
"""The number format of a unit's cells; a count has "0"."""

_Cell = str | int | float | datetime | None


def to_csv(report: Report) -> bytes:
    """Return the report as CSV in UTF-8, with a byte order mark for Excel."""
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(_titles())
    for row in _rows(report):
        cells = (_text(row.values[indicator.key], indicator.unit) for indicator in INDICATORS)
        writer.writerow([*map(formula_safe, _heads(row)), *cells])
    return lines.getvalue().encode("utf-8-sig")


def to_xlsx(report: Report) -> bytes:
    """Return the report as an Excel workbook: the indicators, the days, the hours, and how each figure is counted."""
    book = new_workbook()
    indicators = book.create_sheet(_("indicators"))
    append_row(indicators, _titles(), bold=True)
    for row in _rows(report):
        append_row(indicators, [*_heads(row), *(_cell(row.values[indicator.key]) for indicator in INDICATORS)])
    for column, indicator in enumerate(INDICATORS, start=len(_heads(report.total)) + 1):
        for [cell] in indicators.iter_rows(min_row=2, min_col=column, max_col=column):
            cell.number_format = FORMATS.get(indicator.unit, "0")
    indicators.freeze_panes = "D2"
    slices = (_("offered"), _("answered"), _("within 15 s of the call"))
    results = book.create_sheet(_("results"))
    append_row(results, [_("number"), _("result, as the agent says"), _("calls")], bold=True)
    for (number, result), count in report.results.items():
        append_row(results, [number, result, count])
    days = book.create_sheet(_("days"))
    append_row(days, [_("day"), *slices], bold=True)
    for day, calls in report.days.items():
        append_row(days, [day.isoformat(), calls.offered, calls.answered, calls.answered_15s])
    hours = book.create_sheet(_("hours"))
    append_row(hours, [_("hour"), *slices], bold=True)
    for hour, calls in enumerate(report.hours):
        append_row(hours, [f"{hour:02}:00", calls.offered, calls.answered, calls.answered_15s])
    meanings = book.create_sheet(_("how it is counted"))
    for line in (heading(report), *remarks(report)):
        append_row(meanings, [line])
    for indicator in INDICATORS:
        append_row(meanings, [indicator_title(indicator), indicator.meaning])
    return workbook_bytes(book)


def _titles() -> list[str]:
    return [_("number"), _("name"), _("mode"), *map(indicator_title, INDICATORS)]


def _rows(report: Report) -> Iterator[ReportRow]:
    yield from (*report.numbers, *report.modes, report.total)


def _heads(row: ReportRow) -> tuple[str, str, str]:
    return row.number, row_name(row), mode_name(row.mode)


def formula_safe(cell: str) -> str:
    """Return a text that no spreadsheet reads as a formula, because a number dialled may begin with a plus."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _text(value: Value, unit: Unit) -> str:
    if isinstance(value, datetime):
        return minute_text(value)
    return "" if value is None else value_text(value, unit)


def _cell(value: Value) -> _Cell:
    if isinstance(value, datetime):
        return city_time(value).replace(tzinfo=None)  # Excel has no time zones
    return value
