"""Reads the header fields of an INVITE, and writes the addresses of a new call."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

# RFC 3261's "unreserved" and "user-unreserved"; the rest of a user part is percent-encoded.
_USER_SAFE = "-_.!~*'()&=+$,;?/"
_COMPACT = {"from": "f", "to": "t", "contact": "m", "call-id": "i", "via": "v", "subject": "s"}
_ADDRESS = re.compile(r'^\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<token>[^<]*?))\s*<(?P<uri>[^>]*)>')


@dataclass(frozen=True)
class Invite:
    """An INVITE as it was received."""

    text: str

    def header(self, name: str) -> str | None:
        """Return the value of the first header field of a name, in any case or in compact form, or None."""
        values = self.headers(name)
        return values[0] if values else None

    def headers(self, name: str) -> list[str]:
        """Return the values of all header fields of a name."""
        names = {name.lower(), _COMPACT.get(name.lower(), name.lower())}
        lines = re.sub(r"\r?\n[ \t]+", " ", self.text.split("\r\n\r\n")[0]).splitlines()[1:]
        pairs = (line.partition(":") for line in lines)
        return [value.strip() for key, _, value in pairs if key.strip().lower() in names]

    @property
    def called(self) -> str:
        """The user part of the Request-URI: the number dialled."""
        return user_of(self.text.split(" ", 2)[1])

    @property
    def caller(self) -> str:
        """The user part of From."""
        address = self.header("From") or ""
        match = _ADDRESS.match(address)
        return user_of(match["uri"] if match else address)

    @property
    def caller_name(self) -> str:
        """The display name in From; "" if there is none."""
        match = _ADDRESS.match(self.header("From") or "")
        if not match:
            return ""
        return re.sub(r"\\(.)", r"\1", match["quoted"]) if match["quoted"] is not None else match["token"]


def user_of(uri: str) -> str:
    """Return the user part of a SIP URI, decoded; "" if the URI has none."""
    user, at_sign, _ = uri.strip("<> ").removeprefix("sip:").partition("@")
    return unquote(user) if at_sign else ""


def address(user: str, host: str, name: str = "") -> str:
    """Return the value of a From header field; `user` may be any text, `name` may be Chinese."""
    display_name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '" ' if name else ""
    return f"{display_name}<{uri(user, host)}>"


def uri(user: str, host: str) -> str:
    """Return `sip:USER@HOST`; `sip:HOST` if there is no user."""
    return f"sip:{quote(user, safe=_USER_SAFE)}@{host}" if user else f"sip:{host}"
