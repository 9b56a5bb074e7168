"""Sittings: asked for, witnessed, begun, ended, objected to. Never commits."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from portal.assisting import counting, helpers, rules
from portal.assisting.events import (
    EnteredForYou,
    SittingEnded,
    SittingObjected,
    WitnessAnswered,
    WitnessAsked,
)
from portal.assisting.helpers import Helper
from portal.assisting.rules import Refusal, SittingState
from portal.core import audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import all_villages, village_scope
from portal.people import service as people
from portal.people.models import AssistedSitting
from portal.people.rules import AssistanceReason, Channel
from portal.sign_in.models import AccountSession


def get_sitting(sitting_id: int) -> AssistedSitting:
    """Return a sitting of this village, or raise NoResultFound."""
    return db.session.get_one(AssistedSitting, sitting_id)


def state_of(sitting: AssistedSitting, *, now: datetime) -> SittingState:
    """Return where a sitting stands at this moment."""
    return rules.state(
        now=now,
        witnessed_at=sitting.witnessed_at,
        began_at=sitting.began_at,
        expires_at=sitting.expires_at,
        ended_at=sitting.ended_at,
        declined_at=sitting.declined_at,
    )


# --- before a sitting --------------------------------------------------------------------------


def ask(
    *,
    resident_id: int,
    helper: Helper,
    witness_id: int,
    reason: AssistanceReason,
    channel: Channel,
    note: str = "",
    now: datetime,
) -> AssistedSitting:
    """Ask the witness to agree to a sitting. Opens nothing yet. Raises Refused."""
    close_over(now=now)
    refusal = helpers.why_not_help(resident_id, helper=helper, now=now)
    refusal = refusal or helpers.why_not_witness(
        witness_id, resident_id=resident_id, helper_id=helper.account_id, now=now
    )
    if channel not in rules.CHANNELS:
        refusal = refusal or Refusal.BAD_CHANNEL
    refusal = refusal or _why_busy(resident_id, helper.account_id)
    if refusal:
        raise Refused(refusal)
    sitting = AssistedSitting(
        helper_id=helper.account_id,
        witness_id=witness_id,
        resident_id=resident_id,
        reason=reason,
        channel=channel,
        note=note.strip(),
        asked_at=now,
        expires_at=now + rules.ASK_TIME,
    )
    try:
        with db.session.begin_nested():
            db.session.add(sitting)
    except IntegrityError as twice:  # two at once: the keys judge last
        busy = _why_busy(resident_id, helper.account_id)
        raise Refused(busy or Refusal.HELPER_BUSY) from twice
    audit.note(audit.Look.OPENED, "assisted-entry", now=now, resident_ids=[resident_id])
    db.session.flush()
    helper_name = helpers.name_of(helper.account_id)
    publish(
        WitnessAsked(sitting_id=sitting.id, witness_id=witness_id, helper_name=helper_name), now=now
    )
    return sitting


def answer(sitting_id: int, *, witness_id: int, agrees: bool, now: datetime) -> AssistedSitting:
    """Let the witness agree or decline, in their own session. Raises Refused."""
    sitting = _locked(sitting_id)
    refusal = rules.why_not_answer(
        state=state_of(sitting, now=now), is_witness=sitting.witness_id == witness_id
    )
    if refusal is None and agrees:  # who was fit to be a witness may have moved since
        refusal = helpers.why_not_witness(
            witness_id, resident_id=sitting.resident_id, helper_id=sitting.helper_id, now=now
        )
    if refusal:
        raise Refused(refusal)
    if agrees:
        sitting.witnessed_at = now
    else:
        sitting.declined_at = sitting.ended_at = now
    db.session.flush()
    publish(
        WitnessAnswered(
            sitting_id=sitting.id,
            helper_id=sitting.helper_id,
            witness_name=helpers.name_of(witness_id),
            agrees=agrees,
        ),
        now=now,
    )
    return sitting


# --- the sitting -------------------------------------------------------------------------------


def begin(
    sitting_id: int, *, helper: Helper, session_id: int | None, now: datetime
) -> AssistedSitting:
    """Begin a witnessed sitting in this session; the person is told. Raises Refused.

    The 30 minutes count from here. An answer of the witness that is older than two hours is none.
    """
    sitting = _locked(sitting_id)
    refusal = rules.why_not_begin(
        state=state_of(sitting, now=now), is_helper=sitting.helper_id == helper.account_id
    )
    if refusal is None:
        helpers.hold_household(sitting.resident_id)
        refusal = helpers.why_not_help(sitting.resident_id, helper=helper, now=now, is_asked=True)
    if refusal:
        raise Refused(refusal)
    sitting.began_at, sitting.expires_at = now, now + rules.SITTING_TIME
    db.session.flush()
    if session_id is not None:
        with all_villages("a helper's account can be at home in a region above"):
            db.session.get_one(AccountSession, session_id).sitting_id = sitting.id
            db.session.flush()
    publish(EnteredForYou(**_told(sitting)), now=now)
    return sitting


def end(*, helper_id: int, session_id: int | None, now: datetime) -> AssistedSitting | None:
    """End the sitting of this session, or one that this helper has open elsewhere.

    Returns it, or None where there was none. The session is free again in any case.
    """
    with all_villages("a sitting is ended from whatever page its helper is on"):
        bound_to = None
        if session_id is not None:
            session = db.session.get_one(AccountSession, session_id)
            bound_to, session.sitting_id = session.sitting_id, None
            db.session.flush()
        is_mine = AssistedSitting.helper_id == helper_id
        sitting = db.session.scalar(
            select(AssistedSitting)
            .where(is_mine, or_(AssistedSitting.id == bound_to, AssistedSitting.ended_at.is_(None)))
            .order_by(AssistedSitting.id.desc())
            .limit(1)
            .with_for_update()
        )
    if sitting is not None and sitting.ended_at is None:
        with village_scope(sitting.village_id):
            _end(sitting, now=min(now, sitting.expires_at))
    return sitting


def close_over(*, now: datetime) -> int:
    """End the sittings whose time is over, so that the next can be asked for; return how many."""
    over = db.session.scalars(
        select(AssistedSitting).where(
            AssistedSitting.ended_at.is_(None), AssistedSitting.expires_at <= now
        )
    ).all()
    for sitting in over:
        with village_scope(sitting.village_id):
            _end(sitting, now=sitting.expires_at)
    return len(over)


def _end(sitting: AssistedSitting, *, now: datetime) -> None:
    """End a sitting, and tell the person what was entered in it, if anything was."""
    sitting.ended_at = now
    db.session.flush()
    entered = counting.entered_in([sitting.id]).get(sitting.id, {})
    if not entered:
        return
    publish(SittingEnded(**_told(sitting), entered=entered), now=now)


def _told(sitting: AssistedSitting) -> dict[str, Any]:
    """Return what the person and their second contact are told of a sitting."""
    person = people.get_resident(sitting.resident_id)
    return {
        "sitting_id": sitting.id,
        "resident_id": person.id,
        "helper_name": helpers.name_of(sitting.helper_id),
        "witness_name": helpers.name_of(sitting.witness_id),
        "second_contact": person.second_contact or "",
    }


# --- the person --------------------------------------------------------------------------------


def object_to(sitting_id: int, *, resident_id: int, words: str, now: datetime) -> AssistedSitting:
    """Note that it was not the person's will; the supervisor and the head are told.

    What was entered stays: a vote is final when it is cast (domain.md V21). The sitting and all
    that was entered in it are marked. One that is open ends. Raises Refused.
    """
    sitting = _locked(sitting_id)
    refusal = rules.why_not_object(
        now=now,
        is_person=sitting.resident_id == resident_id,
        began_at=sitting.began_at,
        objected_at=sitting.objected_at,
    )
    if refusal:
        raise Refused(refusal)
    if sitting.ended_at is None:
        _end(sitting, now=min(now, sitting.expires_at))
    sitting.objected_at, sitting.objection = now, words.strip()
    db.session.flush()
    publish(
        SittingObjected(
            sitting_id=sitting.id,
            helper_name=helpers.name_of(sitting.helper_id),
            witness_name=helpers.name_of(sitting.witness_id),
        ),
        now=now,
    )
    return sitting


def set_enters_alone(resident_id: int, *, alone: bool) -> None:
    """Let a resident say whether others may enter things for them; an open sitting stays."""
    people.get_resident(resident_id).enters_alone = alone
    db.session.flush()


# --- facts -------------------------------------------------------------------------------------


def _locked(sitting_id: int) -> AssistedSitting:
    """Return a sitting of this village, held against others until the end of the transaction."""
    query = select(AssistedSitting).where(AssistedSitting.id == sitting_id)
    return db.session.scalars(query.with_for_update()).one()


def _why_busy(resident_id: int, helper_id: int) -> Refusal | None:
    if helpers.count(AssistedSitting.helper_id == helper_id, AssistedSitting.ended_at.is_(None)):
        return Refusal.HELPER_BUSY
    if helpers.count(
        AssistedSitting.resident_id == resident_id, AssistedSitting.ended_at.is_(None)
    ):
        return Refusal.PERSON_BUSY
    return None
