"""What was handed in and what waits: found, listed, and dropped when it lay too long."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select, update

from portal.core.db import db
from portal.core.retention import Kept, limit_of
from portal.core.scope import all_villages
from portal.people.models import Account
from portal.roster.models import RosterImport
from portal.roster.rules import Action, ImportState

OPEN = (ImportState.PREPARED, ImportState.WAITING)


def get(import_id: int) -> RosterImport:
    """Return an import of this village, or raise NoResultFound."""
    return db.session.get_one(RosterImport, import_id)


def find_waiting() -> RosterImport | None:
    """Return what waits for a second person in this village, or None."""
    return db.session.scalar(select(RosterImport).where(RosterImport.state == ImportState.WAITING))


def list_imports(*, limit: int = 50) -> list[tuple[RosterImport, str, str]]:
    """Return files that were handed in and what waits, the newest first, with who did what."""
    imports = list(
        db.session.scalars(
            select(RosterImport)
            .where(or_(RosterImport.action == Action.FILE, RosterImport.state.in_(OPEN)))
            .order_by(RosterImport.id.desc())
            .limit(limit)
        )
    )
    names = names_of(i for one in imports for i in (one.prepared_by_id, one.confirmed_by_id))
    return [
        (one, names.get(one.prepared_by_id, ""), names.get(one.confirmed_by_id, ""))
        for one in imports
    ]


def names_of(account_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names of accounts by id; one may be at home in a region above."""
    with all_villages("whoever works for the village may be at home in a region above"):
        rows = db.session.execute(
            select(Account.id, Account.name).where(Account.id.in_(set(account_ids) - {None}))
        )
        return {account_id: name for account_id, name in rows}


def prune(*, now: datetime) -> int:
    """Drop what lay too long; what it held of people goes with it."""
    ended = db.session.execute(
        update(RosterImport)
        .where(
            RosterImport.state.in_(OPEN),
            RosterImport.prepared_at < limit_of(Kept.STAGED_ROSTERS, now=now),
        )
        .values(state=ImportState.DROPPED, ended_at=now, rows=[], notes=[], decided={})
        .returning(RosterImport.id)
    )
    return len(ended.all())
