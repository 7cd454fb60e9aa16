"""Sessions of the desk: signing in with password and code, the cookie's session, its end."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection

from ivr.people import password_hash
from ivr.people.accounts import Person, person_of
from ivr.people.people_schema import FAILED_SIGN_INS, PEOPLE, SESSIONS
from ivr.records.store.database import Database

LONGEST = timedelta(hours=12)  # of a session
IDLE = timedelta(minutes=60)
_SEEN_EVERY = timedelta(seconds=60)
_REMEMBERED = timedelta(minutes=15)  # a failed sign-in
_MOST_OF_BOTH, _MOST_OF_USER, _MOST_OF_ADDRESS = 5, 20, 40  # failures in that time, then every sign-in is refused
_CODE_STEP = 30  # seconds


class SignInRefused(StrEnum):
    """The reason of a failed sign-in."""

    WRONG = "wrong"  # user, password or code is wrong; the answer does not say which
    CODE_NEEDED = "code-needed"  # the password is right, and the code of the authenticator app is missing
    LOCKED = "locked"  # too many failures


@dataclass(frozen=True, slots=True)
class DeskSession:
    """A signed-in person at the desk."""

    session: str  # a name that may be shown
    person: Person
    seat: str | None
    made_at: datetime
    seen_at: datetime
    address: str

    def ends_at(self) -> datetime:
        """Return the latest time at which the session ends."""
        return self.made_at + LONGEST


def sign_in(
    database: Database, user: str, password: str, code: str, address: str, now: datetime
) -> tuple[str, DeskSession] | SignInRefused:
    """Sign a person in; return the new cookie and the session. The hash takes some 50 ms of a processor.

    Raises:
        DatabaseUnusable: the database cannot be used. All functions of this module raise it.
    """
    user = user.strip().lower()[:40]
    with database.begin() as connection:
        if _is_locked(connection, user, address, now):
            return SignInRefused.LOCKED
        row = connection.execute(select(PEOPLE).where(PEOPLE.c.user == user)).mappings().first()
    is_right = password_hash.is_right(row["password"] if row else None, password[: password_hash.LONGEST])
    if row is None or not is_right or row["disabled"]:
        return _count_failure(database, user, address, now)
    step = 0
    if row["totp"]:
        if not code:
            return SignInRefused.CODE_NEEDED
        step = _step_of(row["totp"], code, now)
        if step <= row["totp_used"]:
            return _count_failure(database, user, address, now)
    cookie = secrets.token_urlsafe(32)
    with database.begin() as connection:
        if step:
            code_use = update(PEOPLE).where(PEOPLE.c.user == user, PEOPLE.c.totp_used < step).values(totp_used=step)
            if connection.execute(code_use).rowcount != 1:  # another sign-in used the same code at this moment
                return SignInRefused.WRONG
        own_failures = (FAILED_SIGN_INS.c.user == user) & (FAILED_SIGN_INS.c.address == address)
        connection.execute(delete(FAILED_SIGN_INS).where(or_(own_failures, FAILED_SIGN_INS.c.at < now - _REMEMBERED)))
        connection.execute(delete(SESSIONS).where(_is_over(now)))
        connection.execute(update(PEOPLE).where(PEOPLE.c.user == user).values(last_sign_in=now))
        row_values = {"session": secrets.token_hex(8), "seat": row["seat"], "made_at": now, "seen_at": now}
        connection.execute(insert(SESSIONS).values(digest=digest(cookie), user=user, address=address, **row_values))
    return cookie, DeskSession(person=person_of(row), address=address, **row_values)


def session_of(database: Database, cookie: str, now: datetime) -> DeskSession | None:
    """Return the session of a cookie; None if the session is over or unknown."""
    query = select(SESSIONS, *(column for column in PEOPLE.c if column.name not in ("user", "seat"))).join(PEOPLE)
    query = query.add_columns(PEOPLE.c.seat.label("own_seat"))
    with database.begin() as connection:
        row = connection.execute(query.where(SESSIONS.c.digest == digest(cookie))).mappings().first()
        if row is None or row["disabled"]:
            return None
        if now - row["made_at"] > LONGEST or now - row["seen_at"] > IDLE:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest(cookie)))
            return None
        if now - row["seen_at"] > _SEEN_EVERY:
            connection.execute(update(SESSIONS).where(SESSIONS.c.digest == digest(cookie)).values(seen_at=now))
    person = person_of({**row, "seat": row["own_seat"]})
    return DeskSession(row["session"], person, row["seat"], row["made_at"], row["seen_at"], row["address"])


def set_session_seat(database: Database, session: str, seat: str | None, now: datetime) -> str | None:
    """Give a seat, or no seat, to the person of a session; return the user who has the seat already, if any."""
    with database.begin() as connection:
        user = connection.execute(select(SESSIONS.c.user).where(SESSIONS.c.session == session)).scalar()
        if seat is not None:
            occupants = select(SESSIONS.c.user).where(SESSIONS.c.seat == seat, SESSIONS.c.user != user, ~_is_over(now))
            if occupant := connection.execute(occupants).scalar():
                return str(occupant)
        connection.execute(update(SESSIONS).where(SESSIONS.c.session == session).values(seat=seat))
    return None


def people_at_seats(database: Database, now: datetime) -> dict[str, str]:
    """Return the name of the person at each seat, by the seat."""
    query = select(SESSIONS.c.seat, PEOPLE.c.name).join(PEOPLE, SESSIONS.c.user == PEOPLE.c.user)
    with database.begin() as connection:
        rows = connection.execute(query.where(SESSIONS.c.seat.is_not(None), ~_is_over(now)))
        return {seat: name for seat, name in rows}


def end_sessions(database: Database, *, cookie: str = "", user: str = "", but: str = "") -> int:
    """End the session of a cookie, or all sessions of a user but the session ``but``; return their number."""
    deletion = delete(SESSIONS).where(SESSIONS.c.digest == digest(cookie) if cookie else SESSIONS.c.user == user)
    with database.begin() as connection:
        return connection.execute(deletion.where(SESSIONS.c.session != but)).rowcount


def is_password(database: Database, user: str, password: str, address: str, now: datetime) -> bool:
    """Return whether a password is the user's. A wrong password counts as a failed sign-in."""
    with database.begin() as connection:
        if _is_locked(connection, user, address, now):
            return False
        stored_hash = connection.execute(select(PEOPLE.c.password).where(PEOPLE.c.user == user)).scalar()
    if password_hash.is_right(stored_hash, password[: password_hash.LONGEST]):
        return True
    _count_failure(database, user, address, now)
    return False


