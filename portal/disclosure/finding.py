"""Finding documents: the office behind them, lists, files, where a document stands."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from portal.core.db import db
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc, DisclosureFile, DisclosureOffice
from portal.disclosure.rules import DocKind, Edition
from portal.disclosure.states import UNDER_WAY, State
from portal.transparency.rules import Kept

PER_PAGE = 20


def find_office() -> DisclosureOffice | None:
    """Return who answers for the village's documents, once that was said."""
    return db.session.scalar(select(DisclosureOffice))


def set_office(
    *,
    unit: str,
    address: str,
    phone: str,
    email: str,
    hours: str,
    county_publishes: bool = False,
) -> DisclosureOffice:
    """Say who answers for the village's documents from now on; what is published stays as it is."""
    office = find_office()
    if office is None:
        office = DisclosureOffice()
        db.session.add(office)
    office.unit, office.address, office.phone = unit, address, phone
    office.email, office.hours = email, hours
    office.county_publishes = county_publishes
    db.session.flush()
    return office


def get_doc(doc_id: int) -> DisclosureDoc:
    """Return the document, or raise NoResultFound, which the app shows as 404."""
    return db.session.get_one(DisclosureDoc, doc_id)


def list_files(doc_id: int) -> list[DisclosureFile]:
    """Return the editions of a document without their bytes, the normal one first."""
    query = select(DisclosureFile).where(DisclosureFile.doc_id == doc_id)
    return list(db.session.scalars(query.order_by(DisclosureFile.id)))


def get_file(doc_id: int, edition: Edition) -> DisclosureFile:
    """Return one edition with its bytes, or raise NoResultFound."""
    query = select(DisclosureFile).options(undefer(DisclosureFile.content))
    return db.session.scalars(
        query.where(DisclosureFile.doc_id == doc_id, DisclosureFile.edition == edition)
    ).one()


def find_newest_case(
    kind: DocKind, subject_id: int, *, before: int | None = None
) -> DisclosureCase | None:
    """Return the latest issue about this subject that was not withdrawn, or None.

    `before`: the latest one before that issue.
    """
    query = select(DisclosureCase).where(
        DisclosureCase.kind == kind, DisclosureCase.subject_id == subject_id
    )
    if before is not None:
        query = query.where(DisclosureCase.issue < before, DisclosureCase.state != State.WITHDRAWN)
    return db.session.scalar(query.order_by(DisclosureCase.issue.desc()).limit(1))


def count_public(kind: DocKind, subject_id: int, *, before: int) -> int:
    """Return how many earlier issues about this subject came out."""
    query = select(func.count()).select_from(DisclosureCase)
    query = query.where(
        DisclosureCase.kind == kind,
        DisclosureCase.subject_id == subject_id,
        DisclosureCase.issue < before,
        DisclosureCase.doc_id.is_not(None),
    )
    return db.session.scalar(query) or 0


def known_subjects() -> set[tuple[DocKind, int]]:
    """Return every subject that has a document, public or on its way, in one statement."""
    rows = db.session.execute(
        select(DisclosureCase.kind, DisclosureCase.subject_id)
        .where(DisclosureCase.state != State.WITHDRAWN)
        .distinct()
    )
    return {(kind, subject_id) for kind, subject_id in rows}


def newest_of_items() -> dict[int, DisclosureCase]:
    """Return the documents under way about planned items, by the item's id, in one statement."""
    query = select(DisclosureCase).where(
        DisclosureCase.kind == DocKind.AFFAIRS, DisclosureCase.state.in_(UNDER_WAY)
    )
    return {case.subject_id: case for case in db.session.scalars(query)}


def version_printed(case: DisclosureCase) -> int:
    """Return which version of its document this is: issues that never came out do not count."""
    if case.kind is DocKind.CORRECTION:
        return case.issue
    return 1 + count_public(case.kind, case.subject_id, before=case.issue)


def get_case(case_id: int) -> DisclosureCase:
    """Return a document's life, or raise NoResultFound."""
    return db.session.get_one(DisclosureCase, case_id)


def case_of(doc_id: int) -> DisclosureCase:
    """Return the life of a published document, or raise NoResultFound."""
    return db.session.scalars(select(DisclosureCase).where(DisclosureCase.doc_id == doc_id)).one()


def list_under_way() -> list[DisclosureCase]:
    """Return the documents that are drafted, generated or under review, the most urgent first."""
    query = select(DisclosureCase).where(DisclosureCase.state.in_(UNDER_WAY))
    return list(
        db.session.scalars(
            query.order_by(
                DisclosureCase.due_on.is_(None), DisclosureCase.due_on, DisclosureCase.id
            )
        )
    )


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the archive is asked for."""

    kind: DocKind | None = None
    year: int | None = None
    state: State | None = None
    text: str = ""


def list_docs(wanted: Wanted = Wanted(), *, page: int | None = 1) -> Pagination:
    """Return one page of the public documents, the newest first, as rows of (case, doc)."""
    query = (
        select(DisclosureCase)
        .where(DisclosureCase.doc_id.is_not(None))
        .order_by(DisclosureCase.published_at.desc(), DisclosureCase.id.desc())
    )
    if wanted.kind:
        query = query.where(DisclosureCase.kind == wanted.kind)
    if wanted.year:
        query = query.where(DisclosureCase.year == wanted.year)
    if wanted.state:
        query = query.where(DisclosureCase.state == wanted.state)
    for word in wanted.text.split()[:5]:
        query = query.where(DisclosureCase.title.icontains(word, autoescape=True))
    return db.paginate(query, page=page, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)


def list_years() -> list[int]:
    """Return the years in which documents came out, the latest first."""
    query = select(DisclosureCase.year).where(DisclosureCase.doc_id.is_not(None)).distinct()
    return sorted((year for year in db.session.scalars(query) if year), reverse=True)


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


class FileKeeper:
    """Answers the public record's question (`transparency.ports.Keeper`) for our files."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every file and every content of this village as they lie here now."""
        query = (
            select(DisclosureFile.id, DisclosureFile.record_number, DisclosureDoc.content)
            .join(DisclosureDoc, DisclosureDoc.id == DisclosureFile.doc_id)
            .order_by(DisclosureFile.record_number)
        )
        for file_id, number, text in db.session.execute(query).all():
            printed = db.session.scalar(
                select(DisclosureFile.content).where(DisclosureFile.id == file_id)
            )
            yield Kept(number, sha256(text.encode()), sha256(printed or b""))
