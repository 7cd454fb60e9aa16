"""The knowledge base at the desk: agents search and report, a unit writes its own articles, another person releases."""

from typing import Any
from urllib.parse import quote

import pytest

from ivr.people.rights import Act, Role
from testkit.hotline.desk_client import DeskClient
from testkit.hotline.running_desk import RunningDesk
from tests.desk.article_content import CONTENT

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk

NAME = "12333-desk-test"


def act(client: DeskClient, name: str, article: str = NAME, **fields: Any) -> Any:
    return client.api("POST", f"/acts/{Act.ARTICLE}", {"article": article, "act": name, "fields": fields})


@pytest.fixture(scope="module")
def released(desk: RunningDesk, clients: dict[str, DeskClient]) -> str:
    """An article on offer: an admin wrote it, a supervisor released it."""
    for client, name, fields in (("admin", "write", CONTENT), ("admin", "submit", {}), ("supervisor", "release", {})):
        answer = act(clients[client], name, **fields)
        assert answer.status == 200, answer.json
    return NAME


def test_an_agent_finds_an_answer_and_reports_it_and_a_reviewer_settles_the_report(
    clients: dict[str, DeskClient], released: str
) -> None:
    agent, supervisor = clients["agent"], clients["supervisor"]
    search_result = agent.api("GET", f"/knowledge/search?q={quote('工作台测试')}").json
    assert [article["article"] for article in search_result["articles"]] == [released]
    assert search_result["articles"][0]["short"] == CONTENT["short"]
    assert act(agent, "report", text="比例有误").status == 200
    listed = supervisor.api("GET", "/knowledge/articles?reported=1").json["articles"]
    report = next(article for article in listed if article["article"] == released)["reports"][-1]
    assert (report["text"], report["by"]) == ("比例有误", "agent")
    assert act(supervisor, "settle", report=report["report"], text="已核对").status == 200


def test_an_agent_and_a_program_change_nothing_and_see_no_draft(clients: dict[str, DeskClient], released: str) -> None:
    agent = clients["agent"]
    for name, fields in (("revise", {"short": "篡改"}), ("withdraw", {"reason": "无"}), ("write", CONTENT)):
        assert act(agent, name, **fields).code == "refused"
    assert act(clients["admin"], "write", "12333-draft-only", **CONTENT).status == 200
    assert agent.api("GET", "/knowledge/articles/12333-draft-only").code == "unknown"
    assert agent.api("GET", "/knowledge/articles").status == 403
    assert agent.api("GET", f"/knowledge/articles/{released}/versions/1").code == "unknown"


def test_the_writer_of_an_article_may_not_release_it_at_the_desk(clients: dict[str, DeskClient], released: str) -> None:
    supervisor, admin = clients["supervisor"], clients["admin"]
    assert act(supervisor, "revise", short="工作台测试新短答。").status == 200
    assert act(supervisor, "submit").status == 200
    refused = act(supervisor, "release")
    assert (refused.status, refused.code) == (409, "refused")
    assert act(admin, "release").status == 200
    assert clients["agent"].api("GET", f"/knowledge/articles/{released}").json["article"]["version"] == 2
    old = supervisor.api("GET", f"/knowledge/articles/{released}/versions/1").json
    assert old["short"] == CONTENT["short"]


def test_each_act_is_in_the_audit_log(clients: dict[str, DeskClient], released: str) -> None:
    lines = clients["admin"].api("GET", "/audit?act=article.act").json["audit"]
    assert {(line["user"], line["about"], line["detail"]) for line in lines} >= {
        ("admin", released, "write"), ("supervisor", released, "release"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"article": 1, "act": "write", "fields": {}},
        {"article": NAME, "act": "fly", "fields": {}},
        {"article": "../etc", "act": "write", "fields": CONTENT},
        {"article": NAME, "act": "revise", "fields": {"short": "长" * 301}},
        {"article": NAME, "act": "revise", "fields": {"unit": "不存在的单位"}},
        {"article": NAME, "act": "revise", "fields": {"shipped": True}},
        {"article": NAME, "act": "remind", "fields": {"stage": "expiring:2026-12-31"}},
    ],
)
def test_a_malformed_act_is_refused_with_a_reason(
    clients: dict[str, DeskClient], released: str, body: dict[str, Any]
) -> None:
    answer = clients["supervisor"].api("POST", "/acts/article.act", body)
    assert answer.status in (409, 422)
    assert answer.json["error"]["message"]


def test_a_search_without_a_result_is_no_error(clients: dict[str, DeskClient]) -> None:
    agent = clients["agent"]
    assert agent.api("GET", "/knowledge/search").json == {"query": "", "articles": []}
    assert agent.api("GET", "/knowledge/search?q=%00%F0%9F%98%80").status == 200
    assert agent.api("GET", "/knowledge/search?q=a&limit=many").status == 422
    assert agent.api("GET", "/knowledge/search?call_id=none").code == "unknown"
    assert agent.api("GET", "/knowledge/articles/none").code == "unknown"
    assert clients["supervisor"].api("GET", "/knowledge/articles?state=eaten").status == 422


def test_a_form_gets_the_acts_that_its_reader_may_do(clients: dict[str, DeskClient]) -> None:
    words = {role: clients[role.value].api("GET", "/knowledge/words").json for role in (Role.AGENT, Role.SUPERVISOR)}
    assert set(words[Role.AGENT]["acts"]) == {"report"}
    assert {"write", "release", "settle"} <= set(words[Role.SUPERVISOR]["acts"])
    assert clients["auditor"].api("GET", "/knowledge/words").json["acts"] == {}
