"""``ivr user``: the people who may sign in at the desk."""

import json
import sys

import click
import segno

from ivr.cli import words
from ivr.cli.home import fail, home_option, json_option
from ivr.cli.people_command import administered
from ivr.cli.state import registry_in_force
from ivr.cli.table import moment, show
from ivr.people.rights import Role
from ivr.registry.problems import RegistryError
from ivr.registry.quoting import with_nearest
from ivr.runtime.layout import Home
from ivr.site.orders_in_force import directory_in_force
from ivr.texts import _

_ISSUER = "12345"

_roles = click.option(
    "--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]),
    help=_("A role of the person; may be given several times."),
)  # fmt: skip
_name = click.option("--name", metavar="NAME", help=_("The person's own name."))
_seat = click.option("--seat", metavar="SEAT", help=_("The person's own seat; without one, a free seat is chosen."))
_unit = click.option("--unit", metavar="UNIT", help=_("Of a person with the role unit: the unit of orders.yaml."))
_stdin = click.option("--password-stdin", is_flag=True, help=_("Read the password from the standard input."))
_user = click.argument("user", metavar="USER")


@click.group(help=_("The people who may sign in at the desk."))
def user() -> None:
    """Run one of the commands below."""


@user.command("list", help=_("List the people."))
@home_option
@json_option
def listing(home: Home, as_json: bool) -> None:
    """Print people as a table or JSON."""
    people = administered(home, "people")
    if as_json:
        click.echo(json.dumps(people, ensure_ascii=False, indent=2))
        return
    heads = (
        _("user"),
        _("name"),
        _("roles"),
        _("seat or unit"),
        _("code"),
        _("last signed in"),
        _("sessions"),
        _("state"),
    )
    show(
        heads,
        [
            (
                person["user"],
                person["name"],
                ", ".join(map(words.role, person["roles"])),
                person["seat"] or person["unit"] or "",
                _("yes") if person["totp"] else "",
                moment(person["last_sign_in"]) if person["last_sign_in"] else "",
                str(person["sessions"]),
                _("disabled") if person["disabled"] else "",
            )
            for person in people
        ],
    )


@user.command(help=_("Add a person; prints the password for the first sign-in."))
@_user
@_name
@_roles
@_seat
@_unit
@_stdin
@home_option
def add(
    user: str, name: str | None, roles: tuple[str, ...], seat: str | None, unit: str | None, password_stdin: bool,
    home: Home,
) -> None:  # fmt: skip
    """Add a person."""
    if seat is not None:
        _check_seat(home, seat)
    if unit is not None:
        _check_unit(home, unit)
        roles = roles or (Role.UNIT,)
    password = _read_password() if password_stdin else None
    added = administered(
        home, "people.add", user=user, name=name or user, roles=roles or [Role.AGENT], seat=seat, password=password,
        unit=unit,
    )  # fmt: skip
    if not password_stdin:
        text = _("{user} signs in with this password, and then chooses another password: {password}")
        click.echo(text.format(user=user, password=added))


@user.command(
    short_help=_("Change name, roles, seat or access of a person."),
    help=_("Change name, roles or seat of a person, or whether the person may sign in; sessions end."),
)
@_user
@_name
@_roles
@click.option("--seat", metavar="SEAT", help=_("Another seat; '' for none."))
@click.option("--unit", metavar="UNIT", help=_("Another unit; '' for none."))
@click.option("--disable/--enable", "disabled", default=None, help=_("Let the person not sign in, or sign in again."))
@home_option
def change(
    user: str, name: str | None, roles: tuple[str, ...], seat: str | None, unit: str | None, disabled: bool | None,
    home: Home,
) -> None:  # fmt: skip
    """Change a person."""
    if seat:
        _check_seat(home, seat)
    if unit:
        _check_unit(home, unit)
    administered(
        home, "people.change", user=user, name=name, roles=list(roles) or None, seat=seat, unit=unit,
        disabled=disabled,
    )  # fmt: skip


@user.command(help=_("Give a person a new password, and end the person's sessions."))
@_user
@_stdin
@home_option
def password(user: str, password_stdin: bool, home: Home) -> None:
    """Replace a password."""
    new_password = administered(
        home, "people.password", user=user, password=_read_password() if password_stdin else None
    )
    if not password_stdin:
        text = _("{user} signs in with this password, and then chooses another password: {password}")
        click.echo(text.format(user=user, password=new_password))


@user.command(
    short_help=_("Give a person a second factor (TOTP)."),
    help=_("Give a person a second factor (TOTP), or with --off take it away."),
)
@_user
@click.option("--off", is_flag=True, help=_("Take the second factor away, because the person lost it."))
@home_option
def totp(user: str, off: bool, home: Home) -> None:
    """Set or clear the second factor."""
    if off:
        administered(home, "people.no-totp", user=user)
        return
    address = administered(home, "people.totp", user=user, issuer=_ISSUER)
    click.echo(_("{user}: point the authenticator app's camera here").format(user=user))
    code = segno.make_qr(address)
    code.terminal(out=sys.stdout, compact=True, border=2)
    click.echo(address)


@user.command("end-sessions", help=_("End all sessions of a person."))
@_user
@home_option
def end_sessions(user: str, home: Home) -> None:
    """End sessions."""
    count = administered(home, "people.end-sessions", user=user)
    click.echo(_("sessions that were ended: {count}").format(count=count))


@user.command(help=_("Remove a person; the audit log keeps the user name."))
@_user
@home_option
def remove(user: str, home: Home) -> None:
    """Remove a person."""
    administered(home, "people.remove", user=user)


def _read_password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        fail(_("no password came from the standard input"))
    return password


def _check_seat(home: Home, seat: str) -> None:
    try:
        seats = registry_in_force(home).seats
    except (FileNotFoundError, RegistryError) as error:
        fail(str(error))
    if seat not in seats:
        fail(_("{seat} is not a seat of this hotline; see 'ivr seats'").format(seat=seat))


def _check_unit(home: Home, unit: str) -> None:
    try:
        units = directory_in_force(home, registry_in_force(home)).units
    except (FileNotFoundError, RegistryError) as error:
        fail(str(error))
    if unit not in units:
        message = _("{unit} is not a unit of orders.yaml").format(unit=unit)
        fail(with_nearest(message, unit, units))
