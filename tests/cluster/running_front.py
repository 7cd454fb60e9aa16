"""A real Kamailio as the front of two nodes on loopback."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.cluster.cluster_reader import load_cluster
from ivr.cluster.front_config import FrontPlace, FrontTrunk, PhoneAccess, kamailio_config, node_list
from ivr.cluster.front_process import FrontProcess
from ivr.runtime import kamailio
from testkit.ims import answers_options
from trials.cluster.loopback import Loopback

HOSTS = Loopback({"carrier": 3, "stranger": 4, "front": 9, "north": 11, "south": 12}, {})
PORT, WITHIN = 5060, 20.0
_RUN = (
    "import sys; from pathlib import Path; from ivr.cluster.front_process import FrontProcess; "
    "from ivr.runtime import kamailio; FrontProcess(kamailio.program(), Path(sys.argv[1])).run()"
)
_CLUSTER = f"""\
database: postgresql://hotline@192.0.2.20/hotline
front: {{address: {HOSTS.address("front")}, machines: [{HOSTS.address("front")}]}}
nodes:
  north: {{address: {HOSTS.address("north")}, calls: 300}}
  south: {{address: {HOSTS.address("south")}, calls: 300}}
"""


@contextmanager
def running_front(folder: Path, phones: list[PhoneAccess], certificate: str = "") -> Iterator[None]:
    """Run Kamailio for a carrier and two nodes; ``certificate`` is a file with the key, for TLS."""
    cluster, program = load_cluster(_CLUSTER, "cluster.yaml"), kamailio.program()
    front = FrontProcess(program, folder)
    trunks = [FrontTrunk("carrier", (HOSTS.address("carrier"),), ())]
    place = FrontPlace(HOSTS.address("front"), front.folder, program.modules, certificate, certificate)
    front.write(kamailio_config(cluster, trunks, phones, place), node_list(cluster))
    process = subprocess.Popen([sys.executable, "-c", _RUN, str(front.folder)], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + WITHIN
        while not answers_options(HOSTS.address("front"), PORT):
            assert time.monotonic() < deadline, "the front did not start"
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(3 * WITHIN)  # Kamailio's processes end one after another
