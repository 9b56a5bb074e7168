"""What statistics ask of the database: people and acts, counted there, never row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, select, union_all

from portal.ballots.display import IN_SECRET
from portal.ballots.models import Ballot, BallotElector, Turnout
from portal.ballots.states import Secrecy, state
from portal.core import clock
from portal.core.db import db
from portal.core.suppression import THRESHOLD
from portal.discussion.models import Comment
from portal.people import electorate
from portal.people import service as people
from portal.people.models import Resident
from portal.people.rules import AgeBand, Sex
from portal.points.models import PointsTransfer
from portal.points.rules import TransferKind
from portal.points.service import not_reversed
from portal.statistics.rules import Act, Period
from portal.surveys.models import Reply


class Stratum(NamedTuple):
    """People of one group, sex and age band: how many, who acted, who decided among them."""

    group_id: int
    sex: Sex
    age_band: AgeBand
    people: int
    acted: int
    decided: int


@dataclass(frozen=True)
class Facts:
    """All counts of one period: the roster's, those of who acted, and how many did each act."""

    adults: Sequence[Stratum]
    actors: Sequence[Stratum]
    acts: dict[Act, int]
    threshold: int


def gather(period: Period, *, snapshot: date) -> Facts:
    """Return the counts of a period, in four statements."""
    return Facts(
        adults=_adults(snapshot),
        actors=_actors(period),
        acts=_acts(period),
        threshold=IN_SECRET if _has_secret(period) else THRESHOLD,
    )


def group_names() -> dict[int, str]:
    """Return the groups' names by id, in the order of their numbers."""
    return people.group_names()


def get_ballot(ballot_id: int) -> Ballot:
    """Return an opened ballot, or raise NoResultFound, which the app shows as 404.

    Of a secret one nothing is told before it is closed: a number that moves by one could be dated
    against the urn, and one by group even in steps (trust.md §5.2, P44).
    """
    return db.session.scalars(
        select(Ballot).where(Ballot.id == ballot_id, Ballot.opened_at.is_not(None), is_told())
    ).one()


def is_told() -> ColumnElement[bool]:
    """Return the condition that the turnout of a ballot may be told: with names, or closed."""
    return (Ballot.secrecy == Secrecy.OPEN) | Ballot.closed_at.is_not(None)


def list_turnouts() -> list[tuple[Ballot, int]]:
    """Return the ballots of which turnout is told, the latest first, each with the votes cast."""
    cast = (
        select(func.count(Turnout.id))
        .where(Turnout.ballot_id == Ballot.id)
        .correlate(Ballot)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Ballot, cast)
        .where(Ballot.opened_at.is_not(None), is_told())
        .order_by(Ballot.closes_at.desc(), Ballot.id.desc())
    )
    return [(ballot, int(count)) for ballot, count in rows]


def gather_turnout(ballot_id: int) -> tuple[list[Stratum], list[Stratum]]:
    """Return the electors of a ballot, and those who voted, by group, sex and age band."""
    return (
        _count(BallotElector, BallotElector.ballot_id == ballot_id),
        _count(Turnout, Turnout.ballot_id == ballot_id),
    )


def _count(model: type[BallotElector | Turnout], about: ColumnElement[bool]) -> list[Stratum]:
    rows = db.session.execute(
        select(model.group_id, model.sex, model.age_band, func.count())
        .where(about)
        .group_by(model.group_id, model.sex, model.age_band)
    )
    return [Stratum(group, sex, age, count, 0, 0) for group, sex, age, count in rows]


def _adults(day: date) -> list[Stratum]:
    """Count who is on the roster that day and not known to be a minor."""
    age = electorate.age_band_on(day).label("age")
    rows = db.session.execute(
        select(Resident.group_id, Resident.sex, age, func.count())
        .where(electorate.is_here(day))
        .where(electorate.may_be_adult(day))
        .group_by(Resident.group_id, Resident.sex, age)
    )
    return [Stratum(group, sex, AgeBand(band), count, 0, 0) for group, sex, band, count in rows]


def _actors(period: Period) -> list[Stratum]:
    """Count the adults who acted, each once: as they were at their first act of the period."""
    deeds = _deeds(period)
    first = func.row_number().over(
        partition_by=deeds.c.resident_id, order_by=(deeds.c.done_at, deeds.c.act, deeds.c.id)
    )
    voted = func.max(case((deeds.c.act == Act.VOTE.value, 1), else_=0)).over(
        partition_by=deeds.c.resident_id
    )
    each = select(
        deeds.c.group_id, deeds.c.sex, deeds.c.age_band, first.label("nth"), voted.label("voted")
    ).subquery()
    rows = db.session.execute(
        select(each.c.group_id, each.c.sex, each.c.age_band, func.count(), func.sum(each.c.voted))
        .where(each.c.nth == 1)
        .group_by(each.c.group_id, each.c.sex, each.c.age_band)
    )
    return [
        Stratum(group, sex, age, 0, int(acted), int(decided))
        for group, sex, age, acted, decided in rows
    ]


def _acts(period: Period) -> dict[Act, int]:
    """Count the adults who did each kind of act."""
    deeds = _deeds(period)
    rows = db.session.execute(
        select(deeds.c.act, func.count(deeds.c.resident_id.distinct())).group_by(deeds.c.act)
    )
    found = {Act(act): int(count) for act, count in rows}
    return {act: found.get(act, 0) for act in Act}


def _deeds(period: Period) -> Subquery:
    """Return every act of the period by somebody not known to be a minor then."""
    earned = (PointsTransfer.kind == TransferKind.EARN) & not_reversed()
    return union_all(
        _deeds_of(Act.COMMENT, Comment, period),
        _deeds_of(Act.SURVEY, Reply, period),
        _deeds_of(Act.VOTE, Turnout, period).where(
            Turnout.ballot_id.in_(select(Ballot.id).where(is_told()))
        ),
        _deeds_of(Act.POINTS, PointsTransfer, period).where(earned),
    ).subquery()


def _has_secret(period: Period) -> bool:
    """Tell whether a secret vote is among those counted in the period."""
    begins, ends = clock.midnight_before(period.first), clock.midnight_after(period.last)
    secret = (
        select(Ballot.id)
        .join(Turnout, Turnout.ballot_id == Ballot.id)
        .where(Ballot.secrecy != Secrecy.OPEN, is_told())
        .where(Turnout.done_at >= begins, Turnout.done_at < ends)
        .limit(1)
    )
    return db.session.scalar(secret) is not None


def _deeds_of(act: Act, model: Any, period: Period) -> Select[Any]:
    begins, ends = clock.midnight_before(period.first), clock.midnight_after(period.last)
    return select(
        literal(act.value).label("act"),
        model.id,
        model.resident_id,
        model.group_id,
        model.sex,
        model.age_band,
        model.done_at,
    ).where(model.done_at >= begins, model.done_at < ends, model.age_band != AgeBand.UNDER_18)


def is_open(ballot: Ballot, *, now: datetime) -> bool:
    """Tell whether votes can still come in, so that the figure is not final."""
    return not state(ballot, now=now).is_over
