"""``ivr seats`` and ``ivr status`` of a hotline that has just been started."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from ivr.site.seat_accounts import SeatAccount, account_config
from testkit.hotline.running import RunningHotline

DEFAULT = {
    "8001": ["general"],
    "8002": ["general"],
    "8003": ["general"],
    "8004": ["general"],
    "8101": ["enterprise"],
    "8348": ["expert-12348"],
    "8333": ["expert-12333"],
    "8320": ["expert-12320"],
    "8315": ["expert-12315"],
}


pytestmark = pytest.mark.xdist_group("seats and status")  # with one hotline, not with one for each process


@pytest.fixture(scope="module")
def hotline() -> Iterator[RunningHotline]:
    with RunningHotline("127.0.0.1:5070") as hotline:
        yield hotline


def test_json_of_seats_has_every_field(hotline: RunningHotline) -> None:
    seats = hotline.json("seats")
    assert {row["seat"]: row["groups"] for row in seats} == DEFAULT
    assert all(list(row) == ["seat", "name", "server", "transport", "groups"] for row in seats)
    seats = hotline.json("seats", "--secrets")
    for row in seats:
        assert list(row) == ["seat", "name", "user", "password", "pin", "server", "transport", "groups"]
        assert (row["user"], row["server"]) == (row["seat"], hotline.server)
        assert len(row["password"]) >= 16
    assert len({row["password"] for row in seats}) == len(seats)


def test_the_list_of_seats_is_short_and_shows_no_password(hotline: RunningHotline) -> None:
    result = hotline.ivr("seats")
    assert (result.returncode, result.stderr) == (0, "")
    title, *rows, hint = result.stdout.splitlines()
    assert title.split() == ["seat", "name", "groups", "server", "transport"]
    assert [row.split()[0] for row in rows] == list(DEFAULT)
    assert rows[0].split() == ["8001", "话务座席1", "general", hotline.server, "udp"]
    assert hint == "user, password, PIN and QR code of a seat: ivr seats SEAT --secrets"
    secret = {row[key] for row in hotline.ask("seats") for key in ("password", "pin")}
    assert not any(word in result.stdout for word in secret)


def test_with_secrets_the_password_and_qr_code_of_a_seat_are_shown(hotline: RunningHotline) -> None:
    account = next(row for row in hotline.ask("seats") if row["seat"] == "8001")
    assert re.fullmatch("[0-9]{6}", account["pin"])
    result = hotline.ivr("seats", "--secrets", "8001")
    title, row, *code = result.stdout.splitlines()
    assert title.split() == ["seat", "name", "user", "password", "PIN", "server", "transport"]
    assert row.split() == ["8001", "话务座席1", "8001", account["password"], account["pin"], hotline.server, "udp"]
    assert any(re.fullmatch("█{30,}", line) for line in code), "a QR code"
    other_account = next(row for row in hotline.ask("seats") if row["seat"] == "8002")
    assert other_account["password"] not in result.stdout


def test_an_unknown_seat_is_an_error_of_one_line(hotline: RunningHotline) -> None:
    result = hotline.ivr("seats", "9999")
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1] == "Error: Invalid value: 9999 is not a seat of this hotline; see 'ivr seats'"


def test_json_of_status_has_every_field(hotline: RunningHotline) -> None:
    status = hotline.json("status")
    assert list(status) == ["stopping", "seats", "queues", "calls", "phones", "node", "trunks", "refusals"]
    assert {row["seat"]: (row["phone"], row["state"], row["signed_in"]) for row in status["seats"]} == dict.fromkeys(
        DEFAULT, ("offline", "offline", False)
    )
    queues = {row["group"]: (row["waiting"], row["signed_in"], row["limit"]) for row in status["queues"]}
    assert queues == dict.fromkeys((group for groups in DEFAULT.values() for group in groups), (0, 0, 50))
    assert status["calls"] == []


def test_status_prints_aligned_tables(hotline: RunningHotline) -> None:
    result = hotline.ivr("status")
    assert (result.returncode, result.stderr) == (0, "")
    assert re.search(r"^8001 +话务座席1 +general +offline +offline +0 *$", result.stdout, re.MULTILINE)
    assert re.search(r"^general +话务座席 +0 +0 s +0 +0 +50$", result.stdout, re.MULTILINE)
    assert "no calls in progress" in result.stdout.splitlines()


def test_status_says_that_no_call_is_in_progress(hotline: RunningHotline) -> None:
    assert hotline.json("calls") == []
    assert hotline.ivr("calls").stdout.splitlines()[-1] == "calls: 0"


def test_a_seats_qr_code_holds_the_account_as_wave_reads_it() -> None:
    account = SeatAccount(
        seat="8001", name="", user="8001", password="pass<&>word", pin="", server="192.0.2.1:5060", transport="udp",
        groups=[],
    )  # fmt: skip
    encrypted = ElementTree.fromstring(account_config(account | {"transport": "tls"})).find("Account")
    assert encrypted is not None
    assert (encrypted.findtext("Transport"), encrypted.findtext("SRTP")) == ("TLS", "SDES")
    entry = ElementTree.fromstring(account_config(account)).find("Account")
    assert entry is not None
    assert {field.tag: field.text for field in entry} == {
        "RegisterServer": "192.0.2.1:5060",
        "UserID": "8001",
        "AuthID": "8001",
        "AuthPass": "pass<&>word",
        "AccountName": "8001",
        "DisplayName": "8001",
    }


def test_seats_are_listed_while_the_hotline_is_down(hotline: RunningHotline) -> None:
    """The last test of this file, because the hotline stays down."""
    running = hotline.ivr("seats", "--secrets").stdout
    hotline.stop()
    down = hotline.ivr("seats", "--secrets")
    assert (down.returncode, down.stderr, down.stdout) == (0, "", running)
