"""Other ways than the notice in which opinions were sought (domain.md O1). Never commits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.discussion import answer_rules as rules
from portal.discussion.answer_models import Hearing
from portal.discussion.answer_rules import Form, Refusal
from portal.meetings import presence
from portal.meetings.models import Meeting, MeetingStep
from portal.meetings.rules import Kind, StepKind
from portal.moderation import writing
from portal.plans import service as plans


@dataclass(frozen=True, kw_only=True)
class Sought:
    """How opinions were sought besides the notice: as was entered, or in a meeting of a group."""

    form: Form
    held_on: date
    place: str
    people: int
    said: str


def enter(
    version_id: int,
    *,
    form: Form,
    held_on: date,
    place: str,
    people: int,
    said: str,
    client_key: str,
    account_id: int,
    now: datetime,
) -> Hearing:
    """Keep that opinions were sought in another way. The same key again gives the first one."""
    version = plans.get_version(version_id)
    if held_on > clock.today(now):
        raise Refused(Refusal.DAY_AHEAD)
    place, said = writing.clean(place), writing.clean(said)
    wrong = writing.why_not_text(said, longest=rules.LONGEST_REASON)
    if wrong := wrong or writing.why_not_text(place, longest=rules.LONGEST_PLACE):
        raise Refused(wrong)
    row = Hearing(
        version_id=version.id,
        form=form,
        held_on=held_on,
        place=place,
        people=people,
        said=said,
        client_key=client_key,
        account_id=account_id,
        entered_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        known = db.session.scalar(
            select(Hearing).where(
                Hearing.version_id == version_id, Hearing.client_key == client_key
            )
        )
        if known is None:
            raise
        return known
    return row


def list_hearings(version_id: int) -> list[Sought]:
    """Return the other ways in which opinions on a version were sought, the first first.

    They are those that were entered, and the group meetings that were held about it.
    """
    query = select(Hearing).where(Hearing.version_id == version_id).order_by(Hearing.id)
    entered = [
        Sought(
            form=one.form, held_on=one.held_on, place=one.place, people=one.people, said=one.said
        )
        for one in db.session.scalars(query)
    ]
    return sorted(entered + _group_meetings(version_id), key=lambda one: one.held_on)


def count(version_id: int) -> int:
    """Return how often opinions were sought besides the notice."""
    return len(list_hearings(version_id))


def _group_meetings(version_id: int) -> list[Sought]:
    query = (
        select(Meeting.id, Meeting.held_at, Meeting.place, Meeting.title)
        .join(MeetingStep, MeetingStep.meeting_id == Meeting.id)
        .where(
            Meeting.version_id == version_id,
            Meeting.kind == Kind.VG,
            MeetingStep.kind == StepKind.OPENED,
        )
        .order_by(Meeting.held_at, Meeting.id)
    )
    rows = db.session.execute(query).all()
    counted = presence.count_all([meeting_id for meeting_id, *_ in rows])
    return [
        Sought(
            form=Form.TALK,
            held_on=clock.today(held_at),
            place=place,
            people=counted[meeting_id].present,
            said=title,
        )
        for meeting_id, held_at, place, title in rows
    ]
