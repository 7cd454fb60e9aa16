"""``ivr reload``: put the registry file as it is now, and the site's own recordings, in force for new calls."""

from dataclasses import replace
from pathlib import Path

import click

from ivr.cli.home import ask, open_home, site_option
from ivr.cli.put_in_force import put_in_force, refuse
from ivr.registry.checks.trunks import missing_passwords
from ivr.registry.problems import RegistryError
from ivr.runtime import hotline_facts
from ivr.runtime.secrets import known_trunks
from ivr.runtime.site_folder import SiteFolder
from ivr.site import candidate
from ivr.texts import _


@click.command(
    help=_("Put the changed registry and recordings in force for new calls; calls in progress go on untouched."),
)
@site_option
@click.option("--numbers", metavar="FILE", type=click.Path(path_type=Path),
              help=_("The registry; the file that the hotline was started with unless given."))  # fmt: skip
def reload(site: SiteFolder, numbers: Path | None) -> None:
    """Check registry and recordings, then give a copy to the hotline, which checks the copy before any change."""
    home = open_home(site.home)
    ask(home, "ping")
    site = replace(site, numbers=numbers or Path(hotline_facts.read(home.hotline).numbers))
    try:
        checked = candidate.read(site.numbers)
    except RegistryError as error:
        refuse(home, *map(str, error.problems))
    password_warnings = missing_passwords(checked.registry, known_trunks(home.secrets))
    for warning in (*checked.warnings, *password_warnings):
        click.echo(_("{warning} (a warning)").format(warning=warning), err=True)
    orders = checked.orders.text if checked.orders.own else None
    put_in_force(home, checked.text, checked.catalogue.own, str(site.numbers), orders)
