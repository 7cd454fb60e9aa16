"""One folder that all nodes mount holds the files that every desk has to reach."""

from pathlib import Path

import pytest

from ivr.cluster.shared_files import link_shared
from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.layout import Home


def test_new_and_earlier_recordings_of_a_node_are_found_at_the_other_node(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    east, west = Home(tmp_path / "east"), Home(tmp_path / "west")
    for home in (east, west):
        home.create()
    (east.recordings / "Reast-1.wav").write_bytes(b"before")
    for home in (east, west, east):
        link_shared(home, shared)
    (west.recordings / "Rwest-1.wav").write_bytes(b"after")
    assert {path.name for path in east.recordings.iterdir()} == {"Reast-1.wav", "Rwest-1.wav"}
    east.create()


def test_a_folder_that_is_not_mounted_stops_the_start(tmp_path: Path) -> None:
    home = Home(tmp_path / "east")
    home.create()
    with pytest.raises(RuntimeProblem, match="cannot be written: mount it"):
        link_shared(home, tmp_path / "missing")
