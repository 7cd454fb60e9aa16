"""The rule of follow-ups: which citizens, when, how often, and the way after "not solved"."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from ivr.orders.directory_model import FollowUps, OrderDirectory
from ivr.orders.follow_up_rule import FollowUpTurn, answer_act, follow_up_turn
from ivr.orders.life_cycle import OrderAct, OrderState
from ivr.records.store.database import Database
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
def test_the_day_after_within_hours(story: OrderStory, now: datetime, turn: FollowUpTurn) -> None:
    assert follow_up_turn(story.order, RULE, now) is turn


def test_three_tries_with_a_pause_between_and_then_no_more(story: OrderStory) -> None:
    turns = []
    story.now = at(24, 9)
    for _hour in range(5):
        turns.append(follow_up_turn(story.order, RULE, story.now))
        if turns[-1] is FollowUpTurn.RING:
            story.act(OrderAct.TRY_FOLLOW_UP, HOTLINE, reason="热线拨打")
            assert follow_up_turn(story.order, RULE, story.now + timedelta(minutes=59)) is FollowUpTurn.WAIT
        story.now += timedelta(minutes=61)
    assert turns == [FollowUpTurn.RING] * 3 + [FollowUpTurn.GIVE_UP] * 2


def test_no_machine_asks_about_a_confidential_work_order(story: OrderStory) -> None:
    assert follow_up_turn(replace(story.order, confidential=True), RULE, at(24, 9)) is FollowUpTurn.WAIT


def test_not_solved_opens_it_again_so_often_and_then_closes_it(story: OrderStory) -> None:
    assert answer_act(story.order, 2, solved=True) is OrderAct.FOLLOW_UP
    assert answer_act(story.order, 2, solved=False) is OrderAct.DISPUTE
    story.act(OrderAct.DISPUTE, AGENT)
    assert answer_act(replace(story.order, state=OrderState.FOLLOW_UP), 2, solved=False) is OrderAct.FOLLOW_UP
