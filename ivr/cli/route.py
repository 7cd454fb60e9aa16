"""``ivr route``: show the steps of a call, each with its reason and its line of the registry."""

import json
from datetime import datetime
from pathlib import Path

import click

from ivr.cli.home import fail, json_option, open_home, site_option
from ivr.cli.plan_text import plan_text, width
from ivr.cli.state import version_in_force
from ivr.registry.problems import RegistryError
from ivr.routing import decide
from ivr.routing.calendar import CITY_TIME, moment
from ivr.routing.explain import as_data, everybody
from ivr.runtime.site_folder import SiteFolder
from ivr.site import candidate
from ivr.texts import _


@click.command()
@click.argument("number")
@click.option("--from", "caller", metavar="CALLER", default="", help=_("The caller's number; withheld without it."))
@click.option("--at", metavar="TIME", help=_("Time of the call: ISO 8601, or HH:MM for today; now without it."))
@json_option
@click.option("--numbers", metavar="FILE", type=click.Path(path_type=Path),
              help=_("The registry to ask; the site's own unless given."))  # fmt: skip
@click.option("--in-force", "in_force", is_flag=True, help=_("Ask the registry in force instead of the file."))
@site_option
def route(
    *, number: str, caller: str, at: str | None, as_json: bool, numbers: Path | None, in_force: bool, site: SiteFolder
) -> None:
    """Show how a call to NUMBER would be routed, step by step, and why.

    NUMBER may have any spelling that a carrier sends: 12333, 073512333, +8673512333. Every seat counts as signed in
    and free, so that every step is shown. A call comes to a step only if the steps before it reached nobody.
    """
    try:
        call_time = _moment(at)
        if in_force or (site.state_only and numbers is None):
            checked = version_in_force(open_home(site.home))
        else:
            checked = candidate.read(numbers or site.numbers)
        registry = checked.registry
    except ValueError as error:
        fail(str(error), code=2)
    except FileNotFoundError:
        fail(_("no hotline has run in {home}").format(home=site.home.root))
    except RegistryError as error:
        fail(*map(str, error.problems))
    else:
        live = everybody(registry)
        prompts = checked.catalogue
        words, lengths = prompts.texts(prompts.prompts), prompts.seconds(prompts.prompts)
        plan_json = as_data(registry, decide.plan(registry, number, caller, call_time, live), live, words, lengths)
        if as_json:
            click.echo(json.dumps(plan_json, ensure_ascii=False, indent=2))
        else:
            for line in plan_text(plan_json, number, width()):
                click.echo(line)
        for warning in checked.warnings if plan_json["menu"] else ():
            click.echo(_("{warning} (a warning)").format(warning=warning), err=True)


def _moment(text: str | None) -> datetime:
    """Read a moment on the city's clock: ISO 8601, or HH:MM for today."""
    now = datetime.now(CITY_TIME)
    if text is None:
        return now
    try:
        return moment(text, now)
    except ValueError:
        message = _("--at: {text!r} is not a time; write 2026-03-31T09:30, or 09:30 for today")
        raise ValueError(message.format(text=text)) from None
