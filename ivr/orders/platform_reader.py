"""Reads the sections `platforms` and `mappings` of orders.yaml."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ivr.orders.life_cycle import RULES, OrderAct, OrderRole
from ivr.orders.platform_model import BodyFormat, FieldMapping, MessageMapping, Platform, PlatformObject
from ivr.registry import field_types
from ivr.registry.field_types import RefusedError
from ivr.registry.fields import Fields
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _

NEUTRAL = "neutral"  # the mapping that changes nothing
ACTS = tuple(act for act, rule in RULES.items() if OrderRole.PLATFORM in rule.roles)
"""The acts that a platform can be allowed to do."""


def read_platforms(top: Fields) -> dict[str, Platform]:
    """Read both sections, with their problems."""
    mappings = {mapping.name: mapping for mapping in _read_mappings(top)}
    return {platform.name: platform for platform in _read_platforms(top, mappings)}


def _read_platforms(top: Fields, mappings: Mapping[str, MessageMapping]) -> Iterator[Platform]:
    declared = {*top.names("mappings"), NEUTRAL}
    for name, place, fields in top.named("platforms", field_types.key_name):
        url = fields.need("url", field_types.url)
        sends = frozenset(platform_object for platform_object, _place in fields.texts("sends", _object))
        accepts = frozenset(act for act, _place in fields.texts("accepts", _order_act))
        mapping = fields.maybe("mapping", field_types.key_name)
        if mapping is not None and mapping not in declared:
            message = _("mapping: {value} is not in this file").format(value=shown(mapping))
            fields.refuse(fields.at("mapping"), with_nearest(message, mapping, declared))
        whole_numbers = bool(fields.maybe("whole_numbers", field_types.yes))
        mapped = mappings.get(mapping or NEUTRAL)
        if mapped is not None:
            for unmapped in sorted(sends - mapped.fields.keys()):
                message = _("sends: the mapping {mapping} has no section {object}")
                fields.refuse(fields.at("sends"), message.format(mapping=mapped.name, object=unmapped))
        if fields.done() and url is not None:
            yield Platform(name, url, sends, mapped, accepts, whole_numbers, place)


def _read_mappings(top: Fields) -> Iterator[MessageMapping]:
    for name, place, fields in top.named("mappings", field_types.key_name):
        if name == NEUTRAL:
            fields.refuse(place, _("{name} is the mapping without changes: choose another name").format(name=name))
        body_format = fields.need("format", _format)
        roots: dict[PlatformObject, str] = {}
        fields_of: dict[PlatformObject, tuple[FieldMapping, ...]] = {}
        for platform_object in PlatformObject:
            section = fields.section(platform_object.value)
            if section is None:
                continue
            roots[platform_object] = section.need("root", _element) or ""
            fields_of[platform_object] = tuple(_read_fields(section))
            if not section.done():
                fields.refuse_quietly()
        if not fields_of:
            fields.refuse(place, _("a mapping has at least one of these sections: {objects}").format(
                objects=", ".join(PlatformObject)))  # fmt: skip
        if fields.done() and body_format is not None:
            yield MessageMapping(name, body_format, roots, fields_of)


def _read_fields(section: Fields) -> Iterator[FieldMapping]:
    section.require("fields")
    for name, place, fields in section.named("fields", _element):
        source = fields.need("from", _source)
        codes = fields.section("codes")
        table = {}
        for own_value in fields.names("codes"):
            code = codes.maybe(own_value, field_types.remark) if codes is not None else None
            if code is not None:
                table[own_value] = code
        default = fields.maybe("default", field_types.remark)
        time = fields.maybe("time", _time_format)
        if time and table:
            fields.refuse(place, _("a field has codes or a time, not both"))
        if fields.done() and source is not None:
            yield FieldMapping(name, source, table, default, time or "")


def _object(text: str) -> PlatformObject:
    try:
        return PlatformObject(text)
    except ValueError:
        message = _("{value} is no object that can be sent").format(value=shown(text))
        raise RefusedError(with_nearest(message, text, PlatformObject)) from None


def _order_act(text: str) -> OrderAct:
    if text not in ACTS:
        message = _("{value} is no act that a platform can do").format(value=shown(text))
        raise RefusedError(with_nearest(message, text, ACTS))
    return OrderAct(text)


def _format(text: str) -> BodyFormat:
    try:
        return BodyFormat(text)
    except ValueError:
        message = _("{value} is no format").format(value=shown(text))
        raise RefusedError(with_nearest(message, text, BodyFormat)) from None


def _element(text: str) -> str:
    """Return the name of an XML element or a JSON member: letters of ASCII, digits, _ and -, at most 60."""
    plain = text.replace("_", "a").replace("-", "a")
    if not (text[:1].isalpha() and plain.isalnum() and text.isascii() and len(text) <= 60):
        raise RefusedError(_("{value} is no name of a field: letters, digits, _ and -").format(value=shown(text)))
    return text


def _source(text: str) -> str:
    if not all(part.isidentifier() and part.isascii() for part in text.split(".")) or len(text) > 60:
        message = _("{value} is no field of ours; docs/platforms.md lists them").format(value=shown(text))
        raise RefusedError(message)
    return text


def _time_format(text: str) -> str:
    """Return a strftime format that writes a printable time."""
    field_types.remark(text, longest=40)
    try:
        sample = datetime(2026, 1, 2, 3, 4, 5).strftime(text)
    except ValueError:
        sample = ""
    if not sample or "%" in sample or sample == text:
        raise RefusedError(_("{value} is no format of a time; write it as %Y-%m-%d %H:%M:%S").format(value=shown(text)))
    return text
