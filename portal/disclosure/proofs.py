"""The printed editions of a document: made, signed, kept until they are published, then moved."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from flask_babel import force_locale, gettext
from sqlalchemy import delete, func, select
from sqlalchemy.orm import undefer

from portal.core import scope
from portal.core.db import db
from portal.core.pdf.digest import sha256_of
from portal.disclosure import certificates, pdf, rules, signing
from portal.disclosure.contents import Content, load
from portal.disclosure.kinds import KINDS
from portal.disclosure.life_models import DisclosureCase, DisclosureProof
from portal.disclosure.models import DisclosureDoc, DisclosureFile
from portal.disclosure.press import Press
from portal.disclosure.rules import Edition, Refusal
from portal.disclosure.scanning import sha256
from portal.people.models import Region
from portal.people.service import Village
from portal.transparency import service as transparency

RECORD_KIND = "disclosure"


def village_here() -> Village:
    """Return the village that we are in."""
    row = db.session.execute(
        select(Region.id, Region.code, Region.name, Region.is_synthetic).where(
            Region.id == scope.require_village()
        )
    ).one()
    return Village(*row)


def next_number(year: int) -> int:
    """Return the number after the last one given in a year; the village is locked by now."""
    query = select(func.max(DisclosureCase.number)).where(DisclosureCase.year == year)
    return (db.session.scalar(query) or 0) + 1


def number_in(case: DisclosureCase, year: int) -> int:
    """Return the number a document has in a year: its own, or the next where it has none there."""
    return case.number if case.number and case.year == year else next_number(year)


def why_not_number(case: DisclosureCase, year: int) -> Refusal | None:
    """Say why a document cannot go over to another year: only the last number is given back."""
    if case.number is None or case.year is None or case.year == year:
        return None
    return None if case.number + 1 == next_number(case.year) else Refusal.NUMBER_WOULD_MISS


def print_content(
    content: Content,
    subject_id: int,
    edition: Edition,
    press: Press,
    *,
    mark: str = "",
) -> bytes:
    """Return one edition, not signed: the same content gives the same bytes."""
    digest = sha256_of(content)
    how = pdf.Print(
        content_sha256=digest,
        verify_url=press.verify_url(digest),
        language=press.language,
        edition=edition,
        mark=mark,
        record_size=transparency.count_entries(),
    )
    plate = KINDS[content.head.kind].draw(subject_id, press)
    return pdf.render(content, how, press.gettext, plate=plate)


def print_translated(doc: DisclosureDoc, edition: Edition, press: Press, *, mark: str) -> bytes:
    """Print the facts of a published document again, in the words of the press's language.

    It is for reading: neither signed nor recorded; what was written into it stays as it is.
    """
    content = load(KINDS[doc.kind].content, json.loads(doc.content))
    return print_content(content, doc.subject_id, edition, press, mark=mark)


def keep_proofs(
    case: DisclosureCase, printed: Mapping[Edition, bytes], language: str, *, now: datetime
) -> None:
    """Sign the editions, if the village has a certificate, and keep them in place of older ones."""
    db.session.execute(delete(DisclosureProof).where(DisclosureProof.case_id == case.id))
    key = certificates.find_key(now=now)
    for edition, plain in printed.items():
        signed = signing.sign(plain, key, content_sha256=case.content_sha256) if key else plain
        db.session.add(
            DisclosureProof(
                case_id=case.id,
                edition=edition,
                language=language,
                size=len(signed),
                sha256=sha256(signed),
                unsigned_sha256=sha256(plain),
                signer=key.fingerprint if key else "",
                content=signed,
            )
        )
    db.session.flush()


def digest_of(case_id: int) -> str:
    """Return one digest over the bytes of both editions as they lie here now."""
    rows = db.session.execute(
        select(DisclosureProof.edition, DisclosureProof.content)
        .where(DisclosureProof.case_id == case_id)
        .order_by(DisclosureProof.edition)
    )
    lines = [f"{edition.value} {sha256(content)}" for edition, content in rows]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def list_proofs(case_id: int) -> list[DisclosureProof]:
    """Return the editions that are kept before publication, without their bytes."""
    query = select(DisclosureProof).where(DisclosureProof.case_id == case_id)
    return list(db.session.scalars(query.order_by(DisclosureProof.id)))


def get_proof(case_id: int, edition: Edition) -> DisclosureProof:
    """Return one edition with its bytes, or raise NoResultFound."""
    query = select(DisclosureProof).options(undefer(DisclosureProof.content))
    return db.session.scalars(
        query.where(DisclosureProof.case_id == case_id, DisclosureProof.edition == edition)
    ).one()


def move_proofs(case: DisclosureCase, doc: DisclosureDoc, *, now: datetime) -> None:
    """Let the editions be the published files, byte for byte, each with its line of the record."""
    assert case.year and case.number  # noqa: S101 -- it was generated
    for proof in list_proofs(case.id):
        printed = get_proof(case.id, proof.edition).content
        name = f"{rules.number_words(case.year, case.number)} {doc.title}"
        if proof.edition is Edition.LARGE:
            with force_locale(proof.language):
                name += gettext(" (large print)")
        entry = transparency.append(
            kind=RECORD_KIND,
            subject=name[:400],
            content_sha256=doc.content_sha256,
            file_sha256=sha256(printed),
            now=now,
        )
        db.session.add(
            DisclosureFile(
                doc_id=doc.id,
                edition=proof.edition,
                language=proof.language,
                record_number=entry.number,
                size=len(printed),
                sha256=entry.file_sha256,
                unsigned_sha256=proof.unsigned_sha256,
                signer=proof.signer,
                content=printed,
            )
        )
        db.session.flush()
    db.session.execute(delete(DisclosureProof).where(DisclosureProof.case_id == case.id))
