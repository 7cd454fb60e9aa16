"""AGI replies as Asterisk 22 writes them."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.agi.reply import GarbledError, Replies, Reply, parse


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("200 result=0", Reply(200)),
        ("200 result=-1", Reply(200, -1)),
        ("200 result=0 Gosub complete", Reply(200)),
        ("200 result=49 endpos=9760", Reply(200, 49, endpos=9760)),
        ("200 result=-1 endpos=0", Reply(200, -1)),
        ("200 result=1 ()", Reply(200, 1)),
        ("200 result=1 (张三 (测试))", Reply(200, 1, "张三 (测试)")),
        ("200 result=1 (a) endpos=5)", Reply(200, 1, "a) endpos=5")),
        ("200 result=35 (dtmf) endpos=8000", Reply(200, 35, "dtmf", 8000)),
        ("200 result=-1 (randomerror) endpos=0", Reply(200, -1, "randomerror")),
        ("200 result= (timeout)", Reply(200, 0, "timeout")),
        ("200 result=1 (timeout) endpos=0", Reply(200, 1, "timeout")),
        ("200 result=1 (digit) digit=5 endpos=0", Reply(200, 1, "digit", text="5")),
        ("200 result=1 (digit) digit=# endpos=0", Reply(200, 1, "digit", text="#")),
        (
            '200 result=1 (speech) endpos=0 results=1 score0=982 text0="着火 (了)" grammar0=heard/whisper-base/213',
            Reply(200, 1, "speech", text='score0=982 text0="着火 (了)" grammar0=heard/whisper-base/213'),
        ),
        ("200 result=1 (speech) endpos=0 results=0 ", Reply(200, 1, "speech")),
        ("510 Invalid or unknown command", Reply(510, text="Invalid or unknown command")),
        ("511 Command Not Permitted on a dead channel", Reply(511, text="Command Not Permitted on a dead channel")),
    ],
)
def test_replies_of_asterisk_are_read(line: str, reply: Reply) -> None:
    assert parse(line) == reply


@pytest.mark.parametrize(
    "line", ["", "HANGUP", "200", "200 ok", "result=0", "agi_priority: 1", "200 result=0 \x00", "51"]
)
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(GarbledError, match="not an AGI reply"):
        parse(line)


@given(st.text())
def test_any_text_is_a_reply_or_refused(text: str) -> None:
    try:
        assert isinstance(parse(text), Reply)
    except GarbledError as error:
        assert "\n" not in str(error)


async def replies(data: bytes) -> Replies:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return Replies(reader)


async def test_the_reply_of_a_recording_that_reached_its_limit_is_read() -> None:
    """The result is the milliseconds left in Asterisk's last wait, so it may look like the reply of a value."""
    wire = await replies(b"200 result=1 (timeout) endpos=80000\n")
    assert await wire.next() == Reply(200, 1, "timeout", 80000)


async def test_hangup_and_trying_lines_are_skipped() -> None:
    wire = await replies(b"100 result=0 Trying...\nHANGUP\n200 result=7\n")
    assert not wire.hung_up
    assert await wire.next() == Reply(200, 7)
    assert wire.hung_up


async def test_a_reply_with_recognised_speech_is_read_whole() -> None:
    wire = await replies(b"200 result=1 (digit) digit=5 endpos=0\n200 result=1 (speech) endpos=0 results=0 \n")
    assert await wire.next() == Reply(200, 1, "digit", text="5")
    assert await wire.next() == Reply(200, 1, "speech")


async def test_a_hangup_line_between_two_commands_is_seen() -> None:
    wire = await replies(b"200 result=7\nHANGUP\n")
    await wire.next()
    wire.settle()
    assert wire.hung_up


async def test_a_hangup_line_may_come_in_two_pieces() -> None:
    reader = asyncio.StreamReader()
    wire = Replies(reader)
    reader.feed_data(b"200 result=7\nHANG")
    await wire.next()
    wire.settle()
    reader.feed_data(b"UP\n200 result=8\n")
    assert await wire.next() == Reply(200, 8)
    assert wire.hung_up


@pytest.mark.parametrize("left", [b"200 result=1\n", b"HANGMAN", b"\n", b"HANGUP\n200 result=1\n"])
async def test_a_reply_without_a_command_is_refused(left: bytes) -> None:
    wire = await replies(b"200 result=7\n" + left)
    await wire.next()
    with pytest.raises(GarbledError, match="unexpected AGI reply"):
        wire.settle()


@pytest.mark.parametrize("data", [b"", b"200 result=0", b"520-Usage\nnothing more\n", b"200 result=1 (never closed\n"])
async def test_a_connection_that_ends_within_a_reply_is_closed(data: bytes) -> None:
    with pytest.raises(EOFError):
        await (await replies(data)).next()


@pytest.mark.parametrize("data", [b"2" * 200_000, b"200 result=1 (" + b"x\n" * 200_000])
async def test_an_endless_reply_is_refused(data: bytes) -> None:
    with pytest.raises(GarbledError, match="endless AGI reply"):
        await (await replies(data)).next()
