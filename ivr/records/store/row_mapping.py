"""Columns, rows and JSON of a dataclass, by the types of its fields."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import JSON, Boolean, Column, Double, Integer, Text
from sqlalchemy.types import TypeEngine

from ivr.records.derive.declaration import stored_fields
from ivr.records.store.utc_datetime import UtcDateTime

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class MappedField:
    """One field of a dataclass as a column. If a conversion is None, the value is not converted."""

    name: str
    column_type: TypeEngine[Any]
    nullable: bool
    key: bool = False
    indexed: bool = False
    to_row: Convert | None = None  # the value that the column takes
    from_row: Convert | None = None
    to_json: Convert | None = None

    def column(self) -> "Column[Any]":
        """Return the column, for a table."""
        return Column(
            self.name,
            self.column_type,
            primary_key=self.key,
            nullable=self.nullable,
            index=self.indexed or None,
        )


def stored(record_type: type) -> tuple[MappedField, ...]:
    """Return the fields of a dataclass that are declared as stored."""
    return tuple(
        _mapped_field(field.name, field.type, key=stored_as.key, indexed=stored_as.indexed)
        for field, stored_as in stored_fields(record_type)
    )


def all_fields(value_type: type, *, key: Iterable[str] = (), indexed: Iterable[str] = ()) -> tuple[MappedField, ...]:
    """Return all fields of a dataclass.

    Args:
        value_type: the dataclass.
        key: names of the fields of the primary key.
        indexed: names of the fields with an index of their own.
    """
    hints = get_type_hints(value_type)
    return tuple(
        _mapped_field(field.name, hints[field.name], key=field.name in key, indexed=field.name in indexed)
        for field in fields(value_type)
    )


def to_row(mapped_fields: Iterable[MappedField], value: object) -> dict[str, Any]:
    """Return the row of a value."""
    row = {}
    for field in mapped_fields:
        cell = getattr(value, field.name)
        row[field.name] = field.to_row(cell) if field.to_row and cell is not None else cell
    return row


def to_columns(mapped_fields: Iterable[MappedField], values: Sequence[object]) -> dict[str, list[Any]]:
    """Return the rows of many values as columns, because that is quicker than row by row."""
    columns = {}
    for field in mapped_fields:
        cells = list(map(attrgetter(field.name), values))
        if convert := field.to_row:
            cells = [None if cell is None else convert(cell) for cell in cells]
        columns[field.name] = cells
    return columns


def from_row(mapped_fields: Iterable[MappedField], row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the arguments with which the dataclass makes the value of a row."""
    arguments = {}
    for field in mapped_fields:
        cell = row[field.name]
        arguments[field.name] = field.from_row(cell) if field.from_row and cell is not None else cell
    return arguments


def to_json(mapped_fields: Iterable[MappedField], value: object) -> dict[str, Any]:
    """Return a value for JSON: times in ISO 8601, UTC, with their offset."""
    members = {}
    for field in mapped_fields:
        cell = getattr(value, field.name)
        members[field.name] = field.to_json(cell) if field.to_json and cell is not None else cell
    return members


def iso(at: datetime) -> str:
    """Return a time in ISO 8601 with milliseconds."""
    return at.isoformat(timespec="milliseconds")


_PLAIN: dict[object, type[TypeEngine[Any]]] = {str: Text, int: Integer, float: Double, bool: Boolean}


def _mapped_field(name: str, hint: Any, *, key: bool, indexed: bool) -> MappedField:  # noqa: ANN401 - a type
    """Return the mapping of a field by its type.

    Raises:
        TypeError: No column can hold values of this type.
    """
    field_type, nullable = _type_and_nullable(hint)
    if field_type in _PLAIN:
        return MappedField(name, _PLAIN[field_type](), nullable, key, indexed)
    if field_type is datetime:
        return MappedField(name, UtcDateTime(), nullable, key, indexed, to_json=iso)
    if isinstance(field_type, type) and issubclass(field_type, StrEnum):
        return MappedField(name, Text(), nullable, key, indexed, to_row=_text, from_row=_member_by_text(field_type))
    if get_origin(field_type) is tuple:
        return MappedField(name, JSON(), nullable, key, indexed, _lists, _tuples(field_type), _lists)
    raise TypeError(f"{name}: no column holds {hint}")


def _type_and_nullable(hint: Any) -> tuple[Any, bool]:  # noqa: ANN401 - a type
    if isinstance(hint, UnionType):
        [field_type] = [part for part in get_args(hint) if part is not type(None)]
        return field_type, True
    return hint, False


def _member_by_text(members: type[StrEnum]) -> Convert:
    by_text: dict[str, StrEnum] = {str(member): member for member in members}
    return by_text.__getitem__


def _text(member: StrEnum) -> str:
    return member.value


def _lists(values: tuple[Any, ...]) -> list[Any]:
    """Return nested tuples as lists, and members of enumerations as texts."""
    return [
        _lists(value) if isinstance(value, tuple) else value.value if isinstance(value, StrEnum) else value
        for value in values
    ]


def _tuples(tuple_type: Any) -> Convert:  # noqa: ANN401 - a type
    item, *_rest = get_args(tuple_type)
    if get_origin(item) is tuple:
        inner = _tuples(item)
    elif isinstance(item, type) and issubclass(item, StrEnum):
        inner = _member_by_text(item)
    else:
        return tuple
    return lambda values: tuple(map(inner, values))
