"""A site's state folder, for all tests of the room."""

from pathlib import Path

import pytest

from ivr.runtime.layout import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "var")
    home.create()
    return home
