"""The search finds an article by words, parts of words and sound, in both databases alike, and offers no other."""

from datetime import timedelta

import pytest

from tests.knowledge.conftest import REVIEWER, UNIT, KnowledgeStory, content

pytestmark = pytest.mark.xdist_group("postgres")


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
    "卡": "card",  # one character, as somebody types
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


def test_nothing_is_offered_that_is_no_draft_no_more_expired_or_withdrawn(filled: KnowledgeStory) -> None:
    filled.release("late", "高温津贴怎么发", valid_until="2026-12-31")
    filled.release("early", "高温津贴新标准", valid_from="2027-01-01")
    filled.requests.act(UNIT, "draft", "write", content("高温津贴草稿"))
    assert filled.found("高温津贴") == ["late"]
    filled.now += timedelta(days=40)
    assert filled.found("高温津贴") == ["early"]
    filled.requests.act(REVIEWER, "early", "withdraw", {"reason": "标准未定"})
    assert filled.found("高温津贴") == []
    assert {one["article"] for one in filled.requests.offered()} == {"overtime", "card", "injury", "jobless"}
