"""What people were told and agreed to, and what they ask to be put right. Never commits."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core import clock, retention
from portal.core.access import Viewer
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import all_villages, require_village
from portal.people import rules as people_rules
from portal.people.models import Account, Resident
from portal.privacy import rules
from portal.privacy.events import (
    ConsentChanged,
    DataExported,
    DataRequestAnswered,
    DataRequested,
)
from portal.privacy.models import Consent, DataRequest, NoticeSeen
from portal.privacy.rules import Purpose, Refusal, RequestState
from portal.sign_in.models import AccountSession, SecondFactor

_SAME = "an account is one person, in whatever village it works"

# --- the notice ------------------------------------------------------------------------------


_SEEN = select(NoticeSeen.version, NoticeSeen.seen_at).where(
    NoticeSeen.account_id == bindparam("account_id")
)


def versions_seen(account_id: int) -> dict[str, datetime]:
    """Return which versions of the notice this account has read, and when."""
    with all_villages(_SAME):
        rows = db.session.execute(_SEEN, {"account_id": account_id})
        return {version: seen_at for version, seen_at in rows}


def has_seen(account_id: int) -> bool:
    """Tell whether this account has read the notice that is in force."""
    return retention.version() in versions_seen(account_id)


def note_seen(account_id: int, *, now: datetime) -> None:
    """Note that this account has read the notice in force; twice is once."""
    if has_seen(account_id):
        return
    try:
        with db.session.begin_nested():
            db.session.add(
                NoticeSeen(account_id=account_id, version=retention.version(), seen_at=now)
            )
    except IntegrityError:  # two taps at once: the key is the last judge
        return


# --- consents --------------------------------------------------------------------------------


def history_of(account_id: int) -> list[Consent]:
    """Return everything this account ever said about any purpose, the newest first."""
    with all_villages(_SAME):
        query = select(Consent).where(Consent.account_id == account_id)
        return list(db.session.scalars(query.order_by(Consent.id.desc())))


def consents_of(account_id: int) -> dict[Purpose, Consent]:
    """Return what this account said last about each purpose; nothing said is not in it."""
    with all_villages(_SAME):
        query = select(Consent).where(Consent.account_id == account_id).order_by(Consent.id)
        return {row.purpose: row for row in db.session.scalars(query)}


def has_consent(account_id: int, purpose: Purpose) -> bool:
    """Tell whether this account's consent to the purpose is in force now."""
    return account_id in with_consent([account_id], purpose)


def with_consent(account_ids: Collection[int], purpose: Purpose) -> set[int]:
    """Return who of these accounts has agreed to the purpose and not taken it back."""
    latest = (
        select(func.max(Consent.id))
        .where(Consent.account_id.in_(account_ids), Consent.purpose == purpose)
        .group_by(Consent.account_id)
    )
    query = select(Consent.account_id).where(Consent.id.in_(latest), Consent.is_given)
    with all_villages(_SAME):
        return set(db.session.scalars(query))


def is_minor(resident_id: int | None, *, now: datetime) -> bool:
    """Tell whether a resident is known to be under 18 today."""
    if resident_id is None:
        return False
    with all_villages(_SAME):
        resident = db.session.get(Resident, resident_id)
    return resident is not None and people_rules.is_minor(resident.born_on, clock.today(now))


def say(account_id: int, purpose: Purpose, *, is_given: bool, now: datetime) -> bool:
    """Keep that this account agrees, or agrees no longer; return whether that is new.

    Raises Refused.
    """
    with all_villages(_SAME):
        # held: two browsers are heard one after the other
        account = db.session.get_one(Account, account_id, with_for_update=True)
    under_age = is_minor(account.resident_id, now=now)
    if reason := rules.why_not_say(purpose, is_given=is_given, is_minor=under_age):
        raise Refused(reason)
    said = consents_of(account_id).get(purpose)
    if (said is not None and said.is_given) == is_given:
        return False
    db.session.add(
        Consent(
            village_id=account.village_id,
            account_id=account_id,
            purpose=purpose,
            version=retention.version(),
            is_given=is_given,
            done_at=now,
        )
    )
    db.session.flush()
    publish(
        ConsentChanged(account_id=account_id, purpose=purpose.value, is_given=is_given), now=now
    )
    return True


