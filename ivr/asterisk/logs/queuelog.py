"""Lines of Asterisk's queue_log: the times at which callers enter and leave queues, with the reasons.

The log has no quoting. A caller cannot forge a line only because the dialplan filters the caller's number before any
queue.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ivr.asterisk.logs.cel import BadLine
from ivr.asterisk.queue_names import group_of_queue
from ivr.texts import _

_LINE = re.compile(r"(\d{1,10})\|([^|]*)\|([^|]*)\|([^|]*)\|([A-Z]+)(?:\|(.*))?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The place, in the data of an event, of the seconds that the caller has waited.
_WAITED = {"CONNECT": 0, "ABANDON": 2, "EXITWITHTIMEOUT": 2, "EXITWITHKEY": 3, "EXITEMPTY": 2, "WITHDRAW": 2}

QUEUESTART = "QUEUESTART"
"""The type of the event that Asterisk writes when it starts."""


class QueueEvent(NamedTuple):
    """An event of a queue."""

    at: datetime  # UTC, whole seconds
    callid: str  # unique id of the waiting channel; "" if the event belongs to no call
    group: str  # the group of the registry that the queue belongs to; "" if the event belongs to no queue
    agent: str  # the member's name: a seat's number; "" if the event belongs to no member
    type: str  # "ENTERQUEUE", "CONNECT", … as Asterisk names it
    data: tuple[str, ...]

    @property
    def left(self) -> bool:
        """Whether the caller left the queue with this event, served or not."""
        return self.type in _WAITED

    @property
    def waited(self) -> int:
        """Seconds that a caller who left the queue had waited in it."""
        seconds = "".join(self.data[_WAITED[self.type] :][:1])
        return int(seconds) if re.fullmatch("[0-9]{1,6}", seconds) else 0


def parse(line: str) -> QueueEvent:
    """Return the event of a line, which comes without its line end.

    Raises:
        BadLine: The line is no complete line of a queue_log.
    """
    match = _LINE.fullmatch(line)
    if match is None:
        raise BadLine(_("not a line of a queue_log"))
    seconds, callid, queue, agent, event_type, data = match.groups("")
    return QueueEvent(
        _EPOCH + timedelta(0, int(seconds)),
        "" if callid in {"NONE", "MANAGER", "REALTIME"} else callid,
        "" if queue == "NONE" else group_of_queue(queue),
        "" if agent == "NONE" else agent,
        event_type,
        tuple(data.split("|")) if data else (),
    )
