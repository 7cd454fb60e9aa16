"""Each merged line leads to a line that is in force on all its days, and no chain is a circle (归并链)."""

from datetime import date, timedelta

from ivr.registry.draft import Draft, Entry
from ivr.registry.model import Line
from ivr.registry.problems import Problems
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _


def check(draft: Draft, problems: Problems) -> None:
    """Check every `into`."""
    by_number: dict[str, list[Line]] = {}
    for entry in draft.lines:
        by_number.setdefault(entry.value.number, []).append(entry.value)
    merged = [entry for entry in draft.lines if entry.value.into is not None]
    for entry in merged:
        _leads_somewhere(entry, by_number, draft, problems)
    _no_circle(merged, problems)


def _leads_somewhere(entry: Entry[Line], by_number: dict[str, list[Line]], draft: Draft, problems: Problems) -> None:
    into = entry.value.into or ""
    if draft.declared.lacks_line(into):
        message = _("into: {number} is not registered, so this chain leads nowhere").format(number=shown(into))
        problems.add(entry.at("into"), with_nearest(message, into, draft.declared.numbers))
    elif into in by_number and into not in draft.broken_numbers:
        gap = first_gap(entry.value, by_number[into])
        if gap:
            message = _("into: there are days on which this line is in force and {number} is not: {days}")
            problems.add(entry.at("into"), message.format(number=into, days=_days(*gap)))


def first_gap(line: Line, targets: list[Line]) -> tuple[date, date] | None:
    """Return the first days, both inclusive, on which ``line`` is in force and none of ``targets`` is."""
    day, last = line.valid_from or date.min, line.valid_until or date.max
    for target in sorted(targets, key=lambda target: target.valid_from or date.min):
        start, end = target.valid_from or date.min, target.valid_until or date.max
        if start > day:
            return day, min(last, start - timedelta(days=1))
        if end >= last:
            return None
        day = max(day, end + timedelta(days=1))
    return day, last


def _days(first: date, last: date) -> str:
    if first == date.min:
        return _("up to {last}").format(last=last)
    if last == date.max:
        return _("{first} and after").format(first=first)
    return _("{first} to {last}").format(first=first, last=last)


def _no_circle(merged: list[Entry[Line]], problems: Problems) -> None:
    """Follow the chains of each day on which a chain changes. If there is a circle, it exists on one of these days."""
    for day in sorted({entry.value.valid_from or date.min for entry in merged}):
        ahead: dict[str, Entry[Line]] = {}
        for entry in merged:
            if (entry.value.valid_from or day) <= day <= (entry.value.valid_until or day):
                ahead.setdefault(entry.value.number, entry)
        for circle in _circles(ahead):
            first = min(circle, key=lambda entry: entry.value.place)
            turn = circle.index(first)
            numbers = [entry.value.number for entry in (*circle[turn:], *circle[:turn], first)]
            message = _("into: a circle that leads to no agent: {chain}")
            problems.add(first.at("into"), message.format(chain=" → ".join(numbers)))


def _circles(ahead: dict[str, Entry[Line]]) -> list[list[Entry[Line]]]:
    circles = []
    visited: set[str] = set()
    for start in ahead:
        path: list[str] = []
        number = start
        while number in ahead and number not in visited:
            visited.add(number)
            path.append(number)
            number = ahead[number].value.into or ""
        if number in path:
            circles.append([ahead[member] for member in path[path.index(number) :]])
    return circles
