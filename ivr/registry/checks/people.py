"""Every group has seats, every overflow leads to another group, and every seat has a number of its own."""

from ivr.registry.draft import Draft, Entry
from ivr.registry.model import Group, GroupKind, Place
from ivr.registry.problems import Problems
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _


def check(draft: Draft, problems: Problems) -> None:
    """Check groups and seats."""
    kinds = [entry.value.kind for entry in draft.groups.values()]
    has_all_groups = draft.groups_read and len(kinds) == len(draft.declared.groups)
    if has_all_groups and GroupKind.GENERAL not in kinds:
        problems.add(draft.start, _("no group is of kind general: every call that nobody else takes ends there"))
    for entry in draft.groups.values():
        _group(entry, draft, problems)
    _seats(draft, problems)


def _group(entry: Entry[Group], draft: Draft, problems: Problems) -> None:
    group = entry.value
    if group.name not in draft.declared.seated:
        message = _("the group {name} has no seat: name it under `groups` of a seat, or remove it")
        problems.add(group.place, message.format(name=group.name))
    if group.overflow is None:
        return
    if group.overflow not in draft.declared.groups:
        message = _("overflow: there is no group {name}").format(name=shown(group.overflow))
        problems.add(entry.at("overflow"), with_nearest(message, group.overflow, draft.declared.groups))
        return
    path = [group.name]
    ahead: str | None = group.overflow
    while ahead is not None and ahead not in path:
        path.append(ahead)
        ahead = draft.groups[ahead].value.overflow if ahead in draft.groups else None
    first = min(draft.groups[name].value.place for name in path if name in draft.groups)
    if ahead == group.name and first == group.place:  # so that a circle is reported once, at its first group
        message = _("overflow: a circle that leads to no agent: {chain}")
        problems.add(entry.at("overflow"), message.format(chain=" → ".join([*path, group.name])))


def _seats(draft: Draft, problems: Problems) -> None:
    linkage = {entry.value.number for entry in draft.linkage}
    first: dict[str, Place] = {}
    for entry in draft.seats:
        number, place = entry.value.number, entry.at("number")
        if number in first:
            message = _("number: seat {number} stands on line {line} already")
            problems.add(place, message.format(number=number, line=first[number].line))
        elif number in draft.declared.numbers:
            message = _("number: {number} is a line that citizens dial (line {line}); a seat needs a number of its own")
            problems.add(place, message.format(number=number, line=draft.declared.numbers[number].line))
        elif number in linkage:
            message = _("number: {number} is a linkage number; a seat needs a number of its own")
            problems.add(place, message.format(number=number))
        first.setdefault(number, place)
