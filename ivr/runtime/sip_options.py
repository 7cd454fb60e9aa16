"""Asks a SIP peer whether it answers: one OPTIONS request (RFC 3261, 11) over UDP."""

import secrets
import socket

_SECONDS = 2.0
_RESPONSE = "SIP/2.0 "


def answers(host: str, port: int, source: str) -> str | None:
    """Return the status line of the response of ``host:port`` to OPTIONS from ``source``; None without a response.

    Any status, such as 200 or 401, shows that a SIP server answers.

    Raises:
        OSError: the address cannot be reached.
    """
    answered = response(host, port, source)
    first = answered.partition("\r\n")[0] if answered else ""
    return first if first.isprintable() and first else None


def response(host: str, port: int, source: str) -> str | None:
    """Return the response of ``host:port`` to OPTIONS from ``source``; None without a response.

    Raises:
        OSError: the address cannot be reached.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((source, 0))
        asking.settimeout(_SECONDS)
        asking.connect((host, port))  # so that a response of another peer is not taken
        me = "{}:{}".format(*asking.getsockname())
        call = secrets.token_hex(8)
        lines = (
            f"OPTIONS sip:{host}:{port} SIP/2.0",
            f"Via: SIP/2.0/UDP {me};branch=z9hG4bK{call};rport",
            "Max-Forwards: 70",
            f"From: <sip:hotline@{me}>;tag={call}",
            f"To: <sip:{host}:{port}>",
            f"Call-ID: {call}@{source}",
            "CSeq: 1 OPTIONS",
            f"Contact: <sip:hotline@{me}>",
            "Accept: application/sdp",
            "Content-Length: 0",
        )
        try:
            asking.send("\r\n".join((*lines, "", "")).encode())
            text = asking.recv(4096).decode("ascii", "replace")
        except (TimeoutError, ConnectionRefusedError):
            return None
    return text if text.startswith(_RESPONSE) else None
