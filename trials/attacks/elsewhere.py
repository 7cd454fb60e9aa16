"""Another host: a network namespace with a cable (veth) to this machine, and the ports that it can reach."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

OWN_ADDRESS, STRANGER_ADDRESS = "10.213.45.1", "10.213.45.2"
_SCAN = """
import selectors, socket, sys
host, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for port in range(first, last):
    peer = socket.socket()
    peer.settimeout(1)
    if peer.connect_ex((host, port)) == 0:
        print(port)
    peer.close()
"""


def possible() -> bool:
    """Return whether this user may make network namespaces here."""
    return os.getuid() == 0 and shutil.which("ip") is not None


@contextmanager
def another_host() -> Iterator[str]:
    """Make a namespace whose cable ends at `OWN_ADDRESS`; yield its name; remove it also after a failure."""
    name = f"stranger{os.getpid()}"
    own_end, other_end = f"near{os.getpid()}", f"far{os.getpid()}"
    try:
        _ip("netns", "add", name)
        _ip("link", "add", own_end, "type", "veth", "peer", "name", other_end, "netns", name)
        _ip("address", "add", f"{OWN_ADDRESS}/30", "dev", own_end)
        _ip("link", "set", own_end, "up")
        _ip("-netns", name, "address", "add", f"{STRANGER_ADDRESS}/30", "dev", other_end)
        _ip("-netns", name, "link", "set", other_end, "up")
        yield name
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):  # the namespace may not exist
            _ip("link", "delete", own_end)
        with contextlib.suppress(subprocess.CalledProcessError):
            _ip("netns", "delete", name)


def open_tcp_ports(host: str) -> frozenset[int]:
    """Connect to every TCP port of `OWN_ADDRESS` from the namespace; return the ports that accept."""
    command = ["ip", "netns", "exec", host, sys.executable, "-c", _SCAN, OWN_ADDRESS, "1", "65536"]
    scan = subprocess.run(command, check=True, capture_output=True, text=True)
    return frozenset(map(int, scan.stdout.split()))


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
