"""The platforms that work orders and calls are sent to: the sections `platforms` and `mappings` of orders.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ivr.orders.life_cycle import OrderAct
from ivr.registry.model import Place


class PlatformObject(StrEnum):
    """The kinds of objects that a platform can get."""

    CALLS = "calls"  # 话单: each call that has ended
    ORDERS = "orders"  # 工单: each act on a work order
    FOLLOW_UPS = "follow-ups"  # 回访: each follow-up, also one in vain
    ARTICLES = "articles"  # 知识: each article that was released or withdrawn


class BodyFormat(StrEnum):
    """The format of a message's body."""

    JSON = "json"
    XML = "xml"


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """One field of a platform's message, and the source of its value."""

    name: str  # the platform's name for the field
    source: str  # this hotline's name for the field, with dots for a field within a field: "data.state"
    codes: Mapping[str, str] = field(default_factory=dict)  # this hotline's value → the platform's code (代码表)
    default: str | None = None  # for a value that is empty or not among the codes; None: the message waits
    time: str = ""  # strftime format of a time, in the city's time; "" for other values


@dataclass(frozen=True, slots=True)
class MessageMapping:
    """The mapping of this hotline's objects into a platform's format."""

    name: str
    format: BodyFormat
    roots: Mapping[PlatformObject, str]  # the XML element, or the member "type" of JSON
    fields: Mapping[PlatformObject, tuple[FieldMapping, ...]]


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform above (省、市平台) or beside (110) this hotline."""

    name: str
    url: str
    sends: frozenset[PlatformObject]
    mapping: MessageMapping | None  # None: the neutral JSON of `ivr.platforms.platform_message`
    accepts: frozenset[OrderAct]  # acts that the platform may do on a work order
    whole_numbers: bool  # whether the platform gets callers' numbers unmasked
    place: Place
