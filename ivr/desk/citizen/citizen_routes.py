"""The citizens' page: forms that work without a script, limited in number; Chinese is the default language."""

import asyncio
import hmac
import re
import secrets as random_secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from ivr.desk.citizen import citizen_limits
from ivr.desk.citizen.citizen_matter import MOST_FILES, CitizenMatter, form_of, matter_of
from ivr.desk.citizen.citizen_texts import grades, page_words
from ivr.desk.desk_services import DeskServices, services_of
from ivr.desk.orders.file_routes import attach_file
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import address_of, check_origin, language_of
from ivr.orders.act_fields import Ground, OrderChannel, ground_title
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import CitizenPage
from ivr.orders.follow_up_rule import answer_act
from ivr.orders.life_cycle import OrderAct, OrderRole, OrderState, state_title
from ivr.orders.order import Order
from ivr.orders.order_clock import due_on
from ivr.records.store.database import DatabaseUnusable
from ivr.runtime import secrets
from ivr.runtime.errors import SecretsUnreadable
from ivr.texts import _

_FOLDER = Path(__file__).parent
_PAGES = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, trim_blocks=True)
_CITIZEN = {"name": "citizen", "role": OrderRole.CITIZEN.value, "unit": ""}
_SHOW_ANSWER = (OrderState.FOLLOW_UP, OrderState.CLOSED)  # the states after the review of the answer
_AUTOCOMPLETE = {"contact": "name", "caller": "tel", "place": "street-address"}
_at_once = asyncio.Semaphore(3)  # forms with files in memory

Endpoint = Callable[[Request, DeskServices, CitizenPage], Awaitable[Response]]


def citizen_routes() -> list[Route]:
    """Return the routes; each answers 404 unless orders.yaml has ``citizen_page``."""
    return [
        Route("/citizen", _served(empty_form), methods=["GET"]),
        Route("/citizen", _served(file_matter), methods=["POST"]),
        Route("/citizen/state", _served(look_up), methods=["GET", "POST"]),
        Route("/citizen/grade", _served(grade), methods=["POST"]),
        Route("/citizen/citizen.css", _served(style), methods=["GET"]),
    ]


