"""Tokens for a city's own programs, each with the acts that it may do."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from ivr.people.accounts import AccountRefused
from ivr.people.desk_sessions import digest
from ivr.people.people_schema import TOKENS
from ivr.people.rights import Act
from ivr.records.store.database import Database
from ivr.texts import _

PREFIX = "ivr_"
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class ApiToken:
    """The entry of a program's token; the token itself is shown only when it is made."""

    name: str
    scopes: tuple[Act, ...]
    made_at: datetime
    until: datetime | None

    def to_json(self) -> dict[str, Any]:
        """Return the entry of ``ivr token list --json``."""
        return {
            "name": self.name,
            "scopes": [act.value for act in self.scopes],
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "until": self.until.isoformat(timespec="seconds") if self.until else None,
        }


def add_token(database: Database, name: str, scopes: Iterable[str], until: datetime | None, now: datetime) -> str:
    """Make a token and return it.

    Raises:
        AccountRefused: a field is wrong, or the name is in use.
        DatabaseUnusable: the database cannot be used. All functions of this module raise it.
    """
    if not name.isprintable() or not 0 < len(name) <= _LONGEST_NAME:
        raise AccountRefused(_("a name has 1 to {longest} characters").format(longest=_LONGEST_NAME), "name")
    try:
        acts = sorted({Act(scope) for scope in scopes})
    except ValueError as error:
        raise AccountRefused(
            _("{error}; scopes are: {scopes}").format(error=error, scopes=", ".join(Act)), "scopes"
        ) from None
    if not acts:
        raise AccountRefused(
            _("a token without a scope may do nothing; scopes are: {scopes}").format(scopes=", ".join(Act)), "scopes"
        )
    token = PREFIX + secrets.token_urlsafe(32)
    with database.begin() as connection:
        if connection.execute(select(TOKENS.c.name).where(TOKENS.c.name == name)).first():
            raise AccountRefused(_("there is a token {name} already").format(name=name), "name")
        row = {"name": name, "digest": digest(token), "scopes": [act.value for act in acts]}
        connection.execute(insert(TOKENS).values(made_at=now, until=until, **row))
    return token


def token_of(database: Database, token: str, now: datetime) -> ApiToken | None:
    """Return the entry of a token; None if there is no such token, or it has expired."""
    with database.begin() as connection:
        row = connection.execute(select(TOKENS).where(TOKENS.c.digest == digest(token))).mappings().first()
    if row is None or (row["until"] and row["until"] < now):
        return None
    return _api_token(row)


def tokens(database: Database) -> list[ApiToken]:
    """Return all tokens, by name."""
    with database.begin() as connection:
        return [_api_token(row) for row in connection.execute(select(TOKENS).order_by(TOKENS.c.name)).mappings()]


def remove_token(database: Database, name: str) -> None:
    """Revoke a token.

    Raises:
        AccountRefused: there is no token of this name.
    """
    with database.begin() as connection:
        if connection.execute(delete(TOKENS).where(TOKENS.c.name == name)).rowcount == 0:
            raise AccountRefused(_("there is no token {name}").format(name=ascii(name)), "name")


def _api_token(row) -> ApiToken:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a row by column name
    scopes = tuple(Act(scope) for scope in row["scopes"] if scope in set(Act))
    return ApiToken(row["name"], scopes, row["made_at"], row["until"])
