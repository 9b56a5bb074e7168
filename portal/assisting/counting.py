"""What was entered for others: by sitting, by helper and month, and for the whole village."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from portal.assisting import ports, rules
from portal.assisting.rules import Flag, SittingState
from portal.core import clock
from portal.core.db import db
from portal.core.masking import mask_name
from portal.core.scope import all_villages
from portal.people.models import Account, AssistedSitting, Resident

LISTED_AT_MOST = 100


@dataclass(frozen=True)
class Line:
    """A sitting in a list: who helped whom before whom, and what was entered.

    The person's name is masked; helper and witness answer for it with theirs.
    """

    id: int
    state: SittingState
    helper: str
    witness: str
    person: str
    began_at: datetime | None
    asked_at: datetime
    objected_at: datetime | None
    objection: str
    entered: dict[str, int]
    may_object: bool


@dataclass(frozen=True)
class Names:
    """The two whom a helper's banner names."""

    person: str
    witness: str


@dataclass
class Month:
    """What was entered for others in one month, by one helper or by all."""

    first_day: date
    sittings: int = 0
    persons: set[int] = field(default_factory=set)
    helpers: set[int] = field(default_factory=set)
    objections: int = 0
    entered: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class HelperMonth:
    """One helper's month, with the reasons to look at it."""

    account_id: int
    name: str
    month: Month
    flags: tuple[Flag, ...]


