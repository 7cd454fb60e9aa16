"""Masks secrets in a trace: passwords, keys of SRTP, keys that a caller pressed (they may be a PIN). Pure."""

import re

_SECRET = re.compile(
    rb"(?im)^((?:proxy-)?authorization|(?:proxy|www)-authenticate|authentication-info|identity|p-charging-vector)\s*:[^\r\n]*"
)
_CRYPTO = re.compile(rb"(?im)^a=(crypto|fingerprint|ice-pwd|ice-ufrag|key-mgmt):[^\r\n]*")
_KEY = re.compile(rb"(?im)^(signal\s*=\s*|)[0-9A-D*#](?=\s*$)")


def without_secrets(payload: bytes) -> bytes:
    """Return a SIP message whose secrets are replaced by a mark of as many bytes, so that lengths stay right."""
    head, blank, body = payload.partition(b"\r\n\r\n")
    head = _SECRET.sub(_crossed_out, head)
    body = _CRYPTO.sub(_crossed_out, body)
    if head.startswith(b"INFO "):
        body = _KEY.sub(lambda found: found[1] + b"x", body)
    return head + blank + body


def _crossed_out(header: "re.Match[bytes]") -> bytes:
    name, _colon, value = header[0].partition(b":")
    return name + b":" + b" " + b"x" * (len(value) - 1) if value else header[0]
