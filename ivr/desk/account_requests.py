"""Shared parts of the routes of people and tokens: an act whose object the path names, and refusals of accounts."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.requests import Request

from ivr.desk.desk_services import services_of
from ivr.desk.http_guard import json_body
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import visitor_of
from ivr.people.accounts import AccountRefused
from ivr.people.rights import Act

T = TypeVar("T")


async def act_on_account(act: Act, key: str, request: Request) -> dict[str, Any]:
    """Do an act with the body of a request; the path may give the account, under ``key``.

    Raises:
        DeskRefused: the visitor may not do it, or it cannot be done.
    """
    services = services_of(request)
    visitor = await visitor_of(request, services)
    body = await json_body(request)
    if key in request.path_params:
        body[key] = request.path_params[key]
    return await services.door.do(visitor, act, body)


async def account_answer(work: Callable[[], T]) -> T:
    """Return the result of a function of `ivr.people`, which runs in a thread.

    Raises:
        DeskRefused: the function refused a value.
    """
    try:
        return await asyncio.to_thread(work)
    except AccountRefused as refusal:
        raise DeskRefused(422, "invalid", str(refusal), refusal.field or None) from None
