"""Checks of lines: one hotline, each number once on a day, and names that exist."""

from datetime import date
from itertools import combinations

from ivr.registry.draft import Draft, Entry
from ivr.registry.model import GroupKind, Line
from ivr.registry.problems import Problems
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _


def check(draft: Draft, problems: Problems) -> None:
    """Check the lines, except their chains."""
    _one_hotline(draft, problems)
    _once_a_day(draft.lines, problems)
    for entry in draft.lines:
        _names(entry, draft, problems)


def _one_hotline(draft: Draft, problems: Problems) -> None:
    hotlines = draft.declared.hotlines
    if not hotlines and draft.modes_read:
        problems.add(draft.start, _("no line has mode hotline: 12345 itself must stand under lines"))
    for place in hotlines[1:]:
        message = _("a second line of mode hotline; the first is on line {line}, and there can be only one")
        problems.add(place, message.format(line=hotlines[0].line))


def _once_a_day(lines: list[Entry[Line]], problems: Problems) -> None:
    by_number: dict[str, list[Entry[Line]]] = {}
    for entry in lines:
        by_number.setdefault(entry.value.number, []).append(entry)
    for number, entries in by_number.items():
        for first, second in combinations(entries, 2):
            if overlap(first.value, second.value):
                message = _(
                    "number: {number} stands on line {line} already, for the same days; "
                    "end one entry with `until` before the other begins with `from`"
                )
                problems.add(second.at("number"), message.format(number=number, line=first.at("number").line))


def overlap(first: Line, second: Line) -> bool:
    """Tell whether there is a day on which both entries hold."""
    start = max(first.valid_from or date.min, second.valid_from or date.min)
    return start <= min(first.valid_until or date.max, second.valid_until or date.max)


def _names(entry: Entry[Line], draft: Draft, problems: Problems) -> None:
    line, declared = entry.value, draft.declared
    if line.menu is not None and line.menu not in declared.menus:
        message = _("menu: there is no menu {name}").format(name=shown(line.menu))
        problems.add(entry.at("menu"), with_nearest(message, line.menu, declared.menus))
    if line.hours is not None and line.hours not in declared.hours:
        message = _("hours: there are no hours {name}").format(name=shown(line.hours))
        problems.add(entry.at("hours"), with_nearest(message, line.hours, declared.hours))
    if line.expert is None:
        return
    experts = [name for name, group in draft.groups.items() if group.value.kind is GroupKind.EXPERT]
    if line.expert not in declared.groups:
        message = _("expert: there is no group {name}").format(name=shown(line.expert))
        problems.add(entry.at("expert"), with_nearest(message, line.expert, experts))
    elif line.expert in draft.groups and line.expert not in experts:
        message = _("expert: the group {name} is not of kind expert").format(name=shown(line.expert))
        problems.add(entry.at("expert"), with_nearest(message, line.expert, experts))
