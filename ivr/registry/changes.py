"""The differences between two registries, in the words of numbers.yaml. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, time
from enum import StrEnum
from typing import Any

from ivr.registry.field_types import WEEKDAYS
from ivr.registry.model import Choice, Hours, Line, Menu, Place, Registry
from ivr.registry.official_calendar import ranges
from ivr.texts import _

# Field → its key in the file, if the names differ; "" if the field is no key, or has a comparison of its own.
_KEYS = {
    "valid_from": "from",
    "valid_until": "until",
    "unless": "not",
    "place": "",
    "receivers": "",
    "sender": "from",
    "choices": "",
    "spans": "",
    "written_as_carrier": "",
}


class ChangeKind(StrEnum):
    """The kind of a difference."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of the new registry."""

    kind: ChangeKind
    section: str  # the file's top-level key, "lines"
    name: str  # within the section: "12333", "main"; "" if the section is one entry
    subject: str  # the entry that changes, in words: "number 12333"
    text: str  # the change in words: "mode: dual → merged"
    place: Place | None  # in the new file; of an entry that is gone, in the old file

    def __str__(self) -> str:
        return f"{self.subject}: {self.text}"


def changes(before: Registry, after: Registry) -> tuple[Change, ...]:
    """Return the differences of ``after``, section by section, in the order of the new file; () if there are none."""
    return tuple(_all_changes(before, after))


def _all_changes(before: Registry, after: Registry) -> Iterator[Change]:
    yield from _fields("city", "", "city", before.city, after.city)
    yield from _lines(before, after)
    yield from _named_changes("groups", _("group {name}"), before.groups, after.groups)
    yield from _named_changes("seats", _("seat {name}"), before.seats, after.seats)
    yield from _named_changes("menus", _("menu {name}"), before.menus, after.menus)
    yield from _named_changes("hours", _("hours {name}"), before.hours, after.hours)
    for section, earlier, later in (
        ("holidays", _ranges(before.holidays), _ranges(after.holidays)),
        ("workdays", _ranges(_like(before)), _ranges(_like(after))),
    ):
        if text := _difference(earlier, later):
            yield Change(ChangeKind.CHANGED, section, "", section, text, None)
    yield from _named_changes("linkage", _("linkage {name}"), before.linkage, after.linkage)
    yield from _named_changes("unclear", _("unclear words {name}"), _by_words(before), _by_words(after))
    yield from _named_changes("emergencies", _("emergency {name}"), before.emergencies, after.emergencies)
    yield from _fields("answers", "", "answers", before.answers, after.answers)
    yield from _named_changes("trunks", _("trunk {name}"), _by_name(before), _by_name(after))
    yield from _fields("timers", "", "timers", before.timers, after.timers)
    yield from _fields("limits", "", "limits", before.limits, after.limits)
    yield from _named_changes("blocked", _("blocked caller {name}"), before.blocked, after.blocked)
    if before.events != after.events:
        text = _differs(before.events and before.events.url, after.events and after.events.url)
        yield Change(ChangeKind.CHANGED, "events", "", "events", f"url: {text}", None)
    yield from _fields("alarms", "", "alarms", before.alarms, after.alarms)
    yield from _named_changes("alarms", _("receiver {name}"), before.alarms.receivers, after.alarms.receivers)
    yield from _fields("callbacks", "", "callbacks", before.callbacks, after.callbacks)
    yield from _fields("knowledge", "", "knowledge", before.knowledge, after.knowledge)
    yield from _fields("records", "", "records", before.records, after.records)
    yield from _fields("recordings", "", "recordings", before.recordings, after.recordings)


def _lines(before: Registry, after: Registry) -> Iterator[Change]:
    """Compare the lines number by number, because a number may have several entries, each with its dates."""
    for number in dict.fromkeys(line.number for line in (*after.lines, *before.lines)):
        earlier_entries = [line for line in before.lines if line.number == number]
        later_entries = [line for line in after.lines if line.number == number]
        subject = _("number {number}").format(number=number)
        for was, now in _paired(earlier_entries, later_entries):
            yield from _entry("lines", number, subject, was, now)


def _paired(earlier_entries: list[Line], later_entries: list[Line]) -> list[tuple[Line | None, Line | None]]:
    """Pair entries for the same dates, then the remaining entries, in order."""
    pairs: list[tuple[Line | None, Line | None]] = []
    for now in list(later_entries):
        dates = (now.valid_from, now.valid_until)
        if counterpart := next((was for was in earlier_entries if (was.valid_from, was.valid_until) == dates), None):
            pairs.append((counterpart, now))
            earlier_entries.remove(counterpart)
            later_entries.remove(now)
    longest = max(len(earlier_entries), len(later_entries))
    pairs += zip(
        earlier_entries + [None] * (longest - len(earlier_entries)),
        later_entries + [None] * (longest - len(later_entries)),
        strict=True,
    )
    return pairs


def _like(registry: Registry) -> dict[date, str]:
    return {day: WEEKDAYS[weekday] for day, weekday in registry.workdays.items()}


