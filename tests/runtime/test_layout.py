"""Only its owner may enter a hotline's folder, and its path may be of any length."""

import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.runtime.layout import Home


def test_no_other_user_can_read_a_hotlines_folders(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    home.create()
    for folder in (home.root, home.etc, home.run, home.log, home.cel, home.db, home.messages, home.registry):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_creating_twice_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    home.create()
    (home.db / "calls.sqlite3").write_text("calls")
    home.create()
    assert home.call_database.read_text() == "calls"


@pytest.fixture
def make_home(tmp_path: Path) -> Iterator[Callable[[str], Home]]:
    """Make homes below a folder of the test's; their short folders in /tmp go when the test ends."""
    homes: list[Home] = []
    short: set[Path] = set()

    def make(name: str) -> Home:
        home = Home(tmp_path / name / "var")
        home.create()
        homes.append(home)
        short.add(home.run)
        return home

    yield make
    for folder in short | {home.run for home in homes}:
        shutil.rmtree(folder)


@pytest.mark.parametrize("length", [1, 60, 200])
def test_sockets_can_be_bound_however_long_the_path_is(make_home: Callable[[str], Home], length: int) -> None:
    home = make_home("深" * (length // 3))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(home.control_socket))
        assert home.control_socket.is_socket()
    assert Home(home.root).control_socket == home.control_socket, "another process finds the same socket"
    home.create()
    assert home.control_socket.is_socket(), "a second start goes on with the same folder"


def test_a_short_folder_that_others_can_enter_is_not_used_again(make_home: Callable[[str], Home]) -> None:
    home = make_home("long" * 40)
    earlier_folder = home.run
    earlier_folder.chmod(0o755)
    home.create()
    assert home.run != earlier_folder
    assert stat.S_IMODE(home.run.stat().st_mode) == 0o700


def test_a_home_can_be_moved_to_a_longer_path_and_back(make_home: Callable[[str], Home], tmp_path: Path) -> None:
    short = make_home("")
    long = Home(tmp_path / ("long" * 40) / "var")
    long.root.parent.mkdir()
    short.root.rename(long.root)
    long.create()
    far = long.run
    assert far.parent == Path("/tmp")
    long.root.rename(short.root)
    short.create()
    assert short.run == short.root / "run"
    far.rmdir()


def test_a_relative_home_stays_where_it_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    home = Home(Path("var"))
    monkeypatch.chdir("/")
    assert home.root == tmp_path / "var"
