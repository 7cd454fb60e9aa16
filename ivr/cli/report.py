"""``ivr report``: the indicators of a month, on screen and as files."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from ivr.cli.call_database import call_database
from ivr.cli.home import fail, home_option, json_option
from ivr.cli.state import registry_in_force
from ivr.cli.table import show
from ivr.records.derive.call_record import CallRecord
from ivr.records.store.call_filter import CallFilter
from ivr.records.store.database import DatabaseUnusable
from ivr.records.store.queries import calls
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.reports.data import to_json
from ivr.reports.indicators import SECTIONS
from ivr.reports.month import Month
from ivr.reports.page import to_html
from ivr.reports.report import Report
from ivr.reports.report import report as report_of
from ivr.reports.report_words import heading, mode_name, remarks, row_name, text, title
from ivr.reports.spreadsheet import to_csv, to_xlsx
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.texts import _

_file = click.Path(path_type=Path, dir_okay=False)


def _month(_context: click.Context, _parameter: click.Parameter, text: str | None) -> Month:
    """Read ``2026-11``; without it the month that it is in the city."""
    if text is None:
        return Month.of(datetime.now(CITY_TIME))
    try:
        return Month.parse(text)
    except ValueError:
        raise click.BadParameter(_("'{text}' is no month; write 2026-11").format(text=text)) from None


@click.command(
    short_help=_("report the indicators of a month"),
    help=_("Report a month: how many calls came to each number, and what became of them."),
)
@click.option("--month", metavar="YYYY-MM", callback=_month, help=_("The month; this month if not given."))
@click.option("--number", metavar="N", help=_("Only calls to this number, and to those that lead on to it."))
@home_option
@click.option("--csv", metavar="FILE", type=_file, help=_("Write a CSV file."))
@click.option("--xlsx", metavar="FILE", type=_file, help=_("Write an Excel workbook."))
@click.option("--html", metavar="FILE", type=_file, help=_("Write a page with charts, all in one file."))
@json_option
def report(
    *, month: Month, number: str | None, home: Home, csv: Path | None, xlsx: Path | None, html: Path | None,
    as_json: bool
) -> None:  # fmt: skip
    """Write the files that are asked for; without any, print tables, or JSON."""
    found = report_of(_calls(home, month, number), month, datetime.now(CITY_TIME), _registry(home), number)
    if csv:
        _write(csv, lambda: to_csv(found))
    if xlsx:
        _write(xlsx, lambda: to_xlsx(found))
    if html:
        _write(html, lambda: to_html(found).encode())
    if as_json:
        click.echo(json.dumps(to_json(found), ensure_ascii=False, indent=2))
    elif not (csv or xlsx or html):
        _show(found)


def _calls(home: Home, month: Month, number: str | None) -> list[CallRecord]:
    """Read the database here, also while the hotline runs: a month's records would keep its engine from its calls."""
    try:
        return calls(call_database(home), CallFilter(number=number, since=month.begin, until=month.end))
    except FileNotFoundError:
        fail(_("no hotline has run in {home}").format(home=home.root))
    except OSError as error:
        fail(_("{home} cannot be read: {reason}").format(home=home.root, reason=error.strerror))
    except DatabaseUnusable as unusable:
        fail(str(unusable), _("If its URL holds a password, set HOTLINE_DATABASE to it, as for 'ivr up'."))


def _registry(home: Home) -> Registry | None:
    """Return the registry in force, for the names of lines; without a registry the report has no names."""
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


def _show(found: Report) -> None:
    for line in (heading(found), *remarks(found)):
        click.echo(line)
    for section in SECTIONS:
        click.echo(f"\n{section.title}")
        rows = [
            [row.number, row_name(row), mode_name(row.mode)]
            + [text(row.values[indicator.key], indicator.unit) for indicator in section.indicators]
            for row in (*found.numbers, *found.modes, found.total)
        ]
        show((_("number"), _("name"), _("mode"), *map(title, section.indicators)), rows)
