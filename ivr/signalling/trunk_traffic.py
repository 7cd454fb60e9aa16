"""The last calls of each trunk, from the INVITEs that pass. Pure."""

from collections import OrderedDict
from dataclasses import dataclass

from ivr.signalling.sip_message import ParsedSip

_MOST = 2000  # calls out that are remembered until their final response
_NO_FAULT = frozenset(
    {401, 404, 407, 480, 484, 486, 487, 600, 603, 604}
)  # reasons of the called party, or no final response


@dataclass(frozen=True, slots=True)
class HostAddress:
    """One host of a trunk, and an address of it."""

    trunk: str
    host: str  # as the registry has it
    address: str
    port: int


@dataclass(frozen=True, slots=True)
class TrunkFailure:
    """The reason of the last failure of a call out."""

    at: float
    host: str
    reason: str  # "503 Service Unavailable", or "" for silence


class TrunkTraffic:
    """Knows the time of each trunk's last calls, and the reason of its last failure."""

    def __init__(self) -> None:
        """Start with no trunk."""
        self._by_address: dict[str, str] = {}
        self._by_host: dict[tuple[str, int], HostAddress] = {}
        self._out: OrderedDict[str, HostAddress] = OrderedDict()
        self.last_in: dict[str, float] = {}
        self.last_out: dict[str, float] = {}  # of calls that the trunk took
        self.failures: dict[str, TrunkFailure] = {}

    def know(self, hosts: tuple[HostAddress, ...]) -> None:
        """Take the hosts of all trunks."""
        self._by_address = {host.address: host.trunk for host in hosts}
        self._by_host = {(host.address, host.port): host for host in hosts}

    def host(self, destination: tuple[str, int]) -> HostAddress | None:
        """Return the trunk's host at an address; None if no trunk has the address."""
        return self._by_host.get(destination)

    def invite_in(self, source: tuple[str, int], at: float) -> None:
        """Take the INVITE of an incoming call."""
        if trunk := self._by_address.get(source[0]):
            self.last_in[trunk] = at

    def invite_out(self, call_id: str, host: HostAddress) -> None:
        """Take the INVITE of an outgoing call."""
        self._out[call_id] = host
        while len(self._out) > _MOST:
            self._out.popitem(last=False)

    def is_out(self, call_id: str) -> bool:
        """Tell whether a response belongs to a call out."""
        return call_id in self._out

    def response(self, response: ParsedSip, at: float) -> None:
        """Take a response to an outgoing call."""
        host, status = self._out.get(response.call_id), response.status
        if host is None or status < 180 or status in (401, 407):
            return
        self.last_out[host.trunk] = at
        if status >= 200:
            del self._out[response.call_id]
        if status >= 300 and status not in _NO_FAULT:
            self.failures[host.trunk] = TrunkFailure(at, host.host, f"{status} {response.reason}".strip())

    def silent(self, call_id: str, at: float) -> None:
        """Record that an outgoing call got no response."""
        if host := self._out.pop(call_id, None):
            self.failures[host.trunk] = TrunkFailure(at, host.host, "")
