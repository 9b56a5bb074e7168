"""Finding documents: the office behind them, lists, files, where a document stands."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from portal.core import clock
from portal.core.db import db
from portal.disclosure import rules
from portal.disclosure.models import DisclosureDoc, DisclosureFile, DisclosureOffice
from portal.disclosure.rules import DocKind, Edition
from portal.transparency.rules import Kept

PER_PAGE = 20


def find_office() -> DisclosureOffice | None:
    """Return who answers for the village's documents, once that was said."""
    return db.session.scalar(select(DisclosureOffice))


def set_office(*, unit: str, address: str, phone: str, email: str, hours: str) -> DisclosureOffice:
    """Say who answers for the village's documents from now on; what is published stays as it is."""
    office = find_office()
    if office is None:
        office = DisclosureOffice()
        db.session.add(office)
    office.unit, office.address, office.phone = unit, address, phone
    office.email, office.hours = email, hours
    db.session.flush()
    return office


def list_docs(*, page: int | None = 1) -> Pagination:
    """Return one page of the published documents, the newest first."""
    query = select(DisclosureDoc).order_by(
        DisclosureDoc.published_at.desc(), DisclosureDoc.id.desc()
    )
    return db.paginate(query, page=page, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)


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


def find_newest(kind: DocKind, subject_id: int) -> DisclosureDoc | None:
    """Return the latest issue about this subject, or None."""
    return db.session.scalar(
        select(DisclosureDoc)
        .where(DisclosureDoc.kind == kind, DisclosureDoc.subject_id == subject_id)
        .order_by(DisclosureDoc.issue.desc())
        .limit(1)
    )


def newest_issues() -> dict[tuple[DocKind, int], int]:
    """Return the latest issue about every subject, in one statement."""
    rows = db.session.execute(
        select(
            DisclosureDoc.kind, DisclosureDoc.subject_id, func.max(DisclosureDoc.issue)
        ).group_by(DisclosureDoc.kind, DisclosureDoc.subject_id)
    )
    return {(kind, subject_id): issue for kind, subject_id, issue in rows}


def state_of(
    doc: DisclosureDoc, newest: dict[tuple[DocKind, int], int], *, now: datetime
) -> rules.DocState:
    """Tell where a document stands now."""
    return rules.state_of(
        today=clock.today(now),
        period_end=doc.period_end,
        is_replaced=doc.issue < newest[doc.kind, doc.subject_id],
    )


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
