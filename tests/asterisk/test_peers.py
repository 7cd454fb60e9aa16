"""Hostile peers of the FastAGI port disturb no call."""

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import AsyncIterator

import pytest

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.fastagi import FastAgiLimits, FastAgiServer
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk, headers
from testkit.patience import PATIENCE


async def greet(call: Call) -> None:
    await call.answer()
    await call.play("welcome")


async def fail(call: Call) -> None:
    raise RuntimeError("a mistake in the script")


async def linger(call: Call) -> None:
    await call.play("welcome")
    await call.run("Queue", "group-general", "tc")
    await call.play("goodbye")


async def say_nothing(call: Call) -> None:
    await asyncio.Event().wait()


async def ponder(call: Call) -> None:
    await call.play("welcome")
    await asyncio.sleep(0.3)  # longer than the time limit of the first command
    await call.play("goodbye")


SCRIPTS = {"greet": greet, "ponder": ponder, "fail": fail, "linger": linger, "say-nothing": say_nothing}


@pytest.fixture
async def server() -> AsyncIterator[FastAgiServer]:
    limits = FastAgiLimits(calls=3, silent=20, header=0.2, first_command=0.2)
    async with FastAgiServer(SCRIPTS, limits=limits) as running:
        yield running


@pytest.fixture
def fake(server: FastAgiServer) -> FakeAsterisk:
    return FakeAsterisk(server.host, server.port, "greet")


