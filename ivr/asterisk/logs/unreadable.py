"""Asterisk's log lines about a SIP message that PJSIP cannot parse, and that therefore gets no response. Pure.

The log has the message itself, too, so its sender could forge such a line. The sender could also forge the address of a
UDP packet: the count does not prove the address of the sender.
"""

import re
from dataclasses import dataclass

_LOGGED = re.compile(
    rb"(?m)^\[[^\]\n]*\] TRACE\[[0-9]+\][^:\n]*:\s+\S+ (?:"
    rb"Dropping (?P<size>[0-9]+) bytes packet from [A-Z0-9]+ (?P<source>\S+):(?P<port>[0-9]+) : "
    rb"[^']*'(?P<unread>[^'\n]*)'"
    rb"|Error processing packet from (?P<address>\S+):(?P<number>[0-9]+): "
    rb"[^\n]*?\((?P<code>PJSIP_E[A-Z]+)\) *(?P<missing>[A-Za-z-]*)[^\n]*\n(?P<first>[^\r\n]*)"
    rb")"
)
_END = b"-- end of packet.\n"
_METHOD = re.compile(rb"([A-Z]{3,12}) sips?:")
_SHORTEST = 20  # bytes; shorter packets are no messages: some phones send them to keep a NAT binding open
_HEADERS = {
    name.lower(): name
    for name in (
        "From", "To", "Via", "CSeq", "Call-ID", "Contact", "Content-Length", "Content-Type", "Max-Forwards", "Route",
        "Record-Route", "Expires",
    )
} | {"request line": "Request-Line", "status line": "Status-Line"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnreadableMessage:
    """A message that was dropped."""

    source: tuple[str, int]
    method: str  # "" if it is not known
    fault: str  # missing, unreadable, too-long
    header: str  # the faulty header; "" if it is not in `_HEADERS`


def unreadable_messages(logged: bytes) -> list[UnreadableMessage]:
    """Return the messages of a piece of the log, in their order."""
    return [_message(match) for match in _LOGGED.finditer(logged) if int(match["size"] or _SHORTEST) >= _SHORTEST]


def split_before_torn_entry(logged: bytes) -> tuple[bytes, bytes]:
    """Return the whole entries of a piece of the log, and its last entry if that entry lacks its end."""
    last = len(logged) if logged.endswith(_END) else logged.rfind(b"\n[") + 1
    return logged[:last], logged[last:]


def _message(match: re.Match[bytes]) -> UnreadableMessage:
    if match["size"]:
        return UnreadableMessage(_address(match["source"], match["port"]), "", "unreadable", _header(match["unread"]))
    source = _address(match["address"], match["number"])
    method = _METHOD.match(match["first"])
    fault = {b"PJSIP_EMISSINGHDR": "missing", b"PJSIP_ERXOVERFLOW": "too-long"}.get(match["code"], "unreadable")
    return UnreadableMessage(source, method[1].decode() if method else "", fault, _header(match["missing"]))


def _address(host: bytes, port: bytes) -> tuple[str, int]:
    return host.strip(b"[]").decode(errors="replace")[:60], int(port[-5:])


def _header(name: bytes) -> str:
    return _HEADERS.get(name.decode(errors="replace").lower(), "")
