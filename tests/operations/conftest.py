"""For tests of an admin's work: a registry to change, a site whose hotline ran, the commands."""

import functools
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from ivr.cli.main import main
from ivr.registry.load import load
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.site import orders_in_force, registry_history
from ivr.site.registry_holder import RegistryHolder
from testkit.hotline.made_facts import made_facts
from testkit.hotline.running import ROOT, free_udp_port, registry

PROMPTS = recorded(ROOT / "recordings")
STARTED = datetime(2026, 11, 1, 8, tzinfo=CITY_TIME)

Data = dict[str, Any]


@pytest.fixture
def data() -> Data:
    """The shipped registry as data, to be changed."""
    return registry()


class _Plain(yaml.CSafeDumper):
    """Writes a value out each time; a registry takes no aliases."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def text_of(data: Data) -> str:
    return yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False)


def registry_of(data: Data) -> Registry:
    return load(text_of(data), "numbers.yaml", PROMPTS)


@functools.cache
def shipped() -> Registry:
    return registry_of(registry())


def holder(registry: Registry) -> RegistryHolder:
    """A registry in force, with the shipped orders.yaml."""
    return RegistryHolder(registry, orders_in_force.shipped().directory(registry))


def line(data: Data, number: str) -> Data:
    """Return the entry of a number, to be changed."""
    return next(entry for entry in data["lines"] if entry["number"] == number)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """The folder of a hotline that ran with the shipped registry and has stopped."""
    home = Home(tmp_path / "var")
    home.create()
    made_facts(
        sip_port=free_udp_port(), rtp_from=20000, rtp_to=20599, fastagi_port=1, ami_port=1, speech_port=1, http_port=1,
        numbers=str(tmp_path / "numbers.yaml"), database=f"sqlite:///{home.call_database}",
    ).write(home.hotline)  # fmt: skip
    registry_history.keep(home, (ROOT / "numbers.yaml").read_text(encoding="utf-8"), STARTED, "hotline")
    return home


@pytest.fixture
def ivr(home: Home) -> Iterator[Callable[..., Result]]:
    """Run an ``ivr`` command on this site."""
    mask = os.umask(0o022)  # a command makes its files private, and would this process's from then on
    os.umask(mask)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--home", str(home.root)])

    yield run
    os.umask(mask)
