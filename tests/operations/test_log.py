"""engine.log: each line names its call, and no line has a caller's whole number."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ivr.asterisk.agi.fastagi import FastAgiServer
from ivr.engine.scripts import scripts
from ivr.routing.calendar import CITY_TIME
from ivr.site.json_log import JsonLines, call_id, masked
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.operations.conftest import shipped

CALLERS = ("13800000001", "+8613912345678", "07352881234", "2881234", "88812345")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800000001", "138****0001"),
        ("+8613800000001", "+86138****0001"),
        ("07352881234", "073****1234"),
        ("2881234", "28****4"),
        ("sip:13800000001@127.0.0.1:5060", "sip:138****0001@127.0.0.1:5060"),
        ("x13800000001y", "x138****0001y"),
        ("12345 -> 12333", "12345 -> 12333"),
        ("call 1795372064.22", "call 1795372064.22"),
        ("W1795372064-22.wav", "W1795372064-22.wav"),
        ("[C-0000001a] 13800000001", "[C-0000001a] 138****0001"),
        ("13800000001.22", "138****0001.22"),
        ("127.0.0.1:54321", "127.0.0.1:54321"),
    ],
)
def test_only_telephone_numbers_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_number_of_the_hotline_stays_readable() -> None:
    assert masked("2912345 by 13800000001", unmasked=("2912345",)) == "2912345 by 138****0001"


def test_no_text_can_forge_a_second_line(lines: Path) -> None:
    logging.getLogger("ivr.test").warning('first\n{"level": "error"}\x1b[2J')
    (line,) = lines.read_text(encoding="utf-8").splitlines()
    assert "\x1b" not in line
    assert json.loads(line)["text"] == 'first\n{"level": "error"}\x1b[2J'


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Path]:
    """A log file as the engine writes it, at the level of all details."""
    path = tmp_path / "engine.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield path
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()


@pytest.fixture
async def asterisk() -> AsyncIterator[FakeAsterisk]:
    services = FakeServices(shipped(), lambda: datetime(2026, 11, 23, 10, tzinfo=CITY_TIME))
    async with FastAgiServer(scripts(services)) as server:
        yield FakeAsterisk(server.host, server.port)


BEHAVIOUR: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    (("12345",), {"keys": "9"}),
    (("2912345",), {}),
    (("12331",), {"queues": {"group-expert-12315": "timeout"}}),
    (("12366",), {"dials": {"@carrier": "busy"}}),
    (("7654321",), {"missing": frozenset({"unregistered"})}),
    (("12369",), {"missing": frozenset({"dual-recorded"})}),
    (("12345",), {"seats": {"group-general": (0, 0)}, "message": 3.0}),
    (("13911112222",), {}),  # a caller whose number the carrier put where the number dialled should be
]


async def test_no_log_has_a_callers_number_and_each_line_has_its_call(asterisk: FakeAsterisk, lines: Path) -> None:
    """For each end of a call, at the level of all details."""
    await asyncio.gather(
        *(
            asterisk.call(*arguments, caller=caller, name=f"tel {caller}", **behaviour)
            for caller in CALLERS
            for arguments, behaviour in BEHAVIOUR
        )
    )
    text = lines.read_text(encoding="utf-8")  # noqa: ASYNC240 - nothing else runs
    assert not [caller for caller in CALLERS if caller.lstrip("+") in text]
    logged = [json.loads(line) for line in text.splitlines()]
    ours = [line for line in logged if line["from"].startswith(("agi_scripts", "ivr"))]
    assert len(ours) >= len(CALLERS) * len(BEHAVIOUR)
    for line in ours:
        assert line["call"], line
        assert line["call"] in line["text"]
    assert {line["level"] for line in ours} >= {"INFO", "WARNING", "ERROR"}


def test_a_log_line_without_a_call_names_none(lines: Path) -> None:
    logging.getLogger("ivr.engine").info("up")
    assert "call" not in json.loads(lines.read_text(encoding="utf-8"))
    assert call_id.get() == ""
