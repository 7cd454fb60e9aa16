"""The declaration of a field of the call record: its derivation from the call, and its place in tables.

A field of `ivr.records.derive.call_record.CallRecord` is annotated with `Stored` or with `Derived`. Its column in the
database, its row, its query, its JSON and its column in ``ivr calls`` follow from that annotation and from its type.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, get_type_hints

if TYPE_CHECKING:
    from ivr.records.derive.call_facts import CallFacts


@dataclass(frozen=True, slots=True)
class Derived:
    """A field that follows from the events of the call, and that is no column of the table of calls."""

    derive: "Callable[[CallFacts], Any]"


@dataclass(frozen=True, slots=True)
class Stored(Derived):
    """A derived field that is also a column of the table of calls."""

    key: bool = False  # the primary key
    indexed: bool = False
    heading: str = ""  # of its column in `ivr calls`; "" if the table does not show it
    unit: str = ""  # behind the value in that table


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """One declared field of a record type."""

    name: str  # of the attribute, the column and the JSON member
    type: Any  # of the attribute, without the annotation
    derivation: Derived


def declared_fields(record_type: type[Any]) -> tuple[FieldDeclaration, ...]:
    """Return the fields of a dataclass that are annotated with `Stored` or `Derived`, in their order."""
    hints = get_type_hints(record_type, include_extras=True)
    return tuple(
        FieldDeclaration(field.name, hint.__origin__, derivation)
        for field in fields(record_type)
        for hint in (hints[field.name],)
        for derivation in getattr(hint, "__metadata__", ())
        if isinstance(derivation, Derived)
    )


def stored_fields(record_type: type[Any]) -> tuple[tuple[FieldDeclaration, Stored], ...]:
    """Return the fields that are columns, each with how it is stored."""
    return tuple(
        (field, field.derivation) for field in declared_fields(record_type) if isinstance(field.derivation, Stored)
    )
