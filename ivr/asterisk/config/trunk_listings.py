"""Reads the listings of trunks' hosts and registrations on Asterisk's console. Pure.

AMI's listings would have the passwords of the registrations in them.
"""

import hashlib
import re

_CONTACT = re.compile(r"(?m)^ *Contact: +([a-z][a-z0-9]*)/\S+ +([0-9a-f]{10}) +(\w+)")
_REGISTRATION = re.compile(r"(?m)^ *([a-z][a-z0-9]*)-[0-9]+/.* (Registered|Unregistered|Rejected|Stopped)\b")
_ANSWERS = {"Avail": True, "Unavail": False}


def mark(uri: str) -> str:
    """Return the digest by which the console lists a contact; it is shown in full however long the URI is."""
    return hashlib.md5(uri.encode(), usedforsecurity=False).hexdigest()[:10]


def answering(shown: str) -> dict[tuple[str, str], bool | None]:
    """Return by AOR and `mark` whether a contact answers OPTIONS, from ``pjsip show contacts``; None if unknown."""
    return {(aor, digest): _ANSWERS.get(status) for aor, digest, status in _CONTACT.findall(shown)}


def registered(shown: str) -> dict[str, bool]:
    """Return by trunk whether any of its registrations is up, from ``pjsip show registrations``."""
    is_registered: dict[str, bool] = {}
    for trunk, status in _REGISTRATION.findall(shown):
        is_registered[trunk] = is_registered.get(trunk, False) or status == "Registered"
    return is_registered
