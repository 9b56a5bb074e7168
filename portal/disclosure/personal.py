"""What is kept of those who make documents, and of those who object to them."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core.db import db
from portal.core.personal import Fact, Keeper, Person, Pile, Wish, of_resident
from portal.core.work import Work
from portal.disclosure.catalogue_models import CatalogueItem, DisclosureCertificate
from portal.disclosure.life_models import (
    DisclosureAllowed,
    DisclosureAnswer,
    DisclosureObjection,
    DisclosureStep,
)
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.words import STEPS
from portal.people.words import CHANNELS

TAKEN_BACK = "*"


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Take the words of objections back where that is wished; number and answer stay."""
    if not wish.takes_words_back or person.resident_id is None:
        return 0
    rows = db.session.scalars(
        select(DisclosureObjection).where(
            DisclosureObjection.resident_id == person.resident_id,
            DisclosureObjection.words != TAKEN_BACK,
        )
    ).all()
    for row in rows:
        row.words = TAKEN_BACK
    db.session.flush()
    return len(rows)


KEEPER = Keeper(
    "disclosure",
    _l("Published documents"),
    (
        Pile(
            DisclosureDoc,
            _l("Documents that I published"),
            (
                Fact("title", _l("Title"), DisclosureDoc.title),
                Fact("published_at", _l("When"), DisclosureDoc.published_at),
            ),
            lambda person: DisclosureDoc.published_by == person.account_id,
        ),
        Pile(
            DisclosureStep,
            _l("Steps of documents that I took"),
            (
                Fact("step", _l("Step"), DisclosureStep.step, STEPS),
                Fact("reason", _l("Reason"), DisclosureStep.reason),
                Fact("done_at", _l("When"), DisclosureStep.done_at),
            ),
            lambda person: DisclosureStep.account_id == person.account_id,
        ),
        Pile(
            DisclosureObjection,
            _l("My objections to documents"),
            (
                Fact("number", _l("Number"), DisclosureObjection.number),
                Fact("words", _l("Text"), DisclosureObjection.words),
                Fact("done_at", _l("When"), DisclosureObjection.done_at),
                Fact("channel", _l("How"), DisclosureObjection.channel, CHANNELS),
            ),
            of_resident(DisclosureObjection.resident_id),
        ),
        Pile(
            DisclosureAnswer,
            _l("Objections that I answered"),
            (
                Fact("words", _l("Answer"), DisclosureAnswer.words),
                Fact("done_at", _l("When"), DisclosureAnswer.done_at),
            ),
            lambda person: DisclosureAnswer.account_id == person.account_id,
        ),
        Pile(
            DisclosureAllowed,
            _l("What I let stand in documents"),
            (
                Fact("masked", _l("What"), DisclosureAllowed.masked),
                Fact("reason", _l("Reason"), DisclosureAllowed.reason),
                Fact("done_at", _l("When"), DisclosureAllowed.done_at),
            ),
            lambda person: DisclosureAllowed.account_id == person.account_id,
        ),
        Pile(
            CatalogueItem,
            _l("Items of the catalogue that I set"),
            (
                Fact("title", _l("Title"), CatalogueItem.title),
                Fact("changed_at", _l("When"), CatalogueItem.changed_at),
            ),
            lambda person: CatalogueItem.account_id == person.account_id,
        ),
        Pile(
            DisclosureCertificate,
            _l("Certificates that I put in"),
            (
                Fact("fingerprint", _l("Fingerprint (SHA-256)"), DisclosureCertificate.fingerprint),
                Fact("made_at", _l("When"), DisclosureCertificate.made_at),
            ),
            lambda person: DisclosureCertificate.account_id == person.account_id,
        ),
        Pile(
            Work,
            _l("Long works that I began"),
            (Fact("key", _l("What"), Work.key), Fact("made_at", _l("When"), Work.made_at)),
            lambda person: Work.account_id == person.account_id,
        ),
    ),
    forget,
    untold={
        "disclosure_objection.account_id": "the account of the resident whose objection it is",
        "disclosure_objection.household_id": "the household the person was of, told elsewhere",
        "disclosure_case.handed_in_by": "the same deed stands in the steps, which are told",
        "disclosure_case.approved_by": "the same deed stands in the steps, which are told",
    },
)
