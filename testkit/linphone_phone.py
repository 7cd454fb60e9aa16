"""The phone linphonec at a seat: started with a configuration of its own, steered by its standard input."""

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from testkit.patience import PATIENCE
from testkit.phones import tones
from testkit.provision.packaged_programs import LINPHONE

_CONFIG = """\
[sip]
sip_port=-1
sip_tcp_port=-1
sip_tls_port=-1
use_info={info}
use_rfc2833={events}
"""
_ENCRYPTED = """\
root_ca={trusts}
verify_server_certs=1
verify_server_cn=0
media_encryption=srtp
media_encryption_mandatory=1
"""
_NO_SOUND_CARD = "pcm.!default { type null }\nctl.!default { type null }\n"
_VOICE = 300.0  # seconds of the tone that the agent speaks


class LinphonePhone:
    """One linphonec process. The context manager starts the process, and waits until its account is registered."""

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
            keys: rtpevent (RFC 4733), info (SIP INFO), or tones (the SDP offers no telephone-event).
            trusts: the certificate that the server must have; with it, linphonec uses TLS for SIP, and requires SRTP.
        """
        self.seat, self.server = seat, server
        (folder / ".local/share/linphone").mkdir(parents=True)  # without its database linphonec registers nowhere
        self._folder, self._password = folder, password
        (folder / ".asoundrc").write_text(_NO_SOUND_CARD)
        by_info = keys == "info"
        self._by_tls = ";transport=tls" if trusts else ""
        own_certificate = folder / "trusted.pem"  # because the configuration takes no space in a path
        if trusts:
            own_certificate.write_bytes(trusts.read_bytes())
        config = _CONFIG.format(info=int(by_info), events=int(keys == "rtpevent"))
        (folder / "linphonerc").write_text(config + (_ENCRYPTED.format(trusts=own_certificate) if trusts else ""))
        tones.write_wav(folder / "voice.wav", tones.sine(440, _VOICE))

    def __enter__(self) -> Self:
        self._log = (self._folder / "log").open("wb")
        self._process = subprocess.Popen(
            [LINPHONE.program(), "-c", self._folder / "linphonerc"],
            cwd=LINPHONE.root() / "usr",
            env={"HOME": str(self._folder)},
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
        )
        self.command("soundcard use files")
        self.command(f"register sip:{self.seat}@{self.server} sip:{self.server}{self._by_tls} {self._password}")
        self._until(self._is_registered, "registered")
        return self

    def _is_registered(self) -> bool:
        self.command("status register")
        time.sleep(0.2)  # the time of an answer; without an answer, the next look asks again
        return "registered, identity=" in self.log()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait()
        self._log.close()

    def log(self) -> str:
        """Return what linphonec printed."""
        return (self._folder / "log").read_text(errors="replace")

    def command(self, line: str) -> None:
        """Write a command to linphonec's standard input."""
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()

    def dial(self, number: str) -> None:
        """Call a number at the hotline."""
        self.command(f"call sip:{number}@{self.server}{self._by_tls}")

    @property
    def rung(self) -> int:
        """Number of incoming calls so far."""
        return len(self._incoming())

    def accept(self) -> None:
        """Answer the call that rings."""
        self.command(f"answer {self._incoming()[-1]}")
        self.command(f"play {self._folder / 'voice.wav'}")

    def hold(self) -> None:
        """Put the call on hold, and wait for it, because linphonec takes no other command for the call until then."""
        hold_line = rf"Call {self._incoming()[-1]} .* is now paused"
        holds_before = len(re.findall(hold_line, self.log()))
        self.command("pause")
        self._until(lambda: len(re.findall(hold_line, self.log())) > holds_before, "the call is held")

    def resume(self) -> None:
        """Resume the call that rang last."""
        self.command(f"resume {self._incoming()[-1]}")

    def transfer(self, number: str) -> None:
        """Transfer the call without a consult (blind transfer)."""
        self.command(f"transfer {self._incoming()[-1]} sip:{number}@{self.server}{self._by_tls}")

    def consult(self, number: str) -> None:
        """Hold the call, dial a number on the second line, and wait until its party answers."""
        self.hold()
        self.dial(number)
        self._until(lambda: re.search(rf"Call {self._outgoing()[-1]} .* connected", self.log()), "the party answers")

    def transfer_to_consulted(self) -> None:
        """Transfer the call that rang last to the party of the second line (REFER with Replaces)."""
        self.command(f"transfer {self._incoming()[-1]} --to-call {self._outgoing()[-1]}")

    def keys(self, keys: str) -> None:
        """Press keys in the current call."""
        for key in keys:
            self.command(key)
            time.sleep(0.25)

    def tone(self, key: str) -> None:
        """Play the DTMF tones of a key into the current call."""
        tones.write_wav(self._folder / "key.wav", tones.key_tone(key))
        self.command(f"play {self._folder / 'key.wav'}")

    def _incoming(self) -> list[str]:
        return re.findall(r"Receiving new incoming call from .*assigned id (\d+)", self.log())

    def _outgoing(self) -> list[str]:
        return re.findall(r"Establishing call id to .*assigned id (\d+)", self.log()) or ["none"]

    def _until(self, condition: Callable[[], object], event: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.seat}, not within {PATIENCE:g} s: {event}\n{self.log()[-2000:]}")
            time.sleep(0.05)
