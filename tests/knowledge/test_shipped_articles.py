"""The shipped articles can be used at once, and name only telephone numbers that were checked."""

import re
from collections import Counter
from pathlib import Path

import pytest

from ivr.knowledge.article_decision import KnowledgeScope
from ivr.knowledge.article_text import ArticleText
from ivr.knowledge.knowledge_requests import KnowledgeRequests
from ivr.knowledge.markdown_articles import articles_of_markdown, markdown_of
from ivr.orders.directory_reader import load_directory
from ivr.records.store.database import Database
from ivr.registry.load import read
from ivr.registry.model import Mode, Registry
from ivr.registry.prompts import recorded
from ivr.shipped import ARTICLES
from tests.knowledge.conftest import REVIEWER, KnowledgeStory

ROOT = Path(__file__).parents[2]
NATIONAL = {"12321", "12390", "12123", "96110"}  # of numbers that every province has and the registry has not
QUESTIONS = ROOT / "trials" / "bench" / "knowledge" / "questions.tsv"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))


@pytest.fixture(scope="module")
def shipped() -> dict[str, tuple[str, ArticleText]]:
    files = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(ARTICLES.glob("*.md"))]
    return {article.article: (name, article) for name, text in files for article in articles_of_markdown(name, text)}


def test_the_shipped_articles_are_released_in_one_import(
    sqlite: Database, registry: Registry, shipped: dict[str, tuple[str, ArticleText]]
) -> None:
    directory = load_directory((ROOT / "orders.yaml").read_text(encoding="utf-8"), "orders.yaml", registry)
    scope = KnowledgeScope(frozenset(directory.units), frozenset(line.number for line in registry.lines))
    requests = KnowledgeRequests(sqlite, lambda: scope, lambda: KnowledgeStory(sqlite).now)
    articles = [
        {"file": file, "line": article.line, "article": article.article, "fields": article.fields}
        for file, article in shipped.values()
    ]
    assert len(requests.take_in(REVIEWER, articles, shipped=True)["written"]) == len(shipped) >= 100
    assert len(requests.offered(limit=1000)) == len(shipped)
    again = requests.take_in(REVIEWER, articles, shipped=True)
    assert len(again["unchanged"]) == len(shipped)
    written = markdown_of(ArticleText(**article) for article in requests.give_out(REVIEWER))
    assert [article.article for article in articles_of_markdown("a.md", written)] == sorted(shipped)


def test_each_line_that_is_no_countys_has_an_article(
    registry: Registry, shipped: dict[str, tuple[str, ArticleText]]
) -> None:
    lines = Counter(article.fields.get("line") for _file, article in shipped.values())
    counties = {line.number for line in registry.lines if line.name.endswith("长公开电话")}
    assert not {line.number for line in registry.lines} - counties - lines.keys()
    assert {line.mode for line in registry.lines if line.number in counties} == {Mode.MERGED}


def test_each_number_in_an_article_was_checked(registry: Registry, shipped: dict[str, tuple[str, ArticleText]]) -> None:
    checked_numbers = {line.number for line in registry.lines} | set(registry.linkage) | NATIONAL
    for file, article in shipped.values():
        text = f"{article.fields['short']}\n{article.fields['long']}"
        named = re.findall(r"(?<![\d.])(?:1[02]\d{3}|9\d{4,5}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?![\d元])", text)
        assert not set(named) - checked_numbers - {"10000"}, (file, article.article)


def test_the_questions_of_the_bench_name_articles_that_there_are(shipped: dict[str, tuple[str, ArticleText]]) -> None:
    rows = [line.split("\t") for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    article_questions = {question for _file, article in shipped.values() for question in article.fields["questions"]}
    assert len(rows) == 200
    assert not {article for article, _words in rows} - shipped.keys()
    assert not {words for _article, words in rows} & article_questions, (
        "a question of the proof set stands in an article"
    )
