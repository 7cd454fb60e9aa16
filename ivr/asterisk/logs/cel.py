"""Lines of Asterisk's channel event log (CEL), in the columns that ``dialplans/cel_custom.conf`` writes.

A caller may send a line break in the number or the address dialled (``%0A`` in a SIP user part), and Asterisk
writes it as it came. These two columns stand last and may be cut short; what follows the break is a line
that cannot pass for an event, because Asterisk doubles every quote in a value.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from ivr.texts import _

_VALUE = r'"([^"]*(?:""[^"]*)*)"'
_LINE = re.compile(rf'"([A-Z_]+)","(\d{{1,10}})\.(\d{{6}})",{",".join([_VALUE] * 6)}(?:,{_VALUE})?(?:,{_VALUE})?')
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CelEventType(StrEnum):
    """The kinds of event that ``dialplans/cel.conf`` asks for."""

    CHAN_START = "CHAN_START"  # a channel was made
    ANSWER = "ANSWER"  # its phone was picked up; on an incoming call: we picked up
    HANGUP = "HANGUP"
    USER_DEFINED = "USER_DEFINED"  # CELGenUserEvent
    LINKEDID_END = "LINKEDID_END"  # the last channel of the call is gone


class BadLine(ValueError):
    """A line is none of ours, torn, or not understood."""


@dataclass(frozen=True, slots=True)
class CelEvent:
    """One event of one channel."""

    what: CelEventType
    at: datetime  # UTC, to the microsecond
    name: str  # NOTE: the name given; else ""
    extra: str  # NOTE: the text given; else JSON or ""
    context: str
    channel: str  # "PJSIP/8001-0000002a"
    unique: str  # the channel's id
    call: str  # linkedid: the unique id of the call's first channel
    exten: str  # may be anything a caller can send
    number: str  # the channel's caller number; may be anything a caller can send

    @property
    def peer(self) -> str:
        """The endpoint of the channel: "8001" of "PJSIP/8001-0000002a", "12313@consult" of a Local channel."""
        return self.channel.partition("/")[2].rpartition("-")[0]

    @property
    def is_local(self) -> bool:
        """Whether the channel is half of a Local pair: no phone, but a piece of dialplan."""
        return self.channel.startswith("Local/")

    def details(self) -> Mapping[str, object]:
        """Return what HANGUP says of itself: ``hangupcause`` (Q.850), ``hangupsource`` (channel), ``dialstatus``."""
        try:
            details = json.loads(self.extra)
        except ValueError:
            return {}
        return details if isinstance(details, dict) else {}


_KINDS = frozenset(CelEventType)


@lru_cache(maxsize=4000)  # a call's lines are read again with each that joins them: two imports' worth
def parse(line: str) -> CelEvent:
    """Return the event of one line, without its line end.

    Raises:
        BadLine: It is no whole line of ours.
    """
    found = _LINE.match(line)
    if found is None:
        raise BadLine(_("not a line of the call event log"))
    what, seconds, microseconds, *values = found.groups(default="")
    if what not in _KINDS:
        raise BadLine(_("unknown event {what}").format(what=what))
    name, extra, context, channel, unique, call, exten, number = (value.replace('""', '"') for value in values)
    if not unique or not call:
        raise BadLine(_("an event of no call"))
    at = _EPOCH + timedelta(seconds=int(seconds), microseconds=int(microseconds))
    if what == CelEventType.USER_DEFINED:
        extra = _given(extra)
    return CelEvent(CelEventType(what), at, name, extra, context, channel, unique, call, exten, number)


def _given(extra: str) -> str:
    """Return the text that the dialplan gave to CELGenUserEvent."""
    try:
        return str(json.loads(extra)["extra"])
    except (ValueError, TypeError, KeyError):
        return ""