# --- handing out -----------------------------------------------------------------------------


def why_not_hand_out(viewer: Viewer, *, now: datetime) -> Refusal | None:
    """Return why this browser gets neither the data nor the erasing of its person now."""
    with all_villages(_SAME):
        session = db.session.get(AccountSession, viewer.session_id)
        has_factor = db.session.scalar(
            select(SecondFactor.id)
            .where(
                SecondFactor.account_id == viewer.account_id,
                SecondFactor.confirmed_at.is_not(None),
            )
            .limit(1)
        )
    is_fresh = session is not None and rules.is_fresh(
        began_at=session.began_at,
        strong_at=session.strong_at,
        has_factor=has_factor is not None,
        now=now,
    )
    return None if is_fresh else Refusal.SIGN_IN_AGAIN


def note_export(account_id: int, *, now: datetime) -> None:
    """Let it be known that somebody took their data home: the person is told, should it not be."""
    publish(DataExported(account_id=account_id), now=now)


# --- "this is wrong" -------------------------------------------------------------------------


def ask(account_id: int, body: str, *, resident_id: int | None, now: datetime) -> DataRequest:
    """Ask the committee to put something right. One request waits at a time. Raises Refused."""
    if not body.strip():
        raise Refused(Refusal.EMPTY)
    request = DataRequest(
        account_id=account_id, resident_id=resident_id, body=body.strip(), asked_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(request)
    except IntegrityError as twice:
        raise Refused(Refusal.WAITS_ALREADY) from twice
    publish(DataRequested(request_id=request.id), now=now)
    return request


def requests_of(account_id: int) -> list[DataRequest]:
    """Return what this account asked for, the newest first."""
    with all_villages(_SAME):
        query = select(DataRequest).where(DataRequest.account_id == account_id)
        return list(db.session.scalars(query.order_by(DataRequest.id.desc())))


def list_requests() -> list[tuple[DataRequest, str]]:
    """Return the village's requests that wait, the oldest first, with who asks."""
    return _with_names(DataRequest.state == RequestState.OPEN, DataRequest.id.asc(), limit=200)


def list_answered(*, limit: int = 30) -> list[tuple[DataRequest, str]]:
    """Return the village's last answered requests, the newest first, with who asked."""
    return _with_names(DataRequest.state != RequestState.OPEN, DataRequest.id.desc(), limit=limit)


def get_request(request_id: int) -> tuple[DataRequest, str]:
    """Return a request of this village with who asks, or raise NoResultFound."""
    found = _with_names(DataRequest.id == request_id, DataRequest.id.asc(), limit=1)
    if not found:
        raise NoResultFound(f"no request {request_id} in this village")
    return found[0]


def _with_names(
    criterion: ColumnElement[bool], order: Any, *, limit: int
) -> list[tuple[DataRequest, str]]:
    village_id = require_village()
    query = (
        select(DataRequest, Account.name)
        .join(Account, Account.id == DataRequest.account_id)
        .where(DataRequest.village_id == village_id, criterion)
    )
    with all_villages("whoever works here may have the account in a region above"):
        rows = db.session.execute(query.order_by(order).limit(limit))
        return [(request, name) for request, name in rows]


def count_waiting() -> int:
    """Return how many requests wait for the committee."""
    query = select(func.count()).select_from(DataRequest)
    return db.session.scalar(query.where(DataRequest.state == RequestState.OPEN)) or 0


def answer_request(
    request_id: int, *, is_granted: bool, answer: str, account_id: int, now: datetime
) -> DataRequest:
    """Answer a request: put right, or refused with the reason. Raises Refused."""
    request = db.session.get_one(DataRequest, request_id, with_for_update=True)
    reason = rules.why_not_answer(
        state=request.state,
        is_granted=is_granted,
        answer=answer,
        is_own=request.account_id == account_id,
    )
    if reason:
        raise Refused(reason)
    request.state = RequestState.DONE if is_granted else RequestState.REFUSED
    request.answer, request.ended_at, request.ended_by_id = answer.strip(), now, account_id
    db.session.flush()
    publish(
        DataRequestAnswered(
            request_id=request.id, account_id=request.account_id, is_done=is_granted
        ),
        now=now,
    )
    return request
