"""The rule of follow-ups: which citizens, when, how often, and the way after "not solved"."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from ivr.alarms.follow_up_link import follow_up_news
from ivr.orders.directory_model import FollowUpLink, FollowUps, OrderDirectory
from ivr.orders.follow_up_rule import FollowUpTurn, answer_act, follow_up_turn
from ivr.orders.life_cycle import OrderAct, OrderState
from ivr.records.store.database import Database
from ivr.registry.model import Registry
from ivr.routing.calendar import CITY_TIME
from tests.orders.order_story import AGENT, HOTLINE, OrderStory

RULE = FollowUps(hours=(time(9), time(20)), tries=3, pause=60, after=1)


@pytest.fixture
def story(sqlite: Database, directory: OrderDirectory) -> OrderStory:
    """Answered and approved on Monday, 23 November."""
    return OrderStory(sqlite, directory).approve()


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=CITY_TIME)


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        (at(23, 19), FollowUpTurn.WAIT),  # the same day
        (at(24, 8), FollowUpTurn.WAIT),
        (at(24, 9), FollowUpTurn.RING),
        (at(24, 20), FollowUpTurn.WAIT),
        (at(28, 12), FollowUpTurn.RING),
    ],
)
def test_the_citizen_is_called_on_the_next_day_within_hours(
    story: OrderStory, now: datetime, turn: FollowUpTurn
) -> None:
    assert follow_up_turn(story.order, RULE, now) is turn


def test_the_citizen_is_called_three_times_with_pauses_and_then_no_more(story: OrderStory) -> None:
    turns = []
    story.now = at(24, 9)
    for _hour in range(5):
        turns.append(follow_up_turn(story.order, RULE, story.now))
        if turns[-1] is FollowUpTurn.RING:
            story.act(OrderAct.TRY_FOLLOW_UP, HOTLINE, reason="热线拨打")
            assert follow_up_turn(story.order, RULE, story.now + timedelta(minutes=59)) is FollowUpTurn.WAIT
        story.now += timedelta(minutes=61)
    assert turns == [FollowUpTurn.RING] * 3 + [FollowUpTurn.GIVE_UP] * 2


def test_a_confidential_work_order_gets_no_automatic_follow_up(story: OrderStory) -> None:
    assert follow_up_turn(replace(story.order, confidential=True), RULE, at(24, 9)) is FollowUpTurn.WAIT


def test_not_solved_reopens_the_order_a_limited_number_of_times_and_then_closes_it(story: OrderStory) -> None:
    assert answer_act(story.order, 2, solved=True) is OrderAct.FOLLOW_UP
    assert answer_act(story.order, 2, solved=False) is OrderAct.DISPUTE
    story.act(OrderAct.DISPUTE, AGENT)
    assert answer_act(replace(story.order, state=OrderState.FOLLOW_UP), 2, solved=False) is OrderAct.FOLLOW_UP


LINKED = replace(RULE, link=FollowUpLink("sms", "https://12345.example.cn", wait=24))


def test_a_mobile_number_gets_the_link_once_within_hours_and_rings_only_later(story: OrderStory) -> None:
    assert follow_up_turn(story.order, LINKED, at(24, 8)) is FollowUpTurn.WAIT
    assert follow_up_turn(story.order, LINKED, at(24, 9)) is FollowUpTurn.SEND_LINK
    story.now = at(24, 9)
    story.act(OrderAct.SEND_LINK, HOTLINE)
    assert follow_up_turn(story.order, LINKED, at(25, 8)) is FollowUpTurn.WAIT
    assert follow_up_turn(story.order, LINKED, at(25, 10)) is FollowUpTurn.RING
    story.act(OrderAct.DISPUTE, AGENT)
    assert story.order.linked_at is None, "the next round has a link of its own"


@pytest.mark.parametrize("caller", ["07352368507", "12345678901", ""])
def test_a_number_that_is_not_mobile_is_called(story: OrderStory, caller: str) -> None:
    assert follow_up_turn(replace(story.order, caller=caller), LINKED, at(24, 9)) is FollowUpTurn.RING


def test_the_message_has_the_link_and_nothing_of_the_matter(story: OrderStory, registry: Registry) -> None:
    assert LINKED.link
    news = follow_up_news(story.order, "ABCD-EFGH", LINKED.link, registry, at(24, 9))
    assert news.to == ("13800000001",)
    assert f"https://12345.example.cn/citizen/state?order={story.order.order}&secret=ABCD-EFGH" in news.text
    assert story.order.title not in news.text
    assert news.to_json()["to"] == "13800000001"
