"""Who is on the roster, and who of them is of the electorate, as criteria for queries.

The one definition for every count and every list of electors (domain.md V23, T8);
`people/rules.py` says the same of one person.
"""

from datetime import date

from sqlalchemy import ColumnElement, Enum, and_, case, func, literal, or_

from portal.people.models import Resident
from portal.people.rules import BANDS, AgeBand, Basis, born_until, electorate_basis, is_adult

ADULT = 18
_BAND = Enum(AgeBand, native_enum=False, length=32, values_callable=lambda e: [m.value for m in e])


def is_here(day: date) -> ColumnElement[bool]:
    """Return the criterion of residents who have not left by that day."""
    return or_(Resident.left_on.is_(None), Resident.left_on > day)


def has_basis(day: date) -> ColumnElement[bool]:
    """Return the criterion of those who have a ground to be of the electorate (V23)."""
    return or_(Resident.is_registered, Resident.admitted_on <= day)


def is_elector(day: date) -> ColumnElement[bool]:
    """Return the criterion of the electorate: here, with a ground, and 18 on that day (T8)."""
    return and_(is_here(day), has_basis(day), is_of_age(day, ADULT))


def is_of_age(day: date, age: int) -> ColumnElement[bool]:
    """Return the criterion of those who are known to be this old on that day."""
    return Resident.born_on <= born_until(day, age)


def may_be_adult(day: date) -> ColumnElement[bool]:
    """Return the criterion of those who are not known to be minors on that day."""
    return or_(Resident.born_on.is_(None), is_of_age(day, ADULT))


def age_band_on(day: date) -> ColumnElement[AgeBand]:
    """Return the age band of residents on that day, as `rules.age_band` says it of one."""
    return case(
        (Resident.born_on.is_(None), literal(AgeBand.UNKNOWN, _BAND)),
        *((is_of_age(day, least), literal(band, _BAND)) for least, band in BANDS),
        else_=literal(AgeBand.UNKNOWN, _BAND),
    )


def counts(
    day: date,
) -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    """Return the columns that count electors, residents and households of those who are here.

    A household is counted as long as somebody of it is here.
    """
    return (
        func.count().filter(is_elector(day)),
        func.count(),
        func.count(Resident.household_id.distinct()),
    )


def basis_of(resident: Resident, *, day: date) -> Basis:
    """Return the ground on which a resident is of the electorate on that day, or `Basis.NONE`."""
    if resident.left_on is not None and resident.left_on <= day:
        return Basis.NONE
    admitted_on = resident.admitted_on
    return electorate_basis(
        is_registered=resident.is_registered,
        is_away=resident.is_away,
        admitted_on=admitted_on if admitted_on and admitted_on <= day else None,
    )


def is_of_electorate(resident: Resident, *, day: date) -> bool:
    """Tell whether a resident is of the electorate on that day."""
    has_ground = basis_of(resident, day=day) is not Basis.NONE
    return has_ground and is_adult(resident.born_on, day)
