"""Checks of phrases: each has one meaning, and the number of an emergency can be called."""

from ivr.registry.checks.lines import overlap
from ivr.registry.draft import Draft, DraftPhrase
from ivr.registry.model import Place
from ivr.registry.problems import Problems
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _


def check(draft: Draft, problems: Problems) -> None:
    """Check all phrases."""
    _one_meaning(draft.phrases, problems)
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


def _one_meaning(phrases: list[DraftPhrase], problems: Problems) -> None:
    by_phrase: dict[str, list[DraftPhrase]] = {}
    for phrase in phrases:
        for earlier_phrase in by_phrase.setdefault(phrase.phrase, []):
            if phrase.meaning != earlier_phrase.meaning and _together(phrase, earlier_phrase):
                message = _("phrases: {phrase} means {other} already (line {line}), and cannot mean {one} too")
                names = {
                    "phrase": phrase.phrase,
                    "other": earlier_phrase.meaning,
                    "line": earlier_phrase.place.line,
                    "one": phrase.meaning,
                }
                problems.add(phrase.place, message.format(**names))
                break
        by_phrase[phrase.phrase].append(phrase)


def _together(first: DraftPhrase, second: DraftPhrase) -> bool:
    """Tell whether there is a menu and a day for which both phrases count."""
    if first.menu is not None and second.menu is not None and first.menu != second.menu:
        return False
    return first.line is None or second.line is None or overlap(first.line, second.line)
