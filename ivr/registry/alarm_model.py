"""The alarms of the registry (告警): their limits and their receivers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ivr.registry.place import Place


class ReceiverKind(StrEnum):
    """The kind of a receiver of alarms."""

    MAIL = "mail"  # SMTP
    WECOM = "wecom"  # a robot of a group in WeCom (企业微信群机器人)
    DINGTALK = "dingtalk"  # a robot of a group in DingTalk (钉钉群机器人)
    JSON = "json"  # an HTTP POST of JSON: an SMS gateway, a program of the city


class MailSecurity(StrEnum):
    """The security of the connection to a mail server."""

    TLS = "tls"  # from the first byte (RFC 8314)
    STARTTLS = "starttls"  # RFC 3207; if the server does not offer it, nothing is sent
    NONE = "none"  # only to a server on this machine


@dataclass(frozen=True, slots=True)
class AlarmReceiver:
    """One receiver of alarms. Its password, robot key or token is kept by ``ivr secret set alarm NAME``."""

    name: str
    kind: ReceiverKind
    place: Place
    url: str = ""  # of every kind but mail; without it, a robot has the address of its maker
    to: tuple[str, ...] = ()  # mail: addresses
    sender: str = ""  # mail: the address that the mail comes from; key `from`
    host: str = ""  # mail: the server
    port: int = 0  # mail: of the server
    security: MailSecurity = MailSecurity.TLS
    user: str = ""  # mail: "" without a sign-in
    body: Mapping[str, str] = field(default_factory=dict)  # json: the fields, with {text} and others; {}: the default


@dataclass(frozen=True, slots=True)
class Alarms:
    """The rules that raise an alarm; 0 turns a rule off."""

    waiting: int = 10  # callers in one queue
    wait: int = 120  # seconds for which the first caller of a queue has waited
    unstaffed: int = 300  # seconds for which no seat is signed in to a group that should be staffed
    trunk: int = 30  # seconds for which a trunk is down
    disk: int = 10  # percent of the disk that are free
    records: int = 120  # seconds that call records are late
    recogniser: int = 3000  # milliseconds from the end of a caller's words to their reading, on average
    restarts: int = 3  # starts of one process within an hour
    repeat: int = 30  # minutes until an alarm that nobody acknowledged is sent again
    receivers: Mapping[str, AlarmReceiver] = field(default_factory=dict)  # by name
