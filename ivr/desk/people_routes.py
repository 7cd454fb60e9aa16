"""REST and acts: people's accounts and the audit log, for admins and auditors."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import segno
from starlette.requests import Request
from starlette.routing import Route

from ivr.desk.account_requests import account_answer, act_on_account
from ivr.desk.act_door import ActDoor
from ivr.desk.http_guard import guarded
from ivr.desk.orders.directory_view import DirectoryView
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.presence import Presence
from ivr.desk.refusals import DeskRefused
from ivr.desk.registry_view import RegistryView
from ivr.desk.visitor import Visitor
from ivr.people import accounts, audit_log, desk_sessions
from ivr.people.audit_log import AuditFilter
from ivr.people.rights import Act
from ivr.records.store.database import Database
from ivr.texts import _

_MOST = 500


class PeopleActs:
    """Each method does the act of its name; each leaves a line in the audit log."""

    def __init__(
        self, database: Database, registry: RegistryView, directory: DirectoryView, door: ActDoor, presence: Presence,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        """Add the acts to the door."""
        self._database, self._registry, self._directory, self._door = database, registry, directory, door
        self._presence, self._now = presence, now
        door.add(
            {
                Act.ADD_PERSON: self.add,
                Act.CHANGE_PERSON: self.change,
                Act.REMOVE_PERSON: self.remove,
                Act.END_SESSIONS: self.end_sessions,
                Act.GIVE_TOTP: self.give_totp,
                Act.TAKE_TOTP: self.take_totp,
            }
        )

    async def add(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Add a person; the answer holds the password for the first sign-in."""
        user, name, roles, seat = args.get("user"), args.get("name"), args.get("roles"), args.get("seat")
        if not isinstance(user, str) or not isinstance(name, str):
            raise DeskRefused(422, "invalid", _("a person has a user name and a name"), "user")
        await self._door.audit(visitor, Act.ADD_PERSON, user, str(roles))
        adding = partial(
            accounts.add_person, self._database, user, name, _list(roles), self._seat(seat), _password(args),
            self._now(), unit=self._unit(args.get("unit")),
        )  # fmt: skip
        return {"user": user, "password": await account_answer(adding)}

    async def change(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Change name, roles, seat, unit, password, or whether the person may sign in."""
        user = str(args.get("user", ""))
        changed_keys = sorted(args.keys() - {"user", "password"}) + (["password"] if "password" in args else [])
        await self._door.audit(visitor, Act.CHANGE_PERSON, user, ", ".join(changed_keys))
        roles, seat, name, disabled = (args.get(key) for key in ("roles", "seat", "name", "disabled"))
        if not isinstance(name, str | None) or not isinstance(disabled, bool | None):
            raise DeskRefused(422, "invalid", _("a person has a user name and a name"), "name")
        changed_person = await account_answer(
            partial(
                accounts.change_person, self._database, user, name=name, disabled=disabled,
                roles=None if roles is None else _list(roles), seat=None if seat is None else self._seat(seat) or "",
                unit=None if args.get("unit") is None else self._unit(args["unit"]) or "",
            )
        )  # fmt: skip
        answer = changed_person.to_json()
        if "password" in args:
            new_password = await account_answer(
                partial(accounts.set_password, self._database, user, _password(args), self._now())
            )
            answer["password"] = new_password
        self._presence.end(user=user)
        return dict(answer)

    async def remove(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Remove a person; a person cannot remove the own account."""
        user = str(args.get("user", ""))
        if user == visitor.user:
            raise DeskRefused(409, "refused", _("another admin can remove you, not you yourself"), "user")
        await self._door.audit(visitor, Act.REMOVE_PERSON, user)
        await account_answer(partial(accounts.remove_person, self._database, user))
        self._presence.end(user=user)
        return {}

    async def end_sessions(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """End all sessions of a person."""
        user = str(args.get("user", ""))
        await self._door.audit(visitor, Act.END_SESSIONS, user)
        count = await asyncio.to_thread(desk_sessions.end_sessions, self._database, user=user)
        self._presence.end(user=user)
        return {"sessions": count}

    async def give_totp(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Give a second factor; the answer holds its address and a QR code for an authenticator app."""
        user = str(args.get("user", ""))
        await self._door.audit(visitor, Act.GIVE_TOTP, user)
        hotline = self._registry.current.hotline.number
        address = await account_answer(partial(accounts.set_totp, self._database, user, hotline))
        return {"address": address, "qr": segno.make(address).svg_data_uri()}

    async def take_totp(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Take the second factor away, because the person lost it."""
        user = str(args.get("user", ""))
        await self._door.audit(visitor, Act.TAKE_TOTP, user)
        await account_answer(partial(accounts.clear_totp, self._database, user))
        return {}

    def _seat(self, seat: object) -> str | None:
        if seat in (None, ""):
            return None
        if not isinstance(seat, str) or seat not in self._registry.current.seats:
            text = _("{seat} is not a seat of this hotline").format(seat=ascii(seat))
            raise DeskRefused(422, "invalid", text, "seat")
        return seat

    def _unit(self, unit: object) -> str | None:
        if unit in (None, ""):
            return None
        if not isinstance(unit, str) or unit not in self._directory.current.units:
            raise DeskRefused(422, "invalid", _("{unit} is not a unit of orders.yaml").format(unit=unit), "unit")
        return unit


def people_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [
        Route(f"{api}/people", guarded(people), methods=["GET"]),
        Route(f"{api}/people", guarded(partial(act_on_account, Act.ADD_PERSON, "user")), methods=["POST"]),
        Route(f"{api}/people/{{user}}", guarded(partial(act_on_account, Act.CHANGE_PERSON, "user")), methods=["PATCH"]),
        Route(
            f"{api}/people/{{user}}", guarded(partial(act_on_account, Act.REMOVE_PERSON, "user")), methods=["DELETE"]
        ),
        Route(
            f"{api}/people/{{user}}/sessions",
            guarded(partial(act_on_account, Act.END_SESSIONS, "user")),
            methods=["DELETE"],
        ),
        Route(f"{api}/audit", guarded(audit), methods=["GET"]),
    ]


async def people(request: Request) -> dict[str, Any]:
    """GET: all people."""
    services, _visitor = await permitted_visitor(request, Act.READ_PEOPLE)
    all_people = await asyncio.to_thread(accounts.people, services.database)
    return {"people": [person.to_json() for person in all_people]}


async def audit(request: Request) -> dict[str, Any]:
    """GET: lines of the audit log, newest first."""
    query = request.query_params
    services, _visitor = await permitted_visitor(request, Act.READ_AUDIT)
    try:
        times = [datetime.fromisoformat(query[key]) if query.get(key) else None for key in ("since", "until")]
        if any(time is not None and time.tzinfo is None for time in times):
            raise ValueError(_("a time has its offset: 2026-11-29T21:00:00+08:00"))
        before_id = int(query["before"]) if query.get("before") else None
        limit = min(int(query.get("limit", "100")), _MOST)
    except ValueError as error:
        raise DeskRefused(422, "invalid", str(error)) from None
    conditions = AuditFilter(times[0], times[1], query.get("user"), query.get("act"), before_id, query.get("words"))
    return {"audit": await asyncio.to_thread(audit_log.read_lines, services.database, conditions, limit)}


def _list(roles: object) -> list[str]:
    return [str(role) for role in roles] if isinstance(roles, list) else []


def _password(args: Mapping[str, Any]) -> str | None:
    password = args.get("password")
    return password if isinstance(password, str) and password else None
