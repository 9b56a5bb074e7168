"""Answers which recorded documents were corrected since (`transparency.ports.Corrections`)."""

from collections.abc import Collection

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc, DisclosureFile
from portal.disclosure.rules import number_words
from portal.transparency.ports import Successor


class CorrectedDocs:
    """Knows the documents that took the place of others."""

    def successors(self, numbers: Collection[int]) -> dict[int, Successor]:
        """Return what took the place of the files recorded under these numbers, in one go."""
        newer = aliased(DisclosureCase)
        query = (
            select(DisclosureFile.record_number, DisclosureDoc)
            .join(DisclosureCase, DisclosureCase.doc_id == DisclosureFile.doc_id)
            .join(newer, newer.id == DisclosureCase.replaced_by_id)
            .join(DisclosureDoc, DisclosureDoc.id == newer.doc_id)
            .where(DisclosureFile.record_number.in_(numbers))
        )
        return {
            number: Successor(
                f"{number_words(doc.year, doc.number)} {doc.title}",
                url_for("disclosure.show", doc_id=doc.id),
            )
            for number, doc in db.session.execute(query)
        }
