"""People's accounts: added, changed, listed and removed by an admin."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from ivr.people import password_hash
from ivr.people.people_schema import PEOPLE, SESSIONS
from ivr.people.rights import Role
from ivr.records.store.database import Database
from ivr.texts import _

_USER = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_LONGEST_NAME = 40


class AccountRefused(Exception):
    """The refusal of a new or changed account; ``str()`` is the reason, ``field`` the wrong field."""

    def __init__(self, text: str, field: str = "") -> None:
        """Take the text for the admin."""
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Person:
    """A person who may sign in at the desk."""

    user: str
    name: str
    roles: tuple[Role, ...]
    seat: str | None
    unit: str | None  # of a person with the role `unit`
    totp: bool
    disabled: bool
    must_change: bool
    last_sign_in: datetime | None
    sessions: int = 0  # that are open now

    def to_json(self) -> dict[str, Any]:
        """Return the person as REST and ``ivr user list --json`` show it."""
        last_sign_in = self.last_sign_in
        return {
            "user": self.user,
            "name": self.name,
            "roles": [role.value for role in self.roles],
            "seat": self.seat,
            "unit": self.unit,
            "totp": self.totp,
            "disabled": self.disabled,
            "must_change_password": self.must_change,
            "last_sign_in": last_sign_in.isoformat(timespec="seconds") if last_sign_in else None,
            "sessions": self.sessions,
        }


def people(database: Database) -> list[Person]:
    """Return all people, by user name.

    Raises:
        DatabaseUnusable: the database cannot be used. All functions of this module raise it.
    """
    counted = select(SESSIONS.c.user, func.count().label("open")).group_by(SESSIONS.c.user).subquery()
    query = select(PEOPLE, counted.c.open).outerjoin(counted, PEOPLE.c.user == counted.c.user).order_by(PEOPLE.c.user)
    with database.begin() as connection:
        return [person_of(row) for row in connection.execute(query).mappings()]


def person(database: Database, user: str) -> Person:
    """Return a person.

    Raises:
        AccountRefused: there is no such person.
    """
    with database.begin() as connection:
        return _person(connection, user)


def add_person(
    database: Database,
    user: str,
    name: str,
    roles: Iterable[str],
    seat: str | None,
    password: str | None,
    now: datetime,
    *,
    unit: str | None = None,
) -> str:
    """Add a person; return the password, which has to be changed at the first sign-in.

    Args:
        database: the call database.
        user: name to sign in with.
        name: the person's name.
        roles: names of `Role`.
        seat: the person's own seat, checked by the caller of this function; None to choose one at the desk.
        password: None to have one made.
        now: aware.
        unit: for which a person with the role `unit` acts, checked by the caller of this function.

    Raises:
        AccountRefused: a field is wrong, or the user name is in use.
    """
    if not _USER.fullmatch(user):
        raise AccountRefused(_("a user name has 2 to 40 letters a-z, digits, '.', '_' or '-'"), "user")
    role_names = _checked_roles(roles)
    _refuse_unit(role_names, unit)
    values = {"name": _checked_name(name), "roles": role_names, "seat": seat or None, "unit": unit or None}
    password = password or password_hash.made_password()
    if password_hash.is_weak(password, user):
        raise AccountRefused(weak_password(), "password")
    stored_hash = password_hash.hashed(password)
    with database.begin() as connection:
        if connection.execute(select(PEOPLE.c.user).where(PEOPLE.c.user == user)).first():
            raise AccountRefused(_("there is a person {user} already").format(user=user), "user")
        connection.execute(
            insert(PEOPLE).values(
                user=user,
                password=stored_hash,
                password_at=now,
                must_change=True,
                totp_used=0,
                disabled=False,
                **values,
            )
        )
    return password


def change_person(
    database: Database,
    user: str,
    *,
    name: str | None = None,
    roles: Iterable[str] | None = None,
    seat: str | None = None,
    unit: str | None = None,
    disabled: bool | None = None,
) -> Person:
    """Change a person. A field that is None stays; "" removes seat or unit.

    The sessions of a person who loses a role, a seat or a unit end.

    Raises:
        AccountRefused: a field is wrong, there is no such person, or the hotline would have no admin left.
    """
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = _checked_name(name)
    if roles is not None:
        changes["roles"] = _checked_roles(roles)
    if seat is not None:
        changes["seat"] = seat or None
    if unit is not None:
        changes["unit"] = unit or None
    if disabled is not None:
        changes["disabled"] = disabled
    with database.begin() as connection:
        earlier = _person(connection, user)
        if changes.keys() & {"roles", "unit"}:
            _refuse_unit(changes.get("roles", earlier.roles), changes.get("unit", earlier.unit))
        if changes:
            connection.execute(update(PEOPLE).where(PEOPLE.c.user == user).values(**changes))
        if changes.keys() & {"roles", "seat", "unit", "disabled"}:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.user == user))
        return _person(connection, user)


def remove_person(database: Database, user: str) -> None:
    """Remove a person; the audit log keeps the user name.

    Raises:
        AccountRefused: there is no such person.
    """
    with database.begin() as connection:
        _person(connection, user)
        connection.execute(delete(SESSIONS).where(SESSIONS.c.user == user))
        connection.execute(delete(PEOPLE).where(PEOPLE.c.user == user))


def set_password(
    database: Database, user: str, password: str | None, now: datetime, *, chosen_by_person: bool = False
) -> str:
    """Replace a password, and end the person's sessions; return the new password.

    Args:
        database: the call database.
        user: the person's user name.
        password: None for a random password.
        now: aware.
        chosen_by_person: whether the person chose it; otherwise the person has to change it at the next sign-in.

    Raises:
        AccountRefused: the password is weak, or there is no such person.
    """
    password = password or password_hash.made_password()
    if password_hash.is_weak(password, user):
        raise AccountRefused(weak_password(), "new" if chosen_by_person else "password")
    stored_hash = password_hash.hashed(password)
    with database.begin() as connection:
        _person(connection, user)
        row_update = update(PEOPLE).where(PEOPLE.c.user == user)
        connection.execute(row_update.values(password=stored_hash, password_at=now, must_change=not chosen_by_person))
        connection.execute(delete(SESSIONS).where(SESSIONS.c.user == user))
    return password


def set_totp(database: Database, user: str, issuer: str) -> str:
    """Give a person a second factor (TOTP, RFC 6238); return its ``otpauth:`` address, for an authenticator app.

    Raises:
        AccountRefused: there is no such person.
    """
    key = pyotp.random_base32()
    with database.begin() as connection:
        _person(connection, user)
        connection.execute(update(PEOPLE).where(PEOPLE.c.user == user).values(totp=key, totp_used=0))
    return str(pyotp.TOTP(key).provisioning_uri(name=user, issuer_name=issuer))


def clear_totp(database: Database, user: str) -> None:
    """Take the second factor away, because the person lost it.

    Raises:
        AccountRefused: there is no such person.
    """
    with database.begin() as connection:
        _person(connection, user)
        connection.execute(update(PEOPLE).where(PEOPLE.c.user == user).values(totp=None, totp_used=0))


def weak_password() -> str:
    """Return the rule of passwords, for people."""
    return _(
        "a password has {shortest} to {longest} characters, is not made of the user name, and is not one that "
        "everybody uses"
    ).format(shortest=password_hash.SHORTEST, longest=password_hash.LONGEST)


def person_of(row: Any) -> Person:  # noqa: ANN401 - a row by column name
    """Return the person of a row of `PEOPLE`."""
    return Person(
        user=row["user"],
        name=row["name"],
        roles=tuple(Role(role) for role in row["roles"]),
        seat=row["seat"],
        unit=row["unit"],
        totp=row["totp"] is not None,
        disabled=row["disabled"],
        must_change=row["must_change"],
        last_sign_in=row["last_sign_in"],
        sessions=row.get("open") or 0,
    )


def _person(connection: Connection, user: str) -> Person:
    row = connection.execute(select(PEOPLE).where(PEOPLE.c.user == user)).mappings().first()
    if row is None:
        raise AccountRefused(_("there is no person {user}").format(user=ascii(user)), "user")
    return person_of(row)


def _checked_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > _LONGEST_NAME or not plain.isprintable():
        raise AccountRefused(_("a name has 1 to {longest} characters").format(longest=_LONGEST_NAME), "name")
    return plain


def _checked_roles(roles: Iterable[str]) -> list[str]:
    try:
        known_roles = {Role(role) for role in roles}
    except ValueError:
        known_roles = set()
    if not known_roles:
        text = _("roles are one or more of: {roles}").format(roles=", ".join(Role))
        raise AccountRefused(text, "roles")
    return [role.value for role in Role if role in known_roles]


def _refuse_unit(roles: Iterable[str], unit: str | None) -> None:
    """Refuse a person of a unit without a unit, or with a further role: unit and hotline see different data."""
    role_set = set(roles)
    if Role.UNIT in role_set and len(role_set) > 1:
        raise AccountRefused(_("a person of a unit has no other role"), "roles")
    if Role.UNIT in role_set and not unit:
        raise AccountRefused(_("name the unit for which the person acts"), "unit")
    if unit and Role.UNIT not in role_set:
        raise AccountRefused(_("only a person with the role unit acts for a unit"), "unit")
