"""The facts of a running hotline in ``hotline.json``: addresses, ports, files. No secret."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ivr.runtime.ports import phones_address


@dataclass(frozen=True, slots=True)
class HotlineFacts:
    """The choices of one ``ivr up``, for its engine and for the commands that speak to it."""

    pid: int  # of `ivr up`
    sip_host: str
    sip_port: int
    rtp_from: int
    rtp_to: int
    carrier: str | None  # HOST:PORT of --carrier; None means the registry's trunks
    fastagi_port: int
    ami_port: int
    numbers: str  # the registry file's name, for messages
    database: str  # SQLAlchemy URL, its password masked
    asterisk: str  # version
    speech_port: int = 0  # to which Asterisk brings callers' speech, on loopback
    hep_port: int = 0  # to which Asterisk sends a copy of each SIP message, on loopback (UDP)
    http_port: int = 0  # /healthz and /metrics, on loopback; 0 if an earlier version ran last
    web: str = ""  # HOST:PORT of the desk; "" without one
    certificate: tuple[str, str] = ("", "")  # files: the certificate for browsers and phones, and its key
    node: str = ""  # of `ivr up --node`: begins every call's id; "" if the hotline runs on one machine
    front: str = ""  # HOST:PORT of the cluster's front, where phones register; "" without a cluster
    front_addresses: tuple[str, ...] = ()  # from which requests of the front may come
    other_nodes: tuple[tuple[str, str], ...] = ()  # name and HOST:PORT of each other node of the cluster
    node_address: str = ""  # HOST:PORT at which the other nodes call this node
    node_calls: int = 0  # calls from the trunks that this node takes at once, if it has a front
    sip_web_port: int = 0  # at which Asterisk takes SIP over WebSocket from the desk's process, on loopback

    @property
    def server(self) -> str:
        """The address that phones register with, ``HOST:PORT``."""
        return self.front or f"{phones_address(self.sip_host)}:{self.sip_port}"

    @property
    def tls_port(self) -> int:
        """The TCP port at which phones register by TLS."""
        return self.sip_port + 1

    @property
    def tls_server(self) -> str:
        """The address that phones register with by TLS, ``HOST:PORT``."""
        host, _colon, port = self.front.rpartition(":")
        return f"{host}:{int(port) + 1}" if host else f"{phones_address(self.sip_host)}:{self.tls_port}"

    @property
    def web_server(self) -> str:
        """The address at which browsers reach the desk, ``HOST:PORT``; "" without a desk."""
        host, _colon, port = self.web.rpartition(":")
        return f"{phones_address(host)}:{port}" if self.web else ""

    def write(self, path: Path) -> None:
        """Replace the file whole."""
        new_file = path.with_suffix(".new")
        new_file.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")
        new_file.replace(path)


def read(path: Path) -> HotlineFacts:
    """Read the facts of the hotline that runs, or ran last, in a home.

    Raises:
        FileNotFoundError: none ever ran there.
    """
    return HotlineFacts(**json.loads(path.read_text(encoding="utf-8")))
