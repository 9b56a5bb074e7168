"""Who hears of a meeting, and in which words: those who are called to it."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind, moment
from portal.inbox.rules import Topic
from portal.meetings.events import MeetingCancelled, MeetingConvened, MeetingNears
from portal.meetings.models import Meeting, MeetingMember
from portal.meetings.rules import State
from portal.meetings.service import get_meeting

KINDS = {
    MeetingConvened.kind: Kind(
        topic=Topic.VOTES,
        words=lambda facts: (
            _(
                "This takes the place of the meeting you were told of: %(title)s, %(when)s,"
                " %(place)s",
                title=facts["title"],
                when=moment(facts["held_at"]),
                place=facts["place"],
            )
            if facts["is_anew"]
            else _(
                "You are called to a meeting: %(title)s, %(when)s, %(place)s",
                title=facts["title"],
                when=moment(facts["held_at"]),
                place=facts["place"],
            )
        ),
        matters=True,
    ),
    MeetingNears.kind: Kind(
        topic=Topic.VOTES,
        words=lambda facts: _(
            "The meeting is near: %(title)s, %(when)s, %(place)s",
            title=facts["title"],
            when=moment(facts["held_at"]),
            place=facts["place"],
        ),
    ),
    MeetingCancelled.kind: Kind(
        topic=Topic.VOTES,
        words=lambda facts: _(
            "A meeting was called off: %(title)s. Reason: %(reason)s",
            title=facts["title"],
            reason=facts["reason"],
        ),
        matters=True,
    ),
}


def tell_of_convening(happened: Happened, *, now: datetime) -> None:
    """Tell those called, unless it was called off meanwhile."""
    meeting = get_meeting(happened.facts["meeting_id"])
    if meeting.state_at(now) is State.CONVENED:
        _tell(meeting, happened, now=now)


def tell_of_cancelling(happened: Happened, *, now: datetime) -> None:
    """Tell those called that they need not come, and why."""
    meeting = get_meeting(happened.facts["meeting_id"])
    if now < meeting.ends_at:
        _tell(meeting, happened, now=now)


def _tell(meeting: Meeting, happened: Happened, *, now: datetime) -> None:
    called = select(MeetingMember.resident_id).where(MeetingMember.meeting_id == meeting.id)
    inbox.tell(
        inbox.accounts_of(called),
        kind=happened.kind,
        facts={
            "title": meeting.title,
            "place": meeting.place,
            "held_at": meeting.held_at.isoformat(),
            "is_anew": meeting.former_id is not None,
            "reason": meeting.cancelling.reason if meeting.cancelling else "",
        },
        path=inbox.path_to("meetings.show", meeting_id=meeting.id),
        event_id=happened.event_id,
        ends_at=meeting.ends_at,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    MeetingConvened.kind: (tell_of_convening,),
    MeetingNears.kind: (tell_of_convening,),
    MeetingCancelled.kind: (tell_of_cancelling,),
}
