"""The signature of a message between programs: HMAC-SHA256 (RFC 2104) over its time and its body. Pure."""

import hashlib
import hmac
import re

_WINDOW = 300  # seconds that the clocks of two programs may differ


def signature(key: str, timestamp: str, body: bytes) -> str:
    """Return the signature: HMAC-SHA256 of the timestamp, a full stop and the body, in hexadecimal."""
    return "sha256=" + hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_signed(key: str, timestamp: str, body: bytes, sent_signature: str, now: float) -> bool:
    """Tell whether a message was signed with the key, within five minutes of ``now``.

    Args:
        key: shared with the sender; "" signs nothing.
        timestamp: Unix time in seconds, as the sender wrote it.
        body: the bytes of the request's body.
        sent_signature: the signature in the request.
        now: Unix time in seconds.
    """
    if not key or not re.fullmatch(r"[0-9]{1,12}", timestamp, re.ASCII) or abs(int(timestamp) - now) > _WINDOW:
        return False
    return hmac.compare_digest(signature(key, timestamp, body).encode(), sent_signature.encode("utf-8", "replace"))
