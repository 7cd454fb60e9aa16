"""REST: call records, recordings, callbacks and messages."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from ivr.call_events.masked_caller import masked
from ivr.desk.desk_services import DeskServices, services_of
from ivr.desk.http_guard import guarded
from ivr.desk.json_time import json_time
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.record_view import record_view
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import Visitor, visitor_of
from ivr.people.rights import Act
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.callback_state import subscriber
from ivr.records.store import agents_notes, queries
from ivr.records.store.call_filter import CallFilter, call_filter
from ivr.texts import _

_MOST = 200
_SEARCHED = 1000  # of the newest records
_LONGEST_SEARCH = 40
_EARLIER = 20


def record_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [
        Route(f"{api}/calls", guarded(calls), methods=["GET"]),
        Route(f"{api}/calls/{{call_id}}", guarded(call), methods=["GET"]),
        Route(f"{api}/calls/{{call_id}}/history", guarded(history), methods=["GET"]),
        Route(f"{api}/calls/{{call_id}}/recording", guarded(recording), methods=["GET"]),
        Route(f"{api}/callbacks", guarded(callbacks), methods=["GET"]),
        Route(f"{api}/messages", guarded(messages), methods=["GET"]),
        Route(f"{api}/messages/{{work_order}}/recording", guarded(message), methods=["GET"]),
    ]


async def calls(request: Request) -> dict[str, Any]:
    """GET: records that meet the conditions of the query, newest first; without a right to all, the own records.

    Each word of ``q`` has to be in the record as the page shows it: masked number, line, topic, note, work orders.
    """
    services, query = services_of(request), request.query_params
    visitor = await visitor_of(request, services)
    seat = query.get("seat")
    if query.get("mine") or not visitor.may(Act.READ_CALLS):
        visitor.must(Act.READ_OWN_CALLS)
        seat = visitor.seat or "-"
    try:
        limit = min(int(query.get("limit", "50")), _MOST)
        conditions = call_filter(
            query.get("since"), query.get("until"), number=query.get("number"), outcome=query.get("outcome"),
            seat=seat, caller=query.get("caller"),
        )  # fmt: skip
    except ValueError as error:
        raise DeskRefused(422, "invalid", str(error)) from None
    if earlier_than := query.get("before"):
        call_before = await asyncio.to_thread(queries.calls, services.database, CallFilter(call=earlier_than))
        if call_before:
            conditions = call_filter(
                query.get("since"), call_before[0].started_at.isoformat(), number=query.get("number"),
                outcome=query.get("outcome"), seat=seat, caller=query.get("caller"),
            )  # fmt: skip
    words = query.get("q", "")[:_LONGEST_SEARCH].casefold().split()
    newest_last = await asyncio.to_thread(
        queries.calls, services.database, conditions, _SEARCHED if words else limit + 1
    )
    if words:
        views = [view for view in await _views(services, newest_last[::-1]) if _has_words(view, words)]
        return {"calls": views[:limit], "more": len(views) > limit}
    records = await _views(services, newest_last[::-1][:limit])
    return {"calls": records, "more": len(newest_last) > limit}


def _has_words(view: dict[str, Any], words: Sequence[str]) -> bool:
    visible_texts = [view[name] or "" for name in ("caller", "number", "name", "topic", "note")]
    text = " ".join([*visible_texts, *view["orders"]]).casefold()
    return all(word in text for word in words)


async def call(request: Request) -> dict[str, Any]:
    """GET: a record with its note."""
    services = services_of(request)
    visitor = await visitor_of(request, services)
    call_id = request.path_params["call_id"]
    await _must_read(services, visitor, call_id)
    records = await asyncio.to_thread(queries.calls, services.database, CallFilter(call=call_id))
    notes = await asyncio.to_thread(agents_notes.notes, services.database, [call_id])
    views = await _views(services, records)
    note = notes.get(call_id)
    return {"call": views[0] if views else None, "notes": [note.to_json()] if note else []}


async def history(request: Request) -> dict[str, Any]:
    """GET: earlier calls of the caller of a call, and open callbacks."""
    services = services_of(request)
    visitor = await visitor_of(request, services)
    this_call = await _must_read(services, visitor, request.path_params["call_id"])
    number = subscriber(this_call["caller"])
    if len(number) < 7:  # withheld, or an office's short number
        return {"earlier": [], "callbacks": [], "notes": []}
    callers_calls = await asyncio.to_thread(queries.calls, services.database, CallFilter(caller=number), _EARLIER + 1)
    earlier = [
        record
        for record in callers_calls
        if record.call_id != this_call["call_id"] and subscriber(record.caller) == number
    ]
    earlier.reverse()
    notes = await asyncio.to_thread(agents_notes.notes, services.database, [record.call_id for record in earlier])
    callbacks = [
        callback
        for callback in services.state.objects["callbacks"].values()
        if subscriber(callback["caller"]) == number
    ]
    return {
        "earlier": await _views(services, earlier[:_EARLIER]),
        "callbacks": [{**callback, "caller": masked(callback["caller"])} for callback in callbacks],
        "notes": [note.to_json() for note in notes.values()],
    }


async def recording(request: Request) -> Response:
    """GET: the recording of a call; leaves an audit line."""
    services = services_of(request)
    visitor = await visitor_of(request, services)
    call_id = request.path_params["call_id"]
    records = await asyncio.to_thread(queries.calls, services.database, CallFilter(call=call_id))
    record = records[0] if records else None
    if not visitor.may(Act.HEAR_RECORDINGS):
        visitor.must(Act.HEAR_OWN_RECORDINGS)
        if record is None or not _is_own(record, visitor.seat):
            raise DeskRefused(403, "forbidden", _("this call is another agent's"))
    name = record.recording if record and not record.recording_deleted_at else None
    return await _sound(services, visitor, services.home.recordings, name, call_id, request)


async def message(request: Request) -> Response:
    """GET: the sound of a caller's message."""
    services, visitor = await permitted_visitor(request, Act.READ_MESSAGES)
    work_order = request.path_params["work_order"]
    orders = await asyncio.to_thread(queries.work_orders, services.database)
    order = next((candidate for candidate in orders if candidate.work_order == work_order), None)
    name = order.recording if order else None
    return await _sound(services, visitor, services.home.messages, name, work_order, request)


