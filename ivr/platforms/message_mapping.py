"""Writes a message in a platform's format, by the mapping of orders.yaml: fields, code tables, times. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ivr.orders.platform_model import BodyFormat, FieldMapping, MessageMapping, Platform
from ivr.platforms.platform_message import PlatformMessage
from ivr.routing.calendar import city_time
from ivr.texts import _

JSON_TYPE, XML_TYPE = "application/json", "application/xml"


class MessageWaits(Exception):
    """The mapping has no code for a value, which the message names. The message waits until an admin adds the code."""


def body_of(message: PlatformMessage, platform: Platform) -> tuple[str, str]:
    """Return the body of a message, and its content type.

    Raises:
        MessageWaits: the platform's mapping knows no code for a value.
    """
    mapping = platform.mapping
    if mapping is None:
        return json.dumps(message.to_json(), ensure_ascii=False), JSON_TYPE
    field_texts = _fields(message, mapping)
    root = mapping.roots[message.object]
    if mapping.format is BodyFormat.JSON:
        return json.dumps({"type": root, "id": message.id, **field_texts}, ensure_ascii=False), JSON_TYPE
    element = Element(root, {"id": message.id, "version": str(message.version)})
    for name, value in field_texts.items():
        SubElement(element, name).text = _printable(value)
    return tostring(element, "unicode", xml_declaration=False), XML_TYPE


def _fields(message: PlatformMessage, mapping: MessageMapping) -> dict[str, str]:
    message_json = message.to_json()
    return {
        field.name: _written(field, _value(message_json, field.source), mapping)
        for field in mapping.fields[message.object]
    }


def _value(message_json: Mapping[str, Any], source: str) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a field. A name without dots is a member of the message, or else a member of its `data`."""
    if "." not in source and source not in message_json:
        source = f"data.{source}"
    value: Any = message_json
    for member in source.split("."):
        value = value.get(member) if isinstance(value, Mapping) else None
    return value


def _written(field: FieldMapping, value: Any, mapping: MessageMapping) -> str:  # noqa: ANN401 - JSON
    if field.time and value:
        return city_time(datetime.fromisoformat(str(value))).strftime(field.time)
    text = _text(value)
    if field.codes:
        if text in field.codes:
            return field.codes[text]
        if field.default is not None:
            return field.default
        message = _("mapping {mapping}: {field} has no code for {value}; add it to orders.yaml, or a default")
        raise MessageWaits(message.format(mapping=mapping.name, field=field.name, value=repr(text)[:60]))
    return text if text or field.default is None else field.default


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return "、".join(map(_text, value))
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _printable(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))
