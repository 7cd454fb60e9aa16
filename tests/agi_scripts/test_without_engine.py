"""Without the engine, the same script in a process of its own goes on from the step at which the engine ended."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ivr.registry.model import Registry
from ivr.runtime.layout import Home
from ivr.site import registry_snapshot
from testkit.fake_asterisk.channel import Channel, FakeCaller, Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk, again, converse, headers, variables
from tests.agi_scripts.call_in_words import MESSAGE, in_words

HEAVY = ("alembic", "jinja2", "numpy", "panoramisk", "prometheus_client", "pypinyin", "sqlalchemy", "yaml")
STORIES: dict[str, dict[str, Any]] = {
    "12345": {"keys": "1"},
    "12300": {"keys": " 3"},
    "12369": {"seats": {"group-general": (0, 0)}},
    "12331": {"queues": {"group-expert-12315": "timeout"}},
    "12366": {"dials": {"@carrier": "busy"}},
    "99999": {},
}


@pytest.fixture
def home(tmp_path: Path, registry: Registry) -> Home:
    new_home = Home(tmp_path)
    new_home.create()
    registry_snapshot.keep(new_home, registry)
    return new_home


# Another test checks the limit of two seconds, because a process may need longer beside other tests.
UNLIMITED = """import runpy, signal
signal.setitimer = lambda *_: (0.0, 0.0)
runpy.run_module("ivr.engine.script_process", run_name="__main__")"""


async def start(home: Home, *call: str, program: Sequence[str] = ("-c", UNLIMITED)) -> asyncio.subprocess.Process:
    command = (sys.executable, *program, str(home.root), *call)
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ})


async def go_on(home: Home, number: str, progress: str = "", **behaviour: Any) -> Story:
    """Run the citizen's script as a process from a step of a call on, and again after each failed offer."""
    channel = Channel(FakeCaller(**behaviour), variables("13800000000"))
    arguments = (number, "1", "1", "C-00000001", progress)
    while True:
        process = await start(home, "citizen")
        assert process.stdin and process.stdout and process.stderr
        story = await converse(process.stdout, process.stdin, headers("", ["citizen", *arguments]), channel)
        process.stdin.close()
        assert await process.stderr.read() == b""
        assert await process.wait() == 0
        if not channel.go_on():
            return story
        arguments = again(arguments, story)


@pytest.mark.parametrize("number", STORIES)
async def test_a_call_has_the_same_course_as_with_the_engine(asterisk: FakeAsterisk, home: Home, number: str) -> None:
    served_by_engine = await asterisk.call(number, "1", "1", **STORIES[number])
    assert in_words(await go_on(home, number, **STORIES[number])) == in_words(served_by_engine)
    assert "engine is away" in (home.log / "engine.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", STORIES)
async def test_at_whatever_step_the_engine_dies_no_party_is_rung_twice(
    asterisk: FakeAsterisk, home: Home, number: str
) -> None:
    """The engine dies during each prompt that the caller hears, and during each ring."""
    whole = await asterisk.call(number, "1", "1", **STORIES[number])
    whole_course = in_words(whole)
    assert len(whole.progress) >= 2
    for progress, acts in whole.progress[1::2]:
        end = "BUSY" if progress.endswith("center") else "TIMEOUT"
        story = in_words(await go_on(home, number, f"{progress}&end={end}", **STORIES[number]))
        assert story[-1] == "done"
        steps_before = in_words_until(whole, acts)
        twice = [
            step for step in story if step in steps_before and step.startswith(("rings", "waits", "dials", "chose"))
        ]
        assert not twice, f"{twice} once more, after {steps_before}; the whole course is {whole_course}"
        assert "opening" not in story or "opening" not in steps_before


def in_words_until(story: Story, acts: int) -> list[str]:
    """Return the call in words after this number of acts, and the step that began then."""
    steps = in_words(Story(acts=story.acts[:acts]))
    return in_words(story)[: len(steps) + 1]


async def test_a_spoken_message_is_kept_and_not_asked_for_again(home: Home) -> None:
    (home.messages / "W1-1.wav").write_bytes(bytes(44 + 5 * 16_000))
    progress = "menu=&started=say-dual-recorded+message&end=none"
    story = in_words(await go_on(home, "12369", progress, seats={"group-general": (0, 0)}))
    assert story[-4:] == [*MESSAGE[3:], "done"]
    assert "leave-message" not in story


async def test_a_key_pressed_while_the_engine_died_is_not_asked_for_again(home: Home) -> None:
    progress = "menu=&started=menu-main&end=none"
    pressed = {"HOTLINE_KEY": "2", "HOTLINE_UNHEARD": "yes"}
    story = in_words(await go_on(home, "12345", progress, variables=pressed))
    assert story[:3] == ["chose 2 企业服务", "transferring", "recorded"]


async def test_a_process_that_gets_no_header_block_ends_in_time(home: Home) -> None:
    started = datetime.now()
    process = await start(home, "citizen", program=("-m", "ivr.engine.script_process"))
    assert await process.wait() == -signal.SIGALRM
    assert (datetime.now() - started).total_seconds() < 8


def test_a_script_process_loads_no_heavy_package() -> None:
    """A script process starts quickly, because it loads no heavy package."""
    program = f"import ivr.engine.standalone_script, sys; print(*(name for name in {HEAVY} if name in sys.modules))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []
