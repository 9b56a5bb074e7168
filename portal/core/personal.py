"""How each feature tells a person what it keeps about them, and how it forgets them.

A feature with personal data offers a `Keeper` in its `personal.py`; `features.py` joins them. It
is a list of piles: which table, whose rows, which facts of each row. Both the readable page and
the download are made of the piles, and a test compares them with the tables there are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import FunctionType
from typing import Any

from flask import current_app
from flask_babel import LazyString
from sqlalchemy import ColumnElement, select

from portal.core.db import VillageRow, db
from portal.core.masking import mask_name
from portal.core.scope import all_villages

Plain = str | int | float | bool | None | list[Any] | dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is told or forgotten: always the account that asks, never one out of an address."""

    account_id: int
    village_id: int
    resident_id: int | None
    household_id: int | None
    group_id: int | None
    phone: str | None
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody who is forgotten chose: take the words back too; clear the roster row too."""

    takes_words_back: bool
    clears_roster: bool


@dataclass(frozen=True)
class Fact:
    """One column of a pile: its name in the download, its label on the page.

    `value` is a column, or what makes one for a person. `words` are those of an enum's values, for
    the page. `is_of_others`: it may be somebody else's name, and is masked unless it is one's own.
    `tell` says the row in words, for the page, where the value itself is for machines.
    """

    key: str
    label: LazyString
    value: Any
    words: Mapping[Any, LazyString] = field(default_factory=dict)
    is_of_others: bool = False
    tell: Callable[[Mapping[str, Any]], str] | None = None


def of_resident(column: Any) -> Callable[[Person], ColumnElement[bool] | None]:
    """Say whose rows these are: the resident's in this column, and nobody's of who is none."""
    return lambda person: None if person.resident_id is None else column == person.resident_id


@dataclass(frozen=True)
class Pile:
    """The rows of one table that speak of a person. `whose` is None where there can be none.

    `key` is the pile's name in the download, where it is not that of the table.
    """

    table: type[VillageRow]
    title: LazyString
    facts: tuple[Fact, ...]
    whose: Callable[[Person], ColumnElement[bool] | None]
    joined: tuple[tuple[Any, ColumnElement[bool]], ...] = ()
    key: str = ""

    @property
    def name(self) -> str:
        """Return the pile's name in the download."""
        return self.key or self.table.__tablename__


def nothing(_person: Person, _wish: Wish, *, now: datetime) -> int:
    """Forget nothing: what this keeper tells of stays, for the reason that the notice gives."""
    return 0


@dataclass(frozen=True)
class Keeper:
    """A feature that keeps personal data. `forget` may run again without harm.

    `untold` names columns ("table.column") that refer to a person and are told in no pile, with
    the reason; a house test finds every other one.
    """

    key: str
    title: LazyString
    piles: tuple[Pile, ...]
    forget: Callable[..., int] = nothing
    untold: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """A pile as it was read for one person."""

    pile: Pile
    rows: list[dict[str, Any]]


def keepers() -> tuple[Keeper, ...]:
    """Return the keepers of the house, the lowest first."""
    found: tuple[Keeper, ...] = current_app.extensions["keepers"]
    return found


def tell(keeper: Keeper, person: Person) -> list[Told]:
    """Return what a keeper keeps about this person, pile by pile, the oldest row first."""
    return [Told(pile, _rows(pile, person)) for pile in keeper.piles]


def _rows(pile: Pile, person: Person) -> list[dict[str, Any]]:
    criterion = pile.whose(person)
    if criterion is None:
        return []
    columns = [_column(fact, person).label(fact.key) for fact in pile.facts]
    query = select(*columns).select_from(pile.table)
    for other, on in pile.joined:
        query = query.outerjoin(other, on)
    with all_villages("whoever works in several villages is told all of it; ids are of the house"):
        rows = db.session.execute(query.where(criterion).order_by(pile.table.id))
        return [_masked(pile, dict(row._mapping), person) for row in rows]


def _column(fact: Fact, person: Person) -> Any:
    return fact.value(person) if isinstance(fact.value, FunctionType) else fact.value


def _masked(pile: Pile, row: dict[str, Any], person: Person) -> dict[str, Any]:
    for fact in pile.facts:
        name = row[fact.key]
        if fact.is_of_others and name and name != person.name:
            row[fact.key] = mask_name(name)
    return row


def plain(value: Any) -> Plain:
    """Return a value as JSON can hold it."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return str(value)
