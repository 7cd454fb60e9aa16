"""The work orders that the visitor may see, as a CSV file with masked numbers; each file leaves an audit line."""

import csv
import json
from collections.abc import Mapping, Sequence
from functools import partial
from io import StringIO
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ivr.desk.orders.order_actor import actor_of
from ivr.desk.orders.order_acts import actor_json, order_answer
from ivr.desk.orders.order_view import conditions_of, order_view
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.people.rights import Act
from ivr.reports.spreadsheet import formula_safe
from ivr.texts import _

_MOST = 10_000  # work orders of one file


async def export(request: Request) -> Response:
    """GET: the work orders that meet the conditions of the query, as CSV in UTF-8."""
    services, visitor = await permitted_visitor(request, Act.EXPORT_ORDERS)
    conditions = conditions_of(request.query_params)
    listing = partial(services.orders.listing, actor_json(actor_of(visitor)), conditions, _MOST)
    exported_orders: Sequence[Mapping[str, Any]] = await order_answer(listing, status=422)
    conditions_text = json.dumps(conditions, ensure_ascii=False, sort_keys=True)
    await services.door.audit(visitor, "order.export", f"{len(exported_orders)}", conditions_text)
    headers = {"Content-Disposition": 'attachment; filename="work-orders.csv"', "Cache-Control": "no-store"}
    return Response(order_csv(exported_orders), media_type="text/csv; charset=utf-8", headers=headers)


def order_csv(orders: Sequence[Mapping[str, Any]]) -> bytes:
    """Return work orders as CSV, with a byte order mark for Excel, without names, numbers and content. Pure."""
    titles = {
        "order": _("work order"), "state_title": _("state"), "opened_at": _("made"), "title": _("matter"),
        "caller": _("caller"), "number": _("number"), "county": _("county"), "kind": _("kind"), "class": _("class"),
        "unit": _("unit"), "officer": _("policy officer"), "company": _("enterprise"), "due_on": _("due"),
        "closed_at": _("closed"), "solved": _("solved"), "satisfaction": _("satisfaction"),
    }  # fmt: skip
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(titles.values())
    for order in map(order_view, orders):
        writer.writerow([formula_safe("" if order[name] is None else str(order[name])) for name in titles])
    return lines.getvalue().encode("utf-8-sig")
