"""Signing in at the desk: cookies, passwords and codes that are accepted or refused, and the end of a session."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import argon2
import pyotp
import pytest
from websockets.exceptions import ConnectionClosed

from ivr.people import accounts, password_hash
from ivr.people.rights import Role
from testkit.hotline.desk_client import DeskClient
from testkit.hotline.running_desk import PASSWORD, RunningDesk

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk


def test_a_cookie_from_before_the_sign_in_is_no_session(desk: RunningDesk) -> None:
    """Session fixation: an attacker who plants a cookie gets no session."""
    client = desk.client()
    client.cookie = "planted" * 5
    assert client.sign_in("agent", PASSWORD).status == 200
    assert client.cookie != "planted" * 5
    planted = desk.client()
    planted.cookie = "planted" * 5
    assert planted.api("GET", "/session").code == "signed-out"


def test_neither_scripts_nor_other_sites_can_use_the_cookie(desk: RunningDesk) -> None:
    cookie = desk.client().sign_in("agent", PASSWORD).headers["Set-Cookie"]
    assert cookie.startswith("__Host-desk=")
    for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_a_password_guesser_is_locked_out_and_learns_no_user_name(desk: RunningDesk) -> None:
    desk.add("victim", Role.AGENT)
    guesser = desk.client()
    unknown = guesser.sign_in("no-such-user", "guess guess 1")
    wrong_password = guesser.sign_in("victim", "guess guess 1")
    assert (unknown.status, unknown.body) == (wrong_password.status, wrong_password.body)
    for _guess in range(4):
        assert guesser.sign_in("victim", "guess guess 2").code == "wrong"
    locked = guesser.sign_in("victim", PASSWORD)
    assert (locked.status, locked.code, locked.headers["Retry-After"]) == (429, "locked", "900")
    desk.ahead += timedelta(minutes=16)
    assert guesser.sign_in("victim", PASSWORD).status == 200


def test_a_code_is_accepted_once(desk: RunningDesk) -> None:
    desk.add("careful", Role.ADMIN)
    address = accounts.set_totp(desk.database, "careful", "12345")
    totp = pyotp.TOTP(parse_qs(urlsplit(address).query)["secret"][0])
    client = desk.client()
    assert client.sign_in("careful", PASSWORD).code == "code-needed"
    assert client.sign_in("careful", PASSWORD, "000000").code == "wrong"
    code = totp.at(desk.now())
    assert client.sign_in("careful", PASSWORD, code).status == 200
    assert desk.client().sign_in("careful", PASSWORD, code).code == "wrong", "a code was accepted twice"


def test_a_password_that_an_admin_knows_opens_only_its_change(desk: RunningDesk) -> None:
    first_password = accounts.add_person(desk.database, "fresh", "新人", [Role.ADMIN], None, None, desk.now())
    client = desk.client()
    assert client.sign_in("fresh", first_password).json["me"]["password_expired"]
    assert client.api("GET", "/people").code == "forbidden"
    change = {"old": first_password, "new": "short"}
    assert client.api("POST", "/session/password", change).code == "weak"
    assert client.api("POST", "/session/password", {**change, "new": first_password}).code == "weak"
    assert client.api("POST", "/session/password", {**change, "new": "a horse at 8"}).status == 204
    assert client.api("GET", "/session").code == "signed-out", "all sessions end with the old password"
    assert client.sign_in("fresh", "a horse at 8").status == 200
    assert client.api("GET", "/people").status == 200


@pytest.mark.parametrize("end", ["sign-out", "admin", "disabled", "idle", "old"])
def test_a_session_ends_with_sign_out_time_and_removal(desk: RunningDesk, end: str) -> None:
    user = f"leaves-{end}"
    desk.add(user, Role.AGENT)
    client = desk.client(user)
    with client.live() as page:
        page.begin()
        match end:
            case "sign-out":
                assert client.api("DELETE", "/session").status == 204
            case "admin":
                assert desk.client("admin").act("people.end-sessions", user=user).json["result"] == {"sessions": 1}
            case "disabled":
                assert desk.client("admin").act("people.change", user=user, disabled=True).status == 200
            case "idle":
                desk.ahead += timedelta(minutes=61)
            case "old":
                desk.ahead += timedelta(hours=12, minutes=1)
        assert client.api("GET", "/session").code == "signed-out"
        if end not in ("idle", "old"):
            assert closed(page.socket) == 4401
    desk.ahead = timedelta()


def closed(socket: object) -> int:
    """The code with which the desk closes a page's WebSocket."""
    try:
        while True:
            socket.recv(timeout=15)  # type: ignore[attr-defined]
    except ConnectionClosed as over:
        assert over.rcvd
        return over.rcvd.code


def test_a_seat_has_one_person_at_a_time(desk: RunningDesk) -> None:
    for user in ("one", "two"):
        desk.add(user, Role.AGENT)
    first, second = desk.client("one"), desk.client("two")
    assert first.act("seat.take", seat="8003").status == 200
    assert second.act("seat.take", seat="8003").code == "taken"
    assert first.act("seat.leave").status == 200
    assert second.act("seat.take", seat="8003").status == 200
    fixed = DeskClient(desk.address)
    assert fixed.sign_in("agent", PASSWORD).status == 200
    assert fixed.act("seat.take", seat="8003").code == "forbidden", "this person has a seat of the own"


def test_passwords_are_kept_as_argon2id() -> None:
    """RFC 9106: 64 MiB, three passes."""
    stored_hash = argon2.PasswordHasher().hash(PASSWORD)
    assert stored_hash.startswith("$argon2id$v=19$m=65536,t=3,")
    assert password_hash.is_right(stored_hash, PASSWORD)
    assert not password_hash.is_right(stored_hash, PASSWORD + " ")
    assert not password_hash.is_right(None, PASSWORD)
