"""The rules of a work order hold for every sequence of acts, and no act is lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from ivr.orders.act_decision import ActRequest, decide_act, may_see
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import FINAL, RULES, OrderAct, OrderRole, OrderState
from ivr.orders.order import Actor, Order, OrderEvent, order_after, order_from_events
from ivr.orders.perform import perform_act
from ivr.orders.store import order_store
from ivr.orders.store.order_schema import ORDER_EVENTS
from ivr.records.store.database import Database, DatabaseUnusable
from tests.orders.order_story import (
    AGENT,
    BEGIN,
    HOTLINE,
    LABOUR,
    OTHER_UNIT,
    SUPERVISOR,
    UNIT,
    URBAN,
    OrderStory,
)

ACTORS = (AGENT, SUPERVISOR, UNIT, OTHER_UNIT, HOTLINE, Actor("", OrderRole.CITIZEN))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(["help", "complaint", "report", "nonsense"]),
    "class": st.sampled_from(["labour", "urban"]),
    "county": st.just("桂阳县"),
    "unit": st.sampled_from([LABOUR, URBAN, "没有的局"]),
    "suggested_unit": st.sampled_from([URBAN, ""]),
    "helpers": st.lists(st.sampled_from([LABOUR, URBAN]), max_size=2),
    "days": st.integers(0, 30),
    "solved": st.sampled_from([True, False, "yes", "vielleicht"]),
    "satisfaction": st.integers(0, 6),
    "confidential": st.booleans(),
    "ground": st.sampled_from(["secret", "legal", "none"]),
    "into": st.sampled_from(["261123000001", "x"]),
    "stage": st.sampled_from(["overdue", "due-soon"]),
    "officer": st.sampled_from(["李专员", "没有的专员"]),
    "enterprise": st.booleans(),
    "channel": st.sampled_from(["message", "pigeon"]),
    "caller": st.sampled_from(["13800000001", "", "'; DROP TABLE orders"]),
}
TEXT = st.text(max_size=8)


@st.composite
def requests(draw: st.DrawFn) -> ActRequest:
    act = draw(st.sampled_from(OrderAct))
    rule = RULES[act]
    names = draw(st.sets(st.sampled_from(rule.may))) if rule.may else set()
    names |= set(rule.needs) if draw(st.integers(0, 9)) else set()
    fields = {name: draw(VALUES.get(name, TEXT)) for name in names}
    return ActRequest(act, draw(st.sampled_from(ACTORS)), fields)


@given(st.lists(requests(), min_size=20, max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_acts_of_any_person_keep_to_the_rules(directory: OrderDirectory, act_requests: list[ActRequest]) -> None:
    now, events = BEGIN, list[OrderEvent]()
    order: Order | None = None
    for request in act_requests:
        now += timedelta(hours=3)
        rule = RULES[request.act]
        try:
            event = decide_act(order, "261123999999", request, directory, now)
        except OrderActRefused as refusal:
            assert str(refusal), "a refusal says why"
            continue
        assert request.actor.role in rule.roles
        assert (order.state in rule.begin) if order else not rule.begin
        if request.actor.role is OrderRole.UNIT:
            assert order
            assert request.actor.unit in (order.unit, *(order.helpers if rule.helpers else ()))
        after = order_after(order, event)
        assert after.state is (rule.to or (order.state if order else None))
        assert after.sequence == len(events) + 1
        assert after.changed_at >= (order.changed_at if order else now)
        if after.state in FINAL:
            assert after.closed_at
        events.append(event)
        order = after
    if events:
        assert order_from_events(events) == order


STEPS = st.lists(st.tuples(st.sampled_from(OrderAct), st.sampled_from(ACTORS)), min_size=5, max_size=25)
FITTING = {
    "title": "路灯", "kind": "help", "class": "labour", "unit": LABOUR, "answer": "已办", "reason": "原因",
    "text": "话", "days": 3, "solved": True, "officer": "李专员", "ground": "other", "turn_to": "法院",
    "into": "261123000001",
    "file": "0" * 64, "name": "路灯.jpg", "media": "image/jpeg", "size": 10,
}  # fmt: skip


@given(STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_stored_order_follows_from_the_events(
    sqlite: Database, directory: OrderDirectory, steps: list[tuple[OrderAct, Actor]]
) -> None:
    story = OrderStory(sqlite, directory)
    for act, actor in steps:
        try:
            story.act(act, actor, **{name: FITTING[name] for name in RULES[act].needs})
        except OrderActRefused:
            continue
        if act is OrderAct.OPEN:
            continue
        with sqlite.begin() as connection:
            stored = order_store.find(connection, story.order.order)
            assert stored == story.order == order_from_events(order_store.events_of(connection, story.order.order))


def test_the_whole_way_of_a_work_order(database: Database, directory: OrderDirectory) -> None:
    story = OrderStory(database, directory).approve()
    story.act(OrderAct.DISPUTE, AGENT, satisfaction=5, opinion="还没收到")
    assert (story.order.state, story.order.rounds, story.order.unit) == (OrderState.DISPATCHED, 2, LABOUR)
    story.act(OrderAct.ACCEPT, UNIT)
    story.act(OrderAct.ANSWER, UNIT, answer="今日到账")
    story.act(OrderAct.APPROVE, AGENT)
    with pytest.raises(OrderActRefused, match="2"):
        story.act(OrderAct.DISPUTE, AGENT)
    story.act(OrderAct.FOLLOW_UP, AGENT, solved="yes", satisfaction="1")
    with database.begin() as connection:
        events = order_store.events_of(connection, story.order.order)
        assert order_store.find(connection, story.order.order) == order_from_events(events) == story.order
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert (story.order.state, story.order.solved, story.order.satisfaction) == (OrderState.CLOSED, True, 1)


def test_no_act_is_ever_overwritten(database: Database, directory: OrderDirectory) -> None:
    OrderStory(database, directory)
    with pytest.raises((DatabaseError, DatabaseUnusable), match="never changed"), database.begin() as connection:
        connection.execute(update(ORDER_EVENTS).values(by="nobody"))


def test_of_two_acts_at_once_one_is_decided_on_the_state_after_the_other(
    database: Database, directory: OrderDirectory
) -> None:
    story = OrderStory(database, directory).dispatch()
    with database.begin() as connection:
        stale = order_store.find(connection, story.order.order)
    assert stale
    story.act(OrderAct.ACCEPT, UNIT)
    event = decide_act(stale, stale.order, ActRequest(OrderAct.ACCEPT, UNIT), directory, story.now)
    with pytest.raises(order_store.ChangedMeanwhile), database.begin() as connection:
        order_store.write(connection, stale, event, directory)
    with pytest.raises(OrderActRefused):
        perform_act(database, stale.order, ActRequest(OrderAct.ACCEPT, UNIT), directory, story.now)
    with database.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM order_events WHERE act = 'accept'")) == 1


def test_a_unit_does_nothing_to_the_work_order_of_another(sqlite: Database, directory: OrderDirectory) -> None:
    story = OrderStory(sqlite, directory).dispatch()
    for act, rule in RULES.items():
        if OrderRole.UNIT in rule.roles and story.order.state in rule.begin:
            with pytest.raises(OrderActRefused, match=LABOUR):
                story.act(act, OTHER_UNIT, **{name: FITTING[name] for name in rule.needs})
    story.act(OrderAct.ADD_HELPER, AGENT, unit=URBAN)
    story.act(OrderAct.ASSIST, OTHER_UNIT, answer="已配合")
    with pytest.raises(OrderActRefused):
        story.act(OrderAct.ACCEPT, OTHER_UNIT)


def test_returns_and_extensions_are_limited(sqlite: Database, directory: OrderDirectory) -> None:
    story = OrderStory(sqlite, directory).dispatch()
    for _time in range(2):
        story.act(OrderAct.RETURN, UNIT, reason="不属本单位职责", suggested_unit=URBAN)
        story.act(OrderAct.REFUSE_RETURN, SUPERVISOR, reason="三定方案明确")
    with pytest.raises(OrderActRefused, match="2"):
        story.act(OrderAct.RETURN, UNIT, reason="仍不属本单位")
    story.act(OrderAct.ACCEPT, UNIT)
    with pytest.raises(OrderActRefused):
        story.act(OrderAct.EXTEND, UNIT, days=100, reason="案情复杂")
    story.act(OrderAct.EXTEND, UNIT, days=5, reason="案情复杂")
    with pytest.raises(OrderActRefused):
        story.act(OrderAct.EXTEND, UNIT, days=5, reason="再延")
    story.act(OrderAct.GRANT_EXTENSION, SUPERVISOR)
    with pytest.raises(OrderActRefused):
        story.act(OrderAct.EXTEND, UNIT, days=5, reason="再延")


def test_a_merged_work_order_names_an_open_one(sqlite: Database, directory: OrderDirectory) -> None:
    first, second = OrderStory(sqlite, directory), OrderStory(sqlite, directory)
    with pytest.raises(OrderActRefused):
        second.act(OrderAct.MERGE, AGENT, into=second.order.order)
    with pytest.raises(OrderActRefused):
        second.act(OrderAct.MERGE, AGENT, into="000000000000")
    second.act(OrderAct.MERGE, AGENT, into=first.order.order)
    assert (second.order.state, second.order.into) == (OrderState.MERGED, first.order.order)
    with pytest.raises(OrderActRefused):
        first.act(OrderAct.MERGE, AGENT, into=second.order.order)


def test_a_refused_matter_says_why_and_where_to_turn(sqlite: Database, directory: OrderDirectory) -> None:
    story = OrderStory(sqlite, directory)
    with pytest.raises(OrderActRefused, match="turn_to"):
        story.act(OrderAct.REFUSE, AGENT, ground="legal")
    story.act(OrderAct.REFUSE, AGENT, ground="legal", turn_to="北湖区人民法院")
    assert (story.order.state, story.order.turn_to) == (OrderState.REFUSED, "北湖区人民法院")


def test_only_supervisors_and_the_main_unit_see_a_report(sqlite: Database, directory: OrderDirectory) -> None:
    story = OrderStory(sqlite, directory).receive("report")
    assert story.order.confidential
    with pytest.raises(OrderActRefused):
        story.act(OrderAct.DISPATCH, AGENT, unit=LABOUR)
    story.act(OrderAct.DISPATCH, SUPERVISOR, unit=LABOUR, helpers=[URBAN])
    visible = {actor.name: may_see(story.order, actor) for actor in (AGENT, SUPERVISOR, UNIT, OTHER_UNIT)}
    assert visible == {"wang": False, "li": True, "zhang": True, "zhao": False}
    for act, fields in ((OrderAct.NOTE, {"text": "备注"}), (OrderAct.ASSIST, {"answer": "已配合"})):
        with pytest.raises(OrderActRefused, match="confidential"):  # an act returns the work order
            story.act(act, OTHER_UNIT, **fields)


def test_a_clock_that_is_set_back_puts_no_act_before_another(sqlite: Database, directory: OrderDirectory) -> None:
    story = OrderStory(sqlite, directory)
    request = ActRequest(OrderAct.NOTE, AGENT, {"text": "备注"})
    after = perform_act(sqlite, story.order.order, request, directory, datetime(2020, 1, 1, tzinfo=BEGIN.tzinfo))
    assert after.changed_at >= story.order.changed_at
