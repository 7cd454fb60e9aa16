"""Finds callers' numbers in logs that must not hold them, and passwords in any file."""

import json
import re
from pathlib import Path

from ivr.asterisk.logs import cel
from ivr.asterisk.logs.cel import BadLine, CelEventType
from ivr.runtime.layout import Home

_RECORDS = ("cel.csv", "queue_log")
_TALKATIVE = ("engine.log", "messages", "asterisk.out")  # because six digits in another file may be any number


def leaks(folder: Path) -> list[str]:
    """Return each line of a log of this hotline in which a caller's number or a secret stands, with the file's name."""
    home = Home(folder)
    callers = {number for path in home.cel.glob("cel.csv*") for number in _callers(path)}
    stored = json.loads(home.secrets.read_text(encoding="utf-8")) if home.secrets.exists() else {}
    pins = set(stored.get("seat_pins", {}).values())
    keys = {stored.get(name) for name in ("ami_password", "events_key", "page_key")}
    secrets = {*keys, *stored.get("seat_passwords", {}).values()}
    lines_with_secrets = []
    for path in home.log.rglob("*"):
        if not path.is_file():
            continue
        hidden = set(secrets) if path.name.startswith(_RECORDS) else secrets | callers
        hidden |= pins if path.name in _TALKATIVE else set()
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            words = set(re.findall(r"[0-9A-Za-z]+", line))
            if words & hidden:
                lines_with_secrets.append(f"{path.relative_to(folder)}: {line}")
    return lines_with_secrets


def _callers(path: Path) -> set[str]:
    callers = set()
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = cel.parse(line)
        except BadLine:
            continue
        if event.type is CelEventType.CHAN_START and event.context == "from-carrier":
            callers |= set(re.findall(r"\d{7,}", event.number))
    return callers
