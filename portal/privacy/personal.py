"""What is kept about consents, requests, looks and erasing."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, update

from portal.core import personal
from portal.core.audit import AccessLog
from portal.core.db import db
from portal.core.personal import Fact, Person, Pile, Wish, of_resident
from portal.privacy.looks import about
from portal.privacy.models import Consent, DataRequest, Erasure, NoticeSeen
from portal.privacy.rules import RequestState
from portal.privacy.words import LOOKS, PURPOSES, STATES, THINGS

_PURPOSES = {purpose: title for purpose, (title, _line) in PURPOSES.items()}
GONE = "*"
"""What stands where words were that somebody took with them."""


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Take the words off the requests; consents and looks stay as proof, under a number."""
    mine = DataRequest.account_id == person.account_id
    db.session.execute(
        update(DataRequest)
        .where(mine, DataRequest.state == RequestState.OPEN)
        .values(state=RequestState.DONE, ended_at=now)
        .execution_options(synchronize_session=False)
    )
    cleared = db.session.execute(
        update(DataRequest)
        .where(mine, DataRequest.body != GONE)
        .values(body=GONE, answer=GONE)
        .returning(DataRequest.id)
        .execution_options(synchronize_session=False)
    )
    return len(cleared.all())


def _looks(person: Person) -> ColumnElement[bool]:
    """Return the criterion of looks at this person, and of those by this person."""
    by_me: ColumnElement[bool] = AccessLog.account_id == person.account_id
    return by_me if person.resident_id is None else or_(about(person), by_me)


KEEPER = personal.Keeper(
    "privacy",
    _l("What I was told and agreed to"),
    (
        Pile(
            NoticeSeen,
            _l("Privacy notices that I read"),
            (
                Fact("version", _l("Version"), NoticeSeen.version),
                Fact("seen_at", _l("When"), NoticeSeen.seen_at),
            ),
            lambda person: NoticeSeen.account_id == person.account_id,
        ),
        Pile(
            Consent,
            _l("What I agreed to"),
            (
                Fact(
                    "purpose", _l("What"), Consent.purpose, {p: w for p, (w, _) in PURPOSES.items()}
                ),
                Fact("is_given", _l("Agreed"), Consent.is_given),
                Fact("version", _l("Version"), Consent.version),
                Fact("done_at", _l("When"), Consent.done_at),
            ),
            lambda person: Consent.account_id == person.account_id,
        ),
        Pile(
            DataRequest,
            _l("What I asked to be put right"),
            (
                Fact("asked_at", _l("When"), DataRequest.asked_at),
                Fact("body", _l("Text"), DataRequest.body),
                Fact("state", _l("State"), DataRequest.state, STATES),
                Fact("answer", _l("Answer"), DataRequest.answer),
                Fact("ended_at", _l("Answered"), DataRequest.ended_at),
            ),
            lambda person: DataRequest.account_id == person.account_id,
        ),
        Pile(
            Erasure,
            _l("Earlier accounts of mine that were erased"),
            (
                Fact("done_at", _l("When"), Erasure.done_at),
                Fact("took_words_back", _l("Words taken back"), Erasure.took_words_back),
            ),
            of_resident(Erasure.resident_id),
        ),
        Pile(
            AccessLog,
            _l("Looks at my data, and mine at others' data"),
            (
                Fact("done_at", _l("When"), AccessLog.done_at),
                Fact("who", _l("Who"), AccessLog.account_name),
                Fact("what", _l("What"), AccessLog.what, THINGS),
                Fact("look", _l("How"), AccessLog.look, LOOKS),
                Fact("reason", _l("Reason"), AccessLog.reason),
            ),
            _looks,
        ),
    ),
    forget,
    untold={
        "data_request.ended_by_id": "an act of office about somebody else, told to that person",
        "data_request.resident_id": "the asker's own roster row",
        "erasure.account_id": "the account that is gone; the person finds it by the roster row",
    },
)
