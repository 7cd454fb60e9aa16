"""Checks of the logs: errors of Asterisk and of the engine within a day."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from ivr.doctor.finding import Finding, ok, warning
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.site.json_log import masked
from ivr.texts import _

_TAIL = 1_000_000  # bytes at the end of a log that are read
_DAY = timedelta(days=1)
_LONGEST = 160
_ASTERISK = re.compile(r"\[(?P<at>[\d-]+ [\d:.]+)\] ERROR\[\d+\](?:\[\S+\])? (?P<text>.*)")


def asterisk(home: Home) -> Finding:
    """Check Asterisk's log for errors."""
    return _last_error(home.log / "messages", _asterisk_errors(home.log / "messages"))


def engine(home: Home) -> Finding:
    """Check the engine's log for errors."""
    return _last_error(home.log / "engine.log", _engine_errors(home.log / "engine.log"))


def _last_error(path: Path, errors: Iterator[tuple[datetime, str]]) -> Finding:
    now = datetime.now(CITY_TIME)
    recent = [(at, text) for at, text in errors if now - at < _DAY]
    if not recent:
        return ok(_("no error within a day"))
    at, last_text = recent[-1]
    printable = "".join(sign if sign.isprintable() else "?" for sign in masked(last_text))  # a caller may have sent it
    text = _("errors within a day: {count}; the last at {at:%H:%M:%S}: {text}")
    return warning(text.format(count=len(recent), at=at, text=printable[:_LONGEST]), _("see {path}").format(path=path))


def _asterisk_errors(path: Path) -> Iterator[tuple[datetime, str]]:
    for line in _tail(path):
        if match := _ASTERISK.fullmatch(line):
            try:
                logged_at = datetime.fromisoformat(match["at"]).astimezone(
                    CITY_TIME
                )  # Asterisk's clock is the machine's
            except ValueError:
                continue  # a part of a line, at the begin of the tail
            yield logged_at, match["text"]


def _engine_errors(path: Path) -> Iterator[tuple[datetime, str]]:
    for line in _tail(path):
        try:
            entry = json.loads(line)
            logged_at, level, text = datetime.fromisoformat(entry["at"]), entry["level"], str(entry["text"])
        except (ValueError, KeyError, TypeError):
            continue  # a part of a line, or a line of an earlier version
        if level in ("ERROR", "CRITICAL"):
            yield logged_at, text


def _tail(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL))
            return file.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
