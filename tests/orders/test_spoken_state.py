"""The state of a citizen's own work order, as the citizen hears it."""

from datetime import date
from pathlib import Path

import pytest

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct, OrderState
from ivr.orders.spoken_state import spoken_date, spoken_state
from ivr.orders.store.order_search import order_for_caller
from ivr.prompts.manifest import load
from ivr.records.store.database import Database
from tests.orders.order_story import SUPERVISOR, UNIT, OrderStory

PROMPTS = load(Path(__file__).parents[2] / "recordings").prompts


@pytest.mark.parametrize("state", OrderState)
def test_each_state_has_its_prompt(state: OrderState) -> None:
    assert f"order-state/{state}" in PROMPTS


@pytest.mark.parametrize(
    ("day", "words"), [("2026-12-03", "十二月三日"), ("2026-01-10", "一月十日"), ("2026-11-23", "十一月二十三日")]
)
def test_a_date_is_read_as_people_say_it(day: str, words: str) -> None:
    assert "".join(PROMPTS[prompt].text for prompt in spoken_date(date.fromisoformat(day))) == words


def test_the_state_of_an_open_work_order_has_its_due_day(sqlite: Database, directory: OrderDirectory) -> None:
    story = OrderStory(sqlite, directory).accept()
    spoken = "".join(PROMPTS[prompt].text for prompt in spoken_state(story.order, directory, story.now))
    assert spoken == "承办单位正在办理您反映的事项。预计办结日期是十二月二日"


def test_the_caller_of_a_work_order_hears_its_state(database: Database, directory: OrderDirectory) -> None:
    older = OrderStory(database, directory, caller="13800000001").approve()
    newer = OrderStory(database, directory, older.now, caller="+8613800000001")
    secret = OrderStory(database, directory, older.now, caller="13800000002")
    secret.act(OrderAct.AMEND, SUPERVISOR, confidential=True)
    with database.begin() as connection:
        spoken = {
            (number, caller): found.order if (found := order_for_caller(connection, number, caller)) else None
            for number in ("", older.order.order, secret.order.order, "999999999999")
            for caller in ("13800000001", "13800000002", "")
        }
    assert spoken == {
        ("", "13800000001"): newer.order.order,
        ("", "13800000002"): None,
        ("", ""): None,
        **{(older.order.order, caller): older.order.order for caller in ("13800000001", "13800000002", "")},
        (secret.order.order, "13800000001"): None,
        (secret.order.order, "13800000002"): secret.order.order,
        (secret.order.order, ""): None,
        **{("999999999999", caller): None for caller in ("13800000001", "13800000002", "")},
    }


def test_the_state_of_an_overdue_work_order_has_no_day(sqlite: Database, directory: OrderDirectory) -> None:
    story = OrderStory(sqlite, directory).dispatch()
    story.act(OrderAct.ACCEPT, UNIT)
    late = story.now.replace(month=12, day=20)
    assert spoken_state(story.order, directory, late) == ("order-state/handling", "order-overdue")
