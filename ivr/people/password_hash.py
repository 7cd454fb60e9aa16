"""Passwords: argon2id (RFC 9106) with the library's defaults, and the rule of passwords."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 10  # characters (NIST SP 800-63B asks for 8, GB/T 22239 level 3 for complexity or length)
LONGEST = 128
_COMMON = {"1234567890", "0123456789", "password12", "qwertyuiop", "1qaz2wsx3edc", "admin12345", "12345123451"}
_WORDS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"  # no two characters that look alike

hasher = PasswordHasher()


@cache
def placeholder_hash() -> str:
    """Return a hash to compare with if there is no such user, made at the first use, because a hash takes time."""
    return hasher.hash(secrets.token_urlsafe(16))


def hashed(password: str) -> str:
    """Return the hash of a password. It takes 50 ms of a processor and 64 MiB, to slow down guesses."""
    return hasher.hash(password)


def is_right(stored_hash: str | None, password: str) -> bool:
    """Return whether a password fits a hash. It takes as long without a hash, so that the time reveals no user name."""
    placeholder = placeholder_hash()  # in any case, so that the first answer takes as long, too
    try:
        return hasher.verify(stored_hash or placeholder, password) and stored_hash is not None
    except (Argon2Error, InvalidHashError):
        return False


def is_weak(password: str, user: str) -> bool:
    """Return whether a password is too short, too long, a common password, or made of the user name."""
    folded = password.casefold()
    is_user_name = len(user) >= 3 and user.casefold() in folded and len(folded) - len(user) < 6
    return not SHORTEST <= len(password) <= LONGEST or len(set(folded)) < 5 or folded in _COMMON or is_user_name


def made_password() -> str:
    """Return a password for the first sign-in, easy to read out: 14 characters, 81 bits."""
    return "".join(secrets.choice(_WORDS) for _position in range(14))
