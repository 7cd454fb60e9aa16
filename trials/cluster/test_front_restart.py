"""The machines of a front are started again by the steps of docs/cluster.md, and the address answers all the time."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from ivr.registry.load import load
from ivr.registry.prompts import recorded
from ivr.runtime import secrets
from ivr.runtime.errors import RuntimeMissing
from testkit.hotline.running import IVR, ROOT
from testkit.ims import answers_options
from testkit.provision.packaged_programs import KEEPALIVED
from trials.cluster.front_pair import ADDRESS, FrontPair
from trials.cluster.lan import Lan

MACHINES = ("front1", "front2")
PORT = 5060
LONGEST = 0.3  # seconds; a phone sends its INVITE again after 0.5 s
EVERY = 0.01


def keepalived_is_here() -> bool:
    try:
        KEEPALIVED.program()
    except RuntimeMissing:
        return False
    return True


pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not keepalived_is_here(), reason="network namespaces need root, and the pair needs keepalived"
)


class AddressWatch:
    """Asks the front's address again and again; ``gap`` is the longest time without an answer."""

    def __init__(self, lan: Lan) -> None:
        self.gap = 0.0
        self._lan, self._over = lan, threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        with self._lan.inside("phones"):
            answered = time.monotonic()
            while not self._over.wait(EVERY):
                if answers_options(self._lan.address(ADDRESS), PORT, within=2 * EVERY):
                    now = time.monotonic()
                    self.gap, answered = max(self.gap, now - answered), now

    def __enter__(self) -> "AddressWatch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture
def lan() -> Iterator[Lan]:
    with Lan({"phones": 4, "front1": 7, "front2": 8, "north": 11}, {ADDRESS: 9}) as made:
        yield made


@pytest.fixture
def pair(lan: Lan, tmp_path: Path) -> Iterator[FrontPair]:
    numbers = ROOT / "numbers.yaml"
    registry = load(numbers.read_text(encoding="utf-8"), "numbers.yaml", recorded(ROOT / "recordings"))
    secrets.load_or_make(tmp_path / "secrets.json", registry.seats)
    cluster = {
        "database": "postgresql://hotline@192.0.2.20/hotline",
        "front": {"address": lan.address(ADDRESS), "machines": [lan.address(machine) for machine in MACHINES]},
        "nodes": {"north": {"address": lan.address("north"), "calls": 100}},
    }
    with ExitStack() as opened:
        made = FrontPair(lan, MACHINES, yaml.safe_dump(cluster), numbers, tmp_path / "secrets.json", IVR)
        opened.callback(made.close)
        made.start()
        yield made


def test_the_address_answers_all_the_time_while_both_machines_are_started_again(lan: Lan, pair: FrontPair) -> None:
    carrier = pair.active.machine
    with AddressWatch(lan) as watch:
        pair.upgrade(IVR)
    assert pair.active.machine != carrier, "the address has moved"
    assert watch.gap < LONGEST
