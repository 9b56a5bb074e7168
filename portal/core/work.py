"""Long work in units: each is done in a transaction of its own, once, and goes on after a fall.

A feature makes a work with its units; the process that does the duties takes one unit after the
other. A unit is marked in the transaction of what it did, so whoever is killed in the middle leaves
it undone, and the next process does it. The claim of the row and the keys of what is written are
the last judges when two processes work at once.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import Flask
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import JsonDict, VillageRow, db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope

SLICE = 4.0
"""For how many seconds one turn works, so that news and messages need not wait long."""


class UnitState(StrEnum):
    """How far one unit is. `SKIPPED`: a rule said no, and the note says which."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class Work(VillageRow):
    """A long piece of work. `key` names what it is about: the same is not begun twice at once."""

    __tablename__ = "work"
    __table_args__ = (
        Index(
            "uq_work_running",
            "village_id",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(60))
    facts: Mapped[JsonDict]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WorkUnit(VillageRow):
    """One unit: something to do in the place `place_id`."""

    __tablename__ = "work_unit"
    __table_args__ = (
        UniqueConstraint("work_id", "number"),
        Index("ix_work_unit_open", "work_id", "state", "number"),
    )

    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"))
    number: Mapped[int]
    place_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    facts: Mapped[JsonDict]
    state: Mapped[UnitState] = mapped_column(default=UnitState.WAITING)
    note: Mapped[str] = mapped_column(String(300), default="")
    done_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Unit:
    """A unit as a worker gets it: what to do, and what the whole work is about."""

    number: int
    facts: Mapping[str, Any]
    work: Mapping[str, Any]
    account_id: int | None


@dataclass(frozen=True)
class Progress:
    """How many units of a work stand where."""

    total: int
    done: int
    skipped: int
    failed: int

    @property
    def waiting(self) -> int:
        """Return how many are still to be done."""
        return self.total - self.done - self.skipped - self.failed


Worker = Callable[..., str]
"""Does one unit, in the unit's place and an open transaction; returns a note. Raises Refused."""


def begin(
    kind: str,
    key: str,
    units: Sequence[tuple[int, Mapping[str, Any]]],
    *,
    facts: Mapping[str, Any],
    account_id: int | None,
    now: datetime,
) -> Work:
    """Write down a work and its units (place, facts). A second of its kind and key is refused."""
    work = Work(kind=kind, key=key, facts=dict(facts), account_id=account_id, made_at=now)
    db.session.add(work)
    db.session.flush()
    db.session.add_all(
        WorkUnit(work_id=work.id, number=number, place_id=place_id, facts=dict(about))
        for number, (place_id, about) in enumerate(units, start=1)
    )
    if not units:
        work.ended_at = now
    db.session.flush()
    return work


def get(work_id: int) -> Work:
    """Return a work of this place, or raise NoResultFound."""
    return db.session.get_one(Work, work_id)


def list_works(kind: str, *, limit: int = 20) -> list[Work]:
    """Return the works of this kind, the newest first."""
    query = select(Work).where(Work.kind == kind).order_by(Work.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def progress_of(*work_ids: int) -> dict[int, Progress]:
    """Return how far works are, in one statement."""
    rows = db.session.execute(
        select(WorkUnit.work_id, WorkUnit.state, func.count())
        .where(WorkUnit.work_id.in_(work_ids))
        .group_by(WorkUnit.work_id, WorkUnit.state)
    )
    counted: dict[int, dict[UnitState, int]] = {work_id: {} for work_id in work_ids}
    for work_id, state, count in rows:
        counted[work_id][state] = count
    return {
        work_id: Progress(
            sum(states.values()),
            states.get(UnitState.DONE, 0),
            states.get(UnitState.SKIPPED, 0),
            states.get(UnitState.FAILED, 0),
        )
        for work_id, states in counted.items()
    }


def list_units(work_id: int, *states: UnitState, limit: int = 500) -> list[WorkUnit]:
    """Return the units of a work that stand in one of these states."""
    query = select(WorkUnit).where(WorkUnit.work_id == work_id, WorkUnit.state.in_(states))
    return list(db.session.scalars(query.order_by(WorkUnit.number).limit(limit)))


def try_again(work_id: int) -> int:
    """Let the units that failed or were skipped wait again; return how many."""
    again = (UnitState.FAILED, UnitState.SKIPPED)
    changed = db.session.scalars(
        update(WorkUnit)
        .where(WorkUnit.work_id == work_id, WorkUnit.state.in_(again))
        .values(state=UnitState.WAITING, note="", done_at=None)
        .returning(WorkUnit.id)
    ).all()
    if changed:
        get(work_id).ended_at = None
        db.session.flush()
    return len(changed)


def do_some(app: Flask, *, now: datetime, seconds: float = SLICE) -> int:
    """Do units that wait, oldest work first, for a while; return how many."""
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until and (next_one := _next(app)) is not None:
        _do(app, *next_one, now=now)
        count += 1
    return count


def _next(app: Flask) -> tuple[int, int, int] | None:
    """Return the next unit, its work and the work's place; a work without any more has ended."""
    with app.app_context(), all_villages("works of every place are done here"):
        found = db.session.execute(
            select(WorkUnit.id, WorkUnit.work_id, WorkUnit.place_id)
            .join(Work, Work.id == WorkUnit.work_id)
            .where(Work.ended_at.is_(None), WorkUnit.state == UnitState.WAITING)
            .order_by(WorkUnit.work_id, WorkUnit.number)
            .limit(1)
        ).one_or_none()
        db.session.rollback()
        return found and (found.id, found.work_id, found.place_id)


def _do(app: Flask, unit_id: int, work_id: int, place_id: int, *, now: datetime) -> None:
    workers: dict[str, Worker] = app.extensions["workers"]
    with app.app_context():
        try:
            with transaction():
                unit = _claim(unit_id, UnitState.DONE, now=now)
                if unit is None:
                    return  # another process was quicker
                with all_villages("a work stands in the place of whoever began it"):
                    work = db.session.get_one(Work, work_id)
                about = Unit(unit.number, unit.facts, work.facts, work.account_id)
                with village_scope(place_id):
                    note = workers[work.kind](about, now=now)
                with all_villages("as above"):
                    unit.note = note[:300]
                    db.session.flush()
        except Refused as refused:
            _mark(unit_id, UnitState.SKIPPED, str(refused.reason.value), now=now)
        except Exception as error:
            app.logger.exception("unit %s of work %s failed", unit_id, work_id)
            _mark(unit_id, UnitState.FAILED, repr(error), now=now)
        _end(work_id, now=now)


def _claim(unit_id: int, state: UnitState, *, now: datetime) -> WorkUnit | None:
    """Mark the unit if it still waits, and hold its row until the transaction ends."""
    with all_villages("works of every place are done here"):
        claimed = db.session.scalars(
            update(WorkUnit)
            .where(WorkUnit.id == unit_id, WorkUnit.state == UnitState.WAITING)
            .values(state=state, done_at=now)
            .returning(WorkUnit.id)
        ).one_or_none()
        return None if claimed is None else db.session.get_one(WorkUnit, unit_id)


def _mark(unit_id: int, state: UnitState, note: str, *, now: datetime) -> None:
    with transaction(), all_villages("works of every place are done here"):
        unit = _claim(unit_id, state, now=now)
        if unit is not None:
            unit.note = note[:300]


def _end(work_id: int, *, now: datetime) -> None:
    """Note that a work has ended when no unit of it waits."""
    waits = select(WorkUnit.id).where(
        WorkUnit.work_id == work_id, WorkUnit.state == UnitState.WAITING
    )
    with transaction(), all_villages("works of every place are done here"):
        db.session.execute(
            update(Work)
            .where(Work.id == work_id, Work.ended_at.is_(None), ~waits.exists())
            .values(ended_at=now)
        )
