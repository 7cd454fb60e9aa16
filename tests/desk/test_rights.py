"""The table of rights: each cell is tried over REST and the WebSocket; only acts without the right are refused."""

import re

import pytest
from starlette.routing import WebSocketRoute
from websockets.exceptions import ConnectionClosed, NegotiationError

from ivr.asterisk.ami.manager import Ami
from ivr.desk.web_app import routes
from ivr.engine.desk_acts import DeskActs
from ivr.engine.wrap_up import WrapUpEnd
from ivr.people import api_tokens
from ivr.people.rights import RIGHTS, Act, Role
from testkit.hotline.desk_client import DeskAnswer, DeskClient, PageSocket
from testkit.hotline.running_desk import RunningDesk

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk

DONE = [act for act in Act if not act.startswith("read.")]
READERS = RIGHTS[Act.READ_CALLS] | RIGHTS[Act.READ_OWN_CALLS]
REPORTED = RIGHTS[Act.READ_REPORTS] | RIGHTS[Act.READ_OWN_REPORTS]
OPEN = "open"  # needs no right; test_sign_in, test_public_articles and test_hostile_web try what it needs instead
CELLS: dict[str, Act | frozenset[Role] | str] = {
    "POST /session": OPEN,
    "GET /session": OPEN,
    "DELETE /session": OPEN,
    "POST /session/password": OPEN,
    "GET /public/knowledge/search": OPEN,
    "GET /public/knowledge/articles": OPEN,
    "GET /public/knowledge/articles/{article}": OPEN,
    "POST /platforms/{platform}/messages": OPEN,
    "GET /state": Act.READ_STATE,
    "GET /reach": Act.READ_REACH,
    "GET /aids": Act.RESULT,
    "GET /calls": READERS,
    "GET /calls/{call_id}": READERS,
    "GET /calls/{call_id}/history": READERS,
    "GET /calls/{call_id}/recording": Act.HEAR_RECORDINGS,  # of a call that no agent has
    "GET /callbacks": Act.READ_CALLBACKS,
    "GET /messages": Act.READ_MESSAGES,
    "GET /messages/{work_order}/recording": Act.READ_MESSAGES,
    "GET /people": Act.READ_PEOPLE,
    "POST /people": Act.ADD_PERSON,
    "PATCH /people/{user}": Act.CHANGE_PERSON,
    "DELETE /people/{user}": Act.REMOVE_PERSON,
    "DELETE /people/{user}/sessions": Act.END_SESSIONS,
    "GET /audit": Act.READ_AUDIT,
    "GET /indicators/today": Act.READ_INDICATORS,
    "GET /reports/staffing": Act.READ_REPORTS,
    "GET /reports/activity": REPORTED,
    "GET /alarms": Act.READ_ALARMS,
    "GET /registry": Act.READ_REGISTRY,
    "GET /registry/draft": Act.READ_REGISTRY,
    "PUT /registry/draft": Act.EDIT_REGISTRY,
    "GET /registry/draft/difference": Act.READ_REGISTRY,
    "GET /registry/draft/route": Act.READ_REGISTRY,
    "GET /registry/history": Act.READ_REGISTRY,
    "GET /registry/history/{id}": Act.READ_REGISTRY,
    "GET /registry/prompts": Act.READ_REGISTRY,
    "GET /registry/prompts/{prompt}": Act.READ_REGISTRY,
    "POST /registry/prompts/{prompt}": Act.CHANGE_PROMPT,
    "GET /tokens": Act.READ_TOKENS,
    "POST /tokens": Act.ADD_TOKEN,
    "DELETE /tokens/{name}": Act.REMOVE_TOKEN,
    "GET /health/doctor": Act.READ_HEALTH,
    "GET /health/trunks": Act.READ_HEALTH,
    "GET /health/refusals": Act.READ_HEALTH,
    "GET /health/trace": Act.READ_TRACES,
    "GET /health/calls/{call_id}": Act.READ_TRACES,
    "GET /backup": Act.TAKE_BACKUP,
    "GET /orders": Act.READ_ORDERS,
    "GET /orders/counts": Act.READ_ORDERS,
    "GET /orders/directory": Act.READ_ORDERS,
    "GET /orders/draft": Act.ORDER,
    "GET /orders/report": Act.READ_ORDER_REPORT,
    "GET /orders/export": Act.EXPORT_ORDERS,
    "GET /orders/{order}": Act.READ_ORDERS,
    "POST /orders/{order}/files": Act.ORDER,
    "GET /orders/{order}/files/{file}": Act.READ_ORDERS,
    "GET /knowledge/search": Act.READ_ARTICLES,
    "GET /knowledge/words": Act.READ_ARTICLES,
    "GET /knowledge/articles": Act.READ_ARTICLES,
    "GET /knowledge/articles/{article}": Act.READ_ARTICLES,
    "GET /knowledge/articles/{article}/versions/{version}": Act.READ_ARTICLES,
}
SOCKETS = {"/api/v1/live": Act.READ_STATE, "/sip": Act.PHONE_ACCOUNT}
REFUSED_ONLY = {"GET /health/doctor", "GET /backup"}  # slow, and tried by other tests
QUERIES = {
    "GET /reports/activity": "since=2026-11-23&until=2026-11-24",
    "GET /registry/draft/route": "number=12345",
    "POST /registry/prompts/{prompt}": "version=9",  # of a draft that there is not
}


