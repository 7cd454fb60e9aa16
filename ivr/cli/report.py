"""``ivr report``: the indicators of a month, or the activity of seats, on screen and as files."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from ivr.cli.call_database import call_database
from ivr.cli.home import fail, home_option, json_option
from ivr.cli.state import registry_in_force
from ivr.cli.table import show
from ivr.cli.time_options import since_option, until_option
from ivr.records.derive.call_record import CallRecord
from ivr.records.store.call_filter import CallFilter
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.records.store.queries import calls
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.reports.activity import ActivityRows
from ivr.reports.activity_files import activity_csv, activity_json, activity_table, activity_xlsx
from ivr.reports.activity_reading import activity_report
from ivr.reports.data import to_json
from ivr.reports.indicators import SECTIONS
from ivr.reports.month import Month
from ivr.reports.page import to_html
from ivr.reports.report import Report
from ivr.reports.report import report as report_of
from ivr.reports.report_words import heading, indicator_title, mode_name, remarks, row_name, value_text
from ivr.reports.spreadsheet import to_csv, to_xlsx
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.texts import _

T = TypeVar("T")

_file = click.Path(path_type=Path, dir_okay=False)


def _month(_context: click.Context, _parameter: click.Parameter, value_text: str | None) -> Month:
    """Read ``2026-11``; the current month in the city's time if there is no text."""
    if value_text is None:
        return Month.of(datetime.now(CITY_TIME))
    try:
        return Month.parse(value_text)
    except ValueError:
        raise click.BadParameter(_("'{text}' is no month; write 2026-11").format(text=value_text)) from None


@click.command(
    help=_("Report a month: how many calls came to each number, and how the calls ended."),
)
@click.option("--month", metavar="YYYY-MM", callback=_month, help=_("The month; this month if not given."))
@click.option(
    "--by",
    type=click.Choice([rows.value for rows in ActivityRows]),
    help=_("Report calls and the times of seats instead, with a row for each of these."),
)
@since_option(_("With --by, since: 2026-11-22, 30m, 2h, 7d; the begin of the month if not given."))
@until_option(_("With --by, until: 2026-11-22 (to the end of that day), 2026-11-22T08:00, 2h."))
@click.option("--number", metavar="N", help=_("Only calls to this number, and to numbers that are merged into it."))
@home_option
@click.option("--csv", metavar="FILE", type=_file, help=_("Write a CSV file."))
@click.option("--xlsx", metavar="FILE", type=_file, help=_("Write an Excel workbook."))
@click.option("--html", metavar="FILE", type=_file, help=_("Write a page with charts, all in one file."))
@json_option
def report(
    *, month: Month, by: str | None, since: str | None, until: str | None, number: str | None, home: Home,
    as_json: bool, **files: Path | None
) -> None:  # fmt: skip
    """Write the files that the options name; if they name none, print tables or JSON."""
    csv, xlsx, html = files["csv"], files["xlsx"], files["html"]
    if by is not None:
        if number is not None or html is not None:
            raise click.UsageError(_("--by takes neither --number nor --html"))
        _activity(home, ActivityRows(by), _time(month, since, until), csv, xlsx, as_json=as_json)
        return
    if since or until:
        raise click.UsageError(_("--since and --until need --by"))
    month_report = report_of(_calls(home, month, number), month, datetime.now(CITY_TIME), _registry(home), number)
    if csv:
        _write(csv, lambda: to_csv(month_report))
    if xlsx:
        _write(xlsx, lambda: to_xlsx(month_report))
    if html:
        _write(html, lambda: to_html(month_report).encode())
    if as_json:
        click.echo(json.dumps(to_json(month_report), ensure_ascii=False, indent=2))
    elif not (csv or xlsx or html):
        _show(month_report)


def _time(month: Month, since: str | None, until: str | None) -> tuple[datetime, datetime]:
    begin = datetime.fromisoformat(since) if since else month.begin
    end = datetime.fromisoformat(until) if until else max(month.end, begin)
    if end <= begin:
        raise click.UsageError(_("the time is empty: --until has to be later than --since"))
    return begin, end


def _activity(
    home: Home, rows: ActivityRows, time: tuple[datetime, datetime], csv: Path | None, xlsx: Path | None, *,
    as_json: bool,
) -> None:  # fmt: skip
    registry, now = _registry(home), datetime.now(CITY_TIME)
    activity = _read(home, lambda database: activity_report(database, rows, *time, now, registry))
    if csv:
        _write(csv, lambda: activity_csv(activity))
    if xlsx:
        _write(xlsx, lambda: activity_xlsx(activity))
    if as_json:
        click.echo(json.dumps(activity_json(activity), ensure_ascii=False, indent=2))
    elif not (csv or xlsx):
        show(*activity_table(activity))


def _calls(home: Home, month: Month, number: str | None) -> list[CallRecord]:
    """Read the database in this process, because a month's records would delay the calls of the engine."""
    return _read(home, lambda database: calls(database, CallFilter(number=number, since=month.begin, until=month.end)))


def _read(home: Home, reading: Callable[[Database], T]) -> T:
    try:
        return reading(call_database(home))
    except FileNotFoundError:
        fail(_("no hotline has run in {home}").format(home=home.root))
    except OSError as error:
        fail(_("{home} cannot be read: {reason}").format(home=home.root, reason=error.strerror))
    except DatabaseUnusable as unusable:
        fail(str(unusable), _("If its URL holds a password, set HOTLINE_DATABASE to it, as for 'ivr up'."))


def _registry(home: Home) -> Registry | None:
    """Return the registry in force, for the names of lines; None if it has problems: the report has none."""
    try:
        return registry_in_force(home)
    except FileNotFoundError:
        return None
    except RegistryError as error:
        click.echo(_("names of lines are left out: the registry in force has problems"), err=True)
        for problem in error.problems:
            click.echo(str(problem), err=True)
        return None


def _write(path: Path, content: Callable[[], bytes]) -> None:
    try:
        path.write_bytes(content())
    except OSError as error:
        fail(_("{file} cannot be written: {reason}").format(file=path, reason=error.strerror))
    click.echo(_("{file} written").format(file=path), err=True)


def _show(month_report: Report) -> None:
    for line in (heading(month_report), *remarks(month_report)):
        click.echo(line)
    for section in SECTIONS:
        click.echo(f"\n{section.title}")
        rows = [
            [row.number, row_name(row), mode_name(row.mode)]
            + [value_text(row.values[indicator.key], indicator.unit) for indicator in section.indicators]
            for row in (*month_report.numbers, *month_report.modes, month_report.total)
        ]
        show((_("number"), _("name"), _("mode"), *map(indicator_title, section.indicators)), rows)
    if month_report.results:
        click.echo("\n" + _("How agents say that calls ended"))
        rows = [[number, result, str(count)] for (number, result), count in month_report.results.items()]
        show((_("number"), _("result, as the agent says"), _("calls")), rows)
