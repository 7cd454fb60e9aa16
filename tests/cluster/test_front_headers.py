"""Kamailio itself: it alone says that a request is of a node, because a node takes callers over by that."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ivr.cluster.cluster_reader import load_cluster
from ivr.cluster.front_config import FrontPlace, FrontTrunk, kamailio_config, node_list, seat_access
from ivr.cluster.front_process import FrontProcess
from ivr.runtime import kamailio
from testkit.ims import answers_options
from testkit.signalling import SignallingMessage
from trials.cluster.loopback import Loopback

HOSTS = Loopback({"carrier": 3, "front": 9, "north": 11, "south": 12}, {})
PORT, WITHIN = 5060, 20.0
RUN = (
    "import sys; from pathlib import Path; from ivr.cluster.front_process import FrontProcess; "
    "from ivr.runtime import kamailio; FrontProcess(kamailio.program(), Path(sys.argv[1])).run()"
)
CLUSTER = f"""\
database: postgresql://hotline@192.0.2.20/hotline
front: {{address: {HOSTS.address("front")}, machines: [{HOSTS.address("front")}]}}
nodes:
  north: {{address: {HOSTS.address("north")}, calls: 300}}
  south: {{address: {HOSTS.address("south")}, calls: 300}}
"""


@pytest.fixture
def sockets(tmp_path: Path) -> Iterator[dict[str, socket.socket]]:
    """The carrier and both nodes, with a front between them."""
    cluster, program = load_cluster(CLUSTER, "cluster.yaml"), kamailio.program()
    front = FrontProcess(program, tmp_path / "front")
    trunks = [FrontTrunk("carrier", (HOSTS.address("carrier"),), ())]
    place = FrontPlace(HOSTS.address("front"), front.folder, program.modules)
    front.write(kamailio_config(cluster, trunks, [seat_access("8001", "x")], place), node_list(cluster))
    with ExitStack() as opened:
        found = {}
        for name in ("carrier", "north", "south"):
            found[name] = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            found[name].bind((HOSTS.address(name), PORT))
            found[name].settimeout(WITHIN)
        process = subprocess.Popen([sys.executable, "-c", RUN, str(front.folder)], stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + WITHIN
            while not answers_options(HOSTS.address("front"), PORT):
                assert time.monotonic() < deadline, "the front did not start"
            yield found
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(3 * WITHIN)  # Kamailio's processes end one after another


def invite(own: socket.socket, home: str) -> None:
    """Ask the front for the queue of a group at a node, and say to be the node west."""
    host, port = own.getsockname()
    uri = f"sip:group-general@{HOSTS.address(home)}"
    lines = (
        f"INVITE {uri} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{host}", "Max-Forwards: 70",
        f"From: <sip:13800000000@{host}>;tag=a", f"To: <{uri}>", f"Call-ID: {host}", "CSeq: 1 INVITE",
        f"Contact: <sip:x@{host}:{port}>", "X-Hotline-Node: west", "x-hotline-node : west", "X-Hotline-Trunk: west",
        "X-Hotline-Seat: 8002", "X-Hotline-Moved: yes", "X-Hotline-In-Call: yes", "Content-Length: 0",
    )  # fmt: skip
    own.sendto("\r\n".join((*lines, "", "")).encode(), (HOSTS.address("front"), PORT))


def arrived(node: socket.socket) -> SignallingMessage:
    """Return the INVITE that comes to a node; OPTIONS come, too."""
    while True:
        text = node.recv(65536).decode()
        if text.startswith("INVITE"):
            return SignallingMessage(text)


def words(message: SignallingMessage) -> dict[str, list[str]]:
    names = ("node", "trunk", "seat", "moved", "in-call")
    return {name: found for name in names if (found := message.all(f"x-hotline-{name}"))}


def test_a_carrier_that_says_to_be_a_node_is_a_carrier_at_every_node(sockets: dict[str, socket.socket]) -> None:
    invite(sockets["carrier"], "south")
    assert [words(arrived(sockets[node])) for node in ("north", "south")] == [{"trunk": ["carrier"]}] * 2, (
        "the next node has it as well, because the first says nothing"
    )


def test_a_node_is_called_by_its_own_name(sockets: dict[str, socket.socket]) -> None:
    invite(sockets["north"], "south")
    assert words(arrived(sockets["south"])) == {"node": ["north"]}
