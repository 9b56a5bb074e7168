"""Who hears of notices, and in which words: the village, or those who look after them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.core import clock
from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind, moment
from portal.inbox.rules import Topic
from portal.notices.events import GeneralNoticeOpened, NoticeVoided, ReminderDue
from portal.notices.models import Notice
from portal.notices.reading import get_notice, state_of
from portal.notices.rules import NoticeState
from portal.notices.timetable import FOR_EVERYBODY, Reminder
from portal.people import posts
from portal.people.rules import Role

KEEPERS_OF_NOTICES = (Role.COMMITTEE, Role.HEAD, Role.GRID_WORKER)


def _reminder_words(facts: Mapping[str, Any]) -> str:
    title = facts["title"]
    match Reminder(facts["what"]):
        case Reminder.DEADLINE_NEAR:
            return _("%(title)s must be on public notice within three days.", title=title)
        case Reminder.DEADLINE_MISSED:
            return _("%(title)s should be on public notice by now, and is not.", title=title)
        case Reminder.NOT_OPEN:
            return _("The day of this notice has come, and it is not open: %(title)s", title=title)
        case Reminder.HALF_TIME:
            return _("Half of the notice is over; see that it still hangs: %(title)s", title=title)
        case Reminder.THREE_DAYS:
            return _("Three days are left of the public notice: %(title)s", title=title)
        case Reminder.ONE_DAY:
            return _("Tomorrow is the last day of the public notice: %(title)s", title=title)
        case Reminder.OVER:
            return _("The public notice is over: %(title)s", title=title)


KINDS = {
    GeneralNoticeOpened.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _(
            "On public notice until %(when)s: %(title)s",
            when=moment(facts["ends_at"]),
            title=facts["title"],
        ),
    ),
    NoticeVoided.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _(
            "The public notice is void and will begin anew: %(title)s", title=facts["title"]
        ),
        matters=True,
    ),
    ReminderDue.kind: Kind(topic=Topic.PLANS, words=_reminder_words),
}


def tell_of_notice(happened: Happened, *, now: datetime) -> None:
    """Tell the village of a general notice while it runs."""
    notice = get_notice(happened.facts["notice_id"])
    if state_of(notice, now=now) is NoticeState.RUNNING:
        _tell(happened, notice, inbox.everybody(), now=now)


def tell_of_void(happened: Happened, *, now: datetime) -> None:
    """Tell the village that a notice counts for nothing."""
    notice = get_notice(happened.facts["notice_id"])
    _tell(happened, notice, inbox.everybody(), now=now)


def tell_of_reminder(happened: Happened, *, now: datetime) -> None:
    """Remind the village of the last days, and those who look after notices of the rest."""
    notice = get_notice(happened.facts["notice_id"])
    state = state_of(notice, now=now)
    if Reminder(happened.facts["what"]) in FOR_EVERYBODY:
        if state is NoticeState.RUNNING:
            _tell(happened, notice, inbox.everybody(), now=now)
    elif state is not NoticeState.VOID:
        keepers = posts.holders(KEEPERS_OF_NOTICES, day=clock.today(now))
        _tell(happened, notice, keepers, now=now, endpoint="notices.prepare")


def _tell(
    happened: Happened,
    notice: Notice,
    account_ids: list[int],
    *,
    now: datetime,
    endpoint: str = "notices.show",
) -> None:
    ends_at = notice.ends_at
    inbox.tell(
        account_ids,
        kind=happened.kind,
        facts={
            "title": notice.title,
            "what": happened.facts.get("what", ""),
            "ends_at": ends_at.isoformat() if ends_at else "",
        },
        path=inbox.path_to(endpoint, notice_id=notice.id),
        event_id=happened.event_id,
        ends_at=ends_at if endpoint == "notices.show" and not notice.voided_at else None,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    GeneralNoticeOpened.kind: (tell_of_notice,),
    NoticeVoided.kind: (tell_of_void,),
    ReminderDue.kind: (tell_of_reminder,),
}
