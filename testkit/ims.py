"""A carrier's IMS: Kamailio as session border controller, as registrar with digest authentication, and as proxy.

Behind each border controller lies the network: citizens and centers at one UDP address. Kamailio sends a call from
the network to the contact that the hotline registered. That call has the caller's number in P-Asserted-Identity, and
From is anonymous. Kamailio sends a call from the hotline to the network if the digest is right and From has the
account's number.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from ivr.runtime import kamailio
from testkit.patience import PATIENCE

USER, PASSWORD, REALM = "+8673512345", "s3cret;of#ims", "ims.example.cn"
_CONFIG = """#!KAMAILIO
debug=1
log_stderror=yes
children=2
tcp_children=2
auto_aliases=no
enable_tls={tls}
listen=udp:{host}:{port}
listen=tcp:{host}:{port}
{listen_tls}
mpath="{modules}"
{load}
modparam("usrloc", "db_mode", 0)
modparam("registrar", "min_expires", 10)
modparam("registrar", "max_contacts", 1)
{tls_files}
request_route {{
    if (is_method("OPTIONS") && !has_totag()) {{ sl_send_reply("200", "OK"); exit; }}
    if (is_method("REGISTER")) {{
        if (!pv_www_authenticate("{realm}", "{password}", "0")) {{ www_challenge("{realm}", "1"); exit; }}
        xlog("L_ALERT", "REGISTERED $tU\\n");
        save("location"); exit;
    }}
    if (is_method("CANCEL")) {{ if (t_check_trans()) t_relay(); exit; }}
    if (has_totag()) {{
        if (loose_route()) {{ t_relay(); exit; }}
        if (is_method("ACK")) {{ if (t_check_trans()) t_relay(); exit; }}
        sl_send_reply("404", "Not here"); exit;
    }}
    record_route();
    if ($si == "{network_host}" && $sp == {network_port}) {{
        append_hf("P-Asserted-Identity: <sip:$fU@{realm}>\\r\\n");
        uac_replace_from("", "sip:anonymous@anonymous.invalid");
        $rU = "{user}";
        if (!lookup("location")) {{ sl_send_reply("480", "Not registered"); exit; }}
        t_relay(); exit;
    }}
    if (!pv_proxy_authenticate("{realm}", "{password}", "0")) {{ proxy_challenge("{realm}", "1"); exit; }}
    consume_credentials();
    if ($fU != "{user}") {{ sl_send_reply("403", "Forbidden caller"); exit; }}
    $du = "sip:{network_host}:{network_port}";
    t_relay(); exit;
}}
"""
_MODULES = "tm sl rr pv maxfwd usrloc registrar textops siputils xlog auth uac"


class BorderController:
    """One Kamailio. The context manager starts Kamailio, and waits until it answers OPTIONS."""

    def __init__(self, host: str, network: tuple[str, int], certificate: Path | None = None) -> None:
        """If ``certificate`` (a PEM file with key and certificate) is given, Kamailio listens for TLS, too."""
        self.host, self.port, self.tls_port = host, _free(host), _free(host)
        self._network, self._certificate = network, certificate
        self._folder = Path(tempfile.mkdtemp(prefix="ims-", dir="/tmp"))

    @property
    def address(self) -> str:
        """HOST:PORT of UDP and TCP."""
        return f"{self.host}:{self.port}"

    @property
    def log(self) -> str:
        """Return the log so far."""
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    def registrations(self) -> int:
        """Return the number of REGISTER requests of the hotline that Kamailio accepted."""
        return self.log.count("REGISTERED")

    def __enter__(self) -> Self:
        program = kamailio.program()
        modules = _MODULES.split() + (["tls"] if self._certificate else [])
        config = self._folder / "kamailio.cfg"
        config.write_text(
            _CONFIG.format(
                host=self.host,
                port=self.port,
                modules=program.modules,
                load="\n".join(f'loadmodule "{name}.so"' for name in modules),
                tls="yes" if self._certificate else "no",
                listen_tls=f"listen=tls:{self.host}:{self.tls_port}" if self._certificate else "",
                tls_files=_TLS.format(file=self._certificate) if self._certificate else "",
                realm=REALM,
                user=USER,
                password=PASSWORD,
                network_host=self._network[0],
                network_port=self._network[1],
            ),
            encoding="utf-8",
        )
        command = [
            program.path,
            "-f",
            config,
            "-DD",
            "-E",
            "-m",
            "32",
            "-M",
            "4",
            "-Y",
            self._folder,
            "-w",
            self._folder,
        ]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "LD_LIBRARY_PATH": str(program.modules.parent)},  # libraries of its own modules
            )
        deadline = time.monotonic() + PATIENCE
        while not answers_options(self.host, self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"Kamailio did not start:\n{self.log}")
        return self

    def kill(self) -> None:
        """Kill all processes of Kamailio at once, like a power cut."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder)


_TLS = """modparam("tls", "private_key", "{file}")
modparam("tls", "certificate", "{file}")
modparam("tls", "tls_method", "TLSv1.2+")"""


def certificate(folder: Path, name: str, host: str) -> Path:
    """Make a self-signed certificate for an address, in one file with its key; return the file."""
    key, certificate_file, combined = folder / f"{name}.key", folder / f"{name}.pem", folder / f"{name}-both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={host}", "-addext", f"subjectAltName=IP:{host}", "-keyout", key, "-out", certificate_file],
        check=True, capture_output=True,
    )  # fmt: skip
    combined.write_text(key.read_text() + certificate_file.read_text())
    return combined


def _free(host: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def answers_options(host: str, port: int, within: float = 0.2) -> bool:
    """Whether a SIP server answers OPTIONS at once, ``within`` seconds."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(within)
        client.connect((host, port))
        own_host, own_port = client.getsockname()
        text = (
            f"OPTIONS sip:{host}:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {own_host}:{own_port};branch=z9hG4bKx{own_port}\r\n"
            f"From: <sip:x@{own_host}>;tag=1\r\nTo: <sip:{host}>\r\nCall-ID: {own_port}{time.monotonic_ns()}\r\n"
            "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
        try:
            client.send(text.encode())
            return client.recv(2048).startswith(b"SIP/2.0 200")
        except OSError:
            time.sleep(0.05)
            return False
