"""``ivr diff``: the changes of a registry before it is in force, and the numbers whose calls would go another way."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from ivr.cli.home import fail, json_option, open_home, registry_file, site_option
from ivr.cli.state import registry_in_force
from ivr.registry.changes import Change, ChangeKind
from ivr.registry.problems import RegistryError
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.site_folder import SiteFolder
from ivr.site import candidate
from ivr.site.registry_difference import registry_difference
from ivr.texts import _

DIFFERS = 3  # exit code; 1 is an error and 2 a misspelled command


@click.command()
@click.argument("file", metavar="[NEW]", type=click.Path(path_type=Path), required=False)
@site_option
@json_option
def diff(file: Path | None, site: SiteFolder, as_json: bool) -> None:
    """List the changes that NEW (the site's numbers.yaml) and the recordings beside it would bring; change nothing.

    The exit code is 0 if nothing would change, 3 if something would change, and 1 if NEW has problems.
    """
    home, file = open_home(site.home), file or registry_file(site)
    try:
        checked = candidate.read(file)
    except RegistryError as error:
        fail(*map(str, error.problems))
    try:
        in_force = registry_in_force(home)
    except FileNotFoundError:
        fail(_("no hotline ever ran in {home}: there is no registry to compare with").format(home=home.root))
    except RegistryError as error:
        fail(
            *map(str, error.problems),
            _("these are problems of the registry in force, because this version of the program checks more"),
        )
    difference = registry_difference(home, in_force, checked, datetime.now(CITY_TIME))
    for warning in checked.warnings:
        click.echo(_("{warning} (a warning)").format(warning=warning), err=True)
    if as_json:
        click.echo(json.dumps(difference.to_json(), ensure_ascii=False, indent=2))
    else:
        _show(file, difference.changes, difference.rerouted, difference.recordings)
        if difference.orders:
            message = _("units, deadlines or dispatch of work orders would change: {file}")
            click.echo(message.format(file=checked.orders.file))
        elif not difference.any:
            click.echo(_("nothing would change"))
    sys.exit(DIFFERS if difference.any else 0)


def _show(file: Path, changes: tuple[Change, ...], affected: tuple[str, ...], recordings: tuple[str, ...]) -> None:
    for change in changes:
        click.echo(f"{_where(file, change)}: {change}")
    for prompt in recordings:
        click.echo(_("callers would hear another recording: {prompt}").format(prompt=prompt))
    if affected:
        text = _("calls to these numbers would go another way: {numbers}")
        click.echo(text.format(numbers=", ".join(affected)))
    elif changes or recordings:
        click.echo(_("every call would go the way it goes now"))


def _where(file: Path, change: Change) -> str:
    """Return the place in the new file; "" for a removed entry, which has none."""
    if change.kind is ChangeKind.GONE or change.place is None:
        return str(file)
    return f"{change.place.file}:{change.place.line}"
