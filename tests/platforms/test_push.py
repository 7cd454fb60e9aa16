"""A platform gets each ended call, act and follow-up once, in order for each object, whatever it answers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ivr.engine.platform_push import PlatformPush
from ivr.orders.act_decision import ActRequest
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct, OrderRole
from ivr.orders.order import Actor, Order
from ivr.orders.perform import perform_act
from ivr.platforms.push_feed import feed_platform
from ivr.records.derive.call_record import CallRecord
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.row_mapping import to_row
from ivr.records.store.schema import CALL_FIELDS, CALLS
from testkit.patience import PATIENCE
from testkit.strict_platform import StrictPlatform, strict_platform
from tests.knowledge.conftest import REVIEWER, KnowledgeStory
from tests.platforms.conftest import POLICE
from tests.records.written_call import CALLER, WrittenCall

KEY = "the province's key"
KEYS = {"province": KEY, "police": "the key of 110"}
AGENT, SUPERVISOR = Actor("wang", OrderRole.AGENT), Actor("li", OrderRole.SUPERVISOR)
UNIT = Actor("zhang", OrderRole.UNIT, "市人社局")
A = OrderAct

Directories = Callable[..., OrderDirectory]


class _Recorder:
    """In place of the importer: the tables exist."""

    def __init__(self) -> None:
        self.migrated = asyncio.Event()
        self.migrated.set()


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def pushing(
    database: Database, directory: OrderDirectory, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[PlatformPush]:
    monkeypatch.setattr("ivr.engine.platform_push._EVERY", 0.02)
    monkeypatch.setattr("ivr.platforms.push_store._LONGEST_PAUSE", 0.05)
    recorder = _Recorder()
    async with PlatformPush(database, recorder, lambda: directory, lambda: KEYS, now) as push:  # type: ignore[arg-type]
        yield push


def begin(database: Database, directory: OrderDirectory) -> None:
    """Let the engine send to each platform from now on."""
    with database.begin() as connection:
        for platform in directory.platforms.values():
            feed_platform(connection, platform, directory, now() - timedelta(hours=1))


def act(
    database: Database, directory: OrderDirectory, to: str, order_act: OrderAct, actor: Actor, **fields: object
) -> Order:
    return perform_act(database, to, ActRequest(order_act, actor, fields), directory, now())


def answered_order(database: Database, directory: OrderDirectory, **matter: object) -> Order:
    """Make a work order that a unit has answered: five acts."""
    opened = {"title": "工资没发", "caller": "13800000001", "number": "12333", **matter}
    order = act(database, directory, "", A.OPEN, AGENT, **opened)
    for order_act, actor, fields in (
        (A.RECEIVE, AGENT, {"kind": "help", "class": "labour"}),
        (A.DISPATCH, AGENT, {"unit": "市人社局"}),
        (A.ACCEPT, UNIT, {}),
        (A.ANSWER, UNIT, {"answer": "工资已补发"}),
    ):
        order = act(database, directory, order.order, order_act, actor, **fields)
    return order


def ended_call(call_id: str, at: datetime) -> CallRecord:
    record = WrittenCall(dialled="12333").wait(30).hangs_up(CALLER).ends().record()
    return replace(record, call_id=call_id, started_at=at, ended_at=at + timedelta(seconds=30), legs=())


def store(database: Database, *records: CallRecord) -> None:
    with database.begin() as connection:
        insert(connection, CALLS, [to_row(CALL_FIELDS, record) for record in records])


async def taken(platform: StrictPlatform, count: int) -> list[dict[str, Any]]:
    return await asyncio.to_thread(platform.wait_for, count)


async def until(push: PlatformPush, met: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the state of the province's messages once it meets a condition."""
    async with asyncio.timeout(PATIENCE):
        while True:
            [state] = await push.push_states("province")
            if met(state):
                return state
            await asyncio.sleep(0.02)


