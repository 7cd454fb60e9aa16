"""Trunks (中继) as values: their hosts, and the form of calls and numbers that each carrier wants."""

from dataclasses import dataclass
from enum import StrEnum

from ivr.registry.place import Place


class SipTransport(StrEnum):
    """The transport of SIP."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"
    WSS = "wss"  # WebSocket over TLS (RFC 7118), only of seats' phones: they have the sound of WebRTC


class ShownNumber(StrEnum):
    """The number that the called party sees, and its header."""

    OWN = "own"  # the hotline's number in From; the citizen's number nowhere
    CITIZEN = "citizen"  # the citizen's number in From
    ASSERTED = "p-asserted-identity"  # the hotline's number in From, the citizen's in P-Asserted-Identity (RFC 3325)
    DIVERTED = "diversion"  # the hotline's number in From, the citizen's in Diversion (RFC 5806)
    FORWARDED = (
        "forwarded"  # the citizen's number in From, the hotline's in Diversion: a call that the hotline forwards
    )


class NumberForm(StrEnum):
    """The form of a number towards the carrier."""

    AS_IS = "as-is"  # as the registry has it
    NATIONAL = "national"  # a local number gets its area code: 07352912345
    E164 = "e164"  # all but short codes get the country code: +867352912345


class DtmfMode(StrEnum):
    """The transport of pressed keys (DTMF)."""

    AUTO = "auto"  # RFC 4733 if the offer has it, else tones in the sound; INFO always
    RFC4733 = "rfc4733"
    TONES = "tones"


@dataclass(frozen=True, slots=True)
class Host:
    """One host of a carrier. Without a port, a name is looked up by SRV records (RFC 3263)."""

    name: str  # host name or IPv4 address
    port: int | None = None

    def __str__(self) -> str:
        return f"{self.name}:{self.port}" if self.port else self.name


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration of the hotline at the carrier (RFC 3261, 10). The password is in the secrets file."""

    user: str
    auth_user: str  # user name of the digest; often as `user`
    realm: str = ""  # "": as the carrier asks
    outbound_proxy: Host | None = None
    expiry: int = 3600  # seconds

    def __str__(self) -> str:
        fields = {"user": self.user, "auth_user": self.auth_user, "realm": self.realm}
        texts = [f"{key} {value}" for key, value in fields.items() if value]
        texts += [f"outbound_proxy {self.outbound_proxy}"] if self.outbound_proxy else []
        return ", ".join((*texts, f"expiry {self.expiry}"))


@dataclass(frozen=True, slots=True)
class NumberPrefix:
    """A carrier's prefix of numbers: `strip` is removed from the front, then `prefix` is added."""

    strip: str = ""
    prefix: str = ""
    form: NumberForm = NumberForm.AS_IS

    def __str__(self) -> str:
        fields = {
            "strip": self.strip,
            "prefix": self.prefix,
            "form": self.form if self.form != NumberForm.AS_IS else "",
        }
        return ", ".join(f"{key} {value}" for key, value in fields.items() if value) or "as-is"


@dataclass(frozen=True, slots=True)
class Trunk:
    """One trunk. `dialled` and `caller` name the place of a number: "request-uri", "to", "from", "header X-Name"."""

    name: str  # also the name of its endpoint in Asterisk
    hosts: tuple[Host, ...]  # in the order in which calls go out
    place: Place
    transport: SipTransport = SipTransport.UDP
    certificate: str = ""  # file beside numbers.yaml: the only certificate that is trusted; "": the system's
    domain: str = ""  # in From, To and REGISTER; "": the host
    registration: Registration | None = None
    dialled: str = "request-uri"
    caller: str = "p-asserted-identity"
    trusted: bool = True  # the number in P-Asserted-Identity is believed
    shows: ShownNumber = ShownNumber.CITIZEN
    own_number: str = ""  # "": the number of the hotline itself
    own_after_403: bool = True  # after a 403 the call is tried again with the hotline's own number
    numbers_in: NumberPrefix = NumberPrefix()
    numbers_out: NumberPrefix = NumberPrefix()
    codecs: tuple[str, ...] = ("alaw", "ulaw")
    keys: DtmfMode = DtmfMode.AUTO
    channels: int | None = None  # calls at once, in and out together; None: no limit of its own
    reserved: int = 0  # channels for calls to an emergency service only
    order: int = 1  # the trunk with the lowest order is tried first
    options: bool = True  # OPTIONS requests check the carrier
    written_as_carrier: bool = False  # the file has the old key `carrier`


PROFILES: dict[str, dict[str, object]] = {
    # A registered trunk of an IMS: the request URI is the hotline's contact, the number dialled is in To. The From of
    # an outgoing call has to be the hotline's number.
    "ims-registration": {
        "dialled": "to",
        "caller": "p-asserted-identity",
        "trusted": True,
        "shows": ShownNumber.OWN,
        "numbers_out": NumberPrefix(form=NumberForm.NATIONAL),
    },
    # The same IMS over a leased line: calls are known by the address, and the number dialled is in the request URI.
    "ims-leased-line": {
        "dialled": "request-uri",
        "caller": "p-asserted-identity",
        "trusted": True,
        "shows": ShownNumber.CITIZEN,
        "numbers_out": NumberPrefix(form=NumberForm.NATIONAL),
    },
    # The hotline's own session border controller, which adapts calls to the carrier.
    "sbc": {
        "dialled": "request-uri",
        "caller": "p-asserted-identity",
        "trusted": True,
        "shows": ShownNumber.CITIZEN,
        "numbers_out": NumberPrefix(),
    },
}
"""The values of a profile for the keys that an entry leaves out. docs/trunks.md explains each profile."""
