"""Lines: the numbers that citizens dial."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ivr.registry import field_types
from ivr.registry.draft import Draft, Entry
from ivr.registry.fields import Fields
from ivr.registry.model import Line, Mode
from ivr.registry.quoting import shown
from ivr.registry.sections.phrases import collect_phrases, read_phrases
from ivr.texts import _

_KEYS_OF_MODES: Mapping[str, tuple[Mode, ...]] = MappingProxyType(
    {
        "into": (Mode.MERGED,),
        "expert": (Mode.DUAL,),
        "reach": (Mode.SUBCENTER,),
        "hours": (Mode.DUAL, Mode.SUBCENTER),
        "menu": (Mode.HOTLINE,),
        "phrases": (Mode.MERGED, Mode.DUAL, Mode.SUBCENTER),  # not of the hotline, because its menu has the phrases
        "matters": (Mode.MERGED, Mode.DUAL, Mode.SUBCENTER),
        "from": (Mode.MERGED, Mode.DUAL, Mode.SUBCENTER),  # the hotline itself has no end
        "until": (Mode.MERGED, Mode.DUAL, Mode.SUBCENTER),
    }
)

_MOST_SENTENCES, _MOST_ITEMS, _MOST_RESULTS = 20, 20, 12  # because an agent reads them while talking


def read_lines(top: Fields, draft: Draft) -> None:
    """Read the list `lines`."""
    top.require("lines")
    entries = list(top.entries("lines"))
    draft.modes_read = len(entries) == top.length("lines")
    for fields in entries:
        line = _line(fields, draft)
        if line:
            draft.lines.append(Entry(line, fields))


def _line(fields: Fields, draft: Draft) -> Line | None:
    number = fields.need("number", field_types.line_number)
    name = fields.need("name", field_types.name)
    unit = fields.need("unit", field_types.unit)
    mode = fields.need("mode", field_types.mode)
    into = fields.maybe("into", field_types.line_number)
    remark = fields.maybe("remark", field_types.remark)
    valid_from = fields.maybe("from", field_types.day)
    valid_until = fields.maybe("until", field_types.day)
    expert = fields.maybe("expert", field_types.key_name)
    reach = fields.maybe("reach", field_types.reach)
    hours = fields.maybe("hours", field_types.hours_name)
    menu = fields.maybe("menu", field_types.key_name)
    phrases, matters = read_phrases(fields, "phrases"), read_phrases(fields, "matters")
    script = _for_agents(fields, "script", field_types.sentence, _MOST_SENTENCES)
    checklist = _for_agents(fields, "checklist", field_types.list_item, _MOST_ITEMS)
    results = _for_agents(fields, "results", field_types.result, _MOST_RESULTS)
    if valid_from and valid_until and valid_until < valid_from:
        message = _("until: {until} is before {start}, where this entry starts")
        fields.refuse(fields.at("until"), message.format(until=valid_until, start=valid_from))
    if mode is None:
        draft.modes_read = False
    else:
        _keys_of_mode(fields, mode)
    if mode is Mode.HOTLINE:
        draft.declared.hotlines.append(fields.place)
    if number:
        draft.declared.numbers.setdefault(number, fields.place)
    else:
        draft.declared.are_numbers_whole = False
    if not fields.done() or number is None or name is None or unit is None or mode is None:
        draft.broken_numbers.add(number or "")
        return None
    line = Line(
        number,
        name,
        unit,
        mode,
        fields.place,
        into,
        remark or "",
        valid_from,
        valid_until,
        expert,
        reach,
        hours,
        menu,
        tuple(phrases),
        tuple(matters),
        script,
        checklist,
        results,
    )
    collect_phrases(draft, phrases, _("line {number}").format(number=number), line=line)
    return line


def _for_agents(fields: Fields, key: str, kind: Callable[[str], str], limit: int) -> tuple[str, ...]:
    """Read a list of different texts for agents."""
    texts: list[str] = []
    for text, place in fields.texts(key, kind):
        if text in texts:
            fields.refuse(place, _("{key}: {text} is named twice").format(key=key, text=shown(text)))
        elif len(texts) == limit:
            fields.refuse(place, _("{key}: {most} texts at most").format(key=key, most=limit))
            break
        else:
            texts.append(text)
    return tuple(texts)


def _keys_of_mode(fields: Fields, mode: Mode) -> None:
    for key, modes in _KEYS_OF_MODES.items():
        if fields.has(key) and mode not in modes:
            message = _("{key}: only lines of mode {modes} have this key, and this line is {mode}")
            fields.refuse(fields.at_key(key), message.format(key=key, mode=mode, modes=", ".join(modes)))
    if mode is Mode.DUAL and fields.has("hours") and not fields.has("expert"):
        message = _("hours: says when the expert seat is staffed, and this line has no expert")
        fields.refuse(fields.at_key("hours"), message)
