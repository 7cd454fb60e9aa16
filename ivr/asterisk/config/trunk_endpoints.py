"""The values of a trunk for the templates."""

import hashlib
from dataclasses import dataclass, field

from ivr.asterisk.variables import Variable


class ConfigText(str):
    """A text that stands in a configuration file as it is, because its comment signs are escaped."""

    __slots__ = ()

    @classmethod
    def escaped(cls, text: str) -> "ConfigText":
        """Escape the sign that would begin a comment."""
        return cls(text.replace(";", r"\;"))


@dataclass(frozen=True, slots=True)
class PatternRule:
    """A rule for numbers of a pattern: the count of leading signs to remove, and the signs to add."""

    pattern: str
    strip: int
    add: str


@dataclass(frozen=True, slots=True)
class TrunkAccount:
    """The account with which we register."""

    user: str
    auth_user: str
    realm: str
    password: ConfigText = field(repr=False)
    expiry: int


@dataclass(frozen=True, slots=True)
class TrunkHost:
    """One host of a trunk."""

    host: str  # NAME or NAME:PORT
    contact: ConfigText  # its URI in the trunk's AOR


@dataclass(frozen=True, slots=True)
class TrunkEndpoint:
    """A trunk."""

    name: str
    hosts: tuple[TrunkHost, ...]
    addresses: tuple[str, ...]  # where calls come from
    transport: str  # udp, tcp or tls
    certificate: str  # path of the only certificate that is trusted; "": those of the system
    domain: str  # in From
    domain_uri: str  # in REGISTER; "": the host
    outbound_proxy: str
    account: TrunkAccount | None
    trusted: bool
    dialled_header: str  # header with the number dialled; "": the request URI
    caller_header: str  # header with the caller's number; "": as Asterisk finds it
    in_strip: str
    in_prefix: str
    codecs: tuple[str, ...]
    dtmf_mode: str
    shows: str
    own_number: str
    channels: int | None
    reserved: int  # of these, for calls to an emergency service only
    options: bool

    @property
    def reads_numbers(self) -> bool:
        """Whether numbers stand elsewhere than Asterisk reads them, or are written otherwise."""
        return bool(self.dialled_header or self.caller_header or self.in_strip or self.in_prefix)

    @property
    def pjsip_transport(self) -> str:
        """The section of pjsip.conf with its transport."""
        return {"udp": "transport", "tcp": "transport-tcp"}.get(self.transport, f"transport-{self.name}")

    @property
    def uri_transport(self) -> ConfigText:
        """The parameter of its URIs, as it stands in a configuration file."""
        return ConfigText.escaped("" if self.transport == "udp" else f";transport={self.transport}")


@dataclass(frozen=True, slots=True)
class TrunkRoute:
    """One host of one trunk, as calls go out by it."""

    position: int  # 1 is the first
    trunk: str
    host: str
    transport: str
    contact: str  # as PJSIP_CONTACT knows it; "" if the host is not asked whether it lives
    registers: bool
    channels: int | None
    reserved: int
    own_after_403: bool
    form: str  # as-is, national, e164
    out_strip: str
    out_prefix: str

    @property
    def checks(self) -> tuple[str, ...]:
        """Conditions of the dialplan under which the first pass leaves the route out, because it is not alive."""
        found = []
        if self.contact:
            found.append(f'"${{PJSIP_CONTACT({self.contact},status)}}" = "Unreachable"')
        if self.registers:
            found.append(f'"${{{Variable.UNREGISTERED}_{self.trunk}}}" != ""')
        return tuple(found)

    @property
    def full(self) -> str:
        """The condition under which the trunk has no channel for a call of this kind; "" without a limit."""
        if not self.channels:
            return ""
        limit = f"${{IF(${{{Variable.URGENT}}}?{self.channels}:{self.channels - self.reserved})}}"
        return f"${{GROUP_COUNT({self.trunk}@channels)}} >= {limit}"


def contact_name(aor: str, uri: str) -> str:
    """Return the name that Asterisk gives to a static contact of an AOR."""
    return f"{aor}@@{hashlib.md5(uri.encode(), usedforsecurity=False).hexdigest()}"