async def test_calls_acts_and_follow_ups_arrive_signed_with_numbers_masked(
    database: Database, directory_at: Directories, monkeypatch: pytest.MonkeyPatch
) -> None:
    with strict_platform(KEY) as province:
        directory = directory_at(province=province.url)
        begin(database, directory)
        order = answered_order(database, directory)
        act(database, directory, order.order, A.APPROVE, SUPERVISOR)
        act(database, directory, order.order, A.FOLLOW_UP, AGENT, solved=True, satisfaction=1, opinion="谢谢")
        store(database, ended_call("77.1", now()))
        async with pushing(database, directory, monkeypatch):
            messages = await taken(province, 9)
    by_object = {name: [each["body"] for each in messages if each["object"] == name] for name in ("calls", "orders")}
    assert [body["data"]["act"] for body in by_object["orders"]] == [
        "open", "receive", "dispatch", "accept", "answer", "approve", "follow-up",
    ]  # fmt: skip
    assert {body["data"]["caller"] for body in by_object["orders"]} == {"138****0001"}
    assert "13800000001" not in json.dumps(messages)
    assert [body["data"]["state"] for body in by_object["orders"]][-1] == "closed"
    assert by_object["calls"][0]["data"]["call_id"] == "77.1"
    [follow_up] = [each["body"] for each in messages if each["object"] == "follow-ups"]
    assert (follow_up["data"]["satisfaction"], follow_up["data"]["solved"]) == (1, True)
    assert province.refused == []


async def test_a_platform_that_fails_for_a_while_loses_nothing_doubles_nothing_and_keeps_the_order(
    database: Database, directory_at: Directories, monkeypatch: pytest.MonkeyPatch
) -> None:
    with strict_platform(KEY) as province:
        province.broken = 500
        directory = directory_at(province=province.url)
        begin(database, directory)
        async with pushing(database, directory, monkeypatch):
            orders = [await asyncio.to_thread(answered_order, database, directory) for _each in range(3)]
            province.broken = 503
            orders.append(await asyncio.to_thread(answered_order, database, directory))
            province.broken = 0
            await taken(province, 20)
            await asyncio.sleep(0.2)  # a doubled message would come now
        assert {order.order: province.versions(order.order) for order in orders} == {
            order.order: [1, 2, 3, 4, 5] for order in orders
        }
        assert province.refused == []


async def test_a_message_whose_answer_was_lost_is_known_to_the_platform_and_counts_as_delivered(
    database: Database, directory_at: Directories, monkeypatch: pytest.MonkeyPatch
) -> None:
    with strict_platform(KEY) as province:
        directory = directory_at(province=province.url)
        begin(database, directory)
        order = answered_order(database, directory)
        async with pushing(database, directory, monkeypatch) as push:
            await taken(province, 5)
            since = (now() - timedelta(minutes=5)).isoformat()
            await until(push, lambda state: not state["objects"]["orders"]["waiting"])
            await push.push_states("province", since=since)
            await until(push, lambda state: not state["objects"]["orders"]["waiting"])
        assert province.versions(order.order) == [1, 2, 3, 4, 5]
        assert sorted(province.refused) == sorted(f"order:{order.order}:{n} is known" for n in range(1, 6))


async def test_a_platform_that_does_not_answer_delays_no_other_platform(
    database: Database, directory_at: Directories, monkeypatch: pytest.MonkeyPatch
) -> None:
    with strict_platform(KEY) as province, strict_platform(KEYS["police"]) as police:
        province.delay = 1
        directory = directory_at(province=province.url, police=police.url)
        begin(database, directory)
        order = act(database, directory, "", A.OPEN, AGENT, title="有人打架", content="在人民路", caller="13800000001")
        act(database, directory, order.order, A.RECEIVE, AGENT, kind="help", **{"class": "labour"})
        act(database, directory, order.order, A.DISPATCH, AGENT, unit=POLICE)
        async with pushing(database, directory, monkeypatch):
            [message] = await taken(police, 1)
        assert message["body"]["data"]["caller"] == "13800000001", "the hotline that handles it needs the whole number"
        assert message["version"] == 3


async def test_acts_before_a_platform_was_named_are_sent_on_demand(
    database: Database, directory_at: Directories, monkeypatch: pytest.MonkeyPatch
) -> None:
    with strict_platform(KEY) as province:
        directory = directory_at(province=province.url)
        order = answered_order(database, directory)
        async with pushing(database, directory, monkeypatch) as push:
            await push.push_states("province", since=(now() - timedelta(minutes=5)).isoformat())
            await taken(province, 5)
        assert province.versions(order.order) == [1, 2, 3, 4, 5]


