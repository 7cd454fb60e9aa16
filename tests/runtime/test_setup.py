"""``ivr setup`` says what it does before it does it, and one clear line where it cannot."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.setup import setup
from ivr.runtime import asterisk, debian, postgres, privilege
from ivr.runtime.errors import RuntimeMissing

FOUND = asterisk.AsteriskRuntime(("loader", "/cache/sbin/asterisk"), Path("/modules"), "22.10.1", Path("/data"))


def missing() -> asterisk.AsteriskRuntime:
    raise RuntimeMissing("none here")


@pytest.fixture
def made_users(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []

    def make() -> bool:
        made.append(privilege.SERVICE_USER)
        return True

    monkeypatch.setattr(privilege, "make_service_user", make)
    return made


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, uid: int = 1000) -> Result:
    monkeypatch.setattr("os.geteuid", lambda: uid)
    return CliRunner().invoke(setup, arguments)


def test_where_all_is_there_it_only_says_so(monkeypatch: pytest.MonkeyPatch, made_users: list[str]) -> None:
    monkeypatch.setattr(asterisk, "find", lambda: FOUND)
    done = run(monkeypatch)
    assert (done.exit_code, done.stderr) == (0, "Asterisk 22.10.1: /cache/sbin/asterisk\n")
    assert made_users == [], "an ordinary user makes no user"


def test_root_makes_the_service_user(monkeypatch: pytest.MonkeyPatch, made_users: list[str]) -> None:
    monkeypatch.setattr(asterisk, "find", lambda: FOUND)
    assert "made the system user hotline" in run(monkeypatch, uid=0).stderr
    assert made_users == ["hotline"]


def test_it_says_what_it_fetches_before_and_names_each_step_once(
    monkeypatch: pytest.MonkeyPatch, made_users: list[str]
) -> None:
    def install(progress: debian.Progress) -> asterisk.AsteriskRuntime:
        for share in (0.0, 0.5):
            progress("downloading", share)
        progress("unpacking", 0)
        return FOUND

    monkeypatch.setattr(asterisk, "find", missing)
    monkeypatch.setattr(asterisk, "install", install)
    lines = run(monkeypatch).stderr.splitlines()
    assert lines[0].startswith("fetching Asterisk from the distribution's packages (80 MB to download")
    assert lines[1:] == ["  downloading", "  unpacking", "Asterisk 22.10.1: /cache/sbin/asterisk"]


@pytest.mark.parametrize(("room", "arguments"), [(asterisk, []), (postgres, ["--tests"])])
def test_what_cannot_be_had_is_one_line_and_exit_1(
    monkeypatch: pytest.MonkeyPatch, room: object, arguments: list[str]
) -> None:
    def install(progress: debian.Progress) -> None:
        raise RuntimeMissing("apt-get: no route to anywhere")

    monkeypatch.setattr(room, "find" if room is asterisk else "server_programs", missing)
    monkeypatch.setattr(room, "install", install)
    done = run(monkeypatch, *arguments)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == "apt-get: no route to anywhere"
