"""Free ports on one address, so that two hotlines run side by side on one machine."""

import errno
import random
import socket

from ivr.runtime.errors import PortInUse
from ivr.texts import _

# Below the range that Linux gives to outgoing connections (32768 on), above what services register.
_RTP_LOWEST, _RTP_HIGHEST = 10_000, 32_000
_RTP_TRIES = 50


def address(text: str) -> tuple[str, int]:
    """Split ``HOST:PORT``.

    Raises:
        ValueError: it is no such pair.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(text)
    return host, int(port)


def free_port(host: str, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port of ``host`` that nobody listens on now, TCP unless ``kind`` is ``SOCK_DGRAM``.

    Raises:
        PortInUse: ``host`` is no address of this machine.
    """
    with _bound(host, 0, kind) as listener:
        port: int = listener.getsockname()[1]
        return port


def check_udp_free(host: str, port: int) -> None:
    """Make sure that ``host:port`` can be listened on for SIP over UDP.

    Raises:
        PortInUse: It cannot; the message says why and what to do.
    """
    _bound(host, port, socket.SOCK_DGRAM).close()


def free_rtp_range(host: str, count: int) -> tuple[int, int]:
    """Return ``(first, last)``, both included, of ``count`` neighbouring UDP ports that are free now; first is even.

    The start is random: two hotlines starting at once, neither of which has a call yet, seldom meet.

    Raises:
        PortInUse: No such range was found.
    """
    for _try in range(_RTP_TRIES):
        first = random.randrange(_RTP_LOWEST, _RTP_HIGHEST - count, 2)
        try:
            for port in range(first, first + count):
                check_udp_free(host, port)
        except PortInUse:
            continue
        return first, first + count - 1
    raise PortInUse(
        _("no {count} free UDP ports in a row on {host} for the calls' sound; name a range with --rtp FROM-TO").format(
            count=count, host=host
        )
    )


def _bound(host: str, port: int, kind: socket.SocketKind) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, kind)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise PortInUse(_why(host, port, error)) from error
    return bound


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return _("port {port} of {host} is in use by another program; stop it or choose another port").format(
            port=port, host=host
        )
    if error.errno == errno.EACCES:
        return _("port {port} of {host} is reserved for root; choose one above 1023").format(port=port, host=host)
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return _("{host} is not an address of this machine").format(host=host)
    return _("cannot listen on {host}:{port}: {reason}").format(host=host, port=port, reason=error.strerror)
