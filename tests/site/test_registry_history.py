"""Registry and recordings are kept together in complete versions; an unchanged file takes no further room."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.site import registry_history

STARTED = datetime(2026, 11, 1, 8, tzinfo=CITY_TIME)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    (folder / "zh").mkdir(parents=True)
    (folder / "zh" / "opening.wav").write_bytes(b"first")
    (folder / "zh" / "merged.wav").write_bytes(b"stays")
    return folder


def keep(home: Home, day: int, text: str, own: Path | None) -> None:
    registry_history.keep(home, text, STARTED + timedelta(days=day), "admin", own)


def test_each_version_has_the_recordings_of_its_time(home: Home, own: Path) -> None:
    keep(home, 0, "one", own)
    (own / "zh" / "opening.wav").write_bytes(b"second")
    keep(home, 1, "two", own)
    newest, earlier = registry_history.history(home)
    assert newest.recordings and earlier.recordings
    assert (newest.text, (newest.recordings / "zh" / "opening.wav").read_bytes()) == ("two", b"second")
    assert (earlier.text, (earlier.recordings / "zh" / "opening.wav").read_bytes()) == ("one", b"first")
    assert registry_history.in_force(home) == newest


def test_a_recording_that_did_not_change_takes_no_room_again(home: Home, own: Path) -> None:
    keep(home, 0, "one", own)
    keep(home, 1, "two", own)
    newest, earlier = registry_history.history(home)
    assert newest.recordings and earlier.recordings
    for name in ("zh/opening.wav", "zh/merged.wav"):
        assert (newest.recordings / name).samefile(earlier.recordings / name)
        assert not (newest.recordings / name).samefile(own / name), "the admin's own file may change at any time"


def test_later_edits_of_the_admin_change_no_kept_version(home: Home, own: Path) -> None:
    keep(home, 0, "one", own)
    (own / "zh" / "opening.wav").write_bytes(b"later")
    recordings = registry_history.in_force(home).recordings
    assert recordings
    assert (recordings / "zh" / "opening.wav").read_bytes() == b"first"


def test_an_incompletely_written_version_does_not_count(home: Home, own: Path) -> None:
    keep(home, 0, "one", own)
    (home.registry / "new-cut-off").mkdir()
    assert [version.text for version in registry_history.history(home)] == ["one"]


def test_the_versions_of_an_earlier_program_are_still_there(home: Home) -> None:
    (home.registry / "20261031-080000-000000.yaml").write_text("old")
    (home.registry / "20261031-080000-000000.json").write_text('{"by": "li.si"}')
    (home.registry / "applied.yaml").write_text("old")
    assert registry_history.current(home) == "old"
    keep(home, 0, "new", None)
    newest, old = registry_history.history(home)
    assert (newest.text, old.text, old.by, old.recordings) == ("new", "old", "li.si", None)
    assert registry_history.current(home) == "new"


def test_without_a_version_no_registry_is_in_force(home: Home) -> None:
    with pytest.raises(FileNotFoundError):
        registry_history.current(home)
