"""An admin's acts on people and tokens by command, the same with and without a running hotline."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ivr.people import accounts, api_tokens, audit_log, desk_sessions
from ivr.records.store.database import Database

_READS = ("people", "tokens")


def do_admin_act(database: Database, act: str, by: str, args: Mapping[str, Any], now: datetime) -> Any:  # noqa: ANN401
    """Do the request of `ivr user` or `ivr token`; return JSON values.

    Args:
        database: the call database.
        act: a key of `_ACTS`.
        by: the user of the system who gave the command; the audit log names that user.
        args: arguments of the function in `ivr.people.accounts` or `ivr.people.api_tokens`.
        now: aware.

    Raises:
        AccountRefused: an argument is wrong.
        DatabaseUnusable: the database cannot be used.
    """
    if act not in _READS:
        about = str(args.get("user") or args.get("name") or "")
        detail = ", ".join(
            f"{key}={args[key]}" for key in ("roles", "seat", "unit", "disabled", "scopes") if args.get(key)
        )
        audit_log.add_line(database, user=f"{by}@console", act=act, about=about, detail=detail, now=now)
    return _ACTS[act](database, now, args)


def _add_token(database: Database, now: datetime, args: Mapping[str, Any]) -> str:
    until = datetime.fromisoformat(args["until"]) if args["until"] else None
    return api_tokens.add_token(database, args["name"], args["scopes"], until, now)


_ACTS: dict[str, Callable[[Database, datetime, Mapping[str, Any]], Any]] = {
    "people": lambda database, _now, _args: [person.to_json() for person in accounts.people(database)],
    "people.add": lambda database, now, args: accounts.add_person(database, **args, now=now),
    "people.change": lambda database, _now, args: accounts.change_person(database, **args).to_json(),
    "people.remove": lambda database, _now, args: accounts.remove_person(database, **args),
    "people.password": lambda database, now, args: accounts.set_password(database, **args, now=now),
    "people.totp": lambda database, _now, args: accounts.set_totp(database, **args),
    "people.no-totp": lambda database, _now, args: accounts.clear_totp(database, **args),
    "people.end-sessions": lambda database, _now, args: desk_sessions.end_sessions(database, **args),
    "tokens": lambda database, _now, _args: [token.to_json() for token in api_tokens.tokens(database)],
    "tokens.add": _add_token,
    "tokens.remove": lambda database, _now, args: api_tokens.remove_token(database, **args),
}
