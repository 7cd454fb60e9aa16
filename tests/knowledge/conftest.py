"""A knowledge base in databases of both kinds, and the people who work on it."""

from datetime import datetime
from typing import Any

import pytest

from ivr.knowledge.article_decision import KnowledgeScope
from ivr.knowledge.knowledge_requests import KnowledgeRequests
from ivr.records.store.database import Database
from ivr.routing.calendar import CITY_TIME
from tests.records.conftest import database, database_url, migrated_url, postgres_socket, sqlite

__all__ = ["database", "database_url", "migrated_url", "postgres_socket", "sqlite"]

SCOPE = KnowledgeScope(frozenset({"市人社局", "市医疗保障局"}), frozenset({"12333", "12393"}))
UNIT = {"name": "li", "role": "unit", "unit": "市人社局"}
OTHER_UNIT = {"name": "zhao", "role": "unit", "unit": "市医疗保障局"}
REVIEWER = {"name": "wang", "role": "reviewer", "unit": ""}
AGENT = {"name": "chen", "role": "agent", "unit": ""}


class KnowledgeStory:
    """A knowledge base and its clock."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = datetime(2026, 11, 30, 14, 0, tzinfo=CITY_TIME)
        self.requests = KnowledgeRequests(database, lambda: SCOPE, lambda: self.now)

    def release(self, name: str, title: str, **fields: Any) -> None:
        """An article on offer, written by `UNIT` and released by `REVIEWER`."""
        self.requests.act(UNIT, name, "write", content(title, **fields))
        self.requests.act(UNIT, name, "submit", {})
        self.requests.act(REVIEWER, name, "release", {})

    def found(self, query: str) -> list[str]:
        return [article["article"] for article in self.requests.search(query)]


def content(title: str, **fields: Any) -> dict[str, Any]:
    """Return a content that may be released."""
    whole = {"title": title, "unit": "市人社局", "line": "12333", "questions": [title], "short": f"{title}的回答。"}
    return whole | {"sources": ["《劳动法》（2018-12-29修正）"], "valid_until": "2027-12-31"} | fields


@pytest.fixture
def story(sqlite: Database) -> KnowledgeStory:
    return KnowledgeStory(sqlite)


@pytest.fixture
def either(database: Database) -> KnowledgeStory:
    """In SQLite, then in PostgreSQL."""
    return KnowledgeStory(database)
