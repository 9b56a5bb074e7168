"""Answers which recorded documents hold no more (`transparency.ports.Corrections`)."""

from collections.abc import Collection

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.models import DisclosureDoc, DisclosureFile
from portal.disclosure.rules import number_words
from portal.disclosure.voiding import void_notices
from portal.notices.voided import successor_of
from portal.transparency.ports import Successor


class CorrectedDocs:
    """Knows the documents that took the place of others, and those whose notice became void."""

    def successors(self, numbers: Collection[int]) -> dict[int, Successor]:
        """Return why the files recorded under these numbers hold no more, in one go."""
        return self._void(numbers) | self._replaced(numbers)

    def _void(self, numbers: Collection[int]) -> dict[int, Successor]:
        query = select(DisclosureFile.record_number, DisclosureFile.doc_id).where(
            DisclosureFile.record_number.in_(numbers)
        )
        docs = {number: doc_id for number, doc_id in db.session.execute(query)}
        void = void_notices([*docs.values()])
        return {number: successor_of(void[doc]) for number, doc in docs.items() if doc in void}

    def _replaced(self, numbers: Collection[int]) -> dict[int, Successor]:
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
