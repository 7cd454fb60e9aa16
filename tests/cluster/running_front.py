"""A real Kamailio as the front of two nodes on loopback: one machine, or each machine of a pair."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.cluster.cluster_reader import load_cluster
from ivr.cluster.front_config import PAIR_PORT, FrontPlace, FrontTrunk, PhoneAccess, kamailio_config, node_list
from ivr.cluster.front_process import FrontProcess
from ivr.runtime import kamailio
from testkit.ims import answers_options
from trials.cluster.loopback import Loopback

HOSTS = Loopback({"carrier": 3, "stranger": 4, "first": 7, "second": 8, "front": 9, "north": 11, "south": 12}, {})
PORT, WITHIN = 5060, 20.0
ELSEWHERE = "192.0.2.9"
"""The front's address as long as the other machine of the pair has it: no address of this machine (RFC 5737)."""
_RUN = (
    "import sys; from pathlib import Path; from ivr.cluster.front_process import FrontProcess; "
    "from ivr.runtime import kamailio; FrontProcess(kamailio.program(), Path(sys.argv[1])).run()"
)
_CLUSTER = f"""\
database: postgresql://hotline@192.0.2.20/hotline
front: {{{{address: {{address}}, machines: [{{machines}}]}}}}
nodes:
  north: {{{{address: {HOSTS.address("north")}, calls: 300}}}}
  south: {{{{address: {HOSTS.address("south")}, calls: 300}}}}
"""


@contextmanager
def running_front(folder: Path, phones: list[PhoneAccess], certificate: str = "") -> Iterator[None]:
    """Run Kamailio for a carrier and two nodes; ``certificate`` is a file with the key, for TLS."""
    front = HOSTS.address("front")
    with _running(folder, phones, front, front, front, certificate):
        yield


@contextmanager
def running_machine(folder: Path, phones: list[PhoneAccess], machine: str, *, has_address: bool) -> Iterator[None]:
    """Run Kamailio of the machine ``first`` or ``second`` of a pair; its errors are in ``folder``.log."""
    machines = ", ".join(map(HOSTS.address, ("first", "second")))
    address = HOSTS.address("front") if has_address else ELSEWHERE
    with _running(folder, phones, address, HOSTS.address(machine), machines):
        yield


@contextmanager
def _running(
    folder: Path, phones: list[PhoneAccess], address: str, machine: str, machines: str, certificate: str = ""
) -> Iterator[None]:
    text = _CLUSTER.format(address=address, machines=machines)
    cluster, program = load_cluster(text, "cluster.yaml"), kamailio.program()
    front = FrontProcess(program, folder)
    trunks = [FrontTrunk("carrier", (HOSTS.address("carrier"),), ())]
    place = FrontPlace(machine, front.folder, program.modules, certificate, certificate)
    front.write(kamailio_config(cluster, trunks, phones, place), node_list(cluster, machine))
    with folder.with_suffix(".log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", _RUN, str(front.folder)], stderr=log)
    try:
        deadline = time.monotonic() + WITHIN
        while not answers_options(machine, PORT if machine == address else PAIR_PORT):
            assert time.monotonic() < deadline, "the front did not start"
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(3 * WITHIN)  # Kamailio's processes end one after another
