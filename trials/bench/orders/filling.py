"""Fills a call database with work orders in each state of the life cycle."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, lru_cache

from sqlalchemy import Table

from ivr.orders.act_decision import ActRequest, decide_act
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct, OrderRole
from ivr.orders.order import Actor, Order, OrderEvent, order_after
from ivr.orders.store.order_rows import event_to_row, order_to_row, words_of
from ivr.orders.store.order_schema import ORDER_EVENTS, ORDER_PAIRS, ORDER_WORDS, ORDERS
from ivr.orders.word_pairs import pairs_to_keep
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.routing.calendar import city_time
from ivr.shipped import ARTICLES

TEMPLATES = 400
_PIECE = 5000  # work orders in a transaction
_MATTERS = (
    "路灯坏了",
    "工资没发",
    "噪音扰民",
    "井盖丢失",
    "物业收费高",
    "公交车不停站",
    "食品过期",
    "河道垃圾",
    "医保报销慢",
)
_AGENT, _SUPERVISOR = Actor("8001", OrderRole.AGENT), Actor("li", OrderRole.SUPERVISOR)


def fill(database: Database, directory: OrderDirectory, count: int, acts: int, now: datetime) -> list[str]:
    """Write ``count`` work orders with ``acts`` acts each, opened in the year before ``now``; return their numbers."""
    numbers: list[str] = []
    chance = random.Random(12345)
    templates = [list(_life(directory, chance, acts, now)) for _ in range(TEMPLATES)]
    for first in range(0, count, _PIECE):
        orders: list[Order] = []
        events: list[OrderEvent] = []
        for number in range(first, min(first + _PIECE, count)):
            earlier = timedelta(minutes=chance.randrange(365 * 24 * 60))
            caller = f"138{chance.randrange(40_000):08}"
            order: Order | None = None
            name = f"{city_time(now - earlier):%y%m%d}{number:06}"  # with the day, as in a hotline
            for event in chance.choice(templates):
                fields = {**event.fields, "caller": caller} if event.act is OrderAct.OPEN else event.fields
                moved = replace(event, order=name, at=event.at - earlier, fields=fields)
                order = order_after(order, moved)
                events.append(moved)
            assert order
            orders.append(order)
            numbers.append(name)
        _write(database, ORDERS, [order_to_row(order, directory) for order in orders])
        written = {order.order: words_of(order) for order in orders}
        _write(database, ORDER_WORDS, [{"order": order, "words": words} for order, words in written.items()])
        pairs = sorted((pair, order) for order, words in written.items() for pair in _pairs(words))
        _write(database, ORDER_PAIRS, [{"pair": pair, "order": order} for pair, order in pairs])
        _write(database, ORDER_EVENTS, [event_to_row(event) for event in events])
    return numbers


@lru_cache(maxsize=TEMPLATES)
def _pairs(words: str) -> frozenset[int]:
    """Return the word pairs of a matter, computed once for all work orders that have it."""
    return frozenset(pairs_to_keep(words))


@cache
def _sentences() -> list[str]:
    """Return sentences of the shipped articles, with the words of the city's matters."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(ARTICLES.glob("*.md")))
    return [sentence for text in texts for sentence in re.findall(r"[\u4e00-\u9fff，]{12,40}。", text)]


def _write(database: Database, table: Table, rows: list[dict[str, object]]) -> None:
    with database.begin() as connection:
        insert(connection, table, rows)


def _life(directory: OrderDirectory, chance: random.Random, acts: int, now: datetime) -> Iterator[OrderEvent]:
    """Yield the events of one work order, up to a random state."""
    unit, at = chance.choice(list(directory.units)), now
    person = Actor("zhang", OrderRole.UNIT, unit)
    steps = [
        (OrderAct.OPEN, _AGENT, {"title": chance.choice(_MATTERS), "content": "".join(chance.sample(_sentences(), 4)),
                                 "county": chance.choice(list(directory.counties))}),
        (OrderAct.RECEIVE, _AGENT, {"kind": "help", "class": chance.choice(list(directory.classes))}),
        (OrderAct.DISPATCH, _AGENT, {"unit": unit}),
        (OrderAct.ACCEPT, person, {}),
        (OrderAct.ANSWER, person, {"answer": "已处理" * 30}),
        (OrderAct.APPROVE, _SUPERVISOR, {}),
        (OrderAct.FOLLOW_UP, _AGENT, {"solved": chance.random() < 0.8, "satisfaction": chance.randint(1, 5)}),
    ]  # fmt: skip
    steps = steps[: chance.randint(3, len(steps))] if chance.random() < 0.1 else steps
    notes = [(OrderAct.NOTE, _AGENT, {"text": "与市民联系" * 4})] * (acts - len(steps))
    order: Order | None = None
    for act, actor, fields in (*steps[:1], *notes, *steps[1:]):
        at += timedelta(hours=chance.randint(1, 9))
        event = decide_act(order, "250000000000", ActRequest(act, actor, fields), directory, at)
        order = order_after(order, event)
        yield event
