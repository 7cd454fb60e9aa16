"""Lines: the numbers that citizens dial."""

from collections.abc import Mapping
from types import MappingProxyType

from ivr.registry import field_types
from ivr.registry.draft import Draft, Entry
from ivr.registry.fields import Fields
from ivr.registry.model import Line, Mode
from ivr.registry.sections.phrases import note, read_phrases
from ivr.texts import _

_KEYS_OF_MODES: Mapping[str, tuple[Mode, ...]] = MappingProxyType(
    {
        "into": (Mode.MERGED,),
        "expert": (Mode.DUAL,),
        "reach": (Mode.SUBCENTER,),
        "hours": (Mode.DUAL, Mode.SUBCENTER),
        "menu": (Mode.HOTLINE,),
        "phrases": (Mode.MERGED, Mode.DUAL, Mode.SUBCENTER),  # not the hotline's: its menu hears them
        "matters": (Mode.MERGED, Mode.DUAL, Mode.SUBCENTER),
        "from": (Mode.MERGED, Mode.DUAL, Mode.SUBCENTER),  # the hotline itself has no end
        "until": (Mode.MERGED, Mode.DUAL, Mode.SUBCENTER),
    }
)


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
    )
    note(draft, phrases, _("line {number}").format(number=number), line=line)
    return line


def _keys_of_mode(fields: Fields, mode: Mode) -> None:
    for key, modes in _KEYS_OF_MODES.items():
        if fields.has(key) and mode not in modes:
            message = _("{key}: only lines of mode {modes} have this key, and this line is {mode}")
            fields.refuse(fields.at_key(key), message.format(key=key, mode=mode, modes=", ".join(modes)))
    if mode is Mode.DUAL and fields.has("hours") and not fields.has("expert"):
        message = _("hours: says when the expert seat is staffed, and this line has no expert")
        fields.refuse(fields.at_key("hours"), message)
