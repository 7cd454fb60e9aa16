"""The public knowledge base: if numbers.yaml opens it, it shows the articles on offer only."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest

from ivr.people.rights import Act
from ivr.registry.model import Knowledge
from ivr.site import registry_snapshot
from testkit.hotline.desk_client import DeskClient
from testkit.hotline.running_desk import RunningDesk
from tests.desk.article_content import CONTENT

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk

NAME = "12333-public-test"
ADDRESSES = (
    "/public/knowledge", "/public/knowledge.css", f"/public/knowledge/{NAME}", "/api/v1/public/knowledge/articles",
    f"/api/v1/public/knowledge/search?q={quote('公开查询')}", f"/api/v1/public/knowledge/articles/{NAME}",
)  # fmt: skip


@pytest.fixture(scope="module")
def written(clients: dict[str, DeskClient]) -> None:
    """An article on offer, and a draft."""
    text = {"title": "公开查询<script>测试</script>", "long": "<b>详答</b>", "questions": ["公开查询怎么用"]}
    for name, acts in ((NAME, ("write", "submit", "release")), ("12333-public-draft", ("write",))):
        for act in acts:
            client = clients["supervisor" if act == "release" else "admin"]
            fields = CONTENT | text if act == "write" else {}
            answer = client.api("POST", f"/acts/{Act.ARTICLE}", {"article": name, "act": act, "fields": fields})
            assert answer.status == 200, answer.json


@pytest.fixture
def opened(desk: RunningDesk, written: None) -> Iterator[DeskClient]:
    """Return a visitor without a session, after the city has opened its knowledge base."""
    registry = desk.services.registry.current
    registry_snapshot.keep(desk.home, replace(registry, knowledge=Knowledge(public=True)))
    yield desk.client()
    registry_snapshot.keep(desk.home, registry)


def test_a_visitor_sees_no_article_until_the_city_opens_the_knowledge_base(desk: RunningDesk, written: None) -> None:
    stranger = desk.client()
    assert {stranger.request("GET", address).status for address in ADDRESSES} == {404}


def test_a_visitor_finds_and_reads_articles_on_offer_only(opened: DeskClient) -> None:
    assert {opened.request("GET", address).status for address in ADDRESSES} == {200}
    articles = opened.api("GET", f"/public/knowledge/search?q={quote('公开查询怎么用')}").json["articles"]
    assert articles[0]["article"] == NAME
    assert set(articles[0]) == {
        "article", "version", "title", "questions", "short", "long", "sources", "unit", "line", "valid_until",
    }  # fmt: skip
    listed = [article["article"] for article in opened.api("GET", "/public/knowledge/articles").json["articles"]]
    assert NAME in listed
    assert "12333-public-draft" not in listed
    assert opened.request("GET", "/public/knowledge/12333-public-draft").status == 404
    assert opened.api("GET", "/knowledge/articles").code == "signed-out"


def test_the_pages_run_no_markup_of_an_article_or_a_query(opened: DeskClient) -> None:
    query = quote("公开查询<img src=x onerror=alert(1)>")
    for address in (f"/public/knowledge?q={query}", f"/public/knowledge/{NAME}"):
        page = opened.request("GET", address)
        text = page.body.decode()
        assert "公开查询" in text
        assert not any(tag in text for tag in ("<script", "<img", "<b>"))
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "form-action 'self'" in page.headers["content-security-policy"]


def test_a_malformed_request_gets_an_error_answer(opened: DeskClient) -> None:
    for address in ("/public/knowledge?q=%00%ff", "/public/knowledge?q=" + "a" * 3000, "/public/knowledge/%2e%2e"):
        assert opened.request("GET", address).status in (200, 404)
    assert opened.api("GET", "/public/knowledge/articles?limit=x").status == 422
    assert opened.api("POST", "/public/knowledge/articles", {}).status == 404
