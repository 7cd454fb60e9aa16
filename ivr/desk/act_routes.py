"""REST: acts, the state, the targets of a consult; for programs, and for a page without its WebSocket."""

import asyncio
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ivr.call_events.values import PartyKind
from ivr.desk.desk_services import services_of
from ivr.desk.http_guard import guarded, json_body
from ivr.desk.live_state import Viewer
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.reach import find_targets
from ivr.desk.visitor import visitor_of
from ivr.people.rights import Act
from ivr.registry.agents_aids import agents_aids
from ivr.routing.calendar import city_time


def act_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [
        Route(f"{api}/acts/{{act}}", guarded(act), methods=["POST"]),
        Route(f"{api}/state", guarded(state), methods=["GET"]),
        Route(f"{api}/reach", guarded(reach), methods=["GET"]),
        Route(f"{api}/aids", guarded(aids), methods=["GET"]),
    ]


async def act(request: Request) -> dict[str, Any]:
    """POST: do an act; the body holds its arguments."""
    services = services_of(request)
    visitor = await visitor_of(request, services)
    name = request.path_params["act"]
    return {"result": await services.door.do(visitor, name, await json_body(request))}


async def state(request: Request) -> dict[str, Any]:
    """GET: the state as the WebSocket's snapshot has it."""
    services, visitor = await permitted_visitor(request, Act.READ_STATE)
    await services.feed.refresh()
    viewer = Viewer(visitor.seat, visitor.may(Act.READ_ALL_OF_STATE), visitor.may(Act.READ_CALLBACKS))
    visible_state = {**services.state.snapshot(viewer), "me": {"seat": visitor.seat}}
    return {
        "stream": services.state.stream,
        "number": services.state.number,
        "at": services.state.at,
        "state": visible_state,
    }


async def reach(request: Request) -> dict[str, Any]:
    """GET: numbers that an agent may consult, by a search ``q``; ``experts=1``: experts who may guide (专家指导)."""
    services, visitor = await permitted_visitor(request, Act.READ_REACH)
    seats = dict(services.state.objects["seats"])
    kind = PartyKind.EXPERT if request.query_params.get("experts") == "1" else None
    search, registry = request.query_params.get("q", "")[:40], services.registry.current
    parties = await asyncio.to_thread(find_targets, registry, search, visitor.seat or "", services.now(), seats, kind)
    return {"reach": parties}


async def aids(request: Request) -> dict[str, Any]:
    """GET: script, checklist and possible results of a call to ``number``."""
    services, _visitor = await permitted_visitor(request, Act.RESULT)
    number, today = request.query_params.get("number", ""), city_time(services.now()).date()
    return asdict(agents_aids(services.registry.current, number, today))
