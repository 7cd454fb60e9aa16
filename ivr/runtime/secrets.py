"""PINs, passwords and keys of one hotline: made at the first start, for the owner only.

Carriers assign the passwords of trunks, and platforms their keys. `ivr secret set` writes them into the file.
"""

import base64
import hmac
import json
import os
import pwd
import secrets
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from ivr.runtime.errors import SecretsUnreadable
from ivr.texts import _

# People type passwords into phones, so that no two characters look alike. 20 of 57 characters are 116 bits.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
_LENGTH = 20
_PIN_DIGITS = 6  # enough, because a keypad allows three tries in five minutes


@dataclass(frozen=True, slots=True)
class Secrets:
    """The passwords of one hotline; its ``repr`` shows none of them."""

    ami_password: str = field(repr=False)
    seat_passwords: Mapping[str, str] = field(repr=False)  # by seat, "8001"
    seat_pins: Mapping[str, str] = field(repr=False)  # by seat: digits, to sign in at any seat's phone
    events_key: str = field(repr=False)  # signs the events for desktop programs; "" if none was made yet
    page_key: str = field(repr=False)  # makes the passwords of the phones in desk pages; "" if none was made yet
    trunk_passwords: Mapping[str, str] = field(default_factory=dict, repr=False)  # by trunk; the carrier gave them
    platform_keys: Mapping[str, str] = field(default_factory=dict, repr=False)  # by platform: sign messages both ways
    alarm_keys: Mapping[str, str] = field(
        default_factory=dict, repr=False
    )  # by receiver of alarms: its password or key
    shared: bool = False  # all machines of a cluster have this file, and the passwords of new seats follow from it


def page_password(secrets: Secrets, phone: str) -> str:
    """Return the SIP password of a phone in a desk page, such as ``web-8001``."""
    return hmac.new(secrets.page_key.encode(), phone.encode(), "sha256").hexdigest()


def order_code(secrets: Secrets, order: str) -> str:
    """Return the code with which a citizen looks up a work order: 50 bits as letters and digits (RFC 4648, base32)."""
    digest = hmac.new(secrets.page_key.encode(), f"order:{order}".encode(), "sha256").digest()
    code = base64.b32encode(digest).decode()
    return f"{code[:5]}-{code[5:10]}"


def load(path: Path) -> Secrets:
    """Read the passwords of an earlier start.

    Raises:
        FileNotFoundError: There was no start yet.
        SecretsUnreadable: The hotline did not write the file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        ami, seats = content["ami_password"], content["seat_passwords"]
        pins = content.get("seat_pins", {})  # a file of an earlier version lacks the PINs and the keys after them
        keys = {name: content[name] for name in ("events_key", "page_key") if name in content}
        keys_by_name = tuple(content.get(name, {}) for name in ("trunk_passwords", "platform_keys", "alarm_keys"))
        other_texts = [text for group in keys_by_name for text in (*group, *group.values())]
        texts = (ami, *seats, *seats.values(), *pins, *pins.values(), *keys.values(), *other_texts)
        if not all(isinstance(text, str) and text for text in texts):
            raise ValueError(_("a password is empty"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SecretsUnreadable(
            _("{path} is damaged ({reason}); move it away and new passwords are made at the next start").format(
                path=path, reason=error
            )
        ) from error
    keys = {"events_key": "", "page_key": "", **keys}
    shared = content.get("shared") is True
    trunks, platforms, alarms = map(MappingProxyType, keys_by_name)
    return Secrets(
        ami,
        MappingProxyType(seats),
        MappingProxyType(pins),
        **keys,
        trunk_passwords=trunks,
        platform_keys=platforms,
        alarm_keys=alarms,
        shared=shared,
    )


def load_or_make(path: Path, seats: Iterable[str]) -> Secrets:
    """Return the passwords in ``path``; make the missing passwords; an old seat keeps its password.

    A seat that is no longer in the registry keeps its password, because it may come back.

    Raises:
        SecretsUnreadable: The file exists but the hotline did not write it; the file is not changed. Or it belongs to
            another user, as a copy that root has made.
    """
    try:
        path.chmod(0o600)
        stored_secrets = load(path)
    except PermissionError as error:
        text = _("{path} belongs to another user than the hotline's; run as root: chown {user}: {path}")
        raise SecretsUnreadable(text.format(path=path, user=pwd.getpwuid(os.geteuid()).pw_name)) from error
    except FileNotFoundError:
        stored_secrets = Secrets(_password(), MappingProxyType({}), MappingProxyType({}), "", "")
    seats = tuple(seats)
    make, make_pin = (
        (_derived(stored_secrets), _derived_pin(stored_secrets)) if stored_secrets.shared else (_any_password, _any_pin)
    )
    passwords = {seat: make(seat) for seat in seats if seat not in stored_secrets.seat_passwords}
    pins = {seat: make_pin(seat) for seat in seats if seat not in stored_secrets.seat_pins}
    if not (passwords or pins) and stored_secrets.events_key and stored_secrets.page_key and path.exists():
        return stored_secrets
    complete = Secrets(
        stored_secrets.ami_password,
        MappingProxyType({**stored_secrets.seat_passwords, **passwords}),
        MappingProxyType({**stored_secrets.seat_pins, **pins}),
        stored_secrets.events_key or _password(),
        stored_secrets.page_key or _password(),
        stored_secrets.trunk_passwords,
        stored_secrets.platform_keys,
        stored_secrets.alarm_keys,
        stored_secrets.shared,
    )
    _write(path, complete)
    return complete


def known_trunks(path: Path) -> frozenset[str]:
    """Return the trunks with a stored password; none if the file is missing, damaged or another user's."""
    try:
        return frozenset(load(path).trunk_passwords)
    except (OSError, SecretsUnreadable):
        return frozenset()


