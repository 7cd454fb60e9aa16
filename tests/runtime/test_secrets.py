"""Passwords are made once, kept, and shown in no log and to no other user."""

import stat
from pathlib import Path

import pytest

from ivr.runtime.errors import SecretsUnreadable
from ivr.runtime.secrets import load, load_or_make


def test_a_second_start_keeps_every_password_and_makes_those_of_new_seats(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = load_or_make(path, ["8001", "8002"])
    second = load_or_make(path, ["8002", "8101"])
    assert second.ami_password == first.ami_password
    assert second.seat_passwords["8002"] == first.seat_passwords["8002"]
    assert second.seat_passwords["8001"] == first.seat_passwords["8001"], "a seat may come back"
    assert second.seat_passwords["8101"]
    assert load(path) == second


def test_passwords_are_long_and_all_different(tmp_path: Path) -> None:
    hotline_secrets = load_or_make(tmp_path / "secrets.json", [str(seat) for seat in range(8001, 8051)])
    passwords = [hotline_secrets.ami_password, *hotline_secrets.seat_passwords.values()]
    assert len(set(passwords)) == 51
    assert all(len(password) == 20 and password.isalnum() for password in passwords)


def test_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    load_or_make(path, ["8001"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    load_or_make(path, ["8001"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path], "a temporary file is left"


def test_no_password_shows_in_a_log_line(tmp_path: Path) -> None:
    hotline_secrets = load_or_make(tmp_path / "secrets.json", ["8001"])
    assert hotline_secrets.ami_password not in repr(hotline_secrets)
    assert hotline_secrets.seat_passwords["8001"] not in repr(hotline_secrets)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"ami_password": "x"}', '{"ami_password": "", "seat_passwords": {}}', "null", "\x00"]
)
def test_a_damaged_file_is_left_alone_and_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(content)
    with pytest.raises(SecretsUnreadable, match=r"secrets\.json is damaged .* move it away"):
        load_or_make(path, ["8001"])
    assert path.read_text() == content


def test_before_the_first_start_there_are_no_passwords(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "secrets.json")


def test_a_copy_that_belongs_to_root_is_refused_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secrets.json"
    load_or_make(path, ["8001"])

    def chmod_of_another_user(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", chmod_of_another_user)
    with pytest.raises(SecretsUnreadable, match="run as root: chown"):
        load_or_make(path, ["8001"])
