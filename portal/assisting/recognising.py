"""Being recognised as a resident: asked for, vouched for by two, done. Never commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.assisting import claims, rules, vouching
from portal.assisting.events import RecognitionAsked, RecognitionRefused, ResidentRecognised
from portal.assisting.models import Recognition, Vouch
from portal.assisting.vouching import RequestState, VouchRefusal
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, Resident
from portal.people.rules import age_on
from portal.sign_in import slips


@dataclass(frozen=True)
class Vouched:
    """What came of a vouching. `code`: the new printed code of somebody without a phone."""

    is_done: bool
    code: str | None = None


# --- asking ------------------------------------------------------------------------------------


def ask_for_myself(account_id: int, *, name: str, place: str, now: datetime) -> Recognition:
    """Ask to be recognised as the resident of this name and place. Raises Refused."""
    close_over(now=now)
    account = db.session.get_one(Account, account_id)
    lately = select(func.count(Recognition.id)).where(
        Recognition.account_id == account_id, Recognition.asked_at > now - vouching.VOUCH_SPAN
    )
    refusal = vouching.why_not_recognise(
        is_known=account.resident_id is not None,
        has_left=False,
        age=None,
        has_phone=False,
        asked_lately=db.session.scalar(lately) or 0,
    )
    if refusal:
        raise Refused(refusal)
    return _keep(
        Recognition(
            account_id=account_id,
            claimed_name=name.strip(),
            claimed_place=place.strip(),
            asked_by_id=account_id,
        ),
        now=now,
    )


def ask_for_resident(resident_id: int, *, asked_by_id: int, now: datetime) -> Recognition:
    """Let the committee ask for a resident who has no phone. Raises Refused."""
    close_over(now=now)
    resident = people.get_resident(resident_id)
    refusal = vouching.why_not_recognise(
        is_known=False,
        has_left=resident.left_on is not None,
        age=age_on(resident.born_on, clock.today(now)),
        has_phone=resident.phone is not None,
        asked_lately=0,
    )
    if refusal:
        raise Refused(refusal)
    return _keep(Recognition(resident_id=resident_id, asked_by_id=asked_by_id), now=now)


def _keep(recognition: Recognition, *, now: datetime) -> Recognition:
    recognition.state = RequestState.OPEN
    recognition.asked_at, recognition.expires_at = now, now + vouching.REQUEST_TIME
    try:
        with db.session.begin_nested():
            db.session.add(recognition)
    except IntegrityError as twice:  # one open request for each account and each resident
        raise Refused(VouchRefusal.ASKED_ALREADY) from twice
    publish(RecognitionAsked(recognition_id=recognition.id), now=now)
    return recognition


# --- the committee -----------------------------------------------------------------------------


def name_resident(recognition_id: int, *, resident_id: int, now: datetime) -> Recognition:
    """Say whom on the roster a request means, before anybody has vouched. Raises Refused."""
    recognition = _locked(recognition_id)
    if recognition.state is not RequestState.OPEN or now >= recognition.expires_at:
        raise Refused(VouchRefusal.CLOSED)
    if _vouches(recognition_id):
        raise Refused(VouchRefusal.NAMED_ALREADY)
    try:
        with db.session.begin_nested():
            recognition.resident_id = people.get_resident(resident_id).id
    except IntegrityError as twice:  # another open request means this resident
        raise Refused(VouchRefusal.ASKED_ALREADY) from twice
    audit.note(audit.Look.OPENED, "recognition", now=now, resident_ids=[resident_id])
    return recognition


def vouch(
    recognition_id: int, *, account_id: int, is_replacing: bool = False, now: datetime
) -> Vouched:
    """Vouch for who it is; the second one of another group completes it. Raises Refused."""
    recognition = _locked(recognition_id)
    request = claims.requests_of([recognition])[0]
    resident = None
    if recognition.resident_id is not None:
        resident = people.get_resident(recognition.resident_id)
    voucher = _resident_behind(account_id)
    db.session.get_one(Account, account_id, with_for_update=True)  # the voucher's month is counted
    earlier = _vouches(recognition_id)
    lately = select(func.count(Vouch.id)).where(
        Vouch.account_id == account_id, Vouch.done_at > now - vouching.VOUCH_SPAN
    )
    age = age_on(resident.born_on, clock.today(now)) if resident else None
    refusal = vouching.why_not_vouch(
        now=now,
        state=recognition.state,
        expires_at=recognition.expires_at,
        is_named=resident is not None,
        has_left=resident is not None and resident.left_on is not None,
        is_too_young=age is not None and age < rules.YOUNGEST,
        voucher=account_id,
        voucher_resident_id=voucher.id if voucher else None,
        voucher_household_id=voucher.household_id if voucher else None,
        voucher_group_id=voucher.group_id if voucher else None,
        resident_id=resident.id if resident else None,
        household_id=resident.household_id if resident else None,
        earlier=[(v.account_id, v.household_id, v.group_id) for v in earlier],
        vouched_lately=db.session.scalar(lately) or 0,
        replaces=claims.replaces(request),
        is_replacing=is_replacing,
    )
    if refusal or resident is None or voucher is None:
        raise Refused(refusal or VouchRefusal.NOBODY_NAMED)
    mine = Vouch(
        recognition_id=recognition_id,
        account_id=account_id,
        household_id=voucher.household_id,
        group_id=voucher.group_id,
        done_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(mine)
    except IntegrityError as twice:  # the keys judge last
        raise Refused(VouchRefusal.SAME_GROUP) from twice
    audit.note(audit.Look.CHANGED, "recognition", now=now, resident_ids=[resident.id])
    db.session.flush()
    if len(earlier) + 1 < vouching.VOUCHERS:
        return Vouched(is_done=False)
    return Vouched(is_done=True, code=_complete(recognition, resident, account_id, now=now))


def refuse(recognition_id: int, *, account_id: int, reason: str, now: datetime) -> None:
    """Refuse a request, for a reason that whoever asked reads. Raises Refused."""
    recognition = _locked(recognition_id)
    if recognition.state is not RequestState.OPEN:
        raise Refused(VouchRefusal.CLOSED)
    if not reason.strip():
        raise Refused(VouchRefusal.REASON_MISSING)
    recognition.state, recognition.note = RequestState.REFUSED, reason.strip()
    recognition.ended_at, recognition.ended_by_id = now, account_id
    db.session.flush()
    if recognition.account_id is not None:
        publish(
            RecognitionRefused(
                recognition_id=recognition.id,
                account_id=recognition.account_id,
                reason=recognition.note,
            ),
            now=now,
        )


def close_over(*, now: datetime) -> int:
    """Let the requests expire whose 14 days are over; return how many."""
    over = db.session.scalars(
        select(Recognition).where(
            Recognition.state == RequestState.OPEN, Recognition.expires_at <= now
        )
    ).all()
    for recognition in over:
        recognition.state, recognition.ended_at = RequestState.EXPIRED, recognition.expires_at
    db.session.flush()
    return len(over)


def _complete(
    recognition: Recognition, resident: Resident, account_id: int, *, now: datetime
) -> str | None:
    """Tie the account to the resident, or make an account with a printed code; tell everybody."""
    old_phone, code = resident.phone or "", None
    if recognition.account_id is None:
        account = people.account_of(resident.id)
        code = slips.make_slip(account_id=account.id, now=now)
    else:
        account = db.session.get_one(Account, recognition.account_id, with_for_update=True)
        if not account.is_active or account.resident_id is not None:
            raise Refused(VouchRefusal.CLOSED)
        _make_room(resident.id, for_id=account.id, now=now)
        account.resident_id, account.name = resident.id, resident.name
        resident.phone = account.phone or resident.phone
    recognition.state = RequestState.DONE
    recognition.ended_at, recognition.ended_by_id = now, account_id
    db.session.flush()
    publish(
        ResidentRecognised(
            recognition_id=recognition.id,
            account_id=account.id,
            resident_id=resident.id,
            voucher_names=claims.voucher_names([recognition.id])[recognition.id],
            old_phone=old_phone if old_phone != account.phone else "",
        ),
        now=now,
    )
    return code


def _make_room(resident_id: int, *, for_id: int, now: datetime) -> None:
    """Take an older account off the resident; one with a post is for the administrator."""
    other = people.find_account(resident_id)
    if other is None or other.id == for_id:
        return
    if posts.posts_of(other.id):
        raise Refused(VouchRefusal.HOLDS_POST)
    other.resident_id, other.is_active = None, False
    db.session.flush()
    posts.end_sessions(other.id, now=now)


# --- facts -------------------------------------------------------------------------------------


def _locked(recognition_id: int) -> Recognition:
    query = select(Recognition).where(Recognition.id == recognition_id)
    return db.session.scalars(query.with_for_update()).one()


def _vouches(recognition_id: int) -> list[Vouch]:
    query = select(Vouch).where(Vouch.recognition_id == recognition_id).order_by(Vouch.id)
    return list(db.session.scalars(query))


def _resident_behind(account_id: int) -> Resident | None:
    return db.session.scalar(
        select(Resident)
        .join(Account, Account.resident_id == Resident.id)
        .where(Account.id == account_id, Resident.left_on.is_(None))
    )
