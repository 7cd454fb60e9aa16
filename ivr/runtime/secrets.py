"""Passwords of the seats and of AMI: made at the first start, kept in a file that only its owner can read."""

import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ivr.runtime.errors import SecretsUnreadable
from ivr.texts import _

# People type these into phones: no two characters that look alike. 20 of 57 are 116 bits.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Secrets:
    """The passwords of one hotline; its ``repr`` shows none of them."""

    ami_password: str = field(repr=False)
    seat_passwords: Mapping[str, str] = field(repr=False)  # by seat, "8001"


def load(path: Path) -> Secrets:
    """Read the passwords that an earlier start made.

    Raises:
        FileNotFoundError: There was no start yet.
        SecretsUnreadable: The file is not one of ours.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        ami, seats = content["ami_password"], content["seat_passwords"]
        if not all(isinstance(text, str) and text for text in (ami, *seats, *seats.values())):
            raise ValueError(_("a password is empty"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SecretsUnreadable(
            _("{path} is damaged ({reason}); move it away and new passwords are made at the next start").format(
                path=path, reason=error
            )
        ) from error
    return Secrets(ami, MappingProxyType(seats))


def load_or_make(path: Path, seats: Iterable[str]) -> Secrets:
    """Return the passwords in ``path``, making those that are missing; an old seat keeps its own.

    A seat that left the registry keeps its password too, for the day it comes back.

    Raises:
        SecretsUnreadable: The file is there but is not one of ours; it is left as it is.
    """
    try:
        path.chmod(0o600)
        known = load(path)
    except FileNotFoundError:
        known = Secrets(_password(), MappingProxyType({}))
    made = {seat: _password() for seat in seats if seat not in known.seat_passwords}
    if not made and path.exists():
        return known
    complete = Secrets(known.ami_password, MappingProxyType({**known.seat_passwords, **made}))
    _write(path, complete)
    return complete


def _password() -> str:
    return "".join(secrets.choice(_ALPHABET) for _position in range(_LENGTH))


def _write(path: Path, content: Secrets) -> None:
    """Replace ``path`` in one step: a start that is cut off leaves the old file or the new, never half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(
                {"ami_password": content.ami_password, "seat_passwords": dict(content.seat_passwords)}, file, indent=2
            )
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
