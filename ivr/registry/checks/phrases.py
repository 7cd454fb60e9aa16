"""Checks of phrases: each has one meaning, and the number of an emergency can be called."""

from ivr.registry.checks.lines import overlap
from ivr.registry.draft import Draft, DraftPhrase
from ivr.registry.model import Place
from ivr.registry.problems import Problems
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _


def check(draft: Draft, problems: Problems) -> None:
    """Check all phrases."""
    _one_meaning(draft.said, problems)
    services = [entry.value.number for entry in draft.linkage]
    first: dict[str, Place] = {}
    for entry in draft.emergencies:
        number, place = entry.value.number, entry.at("number")
        if number in first:
            message = _("number: {number} stands on line {line} of emergencies already")
            problems.add(place, message.format(number=number, line=first[number].line))
        elif number not in services:
            message = _("number: {number} is not under linkage, so it cannot be called").format(number=shown(number))
            problems.add(place, with_nearest(message, number, services))
        first.setdefault(number, place)


def _one_meaning(said: list[DraftPhrase], problems: Problems) -> None:
    by_phrase: dict[str, list[DraftPhrase]] = {}
    for one in said:
        for other in by_phrase.setdefault(one.phrase, []):
            if one.meaning != other.meaning and _together(one, other):
                message = _("phrases: {phrase} means {other} already (line {line}), and cannot mean {one} too")
                names = {"phrase": one.phrase, "other": other.meaning, "line": other.place.line, "one": one.meaning}
                problems.add(one.place, message.format(**names))
                break
        by_phrase[one.phrase].append(one)


def _together(one: DraftPhrase, other: DraftPhrase) -> bool:
    """Tell whether there is a menu and a day in which both phrases are understood."""
    if one.menu is not None and other.menu is not None and one.menu != other.menu:
        return False
    return one.line is None or other.line is None or overlap(one.line, other.line)
