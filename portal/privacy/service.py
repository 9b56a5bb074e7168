"""What people were told and agreed to, and what they ask to be put right. Never commits."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.retention import VERSION
from portal.core.scope import all_villages
from portal.people.models import Account
from portal.privacy import rules
from portal.privacy.events import ConsentChanged, DataRequestAnswered, DataRequested
from portal.privacy.models import Consent, DataRequest, Erasure, NoticeSeen
from portal.privacy.rules import Purpose, Refusal, RequestState

_SAME = "an account is one person, in whatever village it works"

# --- the notice ------------------------------------------------------------------------------


def versions_seen(account_id: int) -> dict[str, datetime]:
    """Return which versions of the notice this account has read, and when."""
    with all_villages(_SAME):
        query = select(NoticeSeen.version, NoticeSeen.seen_at)
        rows = db.session.execute(query.where(NoticeSeen.account_id == account_id))
        return {version: seen_at for version, seen_at in rows}


def has_seen(account_id: int) -> bool:
    """Tell whether this account has read the notice that is in force."""
    return VERSION in versions_seen(account_id)


def note_seen(account_id: int, *, now: datetime) -> None:
    """Note that this account has read the notice in force; twice is once."""
    if has_seen(account_id):
        return
    try:
        with db.session.begin_nested():
            db.session.add(NoticeSeen(account_id=account_id, version=VERSION, seen_at=now))
    except IntegrityError:  # two taps at once: the key is the last judge
        return


# --- consents --------------------------------------------------------------------------------


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


def say(account_id: int, purpose: Purpose, *, is_given: bool, now: datetime) -> bool:
    """Keep that this account agrees, or agrees no longer; return whether that is new."""
    said = consents_of(account_id).get(purpose)
    if (said is not None and said.is_given) == is_given:
        return False
    db.session.add(
        Consent(
            account_id=account_id,
            purpose=purpose,
            version=VERSION,
            is_given=is_given,
            done_at=now,
        )
    )
    db.session.flush()
    publish(
        ConsentChanged(account_id=account_id, purpose=purpose.value, is_given=is_given), now=now
    )
    return True


def agree_to_be_named(resident_id: int, *, now: datetime) -> None:
    """Keep the consent of somebody who chose to show the full name with what they write."""
    account_id = db.session.scalar(select(Account.id).where(Account.resident_id == resident_id))
    if account_id is not None:
        say(account_id, Purpose.NAMED, is_given=True, now=now)


# --- whose name may stand beside a writing ----------------------------------------------------


def is_masked_again(resident_id: Any, written_at: Any) -> ColumnElement[bool]:
    """Return the criterion that the author took back the consent to be named after writing.

    A later consent shows no earlier name: it was given for what comes after it.
    """
    return (
        select(Consent.id)
        .join(Account, Account.id == Consent.account_id)
        .where(
            Account.resident_id == resident_id,
            Consent.purpose == Purpose.NAMED,
            Consent.is_given.is_(False),
            Consent.done_at >= written_at,
        )
        .exists()
    )


def is_former(resident_id: Any, written_at: Any) -> ColumnElement[bool]:
    """Return the criterion that the author was erased after writing."""
    return (
        select(Erasure.id)
        .where(Erasure.resident_id == resident_id, Erasure.done_at >= written_at)
        .exists()
    )


# --- "this is wrong" -------------------------------------------------------------------------


def ask(account_id: int, body: str, *, resident_id: int | None, now: datetime) -> DataRequest:
    """Ask the committee to put something right. One request waits at a time. Raises Refused."""
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
    rows = db.session.execute(
        select(DataRequest, Account.name)
        .join(Account, Account.id == DataRequest.account_id)
        .where(DataRequest.state == RequestState.OPEN)
        .order_by(DataRequest.id)
    )
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