def asked(client: DeskClient, cell: str) -> DeskAnswer:
    """The answer at an address, with a name of nothing in each of its places."""
    method, path = cell.split()
    body = {} if method in ("POST", "PATCH", "PUT") else None
    return client.api(method, f"{re.sub('{[a-z_]+}', '9', path)}?{QUERIES.get(cell, '')}", body)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_exactly_the_acts_of_the_table(
    desk: RunningDesk, clients: dict[str, DeskClient], role: Role
) -> None:
    client = clients[role.value]
    by_rest = {act for act in DONE if client.act(act).code != "forbidden"}
    allowed = {act for act in DONE if role in RIGHTS[act]}
    assert by_rest == allowed
    if role in RIGHTS[Act.READ_STATE]:
        with client.live() as page:
            page.begin()
            by_socket = {act for act in DONE if page.act(act).get("error", {}).get("code") != "forbidden"}
        assert by_socket == allowed
    assert desk.client(role.value).sign_in(role.value, "right horse 7").status == 200  # `seat.leave` ended nothing


def test_each_address_has_a_cell_in_the_table(clients: dict[str, DeskClient]) -> None:
    described = clients["agent"].api("GET", "/openapi.json").json["paths"]
    addresses = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path in described for method in described[path]}
    acts = {f"POST /acts/{act}" for act in DONE}
    assert addresses - acts == set(CELLS), "each new address needs a line in CELLS"
    assert acts <= addresses
    sockets = {route.path for route in routes() if isinstance(route, WebSocketRoute)}
    assert sockets == set(SOCKETS), "each new WebSocket needs a line in SOCKETS"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_exactly_the_addresses_of_the_table(clients: dict[str, DeskClient], role: Role) -> None:
    client = clients[role.value]
    for cell, needed in CELLS.items():
        if needed is OPEN:
            continue
        allowed = role in (RIGHTS[needed] if isinstance(needed, Act) else needed)
        if not (allowed and cell in REFUSED_ONLY):
            answer = asked(client, cell)
            assert (answer.code != "forbidden") == allowed, (role, cell, answer.body)
            assert answer.status < 500, (cell, answer.body)
    for address, act in SOCKETS.items():
        refused = closed_with(client, address) == 4403
        assert refused == (role not in RIGHTS[act]), (role, address)


def closed_with(client: DeskClient, address: str) -> int:
    """The code with which a WebSocket is closed; 0 if it speaks first."""
    headers = {"Cookie": f"__Host-desk={client.cookie}"}
    try:
        socket = PageSocket(f"wss://{client.server}{address}", client.origin, headers)
    except NegotiationError:  # the phone's WebSocket asks for SIP, after the right was checked
        return 0
    try:
        socket.recv(timeout=20)
    except ConnectionClosed as over:
        return over.rcvd.code if over.rcvd else 0
    finally:
        socket.close()
    return 0


