"""``ivr route``: what would happen to a call, step by step, with the reason of each step and its registry line."""

import json
from datetime import datetime, time
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import ivr
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.registry.prompts import recorded
from ivr.routing.calendar import CITY_TIME, city_time
from ivr.routing.decide import plan as decide
from ivr.routing.explain import PlanData, StepData, as_data, everybody
from ivr.runtime import facts
from ivr.runtime.layout import Home
from ivr.texts import _

_PROJECT = Path(ivr.__file__).parents[1]
_PIPE_WIDTH = 160  # columns where the output is no terminal


@click.command(short_help=_("show what would happen to a call"))
@click.argument("number")
@click.option("--from", "caller", metavar="CALLER", default="", help=_("the caller's number"))
@click.option("--at", metavar="TIME", help=_("when: ISO 8601, or HH:MM for today; now without it"))
@click.option("--json", "as_json", is_flag=True, help=_("for programs"))
@click.option("--numbers", type=click.Path(path_type=Path), metavar="FILE", help=_("the registry to ask"))
@click.option("--home", type=click.Path(path_type=Path), metavar="DIR", default="var", show_default=True)
def route(  # noqa: PLR0913 - one argument an option
    *, number: str, caller: str, at: str | None, as_json: bool, numbers: Path | None, home: Path
) -> None:
    """Show what would happen to a call to NUMBER, step by step, and why.

    NUMBER may be spelled as a carrier does: 12333, 073512333, +8673512333. Every seat counts as signed in and
    free, so that every step there is shows; each one is reached only if those before it reached nobody.
    """
    moment = _moment(at) if at is not None else datetime.now(CITY_TIME)
    registry = _registry(numbers or _numbers_of(home))
    live = everybody(registry)
    data = as_data(registry, decide(registry, number, caller, moment, live), live)
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        _show(data, number)


def _moment(text: str) -> datetime:
    """Read a moment on the city's clock: ISO 8601, or HH:MM for today."""
    try:
        return city_time(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    try:
        return datetime.combine(datetime.now(CITY_TIME), time.fromisoformat(text), CITY_TIME)
    except ValueError:
        message = _("--at: {text!r} is not a time; write 2026-03-31T09:30, or 09:30 for today")
        refusal = click.ClickException(message.format(text=text))
        refusal.exit_code = 2
        raise refusal from None


def _numbers_of(home: Path) -> Path:
    """Return the file that the hotline of this home runs with, or else the project's own."""
    try:
        used = Path(facts.read(Home(home).hotline).numbers)
    except FileNotFoundError:
        return _PROJECT / "numbers.yaml"
    return used if used.is_file() else _PROJECT / "numbers.yaml"


def _registry(path: Path) -> Registry:
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    try:
        return read(shown, recorded(_PROJECT / "recordings"))
    except RegistryError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise SystemExit(1) from None


def _show(data: PlanData, typed: str) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE_WIDTH)
    console.print(escape(_headline(data, typed)))
    caller = data["caller"] or _("withheld")
    console.print(escape(_("caller {caller}, {time}").format(caller=caller, time=data["time"])))
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for title in (_("step"), _("what"), _("why"), _("where")):
        table.add_column(title, no_wrap=title == _("where"))
    _add(table, data["steps"], "")
    for branch in data["menu"]:
        table.add_row()
        _add(table, branch["steps"], _("key {key}").format(key=branch["key"]) + " · ")
    console.print()
    console.print(table)


def _headline(data: PlanData, typed: str) -> str:
    if data["gap"]:
        if not data["dialled"]:
            return _("{typed!r} is not a number; it gets what an unregistered number gets").format(typed=typed)
        if data["steps"][0]["why"] == "not-in-force":
            return _("{number} is registered, but not for this day").format(number=data["dialled"])
        return _("{number} is not registered").format(number=data["dialled"])
    words = [data["dialled"], data["name"], *([data["unit"]] if data["unit"] else []), data["mode"]]
    if len(data["chain"]) > 1:
        words.append(" → ".join(data["chain"]))
    return "  ".join(words)


def _add(table: Table, steps: list[StepData], before: str) -> None:
    for count, step in enumerate(steps, start=1):
        table.add_row(f"{before}{count}", escape(step["text"]), escape(step["reason"]), step["at"] or "")
