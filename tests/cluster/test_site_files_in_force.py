"""A reload at another node puts the files in force into this node's site folder, unless an admin changes them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.engine.site_files_in_force import write_back
from ivr.site.registry_history import NUMBERS, ORDERS, RegistryVersion


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    file = tmp_path / "site" / NUMBERS
    version(file.parent, "old", "old orders", "old sound")
    return file


def version(folder: Path, text: str, orders: str | None = None, sound: str = "") -> RegistryVersion:
    recordings = folder / "recordings"
    (recordings / "zh").mkdir(parents=True)
    (folder / NUMBERS).write_text(text, encoding="utf-8")
    if orders is not None:
        (folder / ORDERS).write_text(orders, encoding="utf-8")
    if sound:
        (recordings / "zh/opening.wav").write_text(sound, encoding="utf-8")
    return RegistryVersion(folder / NUMBERS, datetime(2026, 11, 30, tzinfo=UTC), "admin", recordings)


def test_the_files_of_another_nodes_reload_are_in_the_site_folder_for_the_next_change(
    numbers: Path, tmp_path: Path
) -> None:
    before = version(tmp_path / "before", "old", "old orders", "old sound")
    write_back(numbers, before, version(tmp_path / "after", "new", "new orders", "new sound"))
    assert numbers.read_text(encoding="utf-8") == "new"
    assert numbers.with_name(ORDERS).read_text(encoding="utf-8") == "new orders"
    assert (numbers.parent / "recordings/zh/opening.wav").read_text(encoding="utf-8") == "new sound"
    write_back(numbers, version(tmp_path / "again", "new", "new orders"), version(tmp_path / "shipped", "newest"))
    assert not numbers.with_name(ORDERS).exists(), "the shipped file is in force"


def test_changes_that_an_admin_has_not_put_in_force_stay(
    numbers: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    numbers.write_text("begun", encoding="utf-8")
    write_back(numbers, version(tmp_path / "before", "old", "old orders"), version(tmp_path / "after", "new"))
    assert numbers.read_text(encoding="utf-8") == "begun"
    assert "has changes that are not in force" in caplog.text