async def until_closed(server: FastAgiServer, *chunks: bytes) -> bytes:
    """Connect, write, and return what the server sends until it closes the connection."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    with contextlib.suppress(ConnectionError):
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
    try:
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


BLOCK = headers("greet", ["12345"])
PEERS = {
    "nothing at all": ([], "no complete header block within 0.2 s"),
    "half a header": ([BLOCK[:100]], "no complete header block within 0.2 s"),
    "a long header": ([b"agi_x: " + b"x" * 20_000 + b"\n\n"], "the header block is too long"),
    "an endless header": ([b"agi_x: 1\n" * 1000] * 100, "the header block is too long"),
    "many lines": ([b"".join(b"agi_%d: 1\n" % n for n in range(200)) + b"\n"], "the header block is too long"),
    "binary": ([bytes(range(256)) + b"\n\n"], "not an AGI header"),
    "HTTP": ([b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\n\n"], "not an AGI header: 'GET / HTTP/1.1\\r'"),
    "an empty block": ([b"\n\n"], "not an AGI header: ''"),
    "a header twice": ([BLOCK[:-1] + b"agi_extension: 110\n\n"], "the header 'agi_extension' stands twice"),
    "no channel": ([BLOCK.replace(b"agi_channel", b"agi_chanel")], "the header agi_channel is missing"),
    "another script": ([headers("../../etc", ["1"])], "there is no call script '../../etc'"),
    "no script": ([BLOCK.replace(b"agi_network_script", b"agi_script")], "there is no call script ''"),
}


@pytest.mark.parametrize("kind", PEERS)
async def test_a_bad_peer_is_refused_with_one_log_line(
    kind: str, server: FastAgiServer, fake: FakeAsterisk, caplog: pytest.LogCaptureFixture
) -> None:
    chunks, reason = PEERS[kind]
    bad = asyncio.create_task(until_closed(server, *chunks))
    assert (await fake.call("12345")).heard == ["welcome"]
    assert await bad == b""
    [line] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert reason in line.getMessage()
    assert len(line.getMessage()) < 250
    assert line.getMessage().isascii()
    assert line.exc_info is None


async def test_a_port_scan_does_not_stop_the_calls(server: FastAgiServer, fake: FakeAsterisk) -> None:
    for _ in range(50):
        _reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.close()
    assert (await fake.call("12345")).heard == ["welcome"]


async def test_a_header_may_come_in_pieces(server: FastAgiServer) -> None:
    reader, writer = await asyncio.open_connection(server.host, server.port)
    for start in range(0, len(BLOCK), 37):
        writer.write(BLOCK[start : start + 37])
        await writer.drain()
    assert await reader.readline() == b"ANSWER\n"
    writer.close()


async def test_a_caller_name_that_is_not_utf8_does_not_end_the_call(server: FastAgiServer) -> None:
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(BLOCK.replace(b"agi_calleridname: unknown", b"agi_calleridname: " + "张三".encode("gbk")))
    assert await reader.readline() == b"ANSWER\n"
    writer.close()


async def test_five_hundred_idle_peers_do_not_delay_a_call() -> None:
    async with FastAgiServer(SCRIPTS, limits=FastAgiLimits(header=30)) as server:
        idle = [await asyncio.open_connection(server.host, server.port) for _ in range(500)]
        begun = time.monotonic()
        story = await FakeAsterisk(server.host, server.port, "greet").call("12345")
        assert story.heard == ["welcome"]
        assert time.monotonic() - begun < 1
        left = 0
        for reader, writer in idle:
            left += not reader.at_eof()
            writer.close()
        assert left <= 200


async def test_a_peer_of_another_machine_is_refused(
    server: FastAgiServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = asyncio.StreamWriter.get_extra_info
    elsewhere = ("192.0.2.7", 40000)
    monkeypatch.setattr(
        asyncio.StreamWriter,
        "get_extra_info",
        lambda self, name, default=None: elsewhere if name == "peername" else real(self, name, default),
    )
    assert await until_closed(server, BLOCK) == b""
    assert "192.0.2.7" in caplog.text


def test_the_fastagi_port_listens_on_loopback_only() -> None:
    with pytest.raises(ValueError, match=r"FastAGI must listen on a loopback address, not 0\.0\.0\.0"):
        FastAgiServer(SCRIPTS, host="0.0.0.0")


async def test_a_port_in_use_is_an_error_with_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError):
        await FastAgiServer(SCRIPTS, port=taken.getsockname()[1]).start()


async def test_a_script_that_fails_ends_its_call_only(
    server: FastAgiServer, fake: FakeAsterisk, caplog: pytest.LogCaptureFixture
) -> None:
    story = await fake.call("12345", script="fail")
    assert story.commands == []
    [line] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.getMessage() == "call 1700000000.1: the script failed: RuntimeError('a mistake in the script')"
    assert line.exc_info is None
    assert (await fake.call("12345")).heard == ["welcome"]


async def test_a_script_that_sends_no_command_is_ended(fake: FakeAsterisk, caplog: pytest.LogCaptureFixture) -> None:
    await fake.call("12345", script="say-nothing")
    assert "call 1700000000.1: its script sent no command within 0.2 s" in caplog.text


async def test_a_script_that_has_sent_a_command_has_no_time_limit(fake: FakeAsterisk) -> None:
    assert (await fake.call("12345", script="ponder")).heard == ["welcome", "goodbye"]


async def test_calls_beyond_the_limit_are_refused(
    server: FastAgiServer, fake: FakeAsterisk, caplog: pytest.LogCaptureFixture
) -> None:
    held = []
    for _ in range(3):
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(headers("linger", ["12345"]))
        assert await reader.readline() == b'STREAM FILE welcome ""\n'
        held.append((reader, writer))
    assert server.active == 3
    assert (await fake.call("12345")).commands == []
    assert "3 calls are running already" in caplog.text
    await server.close()
    for reader, writer in held:
        assert await reader.read() == b""
        writer.close()
    assert server.active == 0


async def test_draining_lets_a_call_finish_and_takes_no_new_call(server: FastAgiServer) -> None:
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(headers("linger", ["12345"]))
    assert await reader.readline() == b'STREAM FILE welcome ""\n'
    drained = asyncio.create_task(server.drain())
    await asyncio.sleep(0)
    with pytest.raises(OSError):
        await asyncio.open_connection(server.host, server.port)
    writer.write(b"200 result=0 endpos=1\n")
    assert (await reader.readline()).startswith(b"EXEC Queue")
    assert not drained.done()
    assert server.active == 1
    writer.write(b"200 result=0\n")
    assert await reader.readline() == b'STREAM FILE goodbye ""\n'
    writer.write(b"200 result=0 endpos=1\n")
    assert await reader.read() == b""
    await drained
    writer.close()
