"""REST and acts: tokens of a city's own programs, as ``ivr token`` makes them."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ivr.desk.account_requests import account_answer, act_on_account
from ivr.desk.act_door import ActDoor
from ivr.desk.http_guard import guarded
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import Visitor
from ivr.people import api_tokens
from ivr.people.rights import Act
from ivr.records.store.database import Database
from ivr.texts import _


class TokenActs:
    """Each method does the act of its name; each leaves a line in the audit log."""

    def __init__(self, database: Database, door: ActDoor, now: Callable[[], datetime]) -> None:
        """Add the acts to the door."""
        self._database, self._door, self._now = database, door, now
        door.add({Act.ADD_TOKEN: self.add, Act.REMOVE_TOKEN: self.remove})

    async def add(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Make a token; only this answer shows it."""
        name, scopes, expiry = str(args.get("name", "")), args.get("scopes"), args.get("until")
        try:
            expires_at = datetime.fromisoformat(expiry) if isinstance(expiry, str) and expiry else None
        except ValueError:
            expires_at = None
        if expiry and (expires_at is None or expires_at.tzinfo is None):
            raise DeskRefused(422, "invalid", _("a time has its offset: 2026-11-29T21:00:00+08:00"), "until")
        scope_names = [str(scope) for scope in scopes] if isinstance(scopes, list) else []
        await self._door.audit(visitor, Act.ADD_TOKEN, name, ", ".join(scope_names))
        return {
            "token": await account_answer(
                partial(api_tokens.add_token, self._database, name, scope_names, expires_at, self._now())
            )
        }

    async def remove(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Revoke a token."""
        name = str(args.get("name", ""))
        await self._door.audit(visitor, Act.REMOVE_TOKEN, name)
        await account_answer(partial(api_tokens.remove_token, self._database, name))
        return {}


def token_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [
        Route(f"{api}/tokens", guarded(tokens), methods=["GET"]),
        Route(f"{api}/tokens", guarded(partial(act_on_account, Act.ADD_TOKEN, "name")), methods=["POST"]),
        Route(f"{api}/tokens/{{name}}", guarded(partial(act_on_account, Act.REMOVE_TOKEN, "name")), methods=["DELETE"]),
    ]


async def tokens(request: Request) -> dict[str, Any]:
    """GET: the name and scopes of each token, without the token itself, and all possible scopes."""
    services, _visitor = await permitted_visitor(request, Act.READ_TOKENS)
    all_tokens = await asyncio.to_thread(api_tokens.tokens, services.database)
    return {"tokens": [token.to_json() for token in all_tokens], "scopes": [act.value for act in Act]}
