"""The search finds articles on offer by words, parts of words and sound, alike in both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ivr.knowledge.store.article_schema import ARTICLE_TERM_COUNTS, ARTICLE_TERMS
from tests.knowledge.conftest import REVIEWER, UNIT, KnowledgeStory, content


@pytest.fixture
def filled(either: KnowledgeStory) -> KnowledgeStory:
    for name, title, question in (
        ("overtime", "加班工资怎么算", "周末加班给多少钱"),
        ("card", "社会保障卡丢了怎么补办", "社保卡丢了怎么办"),
        ("injury", "工伤认定怎么申请", "上班路上被车撞了算不算工伤"),
        ("jobless", "失业保险金怎么领", "被辞退了能领失业金吗"),
    ):
        either.release(name, title, questions=[question])
    return either


QUERIES = {
    "加班费": "overtime",  # part of a word
    "社保": "card",  # a word of two characters
    "卡": "card",  # one character, while an agent still types
    "我想问一下失业金怎么领啊": "jobless",  # filler words
    "公山认定": "injury",  # other characters of about the sound
    "是业金": "jobless",
    "ＳＨＥ 加班": "overtime",  # full-width letters
    "工伤；DROP TABLE articles": "injury",
}


def test_an_article_is_found(filled: KnowledgeStory) -> None:
    assert {query: filled.found(query)[0] for query in QUERIES} == QUERIES


def test_any_query_is_answered(filled: KnowledgeStory) -> None:
    for query in ("", " ", "，。！", "%", "_", "\x00", "嗯", "qqq", "加" * 5000):
        assert isinstance(filled.requests.search(query), list)


def test_the_search_offers_no_draft_no_expired_and_no_withdrawn_article(filled: KnowledgeStory) -> None:
    filled.release("late", "高温津贴怎么发", valid_until="2026-12-31")
    filled.release("early", "高温津贴新标准", valid_from="2027-01-01")
    filled.requests.act(UNIT, "draft", "write", content("高温津贴草稿"))
    assert filled.found("高温津贴") == ["late"]
    filled.now += timedelta(days=40)
    assert filled.found("高温津贴") == ["early"]
    filled.requests.act(REVIEWER, "early", "withdraw", {"reason": "标准未定"})
    assert filled.found("高温津贴") == []
    assert {article["article"] for article in filled.requests.offered()} == {"overtime", "card", "injury", "jobless"}


def test_a_term_is_counted_as_often_as_articles_on_offer_have_it(either: KnowledgeStory) -> None:
    either.release("overtime", "加班工资怎么算")
    either.release("pay", "工资没发怎么办")
    either.requests.act(UNIT, "pay", "revise", {"title": "欠薪怎么办", "questions": ["欠薪怎么办"], "short": "欠薪。"})
    either.requests.act(UNIT, "pay", "submit", {})
    either.requests.act(REVIEWER, "pay", "release", {})
    with either.database.begin() as connection:
        counted = dict(connection.execute(select(ARTICLE_TERM_COUNTS).where(ARTICLE_TERM_COUNTS.c.articles != 0)).all())
        terms = select(ARTICLE_TERMS.c.term, func.count()).group_by(ARTICLE_TERMS.c.term)
        assert counted == dict(connection.execute(terms).all())
    either.requests.act(REVIEWER, "overtime", "withdraw", {"reason": "修订"})
    assert either.found("加班工资") == []
