"""A condition on a list of ids. The whole list is one parameter of the statement, a JSON text.

SQLAlchemy's own `in_` makes a parameter of each id. So SQLAlchemy builds, and the database parses, a new statement for
each number of ids. That took a fifth of the import of small pieces.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_PARAMETER = "ids"


class in_id_list(FunctionElement[Any]):  # noqa: N801 - SQLAlchemy names a function of SQL like this
    """Whether the value of a text column is in the list of ids that `id_list` makes a parameter."""

    inherit_cache = True  # without a type, because SQLite uses no index if SQLAlchemy compares a Boolean with 1

    def __init__(self, column: "Column[Any]") -> None:
        """Take the column."""
        super().__init__(column, bindparam(_PARAMETER, type_=Text()))


def id_list(values: Iterable[str]) -> Mapping[str, str]:
    """Return the parameters with which a statement with the condition `in_id_list` is executed."""
    return {_PARAMETER: json.dumps(list(values))}


@compiles(in_id_list, "sqlite")
def _for_sqlite(condition: in_id_list, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, values = (compiler.process(part, **options) for part in condition.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(in_id_list, "postgresql")
def _for_postgresql(condition: in_id_list, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, values = (compiler.process(part, **options) for part in condition.clauses)
    return f"{column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({values} AS json))))"
