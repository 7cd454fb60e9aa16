"""The owner unit is reminded once before and once after an article expires, also across restarts."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from ivr.engine.article_reminders import ArticleReminders
from ivr.knowledge.article_decision import KnowledgeScope
from ivr.knowledge.knowledge_requests import KnowledgeRequests
from ivr.records.store.schema import OUTBOX
from tests.knowledge.conftest import REVIEWER, SCOPE, UNIT, KnowledgeStory


class NotifyingDirectory:
    """The orders.yaml of a city that has a receiver of events."""

    units = SCOPE.units
    notifies = True

    @property
    def directory(self) -> "NotifyingDirectory":
        return self


def stages(story: KnowledgeStory, name: str) -> list[str]:
    events = story.requests.show(UNIT, name)["events"]
    return [event["fields"]["stage"] for event in events if event["act"] == "remind"]


def test_each_reminder_comes_once_and_anew_for_a_later_day(story: KnowledgeStory) -> None:
    story.release("a-soon", "快到期", valid_until="2026-12-20")
    story.release("a-late", "还早", valid_until="2027-12-31")
    in_force: Any = NotifyingDirectory()
    recorder: Any = None
    for days in (0, 0, 10, 30, 60):
        story.now += timedelta(days=days)
        ArticleReminders(story.database, recorder, in_force, lambda: story.now).remind()
    assert stages(story, "a-soon") == ["expiring:2026-12-20", "expired:2026-12-20"]
    assert stages(story, "a-late") == []
    assert [article["article"] for article in story.requests.listing(UNIT, {"expires_within": 30})] == ["a-soon"]
    story.requests.act(UNIT, "a-soon", "revise", {"valid_until": "2027-04-01"})
    story.requests.act(UNIT, "a-soon", "submit", {})
    story.requests.act(REVIEWER, "a-soon", "release", {})
    ArticleReminders(story.database, recorder, in_force, lambda: story.now).remind()
    assert stages(story, "a-soon")[2:] == ["expiring:2027-04-01"]


def test_a_receiver_of_events_gets_each_act_in_order(story: KnowledgeStory) -> None:
    scope = KnowledgeScope(SCOPE.units, SCOPE.lines, notifies=True)
    story.requests = KnowledgeRequests(story.database, lambda: scope, lambda: story.now)
    story.release("a-soon", "快到期", valid_until="2026-12-20")
    with story.database.begin() as connection:
        bodies = [json.loads(body) for body in connection.scalars(select(OUTBOX.c.body).order_by(OUTBOX.c.id))]
    assert [(body["id"], body["act"], body["state"]) for body in bodies] == [
        ("a-soon:1", "write", "draft"), ("a-soon:2", "submit", "review"), ("a-soon:3", "release", "released"),
    ]  # fmt: skip
