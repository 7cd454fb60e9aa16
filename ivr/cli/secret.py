"""``ivr secret``: passwords that others gave, kept in the secrets file."""

import sys
from pathlib import Path

import click

from ivr.cli.home import fail, open_home, site_option
from ivr.registry.problems import RegistryError
from ivr.runtime import facts, secrets
from ivr.runtime.errors import SecretsUnreadable
from ivr.runtime.layout import Home
from ivr.runtime.privilege import give_to_owner
from ivr.runtime.site_folder import SiteFolder
from ivr.site import candidate
from ivr.texts import _

_LONGEST = 128


@click.group(short_help=_("keep a password that a carrier gave"))
def secret() -> None:
    """Keep a password in the secrets file of the site."""


@secret.group("set", short_help=_("keep a password that a carrier gave"))
def set_() -> None:
    """Keep a password."""


@set_.command(short_help=_("keep the password of a trunk's registration"))
@click.argument("name")
@click.option("--numbers", metavar="FILE", type=click.Path(path_type=Path),
              help=_("Another registry than the site's."))  # fmt: skip
@site_option
def trunk(name: str, numbers: Path | None, site: SiteFolder) -> None:
    """Keep the password of the trunk NAME; it is asked for, or read from standard input.

    An empty one takes it away. `ivr reload` puts it in force.
    """
    home = open_home(site.home)
    file = numbers or _registry_file(site, home)
    try:
        registry = candidate.read(file).registry
    except RegistryError as error:
        fail(*map(str, error.problems))
    if name not in {one.name for one in registry.trunks if one.registration}:
        text = _("there is no trunk {name} with a registration in {file}")
        fail(text.format(name=ascii(name), file=file), code=2)
    password = _asked(name)
    if len(password) > _LONGEST or not password.isprintable():
        text = _("the password has {count} characters, or one that cannot be shown; 128 at most")
        fail(text.format(count=len(password)), code=2)
    try:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        secrets.set_trunk_password(home.secrets, name, password, registry.seats)
        give_to_owner(home.root, home.secrets)
    except (SecretsUnreadable, OSError) as error:
        fail(str(error))
    click.echo(_("the password of the trunk {name} is kept; 'ivr reload' puts it in force").format(name=name))


def _registry_file(site: SiteFolder, home: Home) -> Path:
    """Return the site's registry, or the file that `ivr up --numbers` named."""
    if site.numbers.is_file() or not home.hotline.is_file():
        return site.numbers
    return Path(facts.read(home.hotline).numbers)


def _asked(name: str) -> str:
    if sys.stdin.isatty():
        prompt = _("password of the trunk {name}").format(name=name)
        answer: str = click.prompt(prompt, hide_input=True, default="", show_default=False)
        return answer
    return sys.stdin.readline().rstrip("\r\n")
