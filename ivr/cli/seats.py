"""``ivr seats``: the SIP accounts of the seats, to set up phones with."""

import io
import json
from typing import Any
from xml.etree import ElementTree

import click
import segno

from ivr.cli.home import ask, home_option, json_option
from ivr.cli.table import show
from ivr.runtime.layout import Home
from ivr.texts import _

_KEYS = ("seat", "user", "password", "pin", "server", "groups")  # of --json; other programs rely on them


@click.command(help=_("Show the seats' SIP accounts, each with a QR code for softphones; with SEAT only that one."))
@click.argument("seat", required=False)
@home_option
@json_option
def seats(seat: str | None, home: Home, as_json: bool) -> None:
    """Print the accounts as a table and QR codes, or as JSON."""
    found = [account for account in ask(home, "seats") if seat in (None, account["seat"])]
    if seat and not found:
        raise click.BadParameter(_("{seat} is not a seat of this hotline; see 'ivr seats'").format(seat=seat))
    if as_json:
        shown = [{key: account[key] for key in _KEYS} for account in found]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    show(
        (_("seat"), _("name"), _("user"), _("password"), _("PIN"), _("server"), _("groups")),
        [
            (
                one["seat"],
                one["name"],
                one["user"],
                one["password"],
                one["pin"],
                one["server"],
                ", ".join(one["groups"]),
            )
            for one in found
        ],
    )
    for account in found:
        click.echo()
        click.echo(_("seat {seat}: point the softphone's camera here").format(seat=account["seat"]))
        click.echo(qr_code(account))


def account_config(account: dict[str, Any]) -> str:
    """Return the account in the XML that the scanner of Grandstream Wave (free, Android and iOS) takes as it stands.

    There is no standard: other scanners ask for the web address of a provisioning server.
    """
    config = ElementTree.Element("AccountConfig", version="1")
    entry = ElementTree.SubElement(config, "Account")
    for name, text in (
        ("RegisterServer", account["server"]),
        ("UserID", account["user"]),
        ("AuthID", account["user"]),
        ("AuthPass", account["password"]),
        ("AccountName", account["seat"]),
        ("DisplayName", account["seat"]),
    ):
        ElementTree.SubElement(entry, name).text = text
    return '<?xml version="1.0" encoding="utf-8"?>' + ElementTree.tostring(config, encoding="unicode")


def qr_code(account: dict[str, Any]) -> str:
    """Return the account's QR code in characters for a terminal."""
    text = io.StringIO()
    segno.make(account_config(account), error="l").terminal(out=text, compact=True)
    return text.getvalue()
