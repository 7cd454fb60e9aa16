"""SIPp as the carrier: a rate of calls to a number, and the center that answers them."""

import contextlib
import csv
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from testkit.provision.packaged_programs import SIPP

_SDP = """v=0
      o=- 1 1 IN IP4 127.0.0.1
      s=-
      c=IN IP4 127.0.0.1
      t=0 0
      m=audio {sound} RTP/AVP 8 101
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000"""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="{name}">\n'
_CITIZEN = (
    _HEAD
    + """  <send retrans="500"><![CDATA[
      INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
      From: <sip:{first}[call_number]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 INVITE
      Contact: <sip:citizen@[local_ip]:[local_port]>
      Max-Forwards: 70
      Content-Type: application/sdp
      Content-Length: [len]

      {sdp}
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rtd="true"/>
  <send><![CDATA[
      ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
      From: <sip:{first}[call_number]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: 1 ACK
      Contact: <sip:citizen@[local_ip]:[local_port]>
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>
  <recv request="BYE"/>
  <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0

  ]]></send>
</scenario>
"""
)
_CENTER = (
    _HEAD
    + """  <recv request="INVITE">
    <action>
      <ereg regexp=":.*" search_in="hdr" header="From" assign_to="1"/>
      <ereg regexp="sip:[^&gt;]*" search_in="hdr" header="Contact:" assign_to="2"/>
    </action>
  </recv>
  <send retrans="500"><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]s[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:center@[local_ip]:[local_port]>
      Content-Type: application/sdp
      Content-Length: [len]

      {sdp}
  ]]></send>
  <recv request="ACK"/>
  <pause milliseconds="100"/>
  <send retrans="500"><![CDATA[
      BYE [$2] SIP/2.0
      Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
      From: <sip:center@[local_ip]:[local_port]>;tag=[pid]s[call_number]
      To[$1]
      Call-ID: [call_id]
      CSeq: 2 BYE
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>
  <recv response="200"/>
</scenario>
"""
)
_AFTER = 8.0  # seconds within which the last calls have to end
_SILENCE = 15_000  # milliseconds after which SIPp gives up a call that waits for a message


@dataclass(frozen=True, slots=True)
class Placed:
    """The results of the placed calls."""

    calls: int
    failed: int  # failed calls of citizens
    missed: int  # calls that never reached the center
    seconds: float
    most_at_once: int  # calls that were up at once

    @property
    def good(self) -> bool:
        """Return whether every call reached the center and was released."""
        return not self.failed and not self.missed


class SippCarrier:
    """Places calls, and answers calls to the center; nothing reads the sound."""

    def __init__(self, port: int) -> None:
        """``port`` is the port that the hotline dials."""
        self.port = port
        self._folder = tempfile.TemporaryDirectory(prefix="sipp-")
        self._sound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sound.bind(("127.0.0.1", 0))
        self._sound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._runs = 0

    def place(self, server: str, number: str, calls: int, a_second: float) -> Placed:
        """Place ``calls`` to ``number``, each from another caller, and wait until all have ended."""
        self._runs += 1
        began = time.monotonic()
        center = self._start("center", _CENTER, ["-m", str(calls), "-p", str(self.port)])
        longest = calls / a_second + _AFTER
        target = [server, "-s", number, "-m", str(calls), "-r", f"{a_second:g}", "-l", "3000"]
        citizens = self._start("citizen", _CITIZEN, [*target, "-timeout", f"{longest:.0f}s"])
        try:
            with contextlib.suppress(
                subprocess.TimeoutExpired
            ):  # after that, a call that has not ended counts as failed
                citizens.wait(longest + 20)
            seconds = time.monotonic() - began
            with contextlib.suppress(subprocess.TimeoutExpired):  # SIPp waits for calls that do not come
                center.wait(2)
        finally:
            for process in (citizens, center):
                process.kill()
                process.wait()
        citizen_counts, center_counts = self._counts("citizen"), self._counts("center")
        served = int(citizen_counts["SuccessfulCall(C)"])
        most_at_once = max(int(row["CurrentCall"]) for row in self._rows("citizen"))
        return Placed(calls, calls - served, calls - int(center_counts["SuccessfulCall(C)"]), seconds, most_at_once)

    def close(self) -> None:
        """Remove SIPp's files."""
        self._sound.close()
        self._folder.cleanup()

    def _start(self, name: str, scenario: str, arguments: list[str]) -> "subprocess.Popen[bytes]":
        path = Path(self._folder.name) / f"{name}{self._runs}"
        sdp = _SDP.format(sound=self._sound.getsockname()[1])
        path.with_suffix(".xml").write_text(scenario.format(name=name, sdp=sdp, first=f"13{self._runs:02}"))
        command = [SIPP.program(), "-sf", path.with_suffix(".xml"), "-i", "127.0.0.1", "-nostdin", *arguments]
        command += ["-recv_timeout", str(_SILENCE)] if name == "citizen" else []  # the center waits for each call
        command += ["-trace_stat", "-stf", path.with_suffix(".csv"), "-fd", "1"]
        with path.with_suffix(".txt").open("wb") as output:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def _rows(self, name: str) -> list[dict[str, str]]:
        path = Path(self._folder.name) / f"{name}{self._runs}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, delimiter=";"))

    def _counts(self, name: str) -> dict[str, str]:
        return self._rows(name)[-1]
