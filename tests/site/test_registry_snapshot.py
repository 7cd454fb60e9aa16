"""The registry as a call script without the engine reads it: the same registry, or a clear refusal."""

import json
from pathlib import Path

import pytest

from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.runtime.layout import Home
from ivr.shipped import NUMBERS, RECORDINGS
from ivr.site import registry_snapshot
from ivr.site.registry_snapshot import SnapshotUnusable


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.create()
    return home


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read(NUMBERS, recorded(RECORDINGS))


def test_the_snapshot_holds_the_whole_registry(home: Home, registry: Registry) -> None:
    registry_snapshot.keep(home, registry)
    assert registry_snapshot.load(home) == registry


def test_a_missing_snapshot_is_named(home: Home) -> None:
    with pytest.raises(SnapshotUnusable, match=r"snapshot\.json: No such file"):
        registry_snapshot.load(home)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"schema": 1}', '{"schema": "x"}', '{"schema": 1, "registry": {}}'])
def test_a_damaged_snapshot_is_refused(home: Home, damage: str) -> None:
    home.registry_snapshot.write_text(damage)
    with pytest.raises(SnapshotUnusable, match="damaged"):
        registry_snapshot.load(home)


def test_a_snapshot_of_another_version_is_refused(home: Home, registry: Registry) -> None:
    registry_snapshot.keep(home, registry)
    content = json.loads(home.registry_snapshot.read_text())
    home.registry_snapshot.write_text(json.dumps({**content, "schema": 0}))
    with pytest.raises(SnapshotUnusable, match="has schema 0; this version of the program reads 3"):
        registry_snapshot.load(home)


def test_an_incomplete_snapshot_is_refused(home: Home, registry: Registry) -> None:
    registry_snapshot.keep(home, registry)
    content = json.loads(home.registry_snapshot.read_text())
    del content["registry"]["lines"][0]["mode"]
    home.registry_snapshot.write_text(json.dumps(content))
    with pytest.raises(SnapshotUnusable, match="damaged"):
        registry_snapshot.load(home)
