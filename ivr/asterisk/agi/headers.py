"""The header block with which Asterisk opens an AGI session (``agi_channel: …``, ended by an empty line)."""

import asyncio

from ivr.texts import _

LONGEST = 8 * 1024  # bytes of the whole block
MOST = 100  # lines
NEEDED = ("agi_channel", "agi_uniqueid", "agi_extension", "agi_context")


class HeaderError(ValueError):
    """An invalid header block: the peer is not Asterisk, or a caller's text broke the block."""


def parse(block: bytes) -> dict[str, str]:
    """Read a header block; bytes that are not UTF-8 become replacement characters.

    A block with the same key twice is refused, because a line break in a caller's name could add headers.

    Raises:
        HeaderError: the block is too long, has a line that is no header, has a key twice, or lacks a key of `NEEDED`.
    """
    lines = block.rstrip(b"\n").decode("utf-8", "replace").split("\n")
    if len(block) > LONGEST or len(lines) > MOST:
        raise HeaderError(_("the header block is too long"))
    headers: dict[str, str] = {}
    for line in lines:
        key, colon, value = line.partition(":")
        if not colon or not key.startswith("agi_"):
            raise HeaderError(_("not an AGI header: {text}").format(text=ascii(line[:80])))
        if key in headers:
            raise HeaderError(_("the header {key} stands twice").format(key=ascii(key[:80])))
        headers[key] = value.strip()
    for key in NEEDED:
        if not headers.get(key):
            raise HeaderError(_("the header {key} is missing").format(key=key))
    return headers


async def read(reader: asyncio.StreamReader, seconds: float) -> dict[str, str]:
    """Wait for a header block. ``reader`` must have been made with ``limit=LONGEST``.

    Raises:
        HeaderError: no header block came within ``seconds``, or it is invalid.
    """
    try:
        async with asyncio.timeout(seconds):
            return parse(await reader.readuntil(b"\n\n"))
    except TimeoutError:
        raise HeaderError(_("no complete header block within {s:g} s").format(s=seconds)) from None
    except asyncio.LimitOverrunError:
        raise HeaderError(_("the header block is too long")) from None
    except (EOFError, OSError):
        raise HeaderError(_("the peer closed the connection before the header block was complete")) from None
