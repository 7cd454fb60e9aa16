"""Phrases of entries, unclear phrases of two lines, phrases of emergencies, and the words for yes and no."""

from collections.abc import Callable, Mapping

from ivr.registry import field_types
from ivr.registry.draft import Draft, DraftPhrase, Entry
from ivr.registry.fields import Fields
from ivr.registry.model import Answers, Emergency, Line, Place, Unclear
from ivr.texts import _


def read_phrases(fields: Fields, key: str, kind: Callable[[str], str] = field_types.phrase) -> dict[str, Place]:
    """Read a list of phrases: each phrase once, with its place."""
    phrases: dict[str, Place] = {}
    for phrase, place in fields.texts(key, kind):
        if phrase in phrases:
            fields.refuse(place, _("{key}: {phrase} is named twice").format(key=key, phrase=phrase))
        phrases.setdefault(phrase, place)
    if fields.length(key) == 0:
        fields.refuse(fields.at(key), _("{key}: name at least one phrase, or leave the key out").format(key=key))
    return phrases


def collect_phrases(
    draft: Draft, phrases: Mapping[str, Place], meaning: str, *, line: Line | None = None, menu: str | None = None
) -> None:
    """Collect the phrases of an entry, for the check that no phrase means two things."""
    draft.phrases.extend(DraftPhrase(phrase, place, meaning, line, menu) for phrase, place in phrases.items())


def read_unclear(top: Fields, draft: Draft) -> None:
    """Read the list `unclear`: words that mean one of two lines."""
    for fields in top.entries("unclear"):
        fields.require("phrases", "lines")
        phrases = read_phrases(fields, "phrases")
        lines = _two_lines(fields, draft)
        if fields.done() and lines is not None:
            draft.unclear.append(Entry(Unclear(tuple(phrases), lines, fields.place), fields))
            collect_phrases(
                draft, phrases, _("unclear, line {first} or {second}").format(first=lines[0], second=lines[1])
            )


def _two_lines(fields: Fields, draft: Draft) -> tuple[str, str] | None:
    lines = dict(fields.texts("lines", field_types.line_number))
    for number, place in lines.items():
        if draft.declared.lacks_line(number):
            fields.refuse(place, _("lines: {number} is not registered").format(number=number))
    if fields.has("lines") and len(lines) != 2:
        fields.refuse(fields.at("lines"), _("lines: name two different lines; the caller is asked which of them"))
        return None
    first, second = lines or ("", "")
    return first, second


def read_emergencies(top: Fields, draft: Draft) -> None:
    """Read the list `emergencies`, each of them a service under `linkage`."""
    for fields in top.entries("emergencies"):
        number = fields.need("number", field_types.line_number)
        fields.require("phrases")
        phrases = read_phrases(fields, "phrases")
        unless = read_phrases(fields, "not")
        situations = read_phrases(fields, "situations")
        if fields.done() and number is not None:
            emergency = Emergency(number, tuple(phrases), tuple(unless), fields.place, tuple(situations))
            draft.emergencies.append(Entry(emergency, fields))
            collect_phrases(draft, phrases, _("emergency {number}").format(number=number))


def read_answers(top: Fields, draft: Draft) -> None:
    """Read `answers`: the words for yes and for no."""
    fields = top.section("answers")
    if fields is None:
        return
    yes = read_phrases(fields, "yes", field_types.answer)
    no = read_phrases(fields, "no", field_types.answer)
    fields.require("yes", "no")
    _apart(fields, yes, no)
    if fields.done():
        draft.answers = Answers(tuple(yes), tuple(no))


def _apart(fields: Fields, yes: Mapping[str, Place], no: Mapping[str, Place]) -> None:
    for word, place in no.items():
        if word in yes:
            message = _("no: {word} means yes already, on line {line}")
            fields.refuse(place, message.format(word=word, line=yes[word].line))
