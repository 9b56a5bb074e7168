"""The roster in the public record: a digest that names nobody, and holds the roster to its changes.

For each person there is a commitment: the hash of their row and of a salt that only the house can
compute. The record gets the root over the commitments, in the order of their hashes. The roster as
it was then is the roster of today with every recorded change since taken back; so whoever edits
the roster, or the list of its changes, behind the village's back is found by `flask verify`.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.scope import village_scope
from portal.roster import known
from portal.roster.models import RosterChange
from portal.roster.rules import ChangeKind
from portal.transparency import logs, service, tree
from portal.transparency.models import RosterSeal
from portal.transparency.rules import Kept

KIND = "roster"
LANGUAGE = "zh_Hans"
COVERED = (
    "household",
    "group",
    "name",
    "sex",
    "born_on",
    "born_on_is_exact",
    "is_representative",
    "is_registered",
    "is_away",
    "admitted_on",
    "left_on",
)
"""What decides who has which rights. Phones and ID numbers are not in it."""

Rows = dict[int, dict[str, Any]]


def seal(*, now: datetime) -> RosterSeal | None:
    """Enter the roster as it is now into the record; one that did not change keeps its last."""
    logs.lock_village()
    newest, last = _newest_change(), latest()
    if newest == (last.last_change_id if last else 0):
        return last
    key, rows = secrets.token_hex(32), _rows()
    root = root_of(rows, key)
    count = sum(row["left_on"] is None for row in rows.values())
    with force_locale(LANGUAGE):
        subject = _("Digest of the roster: %(count)s people", count=count)
    number = service.append(
        kind=KIND, subject=subject, content_sha256=root, file_sha256=root, now=now
    ).number
    made = RosterSeal(last_change_id=newest, key=key, root=root, record_number=number)
    db.session.add(made)
    db.session.flush()
    return made


def seal_changed(*, now: datetime) -> int:
    """Enter every roster that changed into the record, once on a day; return how many. A chore."""
    changed = select(RosterChange.village_id, func.max(RosterChange.id))
    sealed = select(RosterSeal.village_id, func.max(RosterSeal.last_change_id))
    known_to = {
        one: last for one, last in db.session.execute(sealed.group_by(RosterSeal.village_id))
    }
    count = 0
    rows = db.session.execute(changed.group_by(RosterChange.village_id)).all()
    for village_id, change_id in rows:
        if change_id != known_to.get(village_id):
            with village_scope(village_id):
                if not _is_sealed_on(clock.today(now)):
                    count += seal(now=now) is not None
    return count


def latest() -> RosterSeal | None:
    """Return the newest digest of this village's roster, or None."""
    return db.session.scalar(select(RosterSeal).order_by(RosterSeal.id.desc()).limit(1))


def root_of(rows: Rows, key: str) -> str:
    """Return the root over the commitments of these people."""
    edge = tree.Edge()
    for commitment in sorted(commitment_of(row_id, row, key) for row_id, row in rows.items()):
        edge.add(tree.leaf(commitment))
    return edge.root().hex()


def commitment_of(resident_id: int, row: dict[str, Any], key: str) -> bytes:
    """Return the hash of a person's row and of their salt."""
    salt = hmac.new(bytes.fromhex(key), str(resident_id).encode(), hashlib.sha256).hexdigest()
    facts = {"salt": salt, "resident": resident_id, **row}
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


class RosterKeeper:
    """Answers the public record's question (`ports.Keeper`) for rosters."""

    def hash_files(self) -> Iterator[Kept]:
        """Take back change after change, and hash the roster of each digest as it was then."""
        rows = _rows()
        changes = list(
            db.session.execute(
                select(
                    RosterChange.id,
                    RosterChange.resident_id,
                    RosterChange.kind,
                    RosterChange.fields,
                ).order_by(RosterChange.id)
            )
        )
        for made in db.session.scalars(select(RosterSeal).order_by(RosterSeal.id.desc())).all():
            while changes and changes[-1].id > made.last_change_id:
                _take_back(rows, changes.pop())
            root = root_of(rows, made.key)
            yield Kept(made.record_number, root, root)


def _take_back(rows: Rows, change: Any) -> None:
    if change.kind is ChangeKind.ADDED:
        rows.pop(change.resident_id, None)
        return
    before = {name: pair[0] for name, pair in (change.fields or {}).items() if name in COVERED}
    rows.setdefault(change.resident_id, {}).update(before)


def _rows() -> Rows:
    """Return everybody who is or was on the roster, as plain values."""
    return {
        resident_id: {name: _plain(getattr(person, name)) for name in COVERED}
        for resident_id, person in known.read_known().items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _newest_change() -> int:
    return db.session.scalar(select(func.max(RosterChange.id))) or 0


def _is_sealed_on(day: date) -> bool:
    last = latest()
    if last is None:
        return False
    return clock.today(service.get_entry(last.record_number).created_at) == day
