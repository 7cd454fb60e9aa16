"""REST: files of work orders, in and out. A file is served as a download only, with the type of its content."""

import asyncio
import re
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from ivr.desk.http_guard import guarded, raw_body
from ivr.desk.orders.order_actor import actor_of
from ivr.desk.orders.order_acts import actor_json, order_answer
from ivr.desk.orders.order_view import order_view
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.refusals import DeskRefused
from ivr.orders.act_fields import LARGEST_FILE
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.file_kind import file_media, safe_name
from ivr.orders.life_cycle import OrderAct
from ivr.orders.order_requests import OrderRequests
from ivr.orders.store.file_store import keep_file
from ivr.people.rights import Act
from ivr.runtime.layout import Home
from ivr.texts import _

_SECONDS = 60.0  # for an upload
_at_once = asyncio.Semaphore(4)  # uploads in memory


def file_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [
        Route(f"{api}/orders/{{order}}/files", guarded(attach), methods=["POST"]),
        Route(f"{api}/orders/{{order}}/files/{{file}}", guarded(download), methods=["GET"]),
    ]


async def attach(request: Request) -> dict[str, Any]:
    """POST: attach a file; the body is the file, and ``name`` in the query its name."""
    services, visitor = await permitted_visitor(request, Act.ORDER)
    number, actor = request.path_params["order"][:40], actor_json(actor_of(visitor))
    await order_answer(partial(services.orders.show, actor, number), status=404)  # before a body is read
    async with _at_once:
        content = await raw_body(request, LARGEST_FILE, _SECONDS)
        attaching = partial(
            attach_file, services.orders, services.home, actor, number, request.query_params.get("name", ""), content
        )
        return {"order": order_view(await order_answer(attaching))}


async def download(request: Request) -> Response:
    """GET: a file of a work order that the visitor may see; leaves an audit line."""
    services, visitor = await permitted_visitor(request, Act.READ_ORDERS)
    number, digest = request.path_params["order"][:40], request.path_params["file"]
    order_json = await order_answer(partial(services.orders.show, actor_json(actor_of(visitor)), number), status=404)
    file = next((attached for attached in order_json["order"]["files"] if attached["file"] == digest), None)
    path = services.home.order_files / digest
    if file is None or not re.fullmatch(r"[0-9a-f]{64}", digest) or not path.is_file():
        raise DeskRefused(404, "unknown", _("there is no such file, or its retention period was over"))
    await services.door.audit(visitor, "order.file", number, file["name"])
    return FileResponse(path, media_type=file["media"], filename=file["name"], content_disposition_type="attachment")


def attach_file(
    orders: OrderRequests, home: Home, actor: dict[str, str], order: str, name: str, content: bytes
) -> dict[str, Any]:
    """Store a file and attach it; return the work order.

    Raises:
        OrderActRefused: the file is no photo or document, or the work order has too many files.
        DatabaseUnusable: the database cannot be used.
    """
    fields = checked_file(name, content)
    fields["file"] = keep_file(home.order_files, content)
    return orders.act(actor, order, OrderAct.ATTACH.value, fields)


def checked_file(name: str, content: bytes) -> dict[str, Any]:
    """Return the fields of a file without its digest.

    Raises:
        OrderActRefused: the file is no photo or document, or is too large.
    """
    media = file_media(content)
    if not media:
        raise OrderActRefused(_("only photos (JPEG, PNG, WebP, HEIC), PDF, Word and Excel without macros"), "file")
    if len(content) > LARGEST_FILE:
        raise OrderActRefused(too_large(), "file")
    return {"name": safe_name(name, media), "media": media, "size": len(content)}


def too_large() -> str:
    """Return the refusal of a file that is too large."""
    return _("a file has {size} MB at most").format(size=LARGEST_FILE // 1024**2)
