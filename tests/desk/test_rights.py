"""The table of rights, each cell tried over REST and the WebSocket: what no role gives is refused, and only that."""

import pytest

from ivr.asterisk.ami.manager import Ami
from ivr.engine.desk_acts import DeskActs
from ivr.engine.wrap_up import WrapUpEnd
from ivr.people import api_tokens
from ivr.people.rights import RIGHTS, Act, Role
from testkit.hotline.desk_client import DeskClient
from tests.desk.conftest import RunningDesk

pytestmark = pytest.mark.xdist_group("desk")  # one desk serves them all

DONE = [act for act in Act if not act.startswith("read.")]
READ = {
    "/state": Act.READ_STATE,
    "/reach?q=12345": Act.READ_REACH,
    "/results": Act.RESULT,
    "/calls": None,  # everybody who may read any call gets those that the right covers
    "/callbacks": Act.READ_CALLBACKS,
    "/messages": Act.READ_MESSAGES,
    "/messages/W1/recording": Act.READ_MESSAGES,
    "/people": Act.READ_PEOPLE,
    "/audit": Act.READ_AUDIT,
    "/indicators/today": Act.READ_INDICATORS,
    "/reports/staffing": Act.READ_REPORTS,
    "/alarms": Act.READ_ALARMS,
    "/reports/activity?since=2026-11-23&until=2026-11-24": None,  # likewise
    "/registry": Act.READ_REGISTRY,
    "/registry/draft": Act.READ_REGISTRY,
    "/registry/draft/difference": Act.READ_REGISTRY,
    "/registry/draft/route?number=12345": Act.READ_REGISTRY,
    "/registry/prompts": Act.READ_REGISTRY,
    "/registry/prompts/opening": Act.READ_REGISTRY,
    "/tokens": Act.READ_TOKENS,
    "/health/trunks": Act.READ_HEALTH,
    "/health/refusals": Act.READ_HEALTH,
    "/health/trace": Act.READ_TRACES,
    "/health/calls/1": Act.READ_TRACES,
    "/backup": Act.TAKE_BACKUP,
    "/registry/history": Act.READ_REGISTRY,
    "/registry/history/1": Act.READ_REGISTRY,
}
CALL_READERS = RIGHTS[Act.READ_CALLS] | RIGHTS[Act.READ_OWN_CALLS]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_does_what_the_table_says_and_nothing_else(
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


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reads_what_the_table_says_and_nothing_else(clients: dict[str, DeskClient], role: Role) -> None:
    for path, act in READ.items():
        allowed = CALL_READERS if act is None else RIGHTS[act]
        assert (clients[role.value].api("GET", path).code != "forbidden") == (role in allowed), (role, path)


def test_nobody_without_a_session_does_or_reads_anything(desk: RunningDesk) -> None:
    nobody = desk.client()
    assert {nobody.act(act).code for act in DONE} == {"signed-out"}
    assert {nobody.api("GET", path).code for path in READ} == {"signed-out"}


def test_each_act_of_the_table_is_done_by_somebody(desk: RunningDesk) -> None:
    ami = Ami("127.0.0.1", 1, "nobody", "")
    engine = DeskActs(ami, desk.services.registry, None, WrapUpEnd(ami))  # type: ignore[arg-type]
    assert {*engine.acts, *desk.services.door.own_acts} == set(DONE)


def test_a_token_does_what_its_scopes_say(desk: RunningDesk) -> None:
    token = api_tokens.add(desk.database, "crm", [Act.READ_CALLS, Act.READ_STATE], None, desk.now())
    program = DeskClient(desk.address, token)
    assert program.api("GET", "/calls").status == 200
    assert program.api("GET", "/state").status == 200
    assert program.api("GET", "/people").code == "forbidden"
    assert program.act(Act.READY, at="8001").code == "forbidden"
    api_tokens.remove(desk.database, "crm")
    assert program.api("GET", "/calls").code == "signed-out"


def test_the_audit_log_names_who_did_what_and_nobody_can_change_it(
    desk: RunningDesk, clients: dict[str, DeskClient]
) -> None:
    assert clients["admin"].act(Act.ADD_PERSON, user="neu", name="新人", roles=["agent"]).status == 200
    assert clients["admin"].act(Act.REMOVE_PERSON, user="neu").status == 200
    assert clients["supervisor"].act(Act.SET_STATE, seat="8002", state="busy").status == 200
    found = clients["auditor"].api("GET", "/audit").json["audit"]
    told = [(line["user"], line["act"], line["about"]) for line in found]
    assert ("admin", "people.add", "neu") in told
    assert ("admin", "people.remove", "neu") in told
    assert ("supervisor", "team.set-state", "8002") in told
    with pytest.raises(Exception, match="only added to"), desk.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit")
    with pytest.raises(Exception, match="only added to"), desk.database.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET user = 'nobody'")


def test_the_audit_log_is_searched_by_words(desk: RunningDesk, clients: dict[str, DeskClient]) -> None:
    assert clients["admin"].act(Act.ADD_PERSON, user="suchwort", name="新人", roles=["agent"]).status == 200
    given = clients["admin"].act(Act.GIVE_TOTP, user="suchwort").json["result"]
    assert given["address"].startswith("otpauth://totp/")
    assert given["qr"].startswith("data:image/svg+xml")
    assert clients["admin"].act(Act.TAKE_TOTP, user="suchwort").status == 200
    assert clients["admin"].act(Act.REMOVE_PERSON, user="suchwort").status == 200
    found = clients["auditor"].api("GET", "/audit?words=UCHWOR").json["audit"]
    assert [line["act"] for line in found] == ["people.remove", "people.no-totp", "people.totp", "people.add"]
    assert clients["auditor"].api("GET", "/audit?words=%25").json["audit"] == []
