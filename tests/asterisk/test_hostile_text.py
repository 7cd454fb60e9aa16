"""No text of a caller becomes an AGI command or another argument."""

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.commands import AgiError
from ivr.asterisk.agi.reply import Reply
from testkit.fake_asterisk.channel import words
from testkit.fake_asterisk.dialplan import split_arguments
from testkit.fake_asterisk.fake_asterisk import headers

HEADERS = {"agi_uniqueid": "1.1", "agi_channel": "PJSIP/carrier-1", "agi_context": "c", "agi_extension": "s"}
HOSTILE = ["\r\n", "\n", "\r", "\0", '"', "\\", '\\"', "${SHELL(id)}", "500&PJSIP/0@carrier", ",", "(", ")", " ",
           "\x1b[2J", "|", ";", "'", "../", "张", "\ud800", "HANGUP", "\x7f", "\u2028", "\x85"]  # fmt: skip
texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=12).map("".join)


class SentCommands:
    """A connection that keeps the commands instead of sending them to Asterisk."""

    hung_up = False

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, command: str) -> Reply:
        self.sent.append(command)
        return Reply(200, 0)


async def lines_sent(act: Callable[[Call], Awaitable[object]]) -> list[bytes] | None:
    """Return the AGI lines that Asterisk would read; None if no command was sent."""
    wire = SentCommands()
    try:
        await act(Call(HEADERS, wire))
    except AgiError:
        assert not wire.sent
        return None
    raw = "".join(f"{command}\n" for command in wire.sent).encode()
    assert b"\0" not in raw and b"\r" not in raw
    lines = raw.splitlines()
    assert len(lines) == len(wire.sent)
    assert all(len(line) < 2048 for line in lines)  # Asterisk's buffer
    return lines


@given(texts)
async def test_a_value_is_one_argument_of_one_command(text: str) -> None:
    lines = await lines_sent(lambda call: call.set("CALLERID(name)", text))
    if lines is not None:
        assert [words(line.decode()) for line in lines] == [["SET", "VARIABLE", "CALLERID(name)", text]]


@pytest.mark.parametrize("text", ["x" * 2100, "张" * 700, '"' * 1000])
async def test_a_value_longer_than_asterisk_reads_is_refused(text: str) -> None:
    assert await lines_sent(lambda call: call.set("A", text)) is None


@given(texts)
async def test_an_application_argument_stays_one_argument(text: str) -> None:
    lines = await lines_sent(lambda call: call.run("Queue", "group-general", text, "20"))
    if lines is not None:
        [line] = lines
        *verb, options = words(line.decode())
        assert verb == ["EXEC", "Queue"]
        assert split_arguments(options) == ["group-general", text, "20"]
        assert "$" not in text


@given(texts)
async def test_names_prompts_and_paths_may_have_plain_characters_only(text: str) -> None:
    for act in (
        lambda call: call.play(text),
        lambda call: call.ask([text], "0", 1),
        lambda call: call.stream("beep", text),
        lambda call: call.get(text),
        lambda call: call.set(text, "1"),
        lambda call: call.run(text),
        lambda call: call.note(text, "a=b"),
        lambda call: call.note("IVR_KEY", text),
        lambda call: call.record(f"messages/{text}", 5),
        lambda call: call.record("messages/a", 5, ends=text),
    ):
        lines = await lines_sent(act)
        if lines is not None and text not in ("", "张"):
            assert not set(text) & set("\r\n\0\"\\${}; '|"), text


@pytest.mark.parametrize("prompt", ["", "/etc/passwd", "../x", "a//b", "Hello", "a b", "a&b", "a\n", "a/"])
async def test_a_prompt_is_an_id_and_not_a_path(prompt: str) -> None:
    assert await lines_sent(lambda call: call.play(prompt)) is None


@pytest.mark.parametrize("name", ["", "/tmp/a", "../a", "messages/../a", "a b", 'a"', "a\n", "a.wav", "a//b", "-a"])
async def test_a_recording_has_a_name_and_not_a_path(name: str) -> None:
    assert await lines_sent(lambda call: call.record(name, 5)) is None


@pytest.mark.parametrize("argument", ["a,b", "a)", "(a", 'a"b', "a\\b", "${X}", ")("])
async def test_an_argument_that_asterisk_would_split_is_refused(argument: str) -> None:
    assert await lines_sent(lambda call: call.run("Dial", argument)) is None


def test_the_fakes_headers_are_bytes_on_the_wire() -> None:
    assert headers("citizen", ["12345"]).endswith(b"agi_arg_1: 12345\n\n")
