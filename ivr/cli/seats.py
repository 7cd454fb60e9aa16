"""``ivr seats``: the SIP accounts of the seats, for the set-up of phones."""

import io
import json

import click
import segno

from ivr.cli.home import fail, home_option, json_option
from ivr.cli.state import registry_in_force
from ivr.cli.table import show
from ivr.control import control_client
from ivr.registry.problems import RegistryError
from ivr.registry.trunk_model import SipTransport
from ivr.runtime import hotline_facts, secrets
from ivr.runtime.errors import SecretsUnreadable
from ivr.runtime.layout import Home
from ivr.site.seat_accounts import SeatAccount, account_config, seat_accounts
from ivr.texts import _

_NOT_MADE = "-"  # because the next start or reload makes the password
_SHORT = {"seat", "name", "groups", "server", "transport"}  # keys of --json, which programs rely on
_WHOLE = {*_SHORT, "user", "password", "pin"}


@click.command(
    help=_("List the seats; with --secrets their passwords and PINs, for one SEAT also a QR code."),
)
@click.argument("seat", required=False)
@click.option("--secrets", "with_secrets", is_flag=True, help=_("Show users, passwords and PINs."))
@home_option
@json_option
def seats(seat: str | None, with_secrets: bool, home: Home, as_json: bool) -> None:
    """Print the accounts of the hotline that runs, or ran last, in ``home``, as a table or as JSON."""
    accounts = [account for account in _accounts(home) if seat in (None, account["seat"])]
    if seat and not accounts:
        raise click.BadParameter(_("{seat} is not a seat of this hotline; see 'ivr seats'").format(seat=seat))
    if as_json:
        keys = _WHOLE if with_secrets else _SHORT
        account_fields = [{key: text for key, text in account.items() if key in keys} for account in accounts]
        click.echo(json.dumps(account_fields, ensure_ascii=False, indent=2))
    elif with_secrets:
        _show_secrets(accounts)
    else:
        show(
            (_("seat"), _("name"), _("groups"), _("server"), _("transport")),
            [
                (seat["seat"], seat["name"], ", ".join(seat["groups"]), seat["server"], seat["transport"])
                for seat in accounts
            ],
        )
        hint = _("user, password, PIN and QR code of a seat: ivr seats {seat} --secrets")
        click.echo(hint.format(seat=seat or "SEAT"))


def _show_secrets(accounts: list[SeatAccount]) -> None:
    rows = []
    for account in accounts:
        password, pin = account["password"] or _NOT_MADE, account["pin"] or _NOT_MADE
        rows.append(
            (account["seat"], account["name"], account["user"], password, pin, account["server"], account["transport"])
        )
    show((_("seat"), _("name"), _("user"), _("password"), _("PIN"), _("server"), _("transport")), rows)
    if len(accounts) == 1:
        click.echo()
        click.echo(_("seat {seat}: point the softphone's camera here").format(seat=accounts[0]["seat"]))
        click.echo(qr_code(accounts[0]))
        if accounts[0]["transport"] == SipTransport.TLS:
            click.echo(_("transport TLS, SRTP required (SDES): check that the softphone has taken both from the code"))
        elif accounts[0]["transport"] == SipTransport.WSS:
            click.echo(
                _("transport WSS (RFC 7118), sound by WebRTC (DTLS-SRTP, ICE): check both after the code was read")
            )


def _accounts(home: Home) -> list[SeatAccount]:
    """Ask the hotline, or read its home if it does not run."""
    try:
        accounts: list[SeatAccount] = control_client.ask(home, "seats")
    except control_client.RequestRefused as refusal:
        fail(*refusal.args)
    except control_client.NotRunning as not_running:
        try:
            return seat_accounts(registry_in_force(home), hotline_facts.read(home.hotline), secrets.load(home.secrets))
        except FileNotFoundError:
            fail(str(not_running))
        except RegistryError as error:
            fail(
                *map(str, error.problems),
                _("these are problems of the registry in force, because this version of the program checks more"),
            )
        except (OSError, SecretsUnreadable) as error:
            fail(str(not_running), str(error))
    return accounts


def qr_code(account: SeatAccount) -> str:
    """Return the account's QR code in characters for a terminal."""
    text = io.StringIO()
    segno.make(account_config(account), error="l").terminal(out=text, compact=True)
    return text.getvalue()
