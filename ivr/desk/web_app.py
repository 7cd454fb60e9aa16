"""The web application: the route of each address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route, WebSocketRoute

from ivr.desk import record_routes, session_routes
from ivr.desk.act_routes import act_routes
from ivr.desk.activity_routes import activity_routes
from ivr.desk.alarm_routes import alarm_routes
from ivr.desk.backup_routes import backup_routes
from ivr.desk.citizen.citizen_routes import citizen_routes
from ivr.desk.desk_services import DeskServices
from ivr.desk.health_routes import health_routes
from ivr.desk.http_guard import SecurityHeaders, guarded, http_error, internal_error
from ivr.desk.indicator_routes import indicator_routes
from ivr.desk.knowledge.article_routes import article_routes
from ivr.desk.knowledge.public_articles import PublicArticles
from ivr.desk.live_socket import live_socket
from ivr.desk.open_api import open_api_routes
from ivr.desk.orders.order_routes import order_routes
from ivr.desk.page_files import page_file
from ivr.desk.page_report import report_pages
from ivr.desk.people_routes import people_routes
from ivr.desk.platform_routes import platform_routes
from ivr.desk.prompt_routes import prompt_routes
from ivr.desk.registry_routes import registry_routes
from ivr.desk.sip_sockets import ADDRESS, SipSockets
from ivr.desk.staffing_routes import staffing_routes
from ivr.desk.token_routes import token_routes

_API = "/api/v1"
_QUESTION = 5.0  # seconds in which the supervisor process has to send its question


def web_app(services: DeskServices) -> Starlette:
    """Return the application; its live feed runs for as long as it is served."""

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        feeding = asyncio.create_task(services.feed.run())
        planned = asyncio.create_task(services.planned.run())
        reporting = asyncio.create_task(report_pages(services.presence, services.engine))
        heartbeat = await asyncio.start_unix_server(_answer_heartbeat, services.home.desk_socket)
        services.home.desk_socket.chmod(0o600)
        try:
            yield
        finally:
            heartbeat.close()
            feeding.cancel()
            planned.cancel()
            reporting.cancel()

    app = Starlette(
        routes=routes(),
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HTTPException: http_error, Exception: internal_error},
        lifespan=running,
    )
    app.state.desk = services
    return app


async def _answer_heartbeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the supervisor process, because it ends a process that does not answer."""
    try:
        async with asyncio.timeout(_QUESTION):
            await reader.readline()
        writer.write(b"{}\n")
        await writer.drain()
    except (OSError, TimeoutError, ValueError):
        return
    finally:
        writer.close()


def routes() -> list[BaseRoute]:
    """Return all routes, the API first, because every other address belongs to the page."""
    session = f"{_API}/session"
    public = PublicArticles()
    rest_routes: list[BaseRoute] = [
        Route(session, guarded(session_routes.sign_in), methods=["POST"]),
        Route(session, guarded(session_routes.current_person), methods=["GET"]),
        Route(session, guarded(session_routes.sign_out), methods=["DELETE"]),
        Route(f"{session}/password", guarded(session_routes.change_password), methods=["POST"]),
        *act_routes(_API),
        *record_routes.record_routes(_API),
        *people_routes(_API),
        *indicator_routes(_API),
        *platform_routes(_API),
        *activity_routes(_API),
        *staffing_routes(_API),
        *order_routes(_API),
        *registry_routes(_API),
        *article_routes(_API),
        *prompt_routes(_API),
        *token_routes(_API),
        *alarm_routes(_API),
        *public.rest(_API),
        *health_routes(_API),
        *backup_routes(_API),
    ]
    return [
        *rest_routes,
        *open_api_routes(_API, rest_routes),
        *public.pages(),
        WebSocketRoute(f"{_API}/live", live_socket),
        WebSocketRoute(ADDRESS, SipSockets().serve),
        *citizen_routes(),
        Route("/api/{path:path}", unknown_address, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        Route("/{path:path}", page_file, methods=["GET"]),
    ]


async def unknown_address(_request: object) -> None:
    """Answer an unknown address of the API."""
    raise HTTPException(404)
