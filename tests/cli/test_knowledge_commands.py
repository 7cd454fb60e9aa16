"""``ivr knowledge``: articles go out as files, come back, and are released by another person."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli import knowledge_acts, knowledge_database, knowledge_files, knowledge_query
from ivr.cli.knowledge import knowledge
from ivr.knowledge.article_life_cycle import ArticleState
from ivr.knowledge.knowledge_requests import KnowledgeRequests
from ivr.records.store.database import Database
from tests.knowledge.conftest import SCOPE, KnowledgeStory
from tests.records.conftest import sqlite

__all__ = ["sqlite"]


@pytest.fixture
def story(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> KnowledgeStory:
    story = KnowledgeStory(sqlite)
    requests = KnowledgeRequests(sqlite, lambda: SCOPE, lambda: story.now)
    monkeypatch.setattr(knowledge_database, "knowledge_requests", lambda _home: requests)
    return story


def ivr(*words: str) -> Result:
    return CliRunner().invoke(knowledge, [*words, "--home", "/nowhere"])


def as_user(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (knowledge_query, knowledge_acts, knowledge_files):
        if hasattr(module, "user"):
            monkeypatch.setattr(module, "user", lambda: name)


def test_articles_go_out_come_back_and_are_released_by_another_person(
    story: KnowledgeStory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.release("12333-overtime", "加班工资怎么算")
    for name in ("a.md", "a.csv", "A.CSV"):
        assert ivr("export", str(tmp_path / name)).exit_code == 0
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    (tmp_path / "a.md").write_text(text.replace("的回答。", "的新回答。"), encoding="utf-8")
    as_user("zhou", monkeypatch)
    assert [ivr("import", str(tmp_path / name)).exit_code for name in ("A.CSV", "a.md")] == [0, 0]
    refused = ivr("release", "12333-overtime")
    assert (refused.exit_code, "zhou" in refused.output) == (1, True)
    as_user("sun", monkeypatch)
    assert ivr("release", "12333-overtime").exit_code == 0
    assert "加班工资怎么算的新回答。" in ivr("search", "加班").output
    listed, shown = ivr("list"), ivr("show", "12333-overtime")
    assert "12333-overtime" in listed.output
    states = {state.value: ivr("list", "--state", state.value) for state in ArticleState}
    assert [result.exit_code for result in states.values()] == [0] * len(states)
    assert [state for state, result in states.items() if "12333-overtime" in result.output] == ["released"]
    assert "加班工资怎么算的新回答。" in shown.output


def test_a_bad_file_is_refused_with_its_line_and_changes_nothing(story: KnowledgeStory, tmp_path: Path) -> None:
    story.release("12333-overtime", "加班工资怎么算")
    bad = tmp_path / "bad.md"
    bad.write_text("# 题\n- id: a-1\n- unit: 无此单位\n", encoding="utf-8")
    for words, place in ((("import", str(bad)), f"{bad}:1"), (("import",), "--shipped"), (("show", "none"), "none")):
        result = ivr(*words)
        assert (result.exit_code, place in result.output, "Traceback" in result.output) == (1, True, False)
    assert [article["article"] for article in story.requests.offered()] == ["12333-overtime"]
