"""engine.log and desk.log: one JSON object a line, with the id of the call, and with masked numbers of callers."""

import json
import logging
import re
from collections.abc import Collection
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path

from ivr.lazy import late
from ivr.routing.calendar import CITY_TIME

call_id: ContextVar[str] = ContextVar("call_id", default="")
"""The call whose script this task runs; every line that the task logs carries it."""

_log_rotation_file = late("ivr.site.log_rotation_file")  # `append_to` does not need it, and it loads sockets and queues
_BYTES = 20_000_000  # in a file
_FILES = 5  # kept beside the newest
# At least as many digits as a subscriber's number has. The ids of calls and work orders stay readable, because they are
# times of Asterisk's clock, and so does the tag of a call in Asterisk's log, because it is a counter.
_NUMBER = re.compile(r"(?<!\d)(?:(W?\d{10}[.-]\d{1,9}(?!\d)|\bC-[0-9a-f]{8}\b)|(\d{7,}))")


_json = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` makes an encoder for each line


def masked(text: str, unmasked: Collection[str] = ()) -> str:
    """Return ``text`` with each phone number in it as 138****0001; the numbers in ``unmasked`` stay readable.

    Four digits are hidden. A number of less than ten digits keeps its first two digits, a longer number its first three
    or more.
    """

    def mask(match: re.Match[str]) -> str:
        readable, number = match.groups()
        if readable or number in unmasked:
            return match[0]
        head = 2 if len(number) < 10 else len(number) - 8
        return f"{number[:head]}****{number[head + 4 :]}"

    return _NUMBER.sub(mask, text)


class JsonLines(logging.Formatter):
    """A log record as one line of JSON: ``at``, ``level``, ``from``, ``call`` if there is one, ``text``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. JSON escapes line ends and terminal controls, so that no text can forge a second line."""
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        line = {
            "at": datetime.fromtimestamp(record.created, CITY_TIME).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "call": call_id.get(),
            "text": masked(text, getattr(record, "plain", ())),
        }
        return _json({key: value for key, value in line.items() if value})


def log_to(path: Path) -> None:
    """Write the log of the engine, or of the desk, to ``path``, for its owner alone; at most 120 MB in all."""
    path.touch(mode=0o600)
    _log_with(_log_rotation_file.LogRotationFile(path, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8"))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("panoramisk").setLevel(logging.WARNING)


def append_to(path: Path) -> None:
    """Append the log of a process that runs one call to the engine's log; this process rotates no file."""
    path.touch(mode=0o600)
    _log_with(logging.FileHandler(path, encoding="utf-8"))


def _log_with(handler: logging.Handler) -> None:
    handler.setFormatter(JsonLines())
    # Facts that `JsonLines` does not write, and that the library would look up for each line: the place in the source
    # code (a name of the library that its documentation of speed gives away), thread and process.
    logging._srcfile = None
    logging.logThreads = logging.logMultiprocessing = logging.logProcesses = False
    logging.basicConfig(level=logging.INFO, handlers=[handler])
