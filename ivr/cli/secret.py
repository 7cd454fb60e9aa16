"""``ivr secret``: passwords and keys of carriers, platforms and receivers of alarms, stored in the secrets file."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from ivr.alarms.alarm_delivery import SIGNING
from ivr.cli.home import fail, open_home, registry_file, site_option
from ivr.registry.problems import RegistryError
from ivr.runtime import secrets
from ivr.runtime.errors import SecretsUnreadable
from ivr.runtime.layout import Home
from ivr.runtime.privilege import give_to_owner
from ivr.runtime.site_folder import SiteFolder
from ivr.site import candidate
from ivr.site.candidate import RegistryCandidate
from ivr.texts import _

_LONGEST = 128


@click.group()
def secret() -> None:
    """Store a password or key in the secrets file of the site."""


@secret.group("set", short_help=_("store a password or key of a carrier, a platform or a receiver of alarms"))
def set_() -> None:
    """Store a password or key."""


_numbers_option = click.option(
    "--numbers", metavar="FILE", type=click.Path(path_type=Path), help=_("Another registry than the site's.")
)


@set_.command(short_help=_("store the password of a trunk's registration"))
@click.argument("name")
@_numbers_option
@site_option
def trunk(name: str, numbers: Path | None, site: SiteFolder) -> None:
    """Store the password of the trunk NAME.

    The command asks for the password, or reads it from standard input; an empty password deletes the stored
    password. `ivr reload` puts the change in force.
    """
    home, file, candidate = _candidate(site, numbers)
    if name not in {registered.name for registered in candidate.registry.trunks if registered.registration}:
        text = _("there is no trunk {name} with a registration in {file}")
        fail(text.format(name=ascii(name), file=file), code=2)
    password = _password(_("password of the trunk {name}").format(name=name))
    _store(home, lambda: secrets.set_trunk_password(home.secrets, name, password, candidate.registry.seats))
    click.echo(_("the password of the trunk {name} is stored; 'ivr reload' puts it in force").format(name=name))


@set_.command(short_help=_("store the key that a platform and the hotline share"))
@click.argument("name")
@_numbers_option
@site_option
def platform(name: str, numbers: Path | None, site: SiteFolder) -> None:
    """Store the key that signs the messages to and from the platform NAME of orders.yaml.

    The command asks for the key, or reads it from standard input; an empty key deletes the stored key. The change
    is in force at once.
    """
    home, _file, candidate = _candidate(site, numbers)
    if name not in candidate.directory.platforms:
        text = _("there is no platform {name} in {file}")
        fail(text.format(name=ascii(name), file=candidate.orders.file), code=2)
    key = _password(_("key of the platform {name}").format(name=name))
    _store(home, lambda: secrets.set_platform_key(home.secrets, name, key, candidate.registry.seats))
    click.echo(_("the key of the platform {name} is stored").format(name=name))


@set_.command(short_help=_("store the password or key of a receiver of alarms"))
@click.argument("name")
@click.option("--signing", is_flag=True, help=_("The signing key of a DingTalk robot, beside its token."))
@_numbers_option
@site_option
def alarm(name: str, signing: bool, numbers: Path | None, site: SiteFolder) -> None:
    """Store the password of the mail server, or the key or token of the robot, of the receiver NAME of alarms.

    The command asks for it, or reads it from standard input; an empty answer deletes the stored password or key. The
    change is in force at once.
    """
    home, file, candidate = _candidate(site, numbers)
    if name not in candidate.registry.alarms.receivers:
        text = _("there is no receiver of alarms {name} in {file}")
        fail(text.format(name=ascii(name), file=file), code=2)
    key = _password(_("key of the receiver {name}").format(name=name))
    kept_as = f"{name}{SIGNING}" if signing else name
    _store(home, lambda: secrets.set_alarm_key(home.secrets, kept_as, key, candidate.registry.seats))
    click.echo(_("the key of the receiver {name} is stored").format(name=name))


def _candidate(site: SiteFolder, numbers: Path | None) -> tuple[Home, Path, RegistryCandidate]:
    """Return the state folder, with the registry and the orders.yaml of the site folder."""
    home = open_home(site.home)
    file = numbers or registry_file(site)
    try:
        return home, file, candidate.read(file)
    except RegistryError as error:
        fail(*map(str, error.problems))


def _store(home: Home, write: Callable[[], None]) -> None:
    try:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        write()
        give_to_owner(home.root, home.secrets)
    except (SecretsUnreadable, OSError) as error:
        fail(str(error))


def _password(prompt: str) -> str:
    """Ask for a password, or read it from standard input; end the command if it is too long or not printable."""
    if sys.stdin.isatty():
        answer: str = click.prompt(prompt, hide_input=True, default="", show_default=False)
    else:
        answer = sys.stdin.readline().rstrip("\r\n")
    if len(answer) > _LONGEST or not answer.isprintable():
        text = _("the password has {count} characters (128 at most), or a character that cannot be shown")
        fail(text.format(count=len(answer)), code=2)
    return answer