def _served(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        language_of(request)
        services = services_of(request)
        page = services.directory.current.citizen_page
        try:
            if page is None:
                raise DeskRefused(404, "unknown", _("this hotline has no page for citizens; dial its number"))
            if request.method == "POST":
                check_origin(request)
            return await endpoint(request, services, page)
        except (DeskRefused, OrderActRefused) as refusal:
            status = refusal.status if isinstance(refusal, DeskRefused) else 409
            return _page(services, "layout.j2", _("This cannot be done"), {"": str(refusal)}, status=status)
        except DatabaseUnusable:
            text = _("this cannot be done now; try again later, or dial the hotline's number")
            return _page(services, "layout.j2", _("This cannot be done"), {"": text}, status=503)

    return answer


async def empty_form(_request: Request, services: DeskServices, _page_rule: CitizenPage) -> Response:
    """GET: the form of a matter."""
    return _form(services, {}, {}, random_secrets.token_hex(16))


async def file_matter(request: Request, services: DeskServices, rule: CitizenPage) -> Response:
    """POST: file a matter; the same form sent twice makes one work order."""
    async with _at_once, form_of(request, MOST_FILES) as form:
        matter = await matter_of(form)
        token = matter.token or random_secrets.token_hex(16)
        if matter.problems:
            return _form(services, matter.fields, matter.problems, token, status=422)
        order = await asyncio.to_thread(services.orders.number_of_source, f"web-{token}")
        if order is None:
            address, now = _address(request, rule), services.now()
            if not await asyncio.to_thread(citizen_limits.may_file, services.database, rule, address, now):
                raise DeskRefused(
                    429, "too-many", _("too many matters came at once; try again in an hour, or dial the hotline")
                )
            order = await asyncio.to_thread(_open_work_order, services, matter, token)
    title = page_words()["filed"]
    return _page(services, "filed.j2", title, order=order, secret=await _secret(services, order))


async def look_up(request: Request, services: DeskServices, _rule: CitizenPage) -> Response:
    """GET, POST: the state of a work order, by its number and code."""
    title = page_words()["look"]
    if request.method == "POST":
        async with form_of(request) as form:
            keys = _order_keys(form)
    else:
        keys = _order_keys(request.query_params)
    if not keys["secret"]:
        return _page(services, "state.j2", title, values=keys)
    order = await _order(request, services, keys)
    return _state(services, order, keys["secret"])


async def grade(request: Request, services: DeskServices, _rule: CitizenPage) -> Response:
    """POST: the citizen's grade; "not solved" opens the work order again, as often as the rules allow."""
    async with form_of(request) as form:
        keys, opinion = _order_keys(form), str(form.get("opinion", "")).strip()
        answers = {name: str(form.get(name, "")) for name in ("solved", "satisfaction")}
    order = await _order(request, services, keys)
    act = answer_act(order, services.directory.current.limits.rounds, solved=answers["solved"] != "no")
    fields = {"opinion": opinion, "satisfaction": answers["satisfaction"]}
    if act is OrderAct.FOLLOW_UP:
        fields["solved"] = answers["solved"]
    given_fields = {name: value for name, value in fields.items() if value}
    await asyncio.to_thread(services.orders.act, _CITIZEN, order.order, act.value, given_fields)
    words = page_words()
    notice = words["again"] if act is OrderAct.DISPUTE else words["thanks"]
    return _state(services, await _order(request, services, keys), keys["secret"], notice)


async def style(_request: Request, _services: DeskServices, _rule: CitizenPage) -> Response:
    """GET: the style sheet."""
    return FileResponse(_FOLDER / "citizen.css", media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _open_work_order(services: DeskServices, matter: CitizenMatter, token: str) -> str:
    """Open the work order of a matter, and attach its files; return its number."""
    fields = {**matter.fields, "channel": OrderChannel.WEB.value, "source": f"web-{token}"}
    order: str = services.orders.act(_CITIZEN, "", OrderAct.OPEN.value, fields)["order"]
    for content, name in {content: name for name, content in matter.files}.items():
        attach_file(services.orders, services.home, _CITIZEN, order, name, content)
    return order


async def _order(request: Request, services: DeskServices, keys: Mapping[str, str]) -> Order:
    """Return the work order of a number and a code.

    Raises:
        DeskRefused: number and code do not belong together, or too many codes were tried.
    """
    address, now = _address(request, services.directory.current.citizen_page), services.now()
    if not await asyncio.to_thread(citizen_limits.may_look, services.database, address, keys["order"], now):
        raise DeskRefused(429, "too-many", _("too many wrong codes; try again in an hour, or dial the hotline"))
    expected = (await _secret(services, keys["order"])).replace("-", "")
    order = await asyncio.to_thread(services.orders.find, keys["order"])
    if not hmac.compare_digest(keys["secret"].encode(), expected.encode()) or order is None:
        await asyncio.to_thread(citizen_limits.note_wrong, services.database, address, keys["order"], now)
        raise DeskRefused(404, "unknown", _("number and code do not belong together; look at both again"))
    return order


def _address(request: Request, rule: CitizenPage | None) -> str:
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    return citizen_limits.citizen_address(address_of(request), forwarded, rule.proxies if rule else ())


async def _secret(services: DeskServices, order: str) -> str:
    try:
        stored = await asyncio.to_thread(secrets.load, services.home.secrets)
    except (OSError, SecretsUnreadable):
        text = _("this cannot be done now; try again later, or dial the hotline's number")
        raise DeskRefused(503, "engine-away", text) from None
    return secrets.order_code(stored, order)


def _order_keys(form: Mapping[str, Any]) -> dict[str, str]:
    order, secret = (str(form.get(name, ""))[:40] for name in ("order", "secret"))
    return {"order": re.sub(r"[^0-9]", "", order), "secret": re.sub(r"[^A-Z2-7]", "", secret.upper())}


def _form(
    services: DeskServices, values: Mapping[str, str], problems: Mapping[str, str], token: str, status: int = 200
) -> Response:
    directory = services.directory.current
    return _page(
        services, "matter.j2", page_words()["file"], problems, values=values, token=token, status=status,
        kinds=list(directory.kinds.values()), counties=list(directory.counties), autocomplete=_AUTOCOMPLETE,
    )  # fmt: skip


def _state(services: DeskServices, order: Order, secret: str, notice: str = "") -> Response:
    due_day = due_on(order, services.directory.current)
    is_with_unit = order.state in (OrderState.DISPATCHED, OrderState.HANDLING)
    shown = {
        "order": order.order,
        "title": order.title,
        "state": state_title(order.state),
        "due": due_day.isoformat() if due_day and is_with_unit else "",
        "answer": order.answer if order.state in _SHOW_ANSWER else "",
        "reason": ground_title(Ground(order.ground)) if order.ground else "",
        "turn_to": order.turn_to,
        "into": order.into,
    }
    return _page(
        services, "state.j2", page_words()["look"], shown=shown, secret=secret, notice=notice, grades=grades(),
        grade=order.state is OrderState.FOLLOW_UP,
    )  # fmt: skip


def _page(
    services: DeskServices, template: str, title: str, problems: Mapping[str, str] | None = None, status: int = 200,
    **values: object,
) -> Response:  # fmt: skip
    registry = services.registry.current
    text = _PAGES.get_template(template).render(
        title=title, words=page_words(), problems=problems or {}, city=registry.city.name,
        hotline=registry.hotline.number, language=_("en-US"), **values,
    )  # fmt: skip
    # A form's Origin would be "null" without a referrer, and the request would count as another site's.
    return HTMLResponse(text, status, {"Referrer-Policy": "same-origin"})