def set_trunk_password(path: Path, trunk: str, password: str, seats: Iterable[str]) -> None:
    """Store the carrier's password of a trunk; "" deletes it.

    Raises:
        SecretsUnreadable: as for `load_or_make`.
    """
    stored_secrets = load_or_make(path, seats)
    _write(path, replace(stored_secrets, trunk_passwords=_with_secret(stored_secrets.trunk_passwords, trunk, password)))


def set_platform_key(path: Path, platform: str, key: str, seats: Iterable[str]) -> None:
    """Store the key that a platform and the hotline share; "" deletes it.

    Raises:
        SecretsUnreadable: as for `load_or_make`.
    """
    stored_secrets = load_or_make(path, seats)
    _write(path, replace(stored_secrets, platform_keys=_with_secret(stored_secrets.platform_keys, platform, key)))


def platform_keys(path: Path) -> dict[str, str]:
    """Return the keys of the platforms; none if the file is missing, damaged or another user's."""
    try:
        return dict(load(path).platform_keys)
    except (OSError, SecretsUnreadable):
        return {}


def set_alarm_key(path: Path, receiver: str, key: str, seats: Iterable[str]) -> None:
    """Store the password, robot key or token of a receiver of alarms; "" deletes it.

    Raises:
        SecretsUnreadable: as for `load_or_make`.
    """
    stored_secrets = load_or_make(path, seats)
    _write(path, replace(stored_secrets, alarm_keys=_with_secret(stored_secrets.alarm_keys, receiver, key)))


def alarm_keys(path: Path) -> dict[str, str]:
    """Return the keys of the receivers of alarms; none if the file is missing, damaged or another user's."""
    try:
        return dict(load(path).alarm_keys)
    except (OSError, SecretsUnreadable):
        return {}


def _with_secret(secrets_by_name: Mapping[str, str], name: str, secret: str) -> Mapping[str, str]:
    other_secrets = {other_name: text for other_name, text in secrets_by_name.items() if other_name != name}
    return MappingProxyType({**other_secrets, name: secret} if secret else other_secrets)


def share(path: Path, seats: Iterable[str]) -> Secrets:
    """Return the passwords of a node of a cluster; from now on the passwords of new seats follow from the file.

    A new seat therefore has the same password on all machines with a copy of the file.

    Raises:
        SecretsUnreadable: as for `load_or_make`.
    """
    stored_secrets = load_or_make(path, seats)
    if not stored_secrets.shared:
        stored_secrets = replace(stored_secrets, shared=True)
        _write(path, stored_secrets)
    return stored_secrets


def fingerprint(secrets: Secrets) -> str:
    """Return a text that is equal on machines whose seats have equal passwords, and reveals no password."""
    passwords = json.dumps([dict(secrets.seat_passwords), dict(secrets.seat_pins)], sort_keys=True)
    return hmac.new(secrets.page_key.encode(), f"fingerprint:{passwords}".encode(), "sha256").hexdigest()[:16]


def _derived(stored_secrets: Secrets) -> Callable[[str], str]:
    def password(seat: str) -> str:
        number = int.from_bytes(hmac.new(stored_secrets.page_key.encode(), f"seat:{seat}".encode(), "sha256").digest())
        signs = []
        for _position in range(_LENGTH):
            number, sign = divmod(number, len(_ALPHABET))
            signs.append(_ALPHABET[sign])
        return "".join(signs)

    return password


def _derived_pin(stored_secrets: Secrets) -> Callable[[str], str]:
    def pin(seat: str) -> str:
        digest = hmac.new(stored_secrets.page_key.encode(), f"pin:{seat}".encode(), "sha256").digest()
        return f"{int.from_bytes(digest) % 10**_PIN_DIGITS:0{_PIN_DIGITS}}"

    return pin


def _any_password(_seat: str) -> str:
    return _password()


def _any_pin(_seat: str) -> str:
    return _pin()


def _password() -> str:
    return "".join(secrets.choice(_ALPHABET) for _position in range(_LENGTH))


def _pin() -> str:
    return f"{secrets.randbelow(10**_PIN_DIGITS):0{_PIN_DIGITS}}"


def _write(path: Path, content: Secrets) -> None:
    """Replace ``path`` in one step, so that an interrupted start leaves the old file or the new, never half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(
                {
                    "ami_password": content.ami_password,
                    "seat_passwords": dict(content.seat_passwords),
                    "seat_pins": dict(content.seat_pins),
                    "events_key": content.events_key,
                    "page_key": content.page_key,
                    "trunk_passwords": dict(content.trunk_passwords),
                    "platform_keys": dict(content.platform_keys),
                    "alarm_keys": dict(content.alarm_keys),
                    "shared": content.shared,
                },
                file,
                indent=2,
            )
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
