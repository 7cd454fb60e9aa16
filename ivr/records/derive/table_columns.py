"""The columns of a table of call records for people, from the declarations of the fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ivr.records.derive.declaration import stored_fields


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its heading, and the text of its cells."""

    name: str  # of the JSON member that the cells show
    heading: str
    unit: str

    def cell(self, record: Mapping[str, Any]) -> str:
        """Return the text for a record in JSON: "" for null, no decimals, the items of a list with commas."""
        value = record[self.name]
        if value is None or value == "":
            return ""
        if isinstance(value, list):
            return ", ".join(map(str, value))
        if isinstance(value, float):
            return f"{value:.0f}{self.unit}"
        return f"{value}{self.unit}"


def table_columns(record_type: type[Any]) -> tuple[TableColumn, ...]:
    """Return the columns of the fields that are declared with a heading, in their order."""
    return tuple(
        TableColumn(field.name, stored_as.heading, stored_as.unit)
        for field, stored_as in stored_fields(record_type)
        if stored_as.heading
    )
