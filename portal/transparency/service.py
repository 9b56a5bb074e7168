"""What can be done with the public record: add, find, check. Nothing here changes an entry."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Row, func, or_, select

from portal.core import scope
from portal.core.db import db
from portal.people.models import Region
from portal.transparency import logs, ports, rules
from portal.transparency.models import RecordEntry
from portal.transparency.rules import Break, Entry, Fault

PER_PAGE = 20


def append(
    *, kind: str, subject: str, content_sha256: str, file_sha256: str, now: datetime
) -> RecordEntry:
    """Add an entry behind the last one of this village and return it.

    Writers of one village queue for the village's row; the keys of the table are the last judges.
    """
    code = logs.lock_village()
    last = db.session.execute(
        select(RecordEntry.number, RecordEntry.leaf_sha256)
        .order_by(RecordEntry.number.desc())
        .limit(1)
    ).one_or_none()
    facts = Entry(
        village_code=code,
        number=last.number + 1 if last else 1,
        kind=kind,
        subject=subject,
        content_sha256=content_sha256,
        file_sha256=file_sha256,
        previous_sha256=last.leaf_sha256 if last else rules.FIRST_PREVIOUS,
        created_at=now,
    )
    entry = RecordEntry(
        number=facts.number,
        kind=kind,
        subject=subject,
        content_sha256=content_sha256,
        file_sha256=file_sha256,
        previous_sha256=facts.previous_sha256,
        leaf_sha256=rules.leaf_of(facts),
        created_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def count_entries() -> int:
    """Return how long the village's record is."""
    return db.session.scalar(select(func.count()).select_from(RecordEntry)) or 0


def list_entries(*, page: int = 1) -> Pagination:
    """Return one page of the record, the newest first."""
    query = select(RecordEntry).order_by(RecordEntry.number.desc())
    return db.paginate(query, page=page, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)


def get_entry(number: int) -> RecordEntry:
    """Return the entry with this number, or raise NoResultFound, which the app shows as 404."""
    return db.session.scalars(select(RecordEntry).where(RecordEntry.number == number)).one()


def find_by_number(number: int) -> list[RecordEntry]:
    """Return the entry with this number, alone in a list, or nothing."""
    return list(db.session.scalars(select(RecordEntry).where(RecordEntry.number == number)))


def find_by_digest(digest: str) -> list[RecordEntry]:
    """Return the entries whose content or file has this digest, or one that begins like it.

    Editions of one document share their content, so there can be several. An unknown digest, or a
    beginning shorter than 12 digits, finds none.
    """
    if not rules.is_prefix(digest):
        return []
    query = select(RecordEntry).order_by(RecordEntry.number)
    content, file = RecordEntry.content_sha256, RecordEntry.file_sha256
    if len(digest) == 64:
        query = query.where(or_(content == digest, file == digest))
    else:
        end = digest + "g"
        query = query.where(or_(content.between(digest, end), file.between(digest, end)))
    return list(db.session.scalars(query.limit(20)))


def find_contents(digests: Sequence[str]) -> list[RecordEntry]:
    """Return the entries whose content has one of these digests."""
    if not digests:
        return []
    query = select(RecordEntry).where(RecordEntry.content_sha256.in_(digests))
    return list(db.session.scalars(query.order_by(RecordEntry.number).limit(20)))


def find_files(digests: Sequence[str]) -> list[RecordEntry]:
    """Return the entries whose file has one of these digests."""
    if not digests:
        return []
    query = select(RecordEntry).where(RecordEntry.file_sha256.in_(digests))
    return list(db.session.scalars(query.order_by(RecordEntry.number).limit(20)))


def why_entry_broken(entry: RecordEntry) -> Fault | None:
    """Recompute one entry's hash and its hold on the one before."""
    facts = _facts(entry, _village_code())
    if rules.leaf_of(facts) != entry.leaf_sha256:
        return Fault.ENTRY_CHANGED
    before = db.session.scalar(
        select(RecordEntry.leaf_sha256).where(RecordEntry.number == entry.number - 1)
    )
    expected = rules.FIRST_PREVIOUS if entry.number == 1 else before
    return None if entry.previous_sha256 == expected else Fault.PREVIOUS_DIFFERS


def canonical(entry: RecordEntry) -> str:
    """Return the text whose hash is the entry's, so that anybody can hash it again."""
    return rules.canonical(_facts(entry, _village_code())).decode()


def find_successors(entries: Collection[RecordEntry]) -> dict[int, ports.Successor]:
    """Return why those of these entries that hold no more do not, by number."""
    found: dict[int, ports.Successor] = {}
    for kind, known in ports.corrections().items():
        if numbers := [entry.number for entry in entries if entry.kind == kind]:
            found |= known.successors(numbers)
    return found


def why_broken(newest: int | None = None) -> Break | None:
    """Recompute the chain of this village, or its newest lines; return its first fault, or None."""
    code, first, previous = _village_code(), 1, rules.FIRST_PREVIOUS
    if newest is not None and (length := logs.size(logs.RECORD)) > newest:
        first = length - newest + 1
        previous = "".join(logs.leaves(logs.RECORD, first - 2, first - 1))
    entries = ((_facts(entry, code), entry.leaf_sha256) for entry in _walk(first))
    return rules.why_broken(entries, first=first, previous=previous)


def files_broken() -> list[Break]:
    """Hash every file behind the record again; return what differs, by number."""
    code = _village_code()
    entries = [_facts(entry, code) for entry in _walk()]
    found: list[Break] = []
    keepers = ports.keepers()
    for kind in sorted({entry.kind for entry in entries} | set(keepers)):
        of_kind = [entry for entry in entries if entry.kind == kind]
        if kind not in keepers:
            found += [Break(entry.number, Fault.NO_KEEPER) for entry in of_kind]
            continue
        found += rules.files_broken(of_kind, keepers[kind].hash_files())
    return sorted(found, key=lambda fault: fault.number)


def _walk(first: int = 1) -> Iterator[Row[Any]]:
    """Return the entries in their order, plain as they lie in the database."""
    columns = [getattr(RecordEntry, column.key) for column in RecordEntry.__table__.columns]
    query = select(*columns).where(RecordEntry.number >= first).order_by(RecordEntry.number)
    return iter(db.session.execute(query))


def _village_code() -> str:
    query = select(Region.code).where(Region.id == scope.require_village())
    return db.session.scalars(query).one()


def _facts(entry: RecordEntry | Row[Any], code: str) -> Entry:
    return Entry(
        village_code=code,
        number=entry.number,
        kind=entry.kind,
        subject=entry.subject,
        content_sha256=entry.content_sha256,
        file_sha256=entry.file_sha256,
        previous_sha256=entry.previous_sha256,
        created_at=entry.created_at,
    )
