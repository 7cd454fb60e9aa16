"""Work orders are found by words and parts of words, alike in SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct
from ivr.orders.order_clock import HOTLINE
from ivr.orders.store import order_search
from ivr.orders.store.order_search import OrderFilter
from ivr.orders.word_pairs import pairs_of
from ivr.records.store.database import Database
from tests.orders.order_story import AGENT, BEGIN, OrderStory


def found(database: Database, words: str) -> int:
    with database.begin() as connection:
        return len(order_search.search_orders(connection, OrderFilter(words=words), HOTLINE))


def test_work_orders_are_found_by_words_parts_of_words_and_single_characters(
    database: Database, directory: OrderDirectory
) -> None:
    OrderStory(database, directory, title="文化路口的路灯坏了", content="Wi-Fi ＡＢＣ 100%")
    OrderStory(database, directory, title="路边的灯箱广告太亮")
    expected = {
        "路灯": 1, "路": 2, "灯": 2, "了": 1, "路口的路灯": 1, "路灯 文化": 1, "灯箱 文化": 0, "没有人说过": 0,
        "abc": 1, "wi-fi": 1, "100%": 1, "1_0": 0, "'": 0,
    }  # fmt: skip
    assert {words: found(database, words) for words in expected} == expected


def test_a_matter_that_is_amended_is_found_by_its_new_words_only(database: Database, directory: OrderDirectory) -> None:
    story = OrderStory(database, directory, title="路灯坏了", place="人民西路")
    story.act(OrderAct.AMEND, AGENT, title="井盖丢失")
    assert [found(database, words) for words in ("路灯", "井盖", "人民西路")] == [0, 1, 1]


def test_the_newest_with_a_word_come_first_whatever_their_number(database: Database, directory: OrderDirectory) -> None:
    stories = [OrderStory(database, directory, BEGIN + timedelta(days=day), title="路灯坏了") for day in range(5)]
    OrderStory(database, directory, BEGIN + timedelta(days=9), title="井盖丢失")
    with database.begin() as connection:
        newest = order_search.search_orders(connection, OrderFilter(words="路灯 坏"), HOTLINE, limit=2)
        every = order_search.search_orders(connection, OrderFilter(words="路灯"), HOTLINE, limit=9)
    assert [order.order for order in newest] == [story.order.order for story in (stories[4], stories[3])]
    assert len(every) == len(stories)


@pytest.mark.parametrize("hostile", ["", " ", "\0", "𠮷野家" * 2000])
def test_any_text_has_pairs(hostile: str) -> None:
    assert all(0 <= pair < 2**63 for pair in pairs_of(hostile))
