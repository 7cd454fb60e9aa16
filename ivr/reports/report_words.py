"""The texts of a report: titles, names of rows, values."""

from datetime import datetime

from ivr.registry.model import Mode
from ivr.reports.indicator import Indicator, Unit, Value
from ivr.reports.report import UNKNOWN, UNREGISTERED, Report, ReportRow
from ivr.routing.calendar import city_time
from ivr.texts import _

_MODES = {
    Mode.HOTLINE: _("hotline"),
    Mode.MERGED: _("merged"),  # 整体并入
    Mode.DUAL: _("dual"),  # 双号并行
    Mode.SUBCENTER: _("sub-center"),  # 设分中心
    UNREGISTERED: _("not registered"),
    UNKNOWN: _("mode unknown"),
}


def heading(report: Report) -> str:
    """Return the title of a report."""
    month = f"{report.month}"
    if report.number is not None:
        return _("{city} 12345: calls to {number} in {month}").format(
            city=report.city, number=report.number, month=month
        ).strip()  # fmt: skip
    return _("{city} 12345: calls in {month}").format(city=report.city, month=month).strip()


def remarks(report: Report) -> list[str]:
    """Return the remarks before the figures."""
    lines = []
    if report.made_at < report.month.end:
        lines.append(_("The month is not over: calls up to {time}.").format(time=minute_text(report.made_at)))
    if report.kept_from and report.month.begin < report.kept_from:
        deleted = _(
            "Incomplete: calls before {time} were deleted after their retention period (records in numbers.yaml)."
        )
        lines.append(deleted.format(time=minute_text(report.kept_from)))
    if report.in_progress:
        lines.append(_("Calls in progress, not counted yet: {count}").format(count=report.in_progress))
    if report.number is not None:
        lines.append(_("Only calls to {number}, and to numbers that lead on to it.").format(number=report.number))
    return lines


def mode_name(mode: str) -> str:
    """Return a mode in words."""
    return next((name for mode_of_name, name in _MODES.items() if mode_of_name == mode), mode)


def row_name(row: ReportRow) -> str:
    """Return the name of a row: the line's name, or the name of the total."""
    if row.number:
        return row.name
    return _("all of this mode") if row.mode else _("all")


def indicator_title(indicator: Indicator) -> str:
    """Return an indicator's title with its unit."""
    return f"{indicator.title} ({_('s')})" if indicator.unit is Unit.SECONDS else indicator.title


def value_text(value: Value, unit: Unit) -> str:
    """Return a value as text, without the unit that the title has; "–" if there is nothing to measure."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return city_time(value).strftime("%m-%d %H:%M")  # the heading names the year
    return {Unit.SHARE: f"{value:.1%}", Unit.SECONDS: f"{value:.1f}"}.get(unit, f"{value}")


def minute_text(time: datetime) -> str:
    """Return a moment to the minute, on the city's clock."""
    return city_time(time).strftime("%Y-%m-%d %H:%M")
