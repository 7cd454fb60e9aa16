"""REST: lists of work orders, single work orders, names, the report. Opening a work order leaves an audit line."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ivr.desk.http_guard import guarded
from ivr.desk.orders.file_routes import file_routes
from ivr.desk.orders.order_actor import actor_of
from ivr.desk.orders.order_acts import actor_json, order_answer
from ivr.desk.orders.order_call import call_fields, words_at_menu
from ivr.desk.orders.order_export import export
from ivr.desk.orders.order_view import conditions_of, directory_words, event_view, order_line, order_view
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.refusals import DeskRefused
from ivr.people.rights import Act
from ivr.texts import _

_MOST = 500
_LONGEST = 200  # characters of a condition


def order_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [
        Route(f"{api}/orders", guarded(orders), methods=["GET"]),
        Route(f"{api}/orders/counts", guarded(counts), methods=["GET"]),
        Route(f"{api}/orders/directory", guarded(words), methods=["GET"]),
        Route(f"{api}/orders/draft", guarded(draft), methods=["GET"]),
        Route(f"{api}/orders/report", guarded(report), methods=["GET"]),
        Route(f"{api}/orders/export", guarded(export), methods=["GET"]),
        Route(f"{api}/orders/{{order}}", guarded(order), methods=["GET"]),
        *file_routes(api),
    ]


async def orders(request: Request) -> dict[str, Any]:
    """GET: work orders that meet the conditions of the query and that the visitor may see."""
    services, visitor = await permitted_visitor(request, Act.READ_ORDERS)
    conditions = conditions_of(request.query_params)
    try:
        limit = min(int(request.query_params.get("limit", "100")), _MOST)
    except ValueError:
        raise DeskRefused(422, "invalid", _("limit is a number"), "limit") from None
    by_due_day = request.query_params.get("sort") == "due"
    listing = partial(services.orders.listing, actor_json(actor_of(visitor)), conditions, limit, by_due_day=by_due_day)
    return {"orders": [order_line(order) for order in await order_answer(listing, status=422)]}


async def counts(request: Request) -> dict[str, Any]:
    """GET: the number of work orders in each state, and of open work orders that are overdue or supervised."""
    services, visitor = await permitted_visitor(request, Act.READ_ORDERS)
    counts_json: dict[str, Any] = await order_answer(partial(services.orders.counts, actor_json(actor_of(visitor))))
    return counts_json


async def words(request: Request) -> dict[str, Any]:
    """GET: names of units, kinds, classes, counties, states and grounds."""
    services, _visitor = await permitted_visitor(request, Act.READ_ORDERS)
    return directory_words(services.directory.current)


async def draft(request: Request) -> dict[str, Any]:
    """GET: the directory's suggestion for a matter or for a call, and open work orders that may be the same matter."""
    services, visitor = await permitted_visitor(request, Act.ORDER)
    query = request.query_params
    matter = {name: query.get(name, "")[:_LONGEST] for name in ("number", "words", "county", "place", "class")}
    origin: dict[str, Any] = {"caller": "", "number": matter["number"], "said": ""}
    if call_id := query.get("call_id"):
        call = await services.door.own_or_all(visitor, call_id, Act.READ_CALLS)
        origin |= call_fields(call) | {"said": words_at_menu(call)}
    suggestion = partial(
        services.orders.draft, actor_json(actor_of(visitor)), caller=origin["caller"],
        number=matter["number"] or origin["number"], words=f"{matter['words']} {origin['said']}".strip(),
        county=matter["county"], place=matter["place"], klass=matter["class"],
    )  # fmt: skip
    return {"number": origin["number"], "said": origin["said"], **await order_answer(suggestion)}


async def order(request: Request) -> dict[str, Any]:
    """GET: a work order with its events, the acts allowed now, the directory's suggestion, and similar work orders."""
    services, visitor = await permitted_visitor(request, Act.READ_ORDERS)
    number = request.path_params["order"][:40]
    order_json = await order_answer(partial(services.orders.show, actor_json(actor_of(visitor)), number), status=404)
    await services.door.audit(visitor, "order.read", number)
    acts = order_json["acts"] if visitor.may(Act.ORDER) else []
    return {
        **order_json,
        "acts": acts,
        "order": order_view(order_json["order"]),
        "events": [event_view(event) for event in order_json["events"]],
    }


async def report(request: Request) -> dict[str, Any]:
    """GET: the four rates between ``since`` and ``until`` by unit, class or county, with the orders behind each."""
    services, visitor = await permitted_visitor(request, Act.READ_ORDER_REPORT)
    query = request.query_params
    four_rates = partial(
        services.orders.report, actor_json(actor_of(visitor)), query.get("since", ""), query.get("until", ""),
        query.get("by", "unit"),
    )  # fmt: skip
    four_rates_json: dict[str, Any] = await order_answer(four_rates, status=422)
    return four_rates_json