async def callbacks(request: Request) -> dict[str, Any]:
    """GET: missed callers whom an agent has to call back."""
    services, _visitor = await permitted_visitor(request, Act.READ_CALLBACKS)
    await services.feed.look_slowly()
    open_callbacks = services.state.objects["callbacks"].values()
    return {"callbacks": [{**callback, "caller": masked(callback["caller"])} for callback in open_callbacks]}


async def messages(request: Request) -> dict[str, Any]:
    """GET: messages that callers left, newest first; settled messages only if the query asks for them."""
    services, _visitor = await permitted_visitor(request, Act.READ_MESSAGES)
    with_settled = request.query_params.get("settled") == "1"
    orders = [order for order in await asyncio.to_thread(queries.work_orders, services.database) if order.recording]
    settled = await asyncio.to_thread(agents_notes.settled, services.database, [order.work_order for order in orders])
    message_views = []
    for order in reversed(orders):
        text, settled_by, settled_at = settled.get(order.work_order, ("", "", None))
        if settled_at is not None and not with_settled:
            continue
        message_views.append(
            {
                "work_order": order.work_order,
                "call_id": order.call_id,
                "caller": masked(order.caller),
                "number": order.number,
                "name": services.registry.line_name(order.number),
                "unit": order.unit,
                "seconds": order.seconds,
                "at": json_time(order.created_at),
                "settled_at": json_time(settled_at),
                "settled_by": settled_by or None,
                "text": text,
            }
        )
    return {"messages": message_views[:_MOST]}


async def _must_read(services: DeskServices, visitor: Visitor, call_id: str) -> dict[str, Any]:
    if not visitor.may(Act.READ_CALLS):
        visitor.must(Act.READ_OWN_CALLS)
    return await services.door.own_or_all(visitor, call_id, Act.READ_CALLS)


async def _views(services: DeskServices, records: Sequence[CallRecord]) -> list[dict[str, Any]]:
    ids = [record.call_id for record in records]
    notes = await asyncio.to_thread(agents_notes.notes, services.database, ids)
    orders = await asyncio.to_thread(services.orders.numbers_of_calls, ids)
    return [
        record_view(
            record, services.registry.line_name(record.dialled), notes.get(record.call_id),
            orders.get(record.call_id, ()),
        )
        for record in records
    ]  # fmt: skip


def _is_own(record: CallRecord, seat: str | None) -> bool:
    return seat is not None and any(leg.target == seat and leg.answered_at for leg in record.legs)


async def _sound(
    services: DeskServices, visitor: Visitor, folder: Path, name: str | None, about: str, request: Request
) -> Response:
    path = folder / name if name and "/" not in name else None
    if path is None or not path.is_file():
        raise DeskRefused(404, "no-recording", _("there is no recording of it, or its retention period was over"))
    if not request.headers.get("range") or request.headers["range"].startswith("bytes=0-"):
        await services.door.audit(visitor, "recording.hear", about)
    return FileResponse(path, media_type="audio/wav")
