"""``ivr token``: tokens with which a city's own programs use the desk's REST."""

import json

import click

from ivr.cli.home import home_option, json_option
from ivr.cli.people_command import administered
from ivr.cli.table import moment, show
from ivr.people.rights import Act
from ivr.runtime.layout import Home
from ivr.texts import _


@click.group(help=_("Tokens with which programs use the desk's REST."))
def token() -> None:
    """Run one of the commands below."""


@token.command("list", help=_("List the tokens and the rights of each."))
@home_option
@json_option
def listing(home: Home, as_json: bool) -> None:
    """Print tokens as a table or JSON; never the tokens themselves."""
    tokens = administered(home, "tokens")
    if as_json:
        click.echo(json.dumps(tokens, ensure_ascii=False, indent=2))
        return
    show(
        (_("name"), _("scopes"), _("made"), _("until")),
        [
            (
                token["name"],
                ", ".join(token["scopes"]),
                moment(token["made_at"]),
                moment(token["until"]) if token["until"] else "",
            )
            for token in tokens
        ],
    )


@token.command(help=_("Make a token; it is shown once."))
@click.argument("name", metavar="NAME")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="ACT",
    type=click.Choice([act.value for act in Act]),
    help=_("A right of the token; may be given several times."),
)
@click.option(
    "--until", metavar="DATE", type=click.DateTime(), help=_("End of its validity; it has none if not given.")
)
@home_option
def add(name: str, scopes: tuple[str, ...], until: object, home: Home) -> None:
    """Make a token."""
    end = until.astimezone().isoformat() if hasattr(until, "astimezone") else None
    click.echo(administered(home, "tokens.add", name=name, scopes=list(scopes), until=end))


@token.command(help=_("Take a token back."))
@click.argument("name", metavar="NAME")
@home_option
def remove(name: str, home: Home) -> None:
    """Take a token back."""
    administered(home, "tokens.remove", name=name)
