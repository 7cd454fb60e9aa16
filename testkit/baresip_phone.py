"""The phone baresip at a seat: started with a configuration of its own, steered through baresip's module ctrl_tcp."""

import json
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from testkit.patience import PATIENCE
from testkit.phones import tones
from testkit.provision.packaged_programs import BARESIP

_CONFIG = """\
module_path {modules}
poll_method epoll
sip_listen 127.0.0.1:{sip}
call_max_calls 4
audio_player none
audio_source aufile,{folder}/voice.wav
rtp_ports {rtp}-{rtp_to}
jitter_buffer_type fixed
module g711.so
module aufile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""
_ENCRYPTED = """\
module srtp.so
sip_cafile {trusts}
"""
_VOICE = 300.0  # seconds of the tone that the agent speaks


class BaresipPhone:
    """One baresip process. The context manager starts the process, and waits until its account is registered.

    Attributes:
        events: baresip's JSON events, in order.
    """

    def __init__(
        self,
        folder: Path,
        seat: str,
        password: str,
        server: str,
        *,
        keys: str = "rtpevent",
        trusts: Path | None = None,
    ) -> None:
        """Write the configuration.

        Args:
            folder: a new folder for the configuration.
            seat: the account.
            password: the password of the account.
            server: the hotline's HOST:PORT.
            keys: baresip's dtmfmode, rtpevent (RFC 4733) or info.
            trusts: the certificate that the server must have; with it, baresip uses TLS for SIP, and requires SRTP.
        """
        self.events: list[dict[str, Any]] = []
        self.seat, self.server = seat, server
        folder.mkdir()
        self._folder, self._control = folder, _free_port()
        rtp = _free_port()
        config = _CONFIG.format(
            modules=BARESIP.root() / "usr/lib/baresip/modules",
            sip=_free_port(),
            folder=folder,
            control=self._control,
            rtp=rtp,
            rtp_to=rtp + 20,
        )
        own_certificate = folder / "trusted.pem"  # because the configuration takes no space in a path
        if trusts:
            own_certificate.write_bytes(trusts.read_bytes())
        (folder / "config").write_text(config + (_ENCRYPTED.format(trusts=own_certificate) if trusts else ""))
        address = f"sip:{seat}@{server};transport=tls" if trusts else f"sip:{seat}@{server}"
        account = f"<{address}>;auth_user={seat};auth_pass={password};regint=60;dtmfmode={keys}"
        account += ";mediaenc=srtp-mand" if trusts else ""
        (folder / "accounts").write_text(f"{account};audio_codecs=PCMA/8000/1\n")
        tones.write_wav(folder / "voice.wav", tones.sine(440, _VOICE))
        self._received = b""

    def __enter__(self) -> Self:
        self._log = (self._folder / "log").open("wb")
        self._process = subprocess.Popen(
            [BARESIP.program(), "-f", self._folder, "-4"],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", self._control), timeout=1)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise AssertionError((self._folder / "log").read_text(errors="replace")) from None
                time.sleep(0.1)
        self._socket.settimeout(0.1)
        self.until(lambda: "200 OK" in (self._folder / "log").read_text(errors="replace"), "registered")
        return self

    def log(self) -> str:
        """Return what baresip printed."""
        return (self._folder / "log").read_text(errors="replace")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait()
        self._log.close()

    def command(self, name: str, parameters: str = "") -> None:
        """Send a command of baresip's module menu."""
        text = json.dumps({"command": name, "params": parameters}).encode()
        self._socket.sendall(b"%d:%b," % (len(text), text))

    def count_of(self, kind: str) -> int:
        """Return the number of events of a kind that baresip has sent so far."""
        self._read()
        return sum(event.get("type") == kind for event in self.events)

    def until(self, condition: Callable[[], object], event: str, seconds: float = PATIENCE) -> None:
        """Wait until ``condition`` returns a true value; ``event`` is for the message of a failure."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                log = (self._folder / "log").read_text(errors="replace")[-2000:]
                raise AssertionError(f"{self.seat}, not within {seconds:g} s: {event}\n{log}")
            time.sleep(0.05)

    def dial(self, number: str) -> None:
        """Call a number at the hotline."""
        self.command("dial", f"sip:{number}@{self.server}")

    def accept(self) -> None:
        """Answer the call that rings."""
        self.command("accept")

    def hold(self) -> None:
        """Put the call on hold."""
        self.command("hold")

    def resume(self) -> None:
        """Resume the call after a hold."""
        self.command("resume")

    def transfer(self, number: str) -> None:
        """Transfer the call without a consult (blind transfer)."""
        self.command("transfer", f"sip:{number}@{self.server}")

    @property
    def rung(self) -> int:
        """Number of incoming calls so far."""
        return self.count_of("CALL_INCOMING")

    def keys(self, keys: str) -> None:
        """Press keys in the current call."""
        for key in keys:
            self.command("sndcode", key)
            time.sleep(0.25)

    def _read(self) -> None:
        try:
            while received := self._socket.recv(65536):
                self._received += received
        except TimeoutError:
            pass
        while b":" in self._received:
            length, _, payload = self._received.partition(b":")
            if len(payload) <= int(length):
                return
            message = json.loads(payload[: int(length)])
            self._received = payload[int(length) + 1 :]
            if message.get("event"):
                self.events.append(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