def digest(secret: str) -> str:
    """Return the digest by which the database knows a cookie or a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_over(now: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202 - SQLAlchemy's condition
    return or_(SESSIONS.c.made_at < now - LONGEST, SESSIONS.c.seen_at < now - IDLE)


def _is_locked(connection: Connection, user: str, address: str, now: datetime) -> bool:
    is_remembered = FAILED_SIGN_INS.c.at > now - _REMEMBERED
    of_user, of_address = FAILED_SIGN_INS.c.user == user, FAILED_SIGN_INS.c.address == address
    for conditions, most_failures in (
        ((of_user, of_address), _MOST_OF_BOTH),
        ((of_user,), _MOST_OF_USER),
        ((of_address,), _MOST_OF_ADDRESS),
    ):
        query = select(func.count()).select_from(FAILED_SIGN_INS).where(is_remembered, *conditions)
        if connection.execute(query).scalar_one() >= most_failures:
            return True
    return False


def _count_failure(database: Database, user: str, address: str, now: datetime) -> SignInRefused:
    with database.begin() as connection:
        connection.execute(insert(FAILED_SIGN_INS).values(user=user, address=address, at=now))
    return SignInRefused.WRONG


def _step_of(key: str, code: str, now: datetime) -> int:
    """Return the time step of a code: the present step or a neighbour; 0 if the code fits no step."""
    totp, present_step = pyotp.TOTP(key), int(now.timestamp()) // _CODE_STEP
    for step in (present_step, present_step - 1, present_step + 1):
        if secrets.compare_digest(totp.at(step * _CODE_STEP), code.strip()):
            return step
    return 0
