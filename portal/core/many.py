"""Many values as one parameter: hundreds of them cost more to write down than to ask for."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, Text, bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def each(parameter: str) -> Select[str]:
    """Return the query of all values in a parameter, which `pack` makes; for `column.in_`."""
    return select(_Each(bindparam(parameter, type_=Text)).table_valued("value").c.value)


def pack(values: Iterable[str]) -> str:
    """Return values as the one parameter that `each` takes apart."""
    return json.dumps(sorted(set(values)))


class _Each(FunctionElement[str]):
    """The rows of a JSON list of texts."""

    name = "each"
    inherit_cache = True


@compiles(_Each, "sqlite")
def _of_sqlite(element: _Each, compiler: Any, **how: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **how)})"


@compiles(_Each, "postgresql")
def _of_postgresql(element: _Each, compiler: Any, **how: Any) -> str:
    return f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **how)} AS jsonb))"
