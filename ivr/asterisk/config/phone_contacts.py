"""The registered phones, from the console's output about Asterisk's database. Pure."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass

_LINE = re.compile(r"(?m)^/registrar/contact/\S+?\s*: (\{.*\})\s*$")
_ADDRESS = re.compile(r"sips?:(?:[^@]*@)?([^;>?]+)")
_LONGEST = 60  # characters of a phone's User-Agent
COMMAND = "database show registrar"


@dataclass(frozen=True, slots=True)
class PhoneContact:
    """One registration of a phone (RFC 3261, 10)."""

    address: str  # HOST:PORT to which calls go
    user_agent: str  # the phone's own User-Agent, hostile, printable characters only


def phone_contacts(shown: str) -> dict[str, list[PhoneContact]]:
    """Return the registrations of each SIP account from the output of `COMMAND`."""
    contacts: dict[str, list[PhoneContact]] = defaultdict(list)
    for text in _LINE.findall(shown):
        try:
            row = json.loads(text)
        except ValueError:
            continue
        address = _ADDRESS.match(str(row.get("uri", "")).replace("^3B", ";"))
        agent = "".join(sign for sign in str(row.get("user_agent", "")) if sign.isprintable())[:_LONGEST]
        contacts[str(row.get("endpoint", ""))].append(PhoneContact(address[1] if address else "", agent))
    return dict(contacts)
