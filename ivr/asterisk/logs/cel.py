"""Lines of Asterisk's channel event log (CEL), in the columns that ``dialplans/cel_custom.conf`` writes.

A caller can send a line break in the caller's number or in the address dialled (``%0A`` in a SIP user part), and
Asterisk writes it unchanged. These two columns are the last, and may be cut short. The rest of such a line, read as a
line of its own, is never an event, because Asterisk doubles every quote in a value.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from ivr.texts import _

_VALUE = r'"([^"]*(?:""[^"]*)*)"'
_TIME = re.compile(r"[0-9]{1,10}\.[0-9]{6}")
_LINE = re.compile(rf'"([A-Z_]+)","({_TIME.pattern})",{",".join([_VALUE] * 6)}(?:,{_VALUE})?(?:,{_VALUE})?')
_COLUMNS = 10
_USER_EVENT = re.compile(r'\{"extra":"([A-Za-z0-9_.~%=&+-]*)"\}')  # without an escape of JSON
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CelEventType(StrEnum):
    """The CEL event types that ``dialplans/cel.conf`` asks Asterisk for, under Asterisk's names."""

    CHAN_START = "CHAN_START"  # a channel was created
    ANSWER = "ANSWER"  # a channel was answered: by a phone, or an incoming call by the dialplan
    HANGUP = "HANGUP"
    USER_DEFINED = "USER_DEFINED"  # the dialplan ran CELGenUserEvent
    LINKEDID_END = "LINKEDID_END"  # the last channel of the call is gone


class BadLine(ValueError):
    """An unrecognised or truncated line."""


class CelEvent(NamedTuple):
    """An event of a channel. A named tuple, because the importer makes thousands a second."""

    type: CelEventType
    at: datetime  # UTC, to the microsecond
    name: str  # of a USER_DEFINED event; else ""
    extra: str  # of a USER_DEFINED event: the text given to CELGenUserEvent; else JSON or ""
    context: str
    channel: str  # "PJSIP/8001-0000002a"
    uniqueid: str  # of the channel
    linkedid: str  # of the call: the unique id of its first channel
    exten: str  # any text that a caller can send
    number: str  # the channel's caller number; any text that a caller can send

    @property
    def peer(self) -> str:
        """The endpoint of the channel: "8001" of "PJSIP/8001-0000002a", "12313@consult" of a Local channel."""
        return self.channel.partition("/")[2].rpartition("-")[0]

    @property
    def is_local(self) -> bool:
        """Whether the channel is a half of a Local channel, which runs dialplan and has no phone."""
        return self.channel.startswith("Local/")

    def hangup_details(self) -> Mapping[str, object]:
        """Return the extra of a HANGUP: ``hangupcause`` (Q.850), ``hangupsource`` (channel), ``dialstatus``."""
        try:
            details = json.loads(self.extra)
        except ValueError:
            return {}
        return details if isinstance(details, dict) else {}


_USER_DEFINED = CelEventType.USER_DEFINED
_TYPES = {str(event_type): event_type for event_type in CelEventType}


def parse(line: str) -> CelEvent:
    """Return the event of a line, which comes without its line end.

    Raises:
        BadLine: The line is no complete line of the CEL file.
    """
    name_of_type, time, name, extra, context, channel, uniqueid, linkedid, exten, number = _values(line)
    event_type = _TYPES.get(name_of_type)
    if event_type is None:
        raise BadLine(_("unknown event {what}").format(what=name_of_type))
    if not uniqueid or not linkedid:
        raise BadLine(_("an event without a call"))
    seconds, _point, microseconds = time.partition(".")
    at = _EPOCH + timedelta(0, int(seconds), int(microseconds))
    if event_type is _USER_DEFINED:
        extra = _extra_of_user_event(extra)
    return CelEvent(event_type, at, name, extra, context, channel, uniqueid, linkedid, exten, number)


def _values(line: str) -> Sequence[str]:
    """Return the ten values of a line; a value that was cut off is "".

    Raises:
        BadLine: The line is no complete line of the CEL file.
    """
    if line[:1] == line[-1:] == '"':
        values = line[1:-1].split('","')
        if len(values) == _COLUMNS and _TIME.fullmatch(values[1]):
            quotes = line.count('"') - 2 * _COLUMNS
            if not quotes:  # the usual line: no value has a quote
                return values
            if quotes == values[3].count('""') * 2:  # a call event: all quotes are doubled, in the extra
                values[3] = values[3].replace('""', '"')
                return values
    match = _LINE.match(line)
    if match is None:
        raise BadLine(_("not a line of the call event log"))
    return [value.replace('""', '"') if '"' in value else value for value in match.groups("")]


def _extra_of_user_event(extra: str) -> str:
    """Return the text that the dialplan gave to CELGenUserEvent; Asterisk writes it as JSON."""
    if usual := _USER_EVENT.fullmatch(extra):
        return usual[1]
    try:
        return str(json.loads(extra)["extra"])
    except (ValueError, TypeError, KeyError):
        return ""
