"""A report as one self-contained HTML page, without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ivr.registry.model import Mode
from ivr.reports.charts import Series, bars, columns
from ivr.reports.indicators import INDICATORS, SECTIONS
from ivr.reports.report import Report, ReportRow, Slice
from ivr.reports.report_words import heading, indicator_title, mode_name, remarks, row_name, value_text
from ivr.texts import _

_PROMISED_SHARE = 0.95  # of calls answered in any 24 hours: GB/T 33358-2016
_HEADLINES = (
    "offered",
    "answered_share",
    "answered_15s_share",
    "answered_15s_from_queue_share",
    "abandoned_share",
    "wait_median_s",
    "handle_mean_s",
)
_ENDINGS = ("answered", "message", "informed", "abandoned", "failed", "refused")  # also classes of the style sheet
_BY_KEY = {indicator.key: indicator for indicator in INDICATORS}


@dataclass(frozen=True, slots=True)
class _Chart:
    """A chart with its legend."""

    name: str
    drawing: Markup
    series: Sequence[Series]


def to_html(report: Report) -> str:
    """Return the page as HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    charts = [
        _over_time(_("Calls by day"), {f"{day.day}": calls for day, calls in report.days.items()}),
        _over_time(_("Calls by hour of the day"), {f"{hour}": calls for hour, calls in enumerate(report.hours)}),
    ]
    if report.modes:
        charts.append(_endings(_("Calls by mode and how they ended"), report.modes))
    if other_numbers := sorted((row for row in report.numbers if row.mode != Mode.HOTLINE), key=_offered, reverse=True):
        charts.append(_endings(_("Calls to the other numbers and how they ended"), other_numbers))
    return environment.get_template("page.html.j2").render(
        language=_("en"),  # the page's language as HTML names it
        heading=heading(report),
        remarks=[_("All times are the city's. Numbers of callers are in no report."), *remarks(report)],
        headlines=[_BY_KEY[key] for key in _HEADLINES],
        total=report.total,
        standard=_standard(report.total),
        charts=charts,
        sections=SECTIONS,
        columns=(_("number"), _("name"), _("mode")),
        rows=(*report.numbers, *report.modes, report.total),
        results_title=_("How agents say that calls ended"),
        results_heads=(_("number"), _("result, as the agent says"), _("calls")),
        results=report.results,
        meanings=_("How each figure is counted"),
        mode_name=mode_name,
        row_name=row_name,
        text=value_text,
        title=indicator_title,
    )


def _standard(total: ReportRow) -> tuple[bool, str]:
    """Return whether fewer calls were answered than the standard asks for, and the standard's share in words."""
    answered_share = total.values["answered_share"]
    if isinstance(answered_share, float) and answered_share < _PROMISED_SHARE:
        return True, _("below the standard of 95 %")
    return False, _("standard: at least 95 %")


def _over_time(name: str, slices: Mapping[str, Slice]) -> _Chart:
    calls = slices.values()
    series = (
        Series(_("answered within 15 s of the call"), "answered", [slot.answered_15s for slot in calls]),
        Series(_("answered later"), "later", [slot.answered - slot.answered_15s for slot in calls]),
        Series(_("not answered"), "abandoned", [slot.offered - slot.answered for slot in calls]),
    )
    return _Chart(name, Markup(columns(name, list(slices), series)), series)


def _offered(row: ReportRow) -> int:
    return _count(row, "offered")


def _endings(name: str, rows: Sequence[ReportRow]) -> _Chart:
    labels = [f"{row.number} {row.name}" if row.number else mode_name(row.mode) for row in rows]
    series = [Series(_BY_KEY[key].title, key, [_count(row, key) for row in rows]) for key in _ENDINGS]
    return _Chart(name, Markup(bars(name, labels, series)), series)


def _count(row: ReportRow, key: str) -> int:
    value = row.values[key]
    assert isinstance(value, int)  # of a count
    return value
