"""Articles go out as Markdown and CSV and come back as they were; a bad file changes nothing."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.knowledge.article_decision import ArticleActRefused
from ivr.knowledge.article_fields import checked_article_field
from ivr.knowledge.article_text import ArticleFileRefused, ArticleText, decoded
from ivr.knowledge.csv_articles import articles_of_csv, csv_of
from ivr.knowledge.markdown_articles import articles_of_markdown, markdown_of
from tests.knowledge.conftest import REVIEWER, UNIT, KnowledgeStory, content

WORDS = st.text("加班工资#-=+@'\"\\,;；：1a\n ", min_size=1, max_size=30)


def _taken(field: str, value: Any) -> Any:
    return checked_article_field(field, value)


LINE = WORDS.map(lambda text: text.replace("\n", "").strip()).filter(bool)
FIELDS = st.fixed_dictionaries(
    {
        "title": LINE.map(lambda text: _taken("title", text)),
        "questions": st.lists(LINE, max_size=3).map(lambda texts: _taken("questions", texts)),
        "short": WORDS.map(lambda text: _taken("short", text.replace("\n", ""))),
        "long": WORDS.map(lambda text: _taken("long", text)),
        "sources": st.lists(LINE.map(lambda text: f"{text}（2018）"), max_size=2).map(lambda t: _taken("sources", t)),
        "unit": st.just("市人社局"),
        "line": st.sampled_from(["", "12333"]),
        "valid_from": st.sampled_from(["", "2026-01-01"]),
        "valid_until": st.sampled_from(["", "2027-12-31"]),
    }
)


@settings(max_examples=200, deadline=None)
@given(st.lists(FIELDS, min_size=1, max_size=3))
def test_an_exported_article_is_imported_as_it_was(contents: list[dict[str, Any]]) -> None:
    articles = [ArticleText(f"a-{place}", fields) for place, fields in enumerate(contents)]
    for read, write in ((articles_of_markdown, markdown_of), (articles_of_csv, csv_of)):
        back = read("a", decoded("a", write(articles).encode()))
        assert [article.article for article in back] == [article.article for article in articles]
        for exported, imported in zip(articles, back, strict=True):
            fields = {name: _taken(name, value) for name, value in imported.fields.items()}
            assert fields == {name: value for name, value in exported.fields.items() if name in fields}
            assert not any(value for name, value in exported.fields.items() if name not in fields)


@pytest.mark.parametrize(
    ("name", "raw", "place"),
    [
        ("a.md", b"\xff\xfe# x", "a.md:1"),
        ("a.md", "正文在标题之前".encode(), "a.md:1"),
        ("a.md", "# 题\n- id: a-1\n- owner: x".encode(), "a.md:3"),
        ("a.md", "# 题\n- id: a-1\n- unit: 甲\n- unit: 乙".encode(), "a.md:4"),
        ("a.md", "# 题\n- unit: 甲".encode(), "a.md:1"),
        ("a.md", "# 题\n- id: a-1\n## 答\n".encode(), "a.md:3"),
        ("a.md", "# 题\n- id: a-1\n## 短答\n一\n## 短答\n".encode(), "a.md:5"),
        ("a.md", "# 题\n- id: a-1\n## 问\n没有横线".encode(), "a.md:4"),
        ("a.csv", b"id,title\na,b", "a.csv:1"),
        ("a.csv", b"", "a.csv:1"),
        ("a.csv", b"id,title,questions,short,long,sources,unit,line,valid_from,valid_until\na,b", "a.csv:2"),
        ("a.csv", b'id,title,questions,short,long,sources,unit,line,valid_from,valid_until\na,"b', "a.csv:2"),
    ],
)  # fmt: skip
def test_a_file_of_another_form_is_refused_with_its_place(name: str, raw: bytes, place: str) -> None:
    read = articles_of_markdown if name.endswith(".md") else articles_of_csv
    with pytest.raises(ArticleFileRefused) as refused:
        read(name, decoded(name, raw))
    assert str(refused.value).startswith(f"{place}: ")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (articles_of_markdown, articles_of_csv):
        try:
            read("a", decoded("a", text.encode("utf-8", "surrogatepass")))
        except ArticleFileRefused:
            continue


def test_of_an_import_with_one_bad_article_nothing_is_imported(story: KnowledgeStory) -> None:
    good = {"file": "a.md", "line": 1, "article": "a-good", "fields": content("好的")}
    for bad in ({"unit": "无此单位"}, {"line": "999"}, {"valid_until": "2026-13-01"}, {"sources": ["无日期"]}):
        bad_article = {"file": "a.md", "line": 20, "article": "a-bad", "fields": content("坏的", **bad)}
        with pytest.raises(ArticleActRefused, match=r"a\.md:20"):
            story.requests.take_in(REVIEWER, [good, bad_article])
    with pytest.raises(ArticleActRefused, match="a-good"):
        story.requests.take_in(REVIEWER, [good, good])
    assert story.requests.listing(REVIEWER, {}) == []


def test_an_import_submits_and_another_person_releases(story: KnowledgeStory) -> None:
    entry = {"file": "a.md", "line": 1, "article": "a-one", "fields": content("加班工资怎么算")}
    assert story.requests.take_in(UNIT, [entry])["written"] == ["a-one"]
    assert story.requests.search("加班工资") == []
    story.requests.act(REVIEWER, "a-one", "release", {})
    assert story.found("加班工资") == ["a-one"]
    assert story.requests.take_in(UNIT, [entry])["unchanged"] == ["a-one"]


def test_a_shipped_article_that_the_city_changed_stays_the_citys(story: KnowledgeStory) -> None:
    first = {"file": "a.md", "line": 1, "article": "a-one", "fields": content("加班工资怎么算")}
    second = {"file": "a.md", "line": 9, "article": "a-two", "fields": content("工伤怎么认定")}
    story.requests.take_in(REVIEWER, [first, second], shipped=True)
    assert story.found("加班工资") == ["a-one"]
    story.requests.act(UNIT, "a-one", "revise", {"short": "本市的回答。"})
    marked = {first["article"]: first["shipped"] for first in story.requests.offered()}
    assert marked == {"a-one": False, "a-two": True}, "what no unit has looked at is marked"
    newer = [
        first | {"fields": content("加班工资怎么算", short="新版。")},
        second | {"fields": content("工伤怎么认定", short="新版。")},
    ]
    assert story.requests.take_in(REVIEWER, newer, shipped=True) == {
        "written": [], "revised": ["a-two"], "unchanged": [], "own": ["a-one"],
    }  # fmt: skip
    assert story.requests.version(UNIT, "a-one", 2)["short"] == "本市的回答。"


def test_a_units_import_touches_no_other_units_article(story: KnowledgeStory, tmp_path: Path) -> None:
    foreign = {"file": "a.md", "line": 3, "article": "a-one", "fields": content("生育津贴", unit="市医疗保障局")}
    with pytest.raises(ArticleActRefused, match="市医疗保障局"):
        story.requests.take_in(UNIT, [foreign])
