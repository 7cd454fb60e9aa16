"""The address to which platforms and other hotlines send signed messages. Each message is an act on a work order."""

import asyncio
import re
import time
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ivr.desk.desk_services import services_of
from ivr.desk.http_guard import guarded, json_object, raw_body
from ivr.desk.refusals import DeskRefused
from ivr.platforms.message_signature import is_signed
from ivr.runtime import secrets
from ivr.texts import _

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def platform_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [Route(f"{api}/platforms/{{platform}}/messages", guarded(message, signed=True), methods=["POST"])]


async def message(request: Request) -> dict[str, Any]:
    """POST: a platform's act on a work order: ``{"id", "act", "order", "fields"}``, signed with its key."""
    services, name = services_of(request), request.path_params["platform"]
    body = await raw_body(request)
    key = ""
    if _NAME.fullmatch(name):
        key = (await asyncio.to_thread(secrets.platform_keys, services.home.secrets)).get(name, "")
    timestamp = request.headers.get("x-hotline-timestamp", "")
    signature = request.headers.get("x-hotline-signature", "")
    if not is_signed(key, timestamp, body, signature, time.time()):
        raise DeskRefused(
            401, "unsigned", _("the message has no valid signature of this platform, or its signature has expired")
        )
    return {"result": await services.engine.ask("platform-message", platform=name, message=json_object(body))}