def _ranges(days: Mapping[date, str]) -> list[str]:
    """Return days as ranges, in order: "2027-02-05..2027-02-11 春节"."""
    return [f"{first}{f'..{last}' if last != first else ''} {name}".rstrip() for first, last, name in ranges(days)]


def _by_words(registry: Registry) -> dict[str, Any]:
    return {entry.phrases[0]: entry for entry in registry.unclear}


def _by_name(registry: Registry) -> dict[str, Any]:
    return {trunk.name: trunk for trunk in registry.trunks}


def _named_changes(section: str, subject: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*after, *before)):
        yield from _entry(section, name, subject.format(name=name), before.get(name), after.get(name))


def _entry(section: str, name: str, subject: str, was: Any, now: Any) -> Iterator[Change]:  # noqa: ANN401 - an entry
    if was is None:
        yield Change(ChangeKind.NEW, section, name, subject, _("new: {what}").format(what=_described(now)), now.place)
    elif now is None:
        yield Change(
            ChangeKind.GONE, section, name, subject, _("removed: {what}").format(what=_described(was)), was.place
        )
    else:
        yield from _fields(section, name, subject, was, now)


def _described(entry: Any) -> str:  # noqa: ANN401 - an entry
    """Describe an entry in the words of the file: "name 人社热线, mode dual, expert expert-12333"."""
    left_out = ("number", "phrases", "matters", "situations", "script", "checklist", "results")
    set_keys = [
        (key, value) for key, value in _keys(entry) if value not in (None, "", (), False) and key not in left_out
    ]
    return ", ".join(f"{key} {_shown(value)}" for key, value in set_keys) or _("nothing more")


def _fields(section: str, name: str, subject: str, was: Any, now: Any) -> Iterator[Change]:  # noqa: ANN401 - entries
    place = getattr(now, "place", None)
    texts = [
        f"{key}: {_differs(earlier_value, later_value)}"
        for (key, earlier_value), (_key, later_value) in zip(_keys(was), _keys(now), strict=True)
        if earlier_value != later_value
    ]
    if isinstance(was, Menu):
        texts += _choices(was, now)
    if isinstance(was, Hours):
        texts += _spans(was, now)
    for text in texts:
        yield Change(ChangeKind.CHANGED, section, name, subject, text, place)


def _keys(entry: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - an entry
    file_keys = ((_KEYS.get(field.name, field.name), getattr(entry, field.name)) for field in fields(entry))
    return [(key, value) for key, value in file_keys if key]


def _choices(was: Menu, now: Menu) -> list[str]:
    earlier_choices, later_choices = ({choice.key: choice for choice in menu.choices} for menu in (was, now))
    texts = []
    for key in dict.fromkeys((*later_choices, *earlier_choices)):
        old_choice, new_choice = (_choice(choices.get(key)) for choices in (earlier_choices, later_choices))
        if old_choice != new_choice:
            texts.append(_("key {key}: {change}").format(key=key, change=_differs(old_choice, new_choice)))
        elif earlier_choices[key].phrases != later_choices[key].phrases:
            change = _difference(earlier_choices[key].phrases, later_choices[key].phrases)
            texts.append(_("key {key}: {change}").format(key=key, change=f"phrases: {change}"))
    return texts


def _choice(choice: Choice | None) -> str | None:
    return " ".join(filter(None, (choice.kind, choice.target, choice.topic))) if choice else None


def _spans(was: Hours, now: Hours) -> list[str]:
    days = [(name, was.spans.get(day, ()), now.spans.get(day, ())) for day, name in enumerate(WEEKDAYS)]
    return [
        f"{name}: {_span(earlier_spans)} → {_span(later_spans)}"
        for name, earlier_spans, later_spans in days
        if earlier_spans != later_spans
    ]


def _span(spans: Sequence[tuple[time, time]]) -> str:
    return ", ".join(f"{begin:%H:%M}-{_end(end)}" for begin, end in spans) or _("closed")


def _end(end: time) -> str:
    return "24:00" if end == time.max else f"{end:%H:%M}"


def _differs(earlier: Any, later: Any) -> str:  # noqa: ANN401 - a value
    if isinstance(earlier, tuple) and isinstance(later, tuple):
        return _difference(earlier, later)
    return f"{_shown(earlier)} → {_shown(later)}"


def _difference(earlier: Iterable[object], later: Iterable[object]) -> str:
    """Describe the difference of two lists: "+ 新, − 旧"; the new list if only the order differs."""
    earlier_texts, later_texts = [str(value) for value in earlier], [str(value) for value in later]
    added = [f"+ {value}" for value in later_texts if value not in earlier_texts]
    removed = [f"− {value}" for value in earlier_texts if value not in later_texts]
    if not added and not removed and earlier_texts != later_texts:
        return _("in the order {list}").format(list=", ".join(later_texts))
    return ", ".join(added + removed)


def _shown(value: Any) -> str:  # noqa: ANN401 - a value
    if value in (None, "", ()):
        return _("none")
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
