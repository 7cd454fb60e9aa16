"""The engine deletes expired data, never too early, and rotates Asterisk's files."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ivr.engine import clock_jump_guard
from ivr.engine.clock_jump_guard import ClockJumpGuard
from ivr.engine.log_rotation_schedule import LogRotationSchedule
from ivr.engine.record_importer import RecordImporter
from ivr.engine.retention_purge import RetentionPurge
from ivr.records.ingest.follow import Position
from ivr.records.ingest.importer import position_of
from ivr.records.store.database import Database
from ivr.records.store.queries import calls
from ivr.registry.model import Recordings, Records
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from tests.operations.conftest import holder, shipped
from tests.records.recorded import LOGS

NOW = datetime(2026, 11, 23, 3, tzinfo=CITY_TIME)
CALLED = datetime.fromtimestamp(1795370073, CITY_TIME)


async def test_expired_files_are_deleted_and_others_stay(home: Home) -> None:
    """A call, its message, its lines, and the other logs, as the days go by."""
    for path, ending in ((home.cel / "cel.csv", "cel.csv"), (home.queue_log, "queue_log")):
        old = path.with_name(f"{path.name}-{CALLED:%Y%m%d}-235900")
        old.write_bytes((LOGS / f"center_busy_then_message.{ending}").read_bytes())
        path.write_bytes((LOGS / f"expert_answers.{ending}").read_bytes())
    (home.log / f"messages-{CALLED:%Y%m%d}-235900").touch()
    database = Database(f"sqlite:///{home.call_database}")
    in_force = holder(replace(shipped(), records=Records(365), recordings=Recordings(90)))
    recorder = RecordImporter(home, database, in_force)
    async with recorder:
        await recorder.calls()
        retention = RetentionPurge(home, database, recorder, in_force, lambda: NOW)
        [ordered] = [call for call in calls(database) if call.work_order]
        assert ordered.work_order
        sound = home.messages / ordered.work_order.recording
        sound.touch()
        before = set(home.root.rglob("*"))

        async def gone_after(days: float) -> set[str]:
            await retention.delete_old(CALLED + timedelta(days=days))
            return {path.name.partition("-20")[0] for path in before if not path.exists() and "sqlite" not in path.name}

        assert await gone_after(89) == set()
        assert await gone_after(192) == {"messages"}
        assert len(calls(database)) == 2
        assert await gone_after(365.1) == {"messages", sound.name}
        assert calls(database) == []
        assert await gone_after(368) == {"messages", sound.name, "cel.csv", "queue_log"}
        assert (home.cel / "cel.csv").exists()
        with database.begin() as connection:
            assert position_of(connection, home.queue_log) != Position()


def test_a_clock_that_jumps_deletes_nothing_for_a_day(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wall, passed = 1_795_000_000.0, 5000.0
    monkeypatch.setattr(clock_jump_guard.time, "time", lambda: wall)
    monkeypatch.setattr(clock_jump_guard, "_seconds_since_boot", lambda: passed)
    clock = ClockJumpGuard()
    wall, passed = wall + 600, passed + 598
    assert clock.is_steady()
    wall += 86400 * 365
    assert not clock.is_steady()
    assert "the clock jumped; nothing is deleted for a day" in caplog.text
    wall, passed = wall + 80000, passed + 80000
    assert not clock.is_steady()
    wall, passed = wall + 7000, passed + 7000
    assert clock.is_steady(), "by now somebody has seen it"
    assert caplog.text.count("the clock jumped") == 1


LINE = "[2026-11-22 03:00:00.000] WARNING[1] x.c: Name '\u00e4' for number '13800000001' from 192.0.2.1:5060\n"
MASKED = LINE.replace("13800000001", "138****0001")


@asynccontextmanager
async def asterisk(home: Home, channels: int) -> AsyncIterator[list[str]]:
    """Asterisk's console with ``channels`` channels up; it keeps the commands."""
    commands: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"host/1/22\n")
        command = (await reader.readuntil(b"\0")).decode().removeprefix("cli quit after ").rstrip("\0")
        commands.append(command)
        if command == "core show channels count":
            writer.write(f"{channels} active channels\n{channels} active calls\n7 calls processed\n".encode())
        if command == "logger reload":
            home.queue_log.write_text(f"{NOW.timestamp():.0f}|NONE|NONE|NONE|CONFIGRELOAD|\n", encoding="utf-8")
        writer.close()

    async with await asyncio.start_unix_server(answer, home.asterisk_socket):
        yield commands


@pytest.mark.parametrize(("channels", "turned"), [(0, True), (1, False), (10, False)])
async def test_files_are_rotated_only_while_no_call_is_up(home: Home, channels: int, turned: bool) -> None:
    began = NOW - timedelta(days=2)
    home.queue_log.write_text(f"{began.timestamp():.0f}|NONE|NONE|NONE|QUEUESTART|\n", encoding="utf-8")
    for path in (home.cel / "cel.csv", *home.asterisk_logs):
        path.write_text(LINE, encoding="utf-8")
    files = LogRotationSchedule(home, lambda: NOW)
    async with asterisk(home, channels) as commands:
        assert await files.rotate(NOW) is turned
        assert not await files.rotate(NOW), "once a day"
        assert commands.count("logger reload") == turned
    old = sorted(path.name for path in home.log.rglob("*-20261123-030000"))
    assert old == [f"{name}-20261123-030000" for name in ("cel.csv", "messages", "queue_log", "security") if turned]
    for path in home.asterisk_logs if turned else ():
        masked = path.with_name(f"{path.name}-20261123-030000")
        assert masked.read_text(encoding="utf-8") == MASKED
        assert masked.stat().st_mode & 0o077 == 0


async def test_an_asterisk_that_did_not_begin_new_files_is_asked_again(home: Home) -> None:
    files = LogRotationSchedule(home, lambda: NOW)
    async with asterisk(home, 0) as commands:
        assert await files.rotate(NOW)
    assert commands == ["core show channels count", "logger reload"]
