"""REST: the seats that next week needs."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ivr.desk.http_guard import guarded
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.refusals import DeskRefused
from ivr.people.rights import Act
from ivr.routing.service import general_group
from ivr.staffing.staffing_reading import staffing_json, staffing_plan
from ivr.texts import _

_AT_ONCE = asyncio.Semaphore(1)  # because a plan takes a second of computing, and the desk has other work


def staffing_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [Route(f"{api}/reports/staffing", guarded(staffing), methods=["GET"])]


async def staffing(request: Request) -> dict[str, Any]:
    """GET: each half hour of next week with the needed and the usual seats of `group`."""
    services, _visitor = await permitted_visitor(request, Act.READ_REPORTS)
    registry = services.registry.current
    group = request.query_params.get("group") or general_group(registry)
    if group not in registry.groups:
        text = _("group is one of: {groups}").format(groups=", ".join(registry.groups))
        raise DeskRefused(404, "unknown", text, "group")
    async with _AT_ONCE:
        plan = await asyncio.to_thread(staffing_plan, services.database, registry, group, services.now())
    groups = {name: group.title for name, group in registry.groups.items()}
    return {**staffing_json(plan), "groups": groups}
