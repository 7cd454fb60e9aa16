"""A few lines of YAML by ruamel.yaml, in which each scalar keeps the text that was written. Pure."""

import io
import re
from collections.abc import Mapping
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.tag import Tag

from ivr.prompts.manifest import YAML_LOADER

_WIDTH = 120
_FLAT = 100  # characters of a mapping or list that is written on one line
_TEXT = Tag(suffix="tag:yaml.org,2002:str")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PLAIN = re.compile(r"[^\W\d]([\w ./()（）、，；。-]*[\w（）])?")  # digits stand in quotes in a registry


class _Words(VersionedResolver):
    """Takes each scalar for text: 0735 stays 0735."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:  # noqa: ANN401 - ruamel's
        return _TEXT if kind is ScalarNode else super().resolve(kind, value, implicit)


def load_fragment(text: str) -> Any:  # noqa: ANN401 - ruamel's mapping, list or scalar
    """Return the data of a fragment, with its comments."""
    return _yaml(0).load(text)


def to_text(data: Any, column: int) -> str:  # noqa: ANN401 - data for YAML
    """Return data as the text of a fragment that will stand ``column`` columns from the left."""
    stream = io.StringIO()
    _yaml(column).dump(data, stream)
    return _comments_close(_spaced(stream.getvalue().removesuffix("...\n")))


def as_written(value: Any, model: Any = None) -> Any:  # noqa: ANN401 - data for YAML
    """Return a value as a registry writes it: digits in quotes, a short mapping or a plain list on one line.

    Args:
        value: text, truth value, whole number, list or mapping of them.
        model: the earlier value, or a neighbour, whose quotes, and block or flow style, the value gets.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        mapping = CommentedMap({key: as_written(element) for key, element in value.items()})
        if not _in_block_style(model, value):
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        items = CommentedSeq([_quoted_if_wide(as_written(element)) for element in value])
        if not any(isinstance(element, Mapping) for element in value):
            items.fa.set_flow_style()
        return items
    is_plain = _PLAIN.fullmatch(value) or _DATE.fullmatch(value)
    return value if is_plain and not isinstance(model, DoubleQuotedScalarString) else DoubleQuotedScalarString(value)


def _quoted_if_wide(item: Any) -> Any:  # noqa: ANN401 - data for YAML
    """Return an item, in quotes if it has a full-width comma, which `ivr check` takes for a slip between brackets."""
    return DoubleQuotedScalarString(item) if isinstance(item, str) and set(item) & set("，、；") else item


def _in_block_style(model: Any, value: Mapping[str, Any]) -> bool:  # noqa: ANN401
    if isinstance(model, yaml.MappingNode):
        return not model.flow_style
    if isinstance(model, CommentedMap):
        return not model.fa.flow_style()
    return any(isinstance(element, Mapping) for element in value.values()) or len(str(value)) > _FLAT


def comments(text: str) -> list[str]:
    """Return the comments of a YAML text, in order, each from its sign # to the end of the line."""
    lines = text.split("\n")
    return [lines[line][column:].rstrip() for line, column in _comment_places(text)]


def _comment_places(text: str) -> list[tuple[int, int]]:
    covered = bytearray(len(text) + 1)
    for token in yaml.scan(text, YAML_LOADER):
        if isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark.index, token.end_mark.index
            covered[start:end] = b"\1" * (end - start)
    places, line_start = [], 0
    for number, line in enumerate(text.split("\n")):
        signs = (sign.start() for sign in re.finditer(r"(?:^|(?<=\s))#", line))
        if (column := next((sign for sign in signs if not covered[line_start + sign]), None)) is not None:
            places.append((number, column))
        line_start += len(line) + 1
    return places


def _yaml(column: int) -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _Words
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    yaml.width = max(_WIDTH - column, 40)
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _spaced(text: str) -> str:
    """Return the text with a space inside the braces of each mapping in flow style, as the shipped registry has it."""
    marks = []
    for token in yaml.scan(text, YAML_LOADER):
        if isinstance(token, yaml.FlowMappingStartToken):
            marks.append(token.end_mark.index)
        elif isinstance(token, yaml.FlowMappingEndToken):
            marks.append(token.start_mark.index)
    for mark in sorted(marks, reverse=True):
        if text[mark - 1 : mark] not in (" ", "\n") or text[mark - 1] == "{":
            text = text[:mark] + " " + text[mark:]
    return text


def _comments_close(text: str) -> str:
    """Return the text with each comment one space after its value, because ruamel keeps the comment's old column."""
    lines = text.split("\n")
    for line, column in _comment_places(text):
        if value := lines[line][:column].rstrip():
            lines[line] = f"{value} {lines[line][column:]}"
    return "\n".join(lines)
