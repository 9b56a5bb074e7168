"""The roster as the committee's list shows it, page by page."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from portal.core.db import db
from portal.people import rules
from portal.people.models import Household, Resident, VillagerGroup

LAST_DIGITS = 4


@dataclass(frozen=True)
class RosterLine:
    """A resident as the committee's list shows them."""

    id: int
    name: str
    household: str
    group: str
    sex: rules.Sex
    born_on: date | None
    phone: str | None
    is_representative: bool
    is_away: bool
    basis: rules.Basis


def list_residents(
    *,
    search: str = "",
    group_id: int | None = None,
    page: int = 1,
    per_page: int = 50,
    with_left: bool = False,
) -> tuple[list[RosterLine], int]:
    """Return one page of the roster, by group and household, and how many there are in all.

    Whoever has left is missing; with `with_left` they alone are listed. `search` is part of a
    name, a household's number, a phone, or the last four of a phone or ID number.
    """
    query = (
        select(Resident, Household.number, VillagerGroup.name)
        .join(Household, Household.id == Resident.household_id)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
        .where(Resident.left_on.is_not(None) if with_left else Resident.left_on.is_(None))
    )
    if search:
        found = [
            Resident.name.contains(search, autoescape=True),
            Household.number == search,
            Resident.phone == search,
        ]
        if len(search) == LAST_DIGITS:
            found.append(Resident.id_last4 == search.upper())
            if search.isascii() and search.isdigit():
                found.append(Resident.phone.endswith(search))
        query = query.where(or_(*found))
    if group_id is not None:
        query = query.where(Resident.group_id == group_id)
    total = db.session.scalar(
        query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    )
    rows = db.session.execute(
        query.order_by(VillagerGroup.number, Household.number, Resident.id)
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    return [
        RosterLine(
            r.id,
            r.name,
            number,
            group,
            r.sex,
            r.born_on,
            r.phone,
            r.is_representative,
            r.is_away,
            rules.electorate_basis(
                is_registered=r.is_registered, is_away=r.is_away, admitted_on=r.admitted_on
            ),
        )
        for r, number, group in rows
    ], total or 0
