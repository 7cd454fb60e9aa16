"""Free ports on one address, so that two hotlines run side by side on one machine."""

import errno
import random
import socket

from ivr.runtime.errors import PortInUse
from ivr.texts import _

# Below the range that Linux gives to outgoing connections (32768 on), and above registered services, so that no program
# gets such a port by chance between its choice and its use, or while the hotline's program is started again.
_LOWEST, _HIGHEST = 10_000, 32_000
ANY = "0.0.0.0"
_RTP_TRIES = 50
_TRIES = 1000


def address(text: str) -> tuple[str, int]:
    """Split ``HOST:PORT``.

    Raises:
        ValueError: it is no such pair.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(text)
    return host, int(port)


def listen_address(text: str) -> tuple[str, int]:
    """Split ``HOST:PORT`` and resolve the host to an IPv4 address, because Asterisk takes no name to listen on.

    Raises:
        ValueError: it is no such pair.
        PortInUse: the name has no IPv4 address.
    """
    host, port = address(text)
    try:
        addresses = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_DGRAM)
    except OSError:
        raise PortInUse(_("{host} has no IPv4 address; name one of this machine's own").format(host=host)) from None
    return str(addresses[0][4][0]), port


def phones_address(host: str) -> str:
    """Return the address that phones call if the hotline listens on ``host``.

    For 0.0.0.0, which means every address of this machine, it is the address that leads to other networks.
    """
    if host != ANY:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: the kernel chooses the address to send from
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def free_ports(host: str, count: int) -> list[int]:
    """Return ``count`` different TCP ports of ``host`` on which no program listens now.

    Raises:
        PortInUse: ``host`` is no address of this machine, or nearly all its ports are taken.
    """
    ports_found: list[int] = []
    for port in random.sample(range(_LOWEST, _HIGHEST), _TRIES):
        try:
            _bound(host, port, socket.SOCK_STREAM).close()
        except PortInUse as error:
            problem = error
            continue
        ports_found.append(port)
        if len(ports_found) == count:
            return ports_found
    raise problem


def check_udp_free(host: str, port: int) -> None:
    """Check that SIP over UDP can listen on ``host:port``.

    Raises:
        PortInUse: The port cannot be used; the message has the reason and the remedy.
    """
    _bound(host, port, socket.SOCK_DGRAM).close()


def check_tcp_free(host: str, port: int) -> None:
    """Check that the desk can listen on ``host:port`` over TCP.

    Raises:
        PortInUse: The port cannot be used; the message has the reason and the remedy.
    """
    _bound(host, port, socket.SOCK_STREAM).close()


def free_rtp_range(host: str, count: int) -> tuple[int, int]:
    """Return ``(first, last)``, both included, of ``count`` neighbouring UDP ports that are free now; first is even.

    The start is random, so that two hotlines that start at once, and have no call yet, seldom choose the same range.

    Raises:
        PortInUse: No such range was found.
    """
    for _try in range(_RTP_TRIES):
        first = random.randrange(_LOWEST, _HIGHEST - count, 2)
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
        raise PortInUse(_reason(host, port, error)) from error
    return bound


def _reason(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return _("port {port} of {host} is in use by another program; stop it or choose another port").format(
            port=port, host=host
        )
    if error.errno == errno.EACCES:
        return _("port {port} of {host} is reserved for root; choose one above 1023").format(port=port, host=host)
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return _("{host} is not an address of this machine").format(host=host)
    return _("cannot listen on {host}:{port}: {reason}").format(host=host, port=port, reason=error.strerror)
