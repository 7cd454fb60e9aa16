"""docs/orders.md says what the program does: the life cycle and the fields are compared word for word."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.orders.act_fields import FIELDS, Ground
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import RULES, OrderAct, OrderState, diagram
from ivr.orders.order import Order
from ivr.orders.order_json import order_to_json
from tests.docs.markdown import quoted, rows, table

ORDERS = ("docs/orders.md", "docs/orders.zh-CN.md")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("document", ORDERS)
def test_the_diagram_is_the_life_cycle(document: str) -> None:
    drawn = re.search(r"```mermaid\n(.*?)\n```", (ROOT / document).read_text(encoding="utf-8"), re.DOTALL)
    assert drawn
    assert drawn[1] == diagram()


@pytest.mark.parametrize("document", ORDERS)
def test_the_table_has_each_act_with_its_fields(document: str) -> None:
    acts = {quoted(cells[0])[0]: cells for cells in rows(document) if len(cells) == 7 and quoted(cells[0])}
    assert list(acts) == [act.value for act in OrderAct]
    for act, rule in RULES.items():
        assert (quoted(acts[act][5]), quoted(acts[act][6])) == (list(rule.needs), list(rule.may)), act


@pytest.mark.parametrize("document", ORDERS)
def test_each_state_and_each_ground_is_named(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert not [word for word in (*OrderState, *Ground) if f"`{word}`" not in text]


def test_every_field_of_a_work_order_is_explained(directory: OrderDirectory) -> None:
    order = Order(order="261123000001", sequence=1, opened_at=datetime.now(UTC), changed_at=datetime.now(UTC))
    body = order_to_json(order, directory, datetime.now(UTC))
    assert [quoted(cells[0])[0] for cells in table("docs/orders.md", "field of a work order")] == list(body)


def test_every_field_of_an_act_is_one_that_can_be_checked() -> None:
    assert {field for rule in RULES.values() for field in (*rule.needs, *rule.may)} == set(FIELDS)
