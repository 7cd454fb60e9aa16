"""A condition on many ids that are one parameter of the statement, a JSON text.

SQLAlchemy's own `in_` makes a parameter of each id, so that the statement is built, and read by the database, anew for
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


class given(FunctionElement[Any]):  # noqa: N801 - SQLAlchemy names a function of SQL like this
    """Whether a column of texts has one of the ids in the parameters that `ids` returns."""

    inherit_cache = True  # of no type: SQLAlchemy would compare a Boolean with 1 in SQLite, which then uses no index

    def __init__(self, column: "Column[Any]") -> None:
        """Take the column."""
        super().__init__(column, bindparam(_PARAMETER, type_=Text()))


def ids(values: Iterable[str]) -> Mapping[str, str]:
    """Return the parameters of a statement with the condition `given`."""
    return {_PARAMETER: json.dumps(list(values))}


@compiles(given, "sqlite")
def _for_sqlite(condition: given, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, values = (compiler.process(part, **options) for part in condition.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(given, "postgresql")
def _for_postgresql(condition: given, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, values = (compiler.process(part, **options) for part in condition.clauses)
    return f"{column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({values} AS json))))"
