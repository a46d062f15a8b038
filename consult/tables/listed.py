"""Rows of another table beside a row, without a statement of their own: as one list in JSON."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class listed(FunctionElement[Any]):  # noqa: N801 - used as the functions of `sa.func` are
    """A list of the rows, in any order, each a list of the columns that are given.

    Instants come as text; empty or null where there is no row.
    """

    inherit_cache = True
    type = sa.JSON()


@compiles(listed, "postgresql")
def _on_postgresql(element: listed, compiler: SQLCompiler, **given: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **given)}))"


@compiles(listed, "sqlite")
def _on_sqlite(element: listed, compiler: SQLCompiler, **given: Any) -> str:
    columns = (
        f"json({compiler.process(column, **given)})"  # else it would be text within the list
        if isinstance(column.type, sa.JSON)
        else compiler.process(column, **given)
        for column in element.clauses
    )
    return f"json_group_array(json_array({', '.join(columns)}))"
