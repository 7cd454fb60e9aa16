"""REST: the state of the hotline: the doctor's findings, trunks, refused requests, the SIP of the last calls."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ivr.desk.http_guard import guarded
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.refusals import DeskRefused
from ivr.people.rights import Act
from ivr.records.store.call_lines import call_lines
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.doctor_process import DoctorFailure, doctor_findings
from ivr.signalling.call_traces import from_json
from ivr.signalling.ladder import lines
from ivr.texts import _

_DOCTOR_DEADLINE = 90.0  # seconds, because the doctor waits for peers that do not answer
_ONE_DOCTOR = asyncio.Semaphore(1)
_LONGEST_TRACE = 60  # minutes; the engine keeps no more


def health_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [
        Route(f"{api}/health/doctor", guarded(doctor), methods=["GET"]),
        Route(f"{api}/health/trunks", guarded(trunks), methods=["GET"]),
        Route(f"{api}/health/refusals", guarded(refusals), methods=["GET"]),
        Route(f"{api}/health/calls/{{call_id}}", guarded(events), methods=["GET"]),
        Route(f"{api}/health/trace", guarded(trace), methods=["GET"]),
    ]


async def doctor(request: Request) -> dict[str, Any]:
    """GET: the findings of ``ivr doctor --json``."""
    services, visitor = await permitted_visitor(request, Act.READ_HEALTH)
    try:
        async with _ONE_DOCTOR:
            return {"findings": await doctor_findings(services.home, visitor.language, _DOCTOR_DEADLINE)}
    except DoctorFailure as failure:
        raise DeskRefused(503, "doctor", str(failure)) from None


async def trunks(request: Request) -> dict[str, Any]:
    """GET: the state of each trunk, as ``ivr status --json`` has it."""
    services, visitor = await permitted_visitor(request, Act.READ_HEALTH)
    return {"trunks": await services.engine.ask("trunks", visitor.language)}


async def refusals(request: Request) -> dict[str, Any]:
    """GET: the refused requests of the last week, as ``ivr refusals --json`` has them."""
    services, visitor = await permitted_visitor(request, Act.READ_HEALTH)
    return {"refusals": await services.engine.ask("refusals", visitor.language)}


async def trace(request: Request) -> dict[str, Any]:
    """GET: a ladder for each call of the last ``minutes`` whose SIP names ``number``; leaves an audit line."""
    query = request.query_params
    services, visitor = await permitted_visitor(request, Act.READ_TRACES)
    number, minutes = query.get("number", "")[:40], query.get("minutes", "10")
    if not minutes.isdecimal() or not 1 <= int(minutes[:4]) <= _LONGEST_TRACE:
        text = _("minutes is 1 to {longest}").format(longest=_LONGEST_TRACE)
        raise DeskRefused(422, "invalid", text, "minutes")
    await services.door.audit(visitor, "trace.read", number, f"{minutes} min")
    dialogs = await services.engine.ask("trace", visitor.language, number=number, minutes=int(minutes))
    return {"dialogs": [[_plain(line) for line in lines(dialog, CITY_TIME)] for dialog in from_json(dialogs)]}


async def events(request: Request) -> dict[str, Any]:
    """GET: the lines that Asterisk wrote about a call, from which its record is derived; leaves an audit line."""
    services, visitor = await permitted_visitor(request, Act.READ_TRACES)
    call_id = request.path_params["call_id"]
    await services.door.audit(visitor, "call.events", call_id)
    return {"events": await asyncio.to_thread(call_lines, services.database, call_id)}


def _plain(line: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in line)