async def test_older_acts_that_a_platform_refuses_delay_no_later_acts(
    database: Database, directory_at: Directories, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform that wants each object in its order refuses an older act; all later acts arrive nevertheless."""
    with strict_platform(KEY) as province:
        directory = directory_at(province=province.url)
        order = answered_order(database, directory)
        begin(database, directory)
        act(database, directory, order.order, A.APPROVE, SUPERVISOR)
        async with pushing(database, directory, monkeypatch) as push:
            await taken(province, 1)
            await until(push, lambda state: not state["objects"]["orders"]["waiting"])
            await push.push_states("province", since=(now() - timedelta(minutes=5)).isoformat())
            await asyncio.to_thread(act, database, directory, order.order, A.FOLLOW_UP, AGENT, solved=True)
            await taken(province, 3)  # with the follow-up itself
            await until(push, lambda state: not state["objects"]["orders"]["waiting"])
        assert province.versions(order.order) == [6, 7]
        assert {f"order:{order.order}:{n} comes after version 6" for n in range(1, 6)} <= set(province.refused)


async def test_a_platform_gets_each_release_and_withdrawal_of_an_article(
    sqlite: Database, directory_of: Callable[[str], OrderDirectory], monkeypatch: pytest.MonkeyPatch
) -> None:
    story = KnowledgeStory(sqlite)
    story.release("overtime", "加班费怎么算")
    with strict_platform(KEY) as province:
        target = f'url: "{province.url}"'
        sends = f"\nplatforms:\n  province: {{ {target}, sends: [articles] }}\n  police: {{ {target} }}\n"
        async with pushing(sqlite, directory_of(sends), monkeypatch):
            [released] = await taken(province, 1)
            story.requests.act(REVIEWER, "overtime", "withdraw", {"reason": "政策已变"})
            withdrawn = (await taken(province, 2))[1]
    assert released["body"]["data"]["short"] == "加班费怎么算的回答。"
    assert (withdrawn["body"]["data"]["released"], withdrawn["body"]["data"]["reason"]) == (False, "政策已变")


async def test_of_a_confidential_order_the_platform_gets_the_state_and_no_content(
    database: Database, directory_at: Directories, monkeypatch: pytest.MonkeyPatch
) -> None:
    with strict_platform(KEY) as province:
        directory = directory_at(province=province.url)
        begin(database, directory)
        words = {"title": "举报某人", "content": "秘密内容", "place": "某小区", "said": "我要举报", "company": "某公司"}
        order = act(database, directory, "", A.OPEN, SUPERVISOR, caller="13800000001", contact="王五",
            confidential=True, **words)  # fmt: skip
        photo = {"file": "0" * 64, "name": "某人.jpg", "media": "image/jpeg", "size": 1}
        for order_act, actor, fields in (
            (A.ATTACH, SUPERVISOR, photo),
            (A.RECEIVE, SUPERVISOR, {"kind": "report", "class": "labour"}),
            (A.DISPATCH, SUPERVISOR, {"unit": "市人社局", "text": "某事须保密"}),
            (A.ACCEPT, UNIT, {}),
            (A.EXTEND, UNIT, {"days": 3, "reason": "某人在外地"}),
            (A.ANSWER, UNIT, {"answer": "某人已处理"}),
            (A.APPROVE, SUPERVISOR, {}),
            (A.TRY_FOLLOW_UP, SUPERVISOR, {"reason": "王五不便接听"}),
            (A.FOLLOW_UP, SUPERVISOR, {"solved": True, "satisfaction": 1, "opinion": "王五满意"}),
        ):
            act(database, directory, order.order, order_act, actor, **fields)
        async with pushing(database, directory, monkeypatch):
            messages = await taken(province, 12)
    of_order = [each["body"]["data"] for each in messages if each["object"] == "orders"]
    assert [data["act"] for data in of_order][-1] == "follow-up"
    assert (of_order[-1]["state"], of_order[-1]["unit"], of_order[-1]["satisfaction"]) == ("closed", "市人社局", 1)
    text = json.dumps(messages, ensure_ascii=False)
    secret = (*words.values(), "王五", "某人", "某事", "13800000001", "138****0001")
    assert [word for word in secret if word in text] == []


async def test_without_a_key_nothing_is_sent_and_the_admin_gets_advice(
    sqlite: Database, directory_at: Directories, monkeypatch: pytest.MonkeyPatch
) -> None:
    with strict_platform(KEY) as province:
        directory = directory_at(province=province.url)
        begin(sqlite, directory)
        answered_order(sqlite, directory)
        monkeypatch.setitem(KEYS, "province", "")
        async with pushing(sqlite, directory, monkeypatch) as push:
            state = await until(push, lambda state: bool(state["problems"]))
        assert state["problems"][0]["problem"] == "no key: ivr secret set platform province"
        assert not province.taken
