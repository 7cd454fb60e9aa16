"""REST: signing in and out, and the own password."""

import asyncio
from functools import partial
from typing import Any, assert_never

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.desk.desk_services import DeskServices, services_of
from ivr.desk.http_guard import json_body
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import COOKIE, Visitor, address_of, visitor_of, visitor_of_session
from ivr.people import accounts, audit_log, desk_sessions
from ivr.people.accounts import AccountRefused
from ivr.people.desk_sessions import LONGEST, SignInRefused
from ivr.texts import _

_LOCKED_SECONDS = 900


async def sign_in(request: Request) -> Response:
    """POST: sign in; an earlier cookie of the browser becomes invalid."""
    services, body = services_of(request), await json_body(request)
    user, password, code = (_text(body, name) for name in ("user", "password", "code"))
    address, now = address_of(request), services.now()
    attempt = partial(desk_sessions.sign_in, services.database, user, password, code, address, now)
    sign_in_result = await asyncio.get_running_loop().run_in_executor(services.hashing, attempt)
    if isinstance(sign_in_result, SignInRefused):
        if sign_in_result is not SignInRefused.CODE_NEEDED:
            await _note(services, user, "session.refused", sign_in_result, address)
        raise _refused(sign_in_result)
    cookie, session = sign_in_result
    if earlier_cookie := request.cookies.get(COOKIE):
        await asyncio.to_thread(desk_sessions.end_sessions, services.database, cookie=earlier_cookie)
    await _note(services, user, "session.begin", session.session, address)
    services.feed.look_slowly_now()
    answer = JSONResponse({"me": own_account(visitor_of_session(session, cookie, address, ""), services)})
    answer.set_cookie(
        COOKIE, cookie, max_age=int(LONGEST.total_seconds()), path="/", secure=True, httponly=True, samesite="strict"
    )
    return answer


def _refused(reason: SignInRefused) -> DeskRefused:
    match reason:
        case SignInRefused.WRONG:
            return DeskRefused(401, reason, _("user name, password or code is wrong"))
        case SignInRefused.CODE_NEEDED:
            return DeskRefused(401, reason, _("enter the code of the authenticator app, too"))
        case SignInRefused.LOCKED:
            text = _("too many failed sign-ins; try again in a quarter of an hour")
            return DeskRefused(429, reason, text, None, retry_after_s=_LOCKED_SECONDS)
        case _:
            assert_never(reason)


async def current_person(request: Request) -> dict[str, Any]:
    """GET: the signed-in person."""
    services = services_of(request)
    return {"me": own_account(await visitor_of(request, services), services)}


async def sign_out(request: Request) -> Response:
    """DELETE: end the session."""
    services = services_of(request)
    visitor = await visitor_of(request, services)
    await asyncio.to_thread(desk_sessions.end_sessions, services.database, cookie=visitor.cookie)
    if visitor.session:
        services.presence.end(session=visitor.session.session)
    services.feed.look_slowly_now()
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return answer


async def change_password(request: Request) -> Response:
    """POST: replace the own password; all sessions of the person end, and a new session begins for this browser."""
    services, body = services_of(request), await json_body(request)
    visitor = await visitor_of(request, services)
    if visitor.session is None:
        raise DeskRefused(403, "forbidden", _("a program has no password"))
    old_password, new_password = _text(body, "old"), _text(body, "new")
    check = partial(
        desk_sessions.is_password, services.database, visitor.user, old_password, visitor.address, services.now()
    )
    run = asyncio.get_running_loop().run_in_executor
    if not await run(services.hashing, check):
        raise DeskRefused(401, "wrong", _("the old password is wrong"), "old")
    if old_password == new_password:
        raise DeskRefused(422, "weak", _("the new password is the old one"), "new")
    change = partial(
        accounts.set_password, services.database, visitor.user, new_password, services.now(), chosen_by_person=True
    )
    try:
        await run(services.hashing, change)
    except AccountRefused as refused:
        raise DeskRefused(422, "weak", str(refused), "new") from None
    await _note(services, visitor.user, "session.password", "", visitor.address)
    services.presence.end(user=visitor.user)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def own_account(visitor: Visitor, services: DeskServices) -> dict[str, Any]:
    """Return the page's data about its person."""
    registry, session = services.registry.current, visitor.session
    return {
        "user": visitor.user,
        "name": visitor.name,
        "roles": [role.value for role in session.person.roles] if session else [],
        "seat": visitor.seat,
        "unit": session.person.unit if session else None,
        "may": sorted(visitor.rights),
        "city": registry.city.name,
        "hotline": registry.hotline.number,
        "password_expired": bool(session and session.person.must_change),
        "session": session.session if session else None,
        "expires_at": session.ends_at().isoformat(timespec="seconds") if session else None,
    }


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > 200:
        raise DeskRefused(400, "invalid", _("{name} is a text").format(name=name), name)
    return value


async def _note(services: DeskServices, user: str, act: str, detail: str, address: str) -> None:
    line = partial(audit_log.add_line, services.database, user=user[:40], act=act, detail=detail, address=address)
    await asyncio.to_thread(line, now=services.now())
