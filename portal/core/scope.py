"""Every village is a world of its own: no statement leaves it by oversight.

Inside a village every ORM SELECT, UPDATE and DELETE gets `village_id = the village` by itself.
Outside of any, and in statements of Core, a village's table without a village is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from flask import g
from sqlalchemy import Column, Connection, Engine, Executable, FromClause, Table, bindparam, event
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.elements import BinaryExpression, BindParameter
from sqlalchemy.sql.selectable import Alias, CompoundSelect, Select

from portal.core.errors import VillageMissing

S = TypeVar("S", bound=Executable)
_CHECKED = {"village_checked": True}


def current_village() -> int | None:
    """Return the id of the village we are in, or None outside of any."""
    scope = g.get("village_scope")
    return scope if isinstance(scope, int) else None


def require_village() -> int:
    """Return the id of the village we are in, or raise VillageMissing."""
    village_id = current_village()
    if village_id is None:
        raise VillageMissing("a row of a village is made outside of any village")
    return village_id


def enter_village(village_id: int) -> None:
    """Stay inside this village until the request ends."""
    g.village_scope = village_id


@contextmanager
def village_scope(village_id: int) -> Iterator[None]:
    """Run the block inside one village."""
    with _scope(village_id):
        yield


@contextmanager
def all_villages(reason: str) -> Iterator[None]:
    """Run the block across villages; the reason is for whoever reads the code."""
    if not reason:
        raise ValueError("say why every village must be read")
    with _scope("all"):
        yield


@contextmanager
def _scope(scope: int | str) -> Iterator[None]:
    before = g.get("village_scope")
    g.village_scope = scope
    try:
        yield
    finally:
        g.village_scope = before


def prepared(statement: S) -> S:
    """Return a statement that is built and checked once, and names its village by itself.

    It is for the few that every page or vote needs: `village_id` is one of its parameters. Raises
    VillageMissing at once where it compares a village's table with none.
    """
    if strays := _strays(statement):
        raise VillageMissing(f"no village is named for {', '.join(sorted(strays))}")
    return statement.execution_options(**_CHECKED)


def within(statement: S) -> S:
    """Return a query of ORM rows that is built once and stays in one village, whatever it joins.

    It is run with `here`. Unlike `prepared` it need not name the village of each of its tables:
    the ORM does, where a row class is named. Raises VillageMissing at once where a bare table of
    rows of a village is, and is compared with none.
    """
    if strays := _bare(statement) & _strays(statement):
        raise VillageMissing(f"no village is named for {', '.join(sorted(strays))}")
    return statement.options(_WITHIN[0]).execution_options(**_CHECKED)


def here(**parameters: Any) -> dict[str, Any]:
    """Return what a statement asks for that is built once: the village, and these."""
    return {"village_id": require_village(), **parameters}


_WITHIN: list[LoaderCriteriaOption] = []


def guard(village_row: type[Any]) -> None:
    """Put the guard on every session and engine; `village_row` is the parent of such rows."""
    _WITHIN.append(
        with_loader_criteria(
            village_row,
            lambda cls: cls.village_id == bindparam("village_id"),
            include_aliases=True,
        )
    )

    @event.listens_for(Session, "do_orm_execute")
    def keep_inside(state: ORMExecuteState) -> None:
        scope = g.get("village_scope")
        if state.is_insert or not state.is_orm_statement:
            return  # looked at below
        is_loaded = state.is_column_load or state.is_relationship_load
        if scope == "all" or is_loaded or "village_checked" in state.execution_options:
            state.update_execution_options(**_CHECKED)
        elif scope is not None and isinstance(state.statement, Select | Update | Delete):
            inside = _inside(village_row, scope)  # type: ignore[arg-type]  # a class has a hash
            state.statement = state.statement.options(inside)
            state.update_execution_options(**_CHECKED)

    @event.listens_for(Engine, "before_execute")
    def refuse_strays(
        _conn: Connection, statement: Any, _many: Any, _one: Any, options: dict[str, Any]
    ) -> None:
        if "village_checked" in options or "compiled_cache" in options:  # the latter: a flush
            return
        if not isinstance(statement, Select | CompoundSelect | Insert | Update | Delete):
            return
        if g and g.get("village_scope") == "all":
            return
        if strays := _strays(statement):
            raise VillageMissing(f"no village is named for {', '.join(sorted(strays))}")


@lru_cache(maxsize=1024)
def _inside(village_row: type[Any], village_id: int) -> LoaderCriteriaOption:
    return with_loader_criteria(
        village_row, lambda cls: cls.village_id == village_id, include_aliases=True
    )


def _bare(statement: Any) -> set[str]:
    """Return the tables of which a column is named that is not a row class's: no ORM knows it."""
    named = (element for element in visitors.iterate(statement) if isinstance(element, Column))
    return {column.table.name for column in named if "parententity" not in column._annotations}


def _strays(statement: Any) -> set[str]:
    """Return the village tables in the statement whose village_id is compared with nothing."""
    tables: set[FromClause] = set()
    named: set[FromClause] = set()
    target = statement.table if isinstance(statement, Insert) else None
    for element in visitors.iterate(statement):
        if isinstance(element, Table | Alias) and "village_id" in element.c:
            tables.add(element)
        elif isinstance(element, BinaryExpression):
            for side in (element.left, element.right):
                column = getattr(side, "element", side)
                if getattr(column, "name", "") == "village_id" and not isinstance(
                    column, BindParameter
                ):
                    named.add(column.table)
    aliased = {t.element for t in tables if isinstance(t, Alias)} - named
    strays = tables - named - aliased - {target}
    return {getattr(t, "name", str(t)) for t in strays}
