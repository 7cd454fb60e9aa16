"""REST: the figures of today, for the wall."""

import asyncio
import math
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ivr.desk.day_view import day_view
from ivr.desk.desk_services import DeskServices, services_of
from ivr.desk.http_guard import guarded
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import visitor_of
from ivr.people.rights import Act
from ivr.records.store.call_moments import call_moments

_FRESH = 5.0  # seconds, because walls and supervisors ask for the same figures


@dataclass(slots=True)
class _Figures:
    """The last figures, with the trunks of that time."""

    made_at: float = -math.inf
    figures: dict[str, Any] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


def indicator_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    last_figures = _Figures()

    async def today(request: Request) -> dict[str, Any]:
        """GET: the figures of today, and which trunks are up."""
        services = services_of(request)
        visitor = await visitor_of(request, services)
        visitor.must(Act.READ_INDICATORS)
        async with last_figures.turn:
            if time.monotonic() > last_figures.made_at + _FRESH:
                trunks = await _trunks(services)
                last_figures.figures = await asyncio.to_thread(_figures, services) | {"trunks": trunks}
                last_figures.made_at = time.monotonic()
            return last_figures.figures

    return [Route(f"{api}/indicators/today", guarded(today), methods=["GET"])]


async def _trunks(services: DeskServices) -> list[dict[str, Any]]:
    """Return for each trunk whether it is up, without its addresses; no trunk while the engine does not answer."""
    try:
        listing = await services.engine.ask("trunks")
    except DeskRefused:
        return []
    return [{key: trunk[key] for key in ("trunk", "up", "node") if key in trunk} for trunk in listing]


def _figures(services: DeskServices) -> dict[str, Any]:
    now = services.now()
    midnight, week = now.replace(hour=0, minute=0, second=0, microsecond=0), timedelta(days=7)
    names = {line.number: line.name for line in services.registry.current.lines}
    today = call_moments(services.database, midnight, now + timedelta(seconds=1))
    last_week = call_moments(services.database, midnight - week, midnight - week + timedelta(days=1))
    return day_view(today, last_week, now, names)
