"""Lines of Asterisk's queue_log: when each caller entered and left each queue, and why.

The log has no quoting. Callers cannot reach into it only because the dialplan filters their number before
any queue.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ivr.asterisk.config.render import queue_name
from ivr.asterisk.logs.cel import BadLine
from ivr.texts import _

_LINE = re.compile(r"(\d{1,10})\|([^|]*)\|([^|]*)\|([^|]*)\|([A-Z]+)(?:\|(.*))?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Which of an event's data says how long the caller had waited by then.
_WAITED = {"CONNECT": 0, "ABANDON": 2, "EXITWITHTIMEOUT": 2, "EXITWITHKEY": 3, "EXITEMPTY": 2}

STARTED = "QUEUESTART"  # Asterisk was started


@dataclass(frozen=True, slots=True)
class QueueEvent:
    """One event of one queue."""

    at: datetime  # UTC, whole seconds
    call: str  # unique id of the waiting channel; "" where the event is of no call
    group: str  # the registry's name of the group whose queue it is; "" where of none
    agent: str  # the member's name: a seat's number; "" where of none
    what: str  # "ENTERQUEUE", "CONNECT", …, as Asterisk names it
    data: tuple[str, ...]

    @property
    def left(self) -> bool:
        """Whether the caller stopped waiting in the queue: to be served, or not."""
        return self.what in _WAITED

    @property
    def waited(self) -> int:
        """Seconds that a caller who `left` had waited in this queue."""
        seconds = "".join(self.data[_WAITED[self.what] :][:1])
        return int(seconds) if re.fullmatch("[0-9]{1,6}", seconds) else 0


def parse(line: str) -> QueueEvent:
    """Return the event of one line, without its line end.

    Raises:
        BadLine: It is no whole line of a queue_log.
    """
    found = _LINE.fullmatch(line)
    if found is None:
        raise BadLine(_("not a line of a queue_log"))
    seconds, call, queue, agent, what, data = found.groups(default="")
    return QueueEvent(
        _EPOCH + timedelta(seconds=int(seconds)),
        "" if call in {"NONE", "MANAGER", "REALTIME"} else call,
        "" if queue == "NONE" else queue.removeprefix(queue_name("")),
        "" if agent == "NONE" else agent,
        what,
        tuple(data.split("|")) if data else (),
    )
