"""Reads AGI replies, each whole and for its own command.

panoramisk's ``parse_agi_result`` is not used, because it takes the caller name ``hangup`` for a hang-up, and raises on
an empty line.
"""

import asyncio
import re
from dataclasses import dataclass

from ivr.texts import _

# `200 result=1 (张三 (测试))`, `200 result=49 endpos=9760`, `200 result=35 (dtmf) endpos=0`, `510 Invalid …`
# `200 result=0 Gosub complete`, and `(abnormal exit)` behind it if the caller hung up meanwhile.
_SUCCESS = re.compile(
    r"200 result=(-?\d*)(?: \((.*)\))?(?: endpos=(\d+))?(?: Gosub complete(?: \(abnormal exit\))?)?", re.DOTALL
)
# SPEECH RECOGNIZE: `200 result=1 (digit) digit=5 endpos=0`, `200 result=1 (speech) endpos=0 results=1 score0=87 …`
_RECOGNIZED = re.compile(
    r"200 result=1 \((speech|digit|timeout|hangup)\)(?: digit=(.))? endpos=(\d+)(?: results=\d+ (.*))?", re.DOTALL
)
_LONGEST = 64 * 1024  # bytes of a reply; Asterisk's own buffers are far smaller
_MOST_LINES = 100  # of a reply, because each line makes all lines before it be parsed again


class GarbledError(ValueError):
    """The text that arrived is no reply to the command; no text after it can be trusted."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to a command."""

    code: int  # 200; 510 unknown command, 511 not on a dead channel, 520 usage
    result: int = 0
    data: str = ""  # between the outermost parentheses
    endpos: int = 0  # samples, at 8000 a second
    text: str = ""  # text of an error reply; recognised text


def parse(text: str) -> Reply:
    """Read a reply; a value in it may have line breaks.

    Raises:
        GarbledError: the text is no AGI reply.
    """
    if success := _SUCCESS.fullmatch(text):
        result, data, endpos = success.groups()
        return Reply(200, int(result or 0), data or "", int(endpos or 0))
    if recognized := _RECOGNIZED.fullmatch(text):
        how, key, endpos, results = recognized.groups()
        return Reply(200, 1, how, int(endpos), key or results or "")
    if re.match(r"5\d\d[ -]", text):
        return Reply(int(text[:3]), text=text[4:])
    raise GarbledError(_("not an AGI reply: {text}").format(text=ascii(text[:80])))


class Replies:
    """The replies on a connection, read one at a time."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        """Read from ``reader``; from now on no other code may read from it."""
        self.hung_up = False
        self._reader = reader
        self._buffer = b""

    def settle(self) -> None:
        """Call this before each command: it takes a ``HANGUP`` line, and refuses all other text that is left over.

        A variable with a line break and a forged reply in it could otherwise answer the next command.

        Raises:
            GarbledError: lines are left over after the last reply.
        """
        while self._buffer:
            line, newline, rest = self._buffer.partition(b"\n")
            if not newline and b"HANGUP".startswith(line):
                return  # the rest is on its way
            if line != b"HANGUP":
                text = ascii(self._buffer[:80].decode("utf-8", "replace"))
                raise GarbledError(_("unexpected AGI reply: {text}").format(text=text))
            self._buffer = rest
            self.hung_up = True

    async def next(self) -> Reply:
        """Wait for a reply; a ``HANGUP`` line before it sets `hung_up`, ``100 Trying`` is ignored.

        Raises:
            GarbledError: text came that is no reply.
            EOFError: the connection ended first.
        """
        line = await self._line()
        while line == "HANGUP" or line.startswith("100 "):
            self.hung_up = self.hung_up or line == "HANGUP"
            line = await self._line()
        if line.startswith("520-"):  # usage, over several lines, the last of which starts with 520 and a space
            usage = line
            while not line.startswith("520 "):
                line = await self._line()
            return parse(usage)
        whole, lines = line, 1
        # A value with line breaks. A recording that reached its limit may have this result, too, but ends in endpos.
        while whole.startswith("200 result=1 (") and not (_SUCCESS.fullmatch(whole) or _RECOGNIZED.fullmatch(whole)):
            whole += "\n" + await self._line()
            lines += 1
            if lines > _MOST_LINES or len(whole) > _LONGEST:
                raise GarbledError(_("endless AGI reply: {text}").format(text=ascii(whole[:80])))
        return parse(whole)

    async def _line(self) -> str:
        while b"\n" not in self._buffer:
            if len(self._buffer) > _LONGEST:
                raise GarbledError(_("endless AGI reply: {text}").format(text=ascii(self._buffer[:80])))
            chunk = await self._reader.read(4096)
            if not chunk:
                raise EOFError
            self._buffer += chunk
        line, _newline, self._buffer = self._buffer.partition(b"\n")
        return line.decode("utf-8", "replace")
