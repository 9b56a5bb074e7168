"""What the clock does about answers: it reminds two days before they are due, and once after."""

from collections import Counter
from datetime import datetime

from portal.core import clock
from portal.core.db import db, insert_or
from portal.core.outbox import publish_in
from portal.discussion import answer_lists
from portal.discussion.answer_events import AnswersDue, AnswersOverdue
from portal.discussion.answer_lists import Alarming
from portal.discussion.answer_models import AnswerAlarm
from portal.discussion.answer_rules import Alarm


def alarm(*, now: datetime) -> int:
    """Tell of answers that are due soon or overdue, of each once; return how many they are."""
    soon, late = (_fresh(one, now=now) for one in (Alarm.SOON, Alarm.OVERDUE))
    due = Counter((one.village_id, one.version_id, one.owner_id) for one in soon)
    for (village_id, version_id, owner_id), count in due.items():
        event = AnswersDue(version_id=version_id, account_id=owner_id, count=count)
        publish_in(village_id, event, now=now)
    overdue = Counter((one.village_id, one.version_id) for one in late)
    for (village_id, version_id), count in overdue.items():
        publish_in(village_id, AnswersOverdue(version_id=version_id, count=count), now=now)
    return len(soon) + len(late)


def _fresh(alarm: Alarm, *, now: datetime) -> list[Alarming]:
    """Note what is to be told; of two chores at once one tells it, as the key says."""
    found = answer_lists.list_alarming(alarm, today=clock.today(now))
    rows = [
        {
            "village_id": one.village_id,
            "comment_id": one.comment_id,
            "number": one.number,
            "alarm": alarm,
            "told_at": now,
        }
        for one in found
    ]
    if not rows:
        return []
    note = insert_or(AnswerAlarm).on_conflict_do_nothing(
        index_elements=["comment_id", "number", "alarm"]
    )
    noted = set(db.session.scalars(note.returning(AnswerAlarm.comment_id), rows))
    return [one for one in found if one.comment_id in noted]
