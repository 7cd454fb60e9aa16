"""The values of a trunk for the templates."""

import hashlib
from dataclasses import dataclass, field

from ivr.asterisk.variables import Variable


class ConfigText(str):
    """A text that goes into a configuration file unchanged, because its comment signs are escaped."""

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
    """The account with which the hotline registers."""

    user: str
    auth_user: str
    realm: str
    password: ConfigText = field(repr=False)
    expiry: int


@dataclass(frozen=True, slots=True)
class TrunkHost:
    """A host of a trunk."""

    host: str  # NAME or NAME:PORT
    contact: ConfigText  # URI of the host in the trunk's AOR


@dataclass(frozen=True, slots=True)
class TrunkEndpoint:
    """A trunk."""

    name: str
    hosts: tuple[TrunkHost, ...]
    addresses: tuple[str, ...]  # addresses from which calls come
    transport: str  # udp, tcp or tls
    certificate: str  # path of the only trusted certificate; "": the certificates of the system are trusted
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
    reserved: int  # the part of `channels` for calls to an emergency service
    options: bool

    @property
    def reads_numbers(self) -> bool:
        """Whether the trunk has numbers in other places or in another form than Asterisk expects."""
        return bool(self.dialled_header or self.caller_header or self.in_strip or self.in_prefix)

    @property
    def pjsip_transport(self) -> str:
        """The section of pjsip.conf for the trunk's transport."""
        return {"udp": "transport", "tcp": "transport-tcp"}.get(self.transport, f"transport-{self.name}")

    @property
    def uri_transport(self) -> ConfigText:
        """The transport parameter of the trunk's URIs, escaped for a configuration file."""
        return ConfigText.escaped("" if self.transport == "udp" else f";transport={self.transport}")


@dataclass(frozen=True, slots=True)
class TrunkRoute:
    """A host of a trunk as a way out for calls."""

    position: int  # 1 is the first
    trunk: str
    host: str
    transport: str
    contact: str  # the host's name for PJSIP_CONTACT; "" if the host gets no OPTIONS
    registers: bool
    channels: int | None
    reserved: int
    own_after_403: bool
    form: str  # as-is, national, e164
    out_strip: str
    out_prefix: str

    @property
    def checks(self) -> tuple[str, ...]:
        """Conditions of the dialplan under which the first pass leaves the route out, because the host is down."""
        conditions = []
        if self.contact:
            conditions.append(f'"${{PJSIP_CONTACT({self.contact},status)}}" = "Unreachable"')
        if self.registers:
            conditions.append(f'"${{{Variable.UNREGISTERED}_{self.trunk}}}" != ""')
        return tuple(conditions)

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