def test_a_visitor_without_a_session_may_neither_act_nor_read(desk: RunningDesk) -> None:
    nobody = desk.client()
    assert {nobody.act(act).code for act in DONE} == {"signed-out"}
    assert {asked(nobody, cell).code for cell, needed in CELLS.items() if needed is not OPEN} == {"signed-out"}


def test_a_program_without_scopes_may_neither_act_nor_read(desk: RunningDesk) -> None:
    program = DeskClient(desk.address, api_tokens.add_token(desk.database, "idle", [Act.READ_TOKENS], None, desk.now()))
    assert {program.act(act).code for act in DONE} == {"forbidden"}
    needing = [cell for cell, needed in CELLS.items() if needed not in (OPEN, Act.READ_TOKENS)]
    assert {asked(program, cell).code for cell in needing} == {"forbidden"}
    api_tokens.remove_token(desk.database, "idle")


def test_each_act_of_the_table_is_allowed_to_a_role(desk: RunningDesk) -> None:
    ami = Ami("127.0.0.1", 1, "nobody", "")
    engine = DeskActs(ami, desk.services.registry, None, WrapUpEnd(ami))  # type: ignore[arg-type]
    assert {*engine.acts, *desk.services.door.own_acts} == set(DONE)


def test_a_token_may_do_exactly_the_acts_of_its_scopes(desk: RunningDesk) -> None:
    token = api_tokens.add_token(desk.database, "crm", [Act.READ_CALLS, Act.READ_STATE], None, desk.now())
    program = DeskClient(desk.address, token)
    assert program.api("GET", "/calls").status == 200
    assert program.api("GET", "/state").status == 200
    assert program.api("GET", "/people").code == "forbidden"
    assert program.act(Act.READY, at="8001").code == "forbidden"
    api_tokens.remove_token(desk.database, "crm")
    assert program.api("GET", "/calls").code == "signed-out"


def test_the_audit_log_names_person_and_act_and_nobody_can_change_it(
    desk: RunningDesk, clients: dict[str, DeskClient]
) -> None:
    assert clients["admin"].act(Act.ADD_PERSON, user="neu", name="新人", roles=["agent"]).status == 200
    assert clients["admin"].act(Act.REMOVE_PERSON, user="neu").status == 200
    assert clients["supervisor"].act(Act.SET_STATE, seat="8002", state="busy").status == 200
    lines = clients["auditor"].api("GET", "/audit").json["audit"]
    logged = [(line["user"], line["act"], line["about"]) for line in lines]
    assert ("admin", "people.add", "neu") in logged
    assert ("admin", "people.remove", "neu") in logged
    assert ("supervisor", "team.set-state", "8002") in logged
    with pytest.raises(Exception, match="only added to"), desk.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit")
    with pytest.raises(Exception, match="only added to"), desk.database.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET user = 'nobody'")


def test_the_audit_log_is_searched_by_words(desk: RunningDesk, clients: dict[str, DeskClient]) -> None:
    assert clients["admin"].act(Act.ADD_PERSON, user="suchwort", name="新人", roles=["agent"]).status == 200
    second_factor = clients["admin"].act(Act.GIVE_TOTP, user="suchwort").json["result"]
    assert second_factor["address"].startswith("otpauth://totp/")
    assert second_factor["qr"].startswith("data:image/svg+xml")
    assert clients["admin"].act(Act.TAKE_TOTP, user="suchwort").status == 200
    assert clients["admin"].act(Act.REMOVE_PERSON, user="suchwort").status == 200
    lines = clients["auditor"].api("GET", "/audit?words=UCHWOR").json["audit"]
    assert [line["act"] for line in lines] == ["people.remove", "people.no-totp", "people.totp", "people.add"]
    assert clients["auditor"].api("GET", "/audit?words=%25").json["audit"] == []
