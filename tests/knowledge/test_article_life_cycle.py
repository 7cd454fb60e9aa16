"""An article is on offer only after a second person released it; no version is ever overwritten."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ivr.knowledge.article import Article, ArticleEvent, Editor, article_after, fold_article
from ivr.knowledge.article_decision import ArticleActRefused, ArticleRequest, decide_article_act
from ivr.knowledge.article_fields import ARTICLE_FIELDS
from ivr.knowledge.article_life_cycle import ARTICLE_RULES, ArticleAct, ArticleRole, ArticleState
from ivr.knowledge.store.article_store import events_of_article, find_article
from ivr.records.store.database import DatabaseUnusable
from ivr.routing.calendar import CITY_TIME
from tests.knowledge.conftest import AGENT, OTHER_UNIT, REVIEWER, SCOPE, UNIT, KnowledgeStory, content

EDITORS = [
    Editor("li", ArticleRole.UNIT, "市人社局"),
    Editor("zhao", ArticleRole.UNIT, "市医疗保障局"),
    Editor("wang", ArticleRole.REVIEWER),
    Editor("sun", ArticleRole.REVIEWER),
    Editor("chen", ArticleRole.AGENT),
    Editor("shipped", ArticleRole.HOTLINE),
]
GIVEN: dict[ArticleAct, dict[str, Any]] = {
    ArticleAct.WRITE: content("加班工资怎么算"),
    ArticleAct.REVISE: {"short": "改过的回答。"},
    ArticleAct.REJECT: {"reason": "依据不全"},
    ArticleAct.WITHDRAW: {"reason": "政策废止"},
    ArticleAct.REPORT: {"text": "比例写错了"},
    ArticleAct.SETTLE: {"report": 4, "text": "已更正"},
    ArticleAct.REMIND: {"stage": "expiring:2026-12-31"},
}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(ArticleAct)), st.sampled_from(EDITORS)), max_size=14))
def test_after_any_acts_an_article_on_offer_was_released_by_another_person_than_its_writer(
    tried: list[tuple[ArticleAct, Editor]],
) -> None:
    now = datetime(2026, 11, 30, tzinfo=CITY_TIME)
    article: Article | None = None
    events: list[ArticleEvent] = []
    authors: set[str] = set()
    for act, editor in tried:
        try:
            request = ArticleRequest(act, editor, GIVEN.get(act, {}))
            event = decide_article_act(article, "12333-overtime", request, SCOPE, now)
        except ArticleActRefused:
            continue
        rule = ARTICLE_RULES[act]
        assert editor.role in rule.roles
        assert article is None or article.state in rule.begin
        if act in (ArticleAct.WRITE, ArticleAct.REVISE):
            assert editor.role is not ArticleRole.UNIT or editor.unit == "市人社局"
            authors.add(editor.name)
        if act is ArticleAct.RELEASE:
            assert editor.role is ArticleRole.REVIEWER
            assert editor.name not in authors
            authors.clear()
        article = article_after(article, event)
        events.append(event)
        if act is ArticleAct.WITHDRAW:
            assert not article.is_offered(now.date())
    if events:
        assert fold_article(events) == article
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))


def test_the_writer_releases_nothing_and_the_version_before_stays_on_offer(story: KnowledgeStory) -> None:
    requests = story.requests
    story.release("12333-overtime", "加班工资怎么算", short="旧的回答。")
    requests.act(REVIEWER, "12333-overtime", "revise", {"short": "新的回答。"})
    requests.act(REVIEWER, "12333-overtime", "submit", {})
    with pytest.raises(ArticleActRefused, match="wang"):
        requests.act(REVIEWER, "12333-overtime", "release", {})
    assert requests.search("加班工资")[0]["short"] == "旧的回答。"
    requests.act({**REVIEWER, "name": "sun"}, "12333-overtime", "release", {})
    assert requests.search("加班工资")[0]["short"] == "新的回答。"
    assert requests.version(UNIT, "12333-overtime", 1)["short"] == "旧的回答。"


def test_a_report_comes_back_to_the_owner_and_is_settled_once(story: KnowledgeStory) -> None:
    story.release("12333-overtime", "加班工资怎么算")
    story.requests.act(AGENT, "12333-overtime", "report", {"text": "休息日应为百分之二百", "call_id": "1764470000.12"})
    listed = story.requests.listing(UNIT, {"reported": True})
    assert [report["text"] for report in listed[0]["reports"]] == ["休息日应为百分之二百"]
    number = listed[0]["reports"][0]["report"]
    with pytest.raises(ArticleActRefused, match="市人社局"):
        story.requests.act(OTHER_UNIT, "12333-overtime", "settle", {"report": number, "text": "无误"})
    story.requests.act(UNIT, "12333-overtime", "settle", {"report": number, "text": "已核对，无误"})
    assert story.requests.listing(UNIT, {"reported": True}) == []
    with pytest.raises(ArticleActRefused, match=str(number)):
        story.requests.act(UNIT, "12333-overtime", "settle", {"report": number, "text": "再办一次"})


def test_an_article_without_source_question_or_last_day_is_not_released(story: KnowledgeStory) -> None:
    for name, missing in enumerate(("questions", "short", "sources", "valid_until")):
        empty: Any = [] if missing in ("questions", "sources") else ""
        story.requests.act(UNIT, f"a-{name}", "write", content("加班", **{missing: empty}))
        with pytest.raises(ArticleActRefused, match=missing) as refused:
            story.requests.act(UNIT, f"a-{name}", "submit", {})
        assert refused.value.field == missing


def test_a_draft_is_read_by_its_unit_and_by_reviewers_only(story: KnowledgeStory) -> None:
    story.requests.act(UNIT, "12333-draft", "write", content("草稿"))
    for reader in (UNIT, REVIEWER):
        assert story.requests.show(reader, "12333-draft")["article"]["state"] == ArticleState.DRAFT
    for stranger in (OTHER_UNIT, AGENT):
        with pytest.raises(ArticleActRefused):
            story.requests.show(stranger, "12333-draft")
    with pytest.raises(ArticleActRefused):
        story.requests.listing(AGENT, {})


def test_an_act_is_never_changed_and_the_article_follows_from_its_acts(either: KnowledgeStory) -> None:
    either.release("12333-overtime", "加班工资怎么算")
    with either.database.begin() as connection:
        events = events_of_article(connection, "12333-overtime")
        assert fold_article(events) == find_article(connection, "12333-overtime")
    with pytest.raises(DatabaseUnusable, match="never changed"), either.database.begin() as connection:
        connection.execute(text("UPDATE article_events SET fields = '{}'"))


def test_each_field_of_the_rules_can_be_checked() -> None:
    assert {field for rule in ARTICLE_RULES.values() for field in (*rule.needs, *rule.may)} == set(ARTICLE_FIELDS)
