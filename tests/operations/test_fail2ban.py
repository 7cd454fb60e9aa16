"""The shipped filter finds each peer that guesses passwords in Asterisk's security log, and no other peer."""

import re
import socket
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from testkit.hotline.running import ROOT, RunningHotline
from testkit.provision import fail2ban

FILTER = ROOT / "deploy" / "fail2ban" / "filter.d" / "hotline.conf"
GUESSER, SCANNER, VICTIM = "127.0.0.1", "127.0.0.2", "9.9.9.9"
_ADDR = r"(?P<host>[0-9.]+|[0-9a-fA-F:]+)"
# Text of a hostile Call-ID that tries to have another address banned.
FORGED = f'x",SessionID="y",LocalAddress="IPV4/UDP/1.1.1.1/1",RemoteAddress="IPV4/UDP/{VICTIM}/1'


def banned(lines: list[str]) -> list[str]:
    """Return the address that the filter finds in each matching line, with fail2ban's reading of a filter."""
    config = ConfigParser(interpolation=None)
    config.read(FILTER, encoding="utf-8")
    values = dict(config["Definition"])
    pattern = values["failregex"]
    for name in ("_event", "_after"):
        pattern = pattern.replace(f"%({name})s", values[name])
    failure = re.compile(pattern.replace("<ADDR>", _ADDR))
    date = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+")
    return [found["host"] for line in lines if (found := failure.search(date.sub("", line, count=1)))]


def ask(server: str, user: str, call_id: str, source: str, authorization: str = "") -> str:
    """Send one REGISTER as an attacker, and return the answer."""
    host, port = server.split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind((source, 0))
        stranger.settimeout(5)
        me = f"{source}:{stranger.getsockname()[1]}"
        lines = [
            f"REGISTER sip:{server} SIP/2.0",
            f"Via: SIP/2.0/UDP {me};branch=z9hG4bK{abs(hash((call_id, authorization)))};rport",
            f"From: <sip:{user}@{server}>;tag=1",
            f"To: <sip:{user}@{server}>",
            f"Call-ID: {call_id}",
            "CSeq: 1 REGISTER",
            f"Contact: <sip:x@{me}>",
            "Max-Forwards: 70",
            *([f"Authorization: {authorization}"] if authorization else []),
            "Content-Length: 0",
        ]
        stranger.sendto("\r\n".join([*lines, "", ""]).encode(), (host, int(port)))
        return stranger.recv(4096).decode()


def guess(server: str, call_id: str, response: str) -> None:
    """Guess a seat's password, wrong."""
    nonce = re.search(r'nonce="([^"]+)"', ask(server, "8001", call_id, GUESSER))
    assert nonce
    credentials = (
        f'Digest username="8001", realm="asterisk", nonce="{nonce[1]}", uri="sip:{server}", response="{response}"'
    )
    assert " 401 " in ask(server, "8001", call_id, GUESSER, f"{credentials}, algorithm=MD5")


pytestmark = pytest.mark.xdist_group("fail2ban")  # with one hotline, not with one for each process


@pytest.fixture(scope="module")
def security_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Asterisk's security log of a guesser, of an attacker with a false address, of a scanner, and of a good phone."""
    copy = tmp_path_factory.mktemp("log") / "security"
    with RunningHotline("192.0.2.1:5070") as hotline:
        ask(hotline.server, "8001", "an-agent", GUESSER)  # is asked for the password, as every phone is
        guess(hotline.server, "plain", "0" * 32)
        guess(hotline.server, FORGED, "0" * 32)
        guess(hotline.server, "answer", FORGED.replace('"', '\\"'))
        ask(hotline.server, "9999", "scan", SCANNER)
        ask(hotline.server, FORGED.replace('"', "%22").replace("/", "%2F"), "scan2", SCANNER)
        lines = [line for line in _until(hotline, SCANNER, 2) if "SECURITY[" in line]
    copy.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return copy


def _until(hotline: RunningHotline, address: str, count: int) -> list[str]:
    """Wait until the log has the last attacker, because Asterisk writes a line a moment later."""
    path = hotline.home / "log" / "security"
    for _look in range(500):
        lines = path.read_text(encoding="utf-8").splitlines()
        if sum(f"/{address}/" in line and "InvalidAccountID" in line for line in lines) >= count:
            return lines
        hotline.ask("ping")
    raise AssertionError(path.read_text(encoding="utf-8"))


def test_guesser_and_scanner_are_found_and_no_forged_address(security_log: Path) -> None:
    lines = security_log.read_text(encoding="utf-8").splitlines()
    addresses = banned(lines)
    assert addresses.count(GUESSER) == 3
    assert addresses.count(SCANNER) >= 2
    assert set(addresses) == {GUESSER, SCANNER}
    assert any(VICTIM in line for line in lines), "the forgery is in the log"


def test_a_phone_that_is_asked_for_its_password_is_not_banned(security_log: Path) -> None:
    lines = security_log.read_text(encoding="utf-8").splitlines()
    harmless = [line for line in lines if "ChallengeSent" in line or "SuccessfulAuth" in line]
    assert harmless
    assert banned(harmless) == []


def test_fail2ban_reads_the_filter_so_too(security_log: Path, tmp_path: Path) -> None:
    command = [*fail2ban.regex_command(), "--out", "ip", str(security_log), str(FILTER)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert sorted(result.stdout.split()) == sorted(banned(security_log.read_text(encoding="utf-8").splitlines()))
