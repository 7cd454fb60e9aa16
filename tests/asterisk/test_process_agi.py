"""The same script as a process of its own: the same course of the call, and no text of the caller on stderr."""

import asyncio
import os
import signal
import sys

import pytest

from testkit.fake_asterisk.channel import Channel, FakeCaller, Story
from testkit.fake_asterisk.fake_asterisk import converse, headers
from testkit.patience import PATIENCE

BLOCK = headers("x", ["visit", "12333"], caller="13812345678", name='张三 "(测试)"')


async def start(**environment: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    program = (sys.executable, "-m", "tests.asterisk.process_script")
    return await asyncio.create_subprocess_exec(
        *program, stdin=pipe, stdout=pipe, stderr=pipe, env=os.environ | environment
    )


async def visit(block: bytes, caller: FakeCaller, **environment: str) -> tuple[Story, str, int]:
    """Run the program for a call; return the story, its stderr and its exit status."""
    process = await start(**environment)
    assert process.stdin and process.stdout and process.stderr
    story = await converse(process.stdout, process.stdin, block, Channel(caller, {}))
    process.stdin.close()
    errors = await process.stderr.read()
    return story, errors.decode(), await process.wait()


@pytest.mark.parametrize("locale", ["C.UTF-8", "C", "POSIX"])
async def test_a_caller_gets_the_whole_script(locale: str) -> None:
    story, errors, status = await visit(
        BLOCK, FakeCaller(keys="2"), LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert story.heard == ["welcome", "menu", "goodbye"]
    assert story.queues == [("group-general", "answered")]
    assert story.variables["CALLERID(name)"] == '12333 张三 "(测试)"'
    assert story.variables["END"] == "CONTINUE"
    assert not story.unknown
    assert (errors, status) == ("", 0)


@pytest.mark.parametrize("step", range(1, 9))
async def test_a_caller_may_hang_up_at_any_step(step: int) -> None:
    story, errors, status = await visit(BLOCK, FakeCaller(keys="2", hang_up_after=step))
    assert story.hung_up
    assert "goodbye" not in story.heard or step == 8
    assert (errors, status) == ("", 0)


async def test_a_malformed_header_is_one_line_in_the_log() -> None:
    story, errors, status = await visit(b"\xff\xfe\n\n", FakeCaller())
    assert story.commands == []
    assert errors == "AGI: not an AGI header: '\\ufffd\\ufffd'\n"
    assert status == 0


async def test_if_asterisk_ends_the_process_ends_without_output() -> None:
    process = await start()
    assert process.stdin and process.stdout
    process.stdin.write(BLOCK)
    assert await process.stdout.readline() == b"ANSWER\n"
    process.stdin.close()
    async with asyncio.timeout(PATIENCE):
        output, errors = await process.communicate()
    assert (output, errors, process.returncode) == (b"", b"", 0)


async def test_after_sighup_the_script_knows_that_the_caller_hung_up() -> None:
    process = await start()
    assert process.stdin and process.stdout
    process.stdin.write(BLOCK)
    assert await process.stdout.readline() == b"ANSWER\n"
    process.send_signal(signal.SIGHUP)
    process.stdin.write(b"200 result=0\n")
    assert (await process.stdout.readline()).startswith(b"SET VARIABLE")
    process.stdin.write(b"200 result=1\n")
    async with asyncio.timeout(PATIENCE):
        output, errors = await process.communicate()
    assert (output, errors, process.returncode) == (b"", b"", 0)
