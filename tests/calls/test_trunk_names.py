"""A carrier with a name without a port: SRV records (RFC 3263) give the target of calls, also after a change."""

import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dns.message
import dns.rdatatype
import dns.rrset
import pytest

from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import RunningHotline
from testkit.signalling import Port, SignallingCall
from testkit.waiting_async import until

NAME_SERVER, NAME = "127.0.0.77", "ims.test"
ALONE = ["unshare", "--mount", "--propagation", "private"]


def _possible() -> bool:
    return os.getuid() == 0 and subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not _possible(), reason="needs root, for a name server and a resolv.conf of its own")


class NameServer(threading.Thread):
    """A DNS server that answers from `records`, the data by name and type, and knows no other name."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.records: dict[tuple[str, str], str] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((NAME_SERVER, 53))

    def run(self) -> None:
        while True:
            try:
                data, client = self._socket.recvfrom(2048)
            except OSError:
                return
            question = dns.message.from_wire(data)
            answer = dns.message.make_response(question)
            asked = question.question[0]
            kind = dns.rdatatype.to_text(asked.rdtype)
            if found := self.records.get((asked.name.to_text(omit_final_dot=True), kind)):
                answer.answer.append(dns.rrset.from_text(asked.name, 0, "IN", kind, found))
            self._socket.sendto(answer.to_wire(), client)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def names() -> Iterator[NameServer]:
    server = NameServer()
    server.start()
    yield server
    server.close()


class HotlineWithNames(RunningHotline):
    """A hotline that asks the test's name server."""

    def command(self) -> list[str]:
        settings = Path(tempfile.mkdtemp(dir=self.home.parent)) / "resolv.conf"
        settings.write_text(f"nameserver {NAME_SERVER}\n", encoding="utf-8")
        settings.parent.chmod(0o755)
        settings.chmod(0o644)
        script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
        return [*ALONE, "sh", "-c", script, str(settings), *super().command()]


async def test_calls_go_to_and_come_from_the_target_of_the_srv_records(names: NameServer) -> None:
    ports = [await Port(host).open() for host in ("127.0.0.1", "127.0.0.3")]
    for port, target in zip(ports, ("one", "two"), strict=True):
        port.on_invite = SignallingCall.answer
        names.records[f"{target}.{NAME}", "A"] = port.host
    names.records[f"_sip._udp.{NAME}", "SRV"] = f"10 0 {ports[0].number} one.{NAME}."
    trunk: dict[str, Any] = {"name": "ims", "profile": "sbc", "hosts": [NAME]}
    first, second = ports
    try:
        with HotlineWithNames(None, quick_registry(trunks=[trunk])) as hotline:
            for port in ports:
                port.at(hotline.server)
            first.call("12366", "13900001111")
            await until(lambda: first.invites, "the call goes to the first target, and came from it")
            assert first.invites[0].user == "12366"
            names.records[f"_sip._udp.{NAME}", "SRV"] = f"10 0 {second.number} two.{NAME}."
            first.call("12367", "13900002222")
            await until(lambda: second.invites, "the next call goes to the new target")
            assert second.invites[0].user == "12367"
    finally:
        for port in ports:
            port.close()
