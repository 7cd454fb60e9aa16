"""Notifications for desktop programs arrive signed and in order, whatever the receiver answers."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from ivr.engine.notification_sender import NotificationSender
from ivr.records.derive.notifications import notifications_of
from ivr.records.store import outbox
from ivr.records.store.database import Database
from ivr.records.store.schema import OUTBOX
from testkit.waiting_async import until
from tests.records.outbox_receiver import KEY, NAMES, Receiver, expert_away, moved, put


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@asynccontextmanager
async def sending(database: Database, url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr("ivr.engine.notification_sender._EVERY", 0.01)
    async with NotificationSender(database, KEY, lambda: url):
        yield


def test_a_desktop_program_gets_the_notifications_of_a_call() -> None:
    record = expert_away()
    offered, answered, ended = (dict(event.body) for event in notifications_of(record, NAMES))
    shown = {
        "call_id": "1.0",
        "caller": "13900001111",
        "dialled": "12333",
        "line": "12333 人社 · 需专家",
        "pressed": "main:1",
        "topic": "反映问题",
        "said": None,
        "said_target": None,
        "said_decision": None,
        "said_confidence": None,
        "seat": "8001",
        "waiting_s": 5.0,
    }
    assert offered == {"id": "1.0:offered:8001:0", "event": "offered", "at": offered["at"], **shown}
    assert answered == {"id": "1.0:answered:8001:0", "event": "answered", "at": answered["at"], **shown}
    shown_at_the_end = {"waiting_s": 8.0, "outcome": "answered", "work_order": None, "rating": None}
    assert ended == {"id": "1.0:ended", "event": "ended", "at": ended["at"], **(shown | shown_at_the_end)}
    assert [event.body["event"] for event in notifications_of(expert_away(over=False), NAMES)] == ["offered"]


async def test_each_event_arrives_once_and_in_order_however_often_the_record_is_built(
    database: Database, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, expert_away(over=False))
    async with sending(database, receiver.url, monkeypatch):
        await until(lambda: len(receiver.taken) == 1, "the first event is taken")
        put(database, expert_away())
        put(database, expert_away())
        await until(lambda: len(receiver.taken) == 3, "three events are taken")
        put(database, expert_away())
        put(database, expert_away(call_id="last", over=False))
        await until(lambda: len(receiver.taken) == 4, "four events are taken")
    assert [event["event"] for event in receiver.heard] == ["offered", "answered", "ended", "offered"]


async def test_a_receiver_that_fails_gets_each_call_in_order_later(
    database: Database, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answers = lambda count: {1: 500, 2: 302, 3: 404}.get(count, 200)
    put(database, expert_away(call_id="1.0"), expert_away(call_id="2.0"))
    async with sending(database, receiver.url, monkeypatch):
        await until(lambda: len(receiver.taken) == 6, "six events are taken")
    for call in ("1.0", "2.0"):
        kinds = [event.split(":")[1] for event in receiver.taken if event.startswith(call)]
        assert kinds == ["offered", "answered", "ended"]


async def test_events_arrive_later_if_no_program_listens(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    receiver = Receiver()
    put(database, expert_away(), expert_away(call_id="2.0"))
    async with sending(database, receiver.url, monkeypatch):
        await until(lambda: "do not reach" in caplog.text, "the log tells of it")
    with receiver:  # a new engine, after a restart
        async with sending(database, receiver.url, monkeypatch):
            await until(lambda: len(receiver.taken) == 6, "six events are taken")
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1, "the warning is logged once"
    assert KEY not in caplog.text


async def test_a_slow_receiver_delays_no_other_work(
    database: Database, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = threading.Event()
    receiver.answers = lambda _count: 200 if slow.wait(20) else 500
    put(database, *(expert_away(call_id=f"{n}.0", over=False) for n in range(10)))
    async with sending(database, receiver.url, monkeypatch):
        await until(lambda: len(receiver.heard) >= 4, "four requests wait for their answers")
        async with asyncio.timeout(4):  # because the threads of all other work are free
            await asyncio.gather(
                *(asyncio.to_thread(put, database, expert_away(call_id="late", over=False)) for _ in "123")
            )
        slow.set()
        await until(lambda: len(set(receiver.taken)) == 11, "eleven events are taken")


def test_the_pause_between_tries_grows_and_has_an_end(database: Database) -> None:
    put(database, expert_away(over=False))
    now, pauses = datetime.now(UTC), []
    for _try in range(11):
        [waiting] = outbox.due_notifications(database, now)
        outbox.mark_failed(database, waiting, now)
        begun = now
        while not outbox.due_notifications(database, now):
            now += timedelta(seconds=1)
        pauses.append((now - begun).total_seconds())
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_an_event_is_kept_until_it_is_delivered(database: Database) -> None:
    put(database, moved(expert_away(), -timedelta(days=2)))
    assert outbox.due_notifications(database, datetime.now(UTC)) == [], "an event that is two days old is dropped"
    put(database, expert_away())
    later = datetime.now(UTC) + timedelta(days=90)
    for event in ("offered", "answered", "ended"):
        outbox.purge_delivered(database, later)
        (waiting,) = outbox.due_notifications(database, later)
        assert f":{event}" in waiting.event
        outbox.mark_delivered(database, waiting, later)
    with database.begin() as connection:
        count = select(func.count()).select_from(OUTBOX)
        assert connection.scalar(count) == 3
    outbox.purge_delivered(database, later + timedelta(days=3))
    with database.begin() as connection:
        assert connection.scalar(count) == 0
