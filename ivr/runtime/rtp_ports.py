"""The claim of each hotline of this machine on UDP ports for sound, because RTP ports are bound during calls only.

A hotline claims its range by a socket with an abstract name (unix(7)). Every user of the machine can read such names,
and the kernel removes them at the end of the process.
"""

import re
import socket
from pathlib import Path

from ivr.runtime import ports
from ivr.runtime.errors import PortInUse
from ivr.texts import _

PORTS = 600  # 120 calls of two legs, two ports each, and room for consults
_LEG = 2  # ports: RTP and RTCP
_A_CALL = 2 * _LEG  # the caller's leg and an agent's
_ANY = ("0.0.0.0", "::")
_CLAIM = re.compile(r" @hotline-rtp-(\S+)-(\d+)-(\d+)$", re.MULTILINE)
_TRIES = 20


def claim(host: str, admins_range: tuple[int, int] | None, sip_port: int) -> tuple[int, int]:
    """Keep a range of ports for this process until it ends; return its first and last port.

    Args:
        host: the address at which calls reach the hotline.
        admins_range: the range that the admin named; None picks a free range.
        sip_port: the hotline's own port on that host.

    Raises:
        PortInUse: the range cannot be claimed.
    """
    for last_try in range(_TRIES, -1, -1):
        first, last = admins_range or ports.free_rtp_range(host, PORTS)
        problem = _problem(host, first, last, sip_port)
        if not problem:
            claim_socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            claim_socket.bind(f"\0hotline-rtp-{host}-{first}-{last}")
            claim_socket.detach()  # never closed, because the claim has to last as long as this process
            return first, last
        if admins_range or not last_try:
            raise PortInUse(problem)
    raise AssertionError("the last try returns or raises")


def too_few(first: int, last: int, callers: int, seats: int) -> str:
    """Return a warning about a range in which not all legs find ports; "" if all do.

    Args:
        first: its first port.
        last: its last port.
        callers: the calls that may be up at once.
        seats: the number of seats, each of which may have a further leg.
    """
    available, needed = last - first + 1, _LEG * (callers + seats)
    if available >= needed:
        return ""
    text = _(
        "RTP ports {range}: there are {there}, and the {callers} calls at once that 'limits: trunk' allows take up to "
        "{wanted} with {seats} seats; a call that finds no port is refused"
    )
    return text.format(range=f"{first}-{last}", there=available, callers=callers, wanted=needed, seats=seats)


def _problem(host: str, first: int, last: int, sip_port: int) -> str:
    range_text = f"{first}-{last}"
    if last - first + 1 < _A_CALL:
        return _("--rtp {range}: there is room for no call; a call takes {count} ports").format(
            range=range_text, count=_A_CALL
        )
    if first <= sip_port <= last:
        return _("--rtp {range}: the SIP port {port} is among them; choose a range without it").format(
            range=range_text, port=sip_port
        )
    for other_host, other_first, other_last in _claims():
        if (other_host == host or {host, other_host} & {*_ANY}) and first <= other_last and other_first <= last:
            text = _("--rtp {range}: another hotline of this machine has {other}; choose a range beside it")
            return text.format(range=range_text, other=f"{other_first}-{other_last}")
    return ""


def _claims() -> list[tuple[str, int, int]]:
    try:
        names = Path("/proc/net/unix").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []  # so that only the ports of calls in progress count as taken
    return [(host, int(first), int(last)) for host, first, last in _CLAIM.findall(names)]