def entered_in(sitting_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Return how many of which kind were entered in each of these sittings."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for kind, entered in ports.kinds().items():
        model: Any = entered.model
        rows = db.session.execute(
            select(model.sitting_id, func.count())
            .where(model.sitting_id.in_(sitting_ids))
            .group_by(model.sitting_id)
        )
        for sitting_id, count in rows:
            found[sitting_id][kind] = count
    return dict(found)


def list_of_helper(account_id: int, *, now: datetime, limit: int = 20) -> list[Line]:
    """Return the sittings that this account asked for, the latest first."""
    return _lines(AssistedSitting.helper_id == account_id, now=now, limit=limit)


def list_for_witness(account_id: int, *, now: datetime) -> list[Line]:
    """Return the sittings that wait for the answer of this witness."""
    waiting = (AssistedSitting.witness_id == account_id) & AssistedSitting.ended_at.is_(None)
    lines = _lines(waiting, now=now, limit=LISTED_AT_MOST)
    return [line for line in lines if line.state is SittingState.ASKED]


def list_for_person(resident_id: int, *, now: datetime) -> list[Line]:
    """Return the sittings that were begun for this resident, the latest first."""
    begun = (AssistedSitting.resident_id == resident_id) & AssistedSitting.began_at.is_not(None)
    return _lines(begun, now=now, limit=LISTED_AT_MOST)


def list_objected(*, now: datetime, since: datetime) -> list[Line]:
    """Return the sittings of which the person said that it was not their will."""
    return _lines(AssistedSitting.objected_at >= since, now=now, limit=LISTED_AT_MOST)


def line_of(sitting: AssistedSitting, *, now: datetime) -> Line:
    """Return one sitting as lists show it."""
    return _lines(AssistedSitting.id == sitting.id, now=now, limit=1)[0]


def names_of(sitting: AssistedSitting) -> Names:
    """Return who stands in the banner of a sitting, masked."""
    name = db.session.scalar(select(Resident.name).where(Resident.id == sitting.resident_id))
    witness = _names([sitting.witness_id]).get(sitting.witness_id, "")
    return Names(person=mask_name(name or ""), witness=mask_name(witness))


def months(*, since: date) -> list[Month]:
    """Return what was entered in the village by month, the latest first."""
    return sorted(
        _by_month(_begun(since), whose=lambda _sitting: 0).values(),
        key=lambda month: month.first_day,
        reverse=True,
    )


def months_of(account_id: int, *, since: date) -> list[Month]:
    """Return what one helper entered by month, the latest first."""
    mine = [s for s in _begun(since) if s.helper_id == account_id]
    return sorted(
        _by_month(mine, whose=lambda _sitting: 0).values(),
        key=lambda month: month.first_day,
        reverse=True,
    )


def helpers(*, since: date) -> list[HelperMonth]:
    """Return every helper's months, the latest first, with the reasons to look at them."""
    begun = _begun(since)
    by_helper = _by_month(begun, whose=lambda sitting: sitting.helper_id)
    all_of = {month.first_day: month for month in months(since=since)}
    names = _names({helper_id for helper_id, _ in by_helper})
    votes = _votes()
    found = [
        HelperMonth(
            account_id=helper_id,
            name=names.get(helper_id, ""),
            month=month,
            flags=rules.flags(
                votes=votes.get(helper_id, []),
                persons=len(month.persons),
                all_persons=len(all_of[first_day].persons),
                objections=month.objections,
            ),
        )
        for (helper_id, first_day), month in by_helper.items()
    ]
    return sorted(found, key=lambda h: (h.month.first_day, h.month.sittings), reverse=True)


def shares() -> list[tuple[ports.Share, int]]:
    """Return each ballot with help in it, and how many percent the busiest helper entered."""
    found = [
        share
        for entered in ports.kinds().values()
        if entered.shares is not None
        for share in entered.shares()
    ]
    return [(s, round(100 * max(s.by_helper.values()) / s.total)) for s in found if s.by_helper]


def _votes() -> dict[int, list[tuple[int, int]]]:
    """Return by helper how many votes of how many they entered in each ballot."""
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for share, _percent in shares():
        for helper_id, count in share.by_helper.items():
            found[helper_id].append((count, share.total))
    return dict(found)


def _begun(since: date) -> Sequence[AssistedSitting]:
    begin = clock.midnight_before(since.replace(day=1))
    return db.session.scalars(
        select(AssistedSitting)
        .where(AssistedSitting.began_at >= begin)
        .order_by(AssistedSitting.began_at)
    ).all()


def _by_month(sittings: Sequence[AssistedSitting], *, whose: Any) -> dict[tuple[int, date], Month]:
    entered = entered_in([sitting.id for sitting in sittings])
    found: dict[tuple[int, date], Month] = {}
    for sitting in sittings:
        assert sitting.began_at is not None  # noqa: S101 -- asked for above
        first_day = clock.today(sitting.began_at).replace(day=1)
        month = found.setdefault((whose(sitting), first_day), Month(first_day))
        month.sittings += 1
        month.persons.add(sitting.resident_id)
        month.helpers.add(sitting.helper_id)
        month.objections += sitting.objected_at is not None
        month.entered.update(entered.get(sitting.id, {}))
    return found


def _lines(which: ColumnElement[bool], *, now: datetime, limit: int) -> list[Line]:
    rows = db.session.execute(
        select(AssistedSitting, Resident.name)
        .join(Resident, Resident.id == AssistedSitting.resident_id)
        .where(which)
        .order_by(AssistedSitting.id.desc())
        .limit(limit)
    ).all()
    if not rows:  # so on most pages of most people
        return []
    names = _names({i for sitting, _ in rows for i in (sitting.helper_id, sitting.witness_id)})
    entered = entered_in([sitting.id for sitting, _ in rows])
    return [
        Line(
            id=sitting.id,
            state=rules.state(
                now=now,
                witnessed_at=sitting.witnessed_at,
                began_at=sitting.began_at,
                expires_at=sitting.expires_at,
                ended_at=sitting.ended_at,
                declined_at=sitting.declined_at,
            ),
            helper=names.get(sitting.helper_id, ""),
            witness=names.get(sitting.witness_id, ""),
            person=mask_name(name),
            began_at=sitting.began_at,
            asked_at=sitting.asked_at,
            objected_at=sitting.objected_at,
            objection=sitting.objection,
            entered=entered.get(sitting.id, {}),
            may_object=rules.why_not_object(
                now=now,
                is_person=True,
                began_at=sitting.began_at,
                objected_at=sitting.objected_at,
            )
            is None,
        )
        for sitting, name in rows
    ]


def _names(account_ids: Collection[int]) -> dict[int, str]:
    query = select(Account.id, Account.name).where(Account.id.in_(account_ids))
    with all_villages("a helper's account can be at home in a region above"):
        return {account_id: name for account_id, name in db.session.execute(query)}
