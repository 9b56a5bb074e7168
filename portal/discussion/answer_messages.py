"""Who hears of answers: the author of each opinion, and whoever is to see to one."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.outbox import Handler, Happened
from portal.discussion.answer_events import (
    AnswerDoubted,
    AnswersDue,
    AnswersOverdue,
    OpinionAnswered,
    OpinionAssigned,
)
from portal.discussion.answer_models import AnswerReply
from portal.discussion.answer_rules import Decision
from portal.discussion.answer_words import DECISIONS
from portal.discussion.answering import get_work
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.people import posts
from portal.people.rules import Role
from portal.plans import service as plans

OFFICE = (Role.HEAD, Role.COMMITTEE)

KINDS = {
    OpinionAnswered.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "Your opinion no. %(number)s was answered: %(decision)s",
            number=facts["number"],
            decision=DECISIONS[Decision(facts["decision"])],
        ),
        matters=True,
    ),
    OpinionAssigned.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "You see to the answer to opinion no. %(number)s.", number=facts["number"]
        ),
    ),
    AnswersDue.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: ngettext(
            "Due within two days: the answer to %(num)d opinion on “%(plan)s”",
            "Due within two days: the answers to %(num)d opinions on “%(plan)s”",
            facts["count"],
            plan=facts["plan"],
        ),
        matters=True,
    ),
    AnswersOverdue.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: ngettext(
            "Overdue: the answer to %(num)d opinion on “%(plan)s”. Fifteen days were given.",
            "Overdue: the answers to %(num)d opinions on “%(plan)s”. Fifteen days were given.",
            facts["count"],
            plan=facts["plan"],
        ),
        matters=True,
    ),
    AnswerDoubted.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "The author asks for another look at the answer to opinion no. %(number)s.",
            number=facts["number"],
        ),
        matters=True,
    ),
}


def tell_author(happened: Happened, *, now: datetime) -> None:
    """Tell the author what became of the opinion."""
    comment = get_work(happened.facts["comment_id"]).comment
    decision = db.session.scalars(
        select(AnswerReply.decision).where(
            AnswerReply.comment_id == comment.id, AnswerReply.number == happened.facts["number"]
        )
    ).one()
    inbox.tell(
        inbox.accounts_of([comment.resident_id]),
        kind=happened.kind,
        facts={"number": comment.number, "decision": decision.value},
        path=inbox.path_to("discussion.comment", comment_id=comment.id),
        event_id=happened.event_id,
        now=now,
    )


def tell_owner(happened: Happened, *, now: datetime) -> None:
    """Tell whoever is to see to it."""
    comment = get_work(happened.facts["comment_id"]).comment
    inbox.tell(
        [happened.facts["account_id"]],
        kind=happened.kind,
        facts={"number": comment.number},
        path=inbox.path_to("answering.answer", comment_id=comment.id),
        event_id=happened.event_id,
        now=now,
    )


def tell_office(happened: Happened, *, now: datetime) -> None:
    """Tell the committee, and whoever saw to the first answer, that it is doubted."""
    work = get_work(happened.facts["comment_id"])
    office = posts.holders(OFFICE, day=clock.today(now))
    owner = [work.case.owner_id] if work.case and work.case.owner_id else []
    inbox.tell(
        dict.fromkeys((*office, *owner)),
        kind=happened.kind,
        facts={"number": work.comment.number},
        path=inbox.path_to("answering.answer", comment_id=work.comment.id),
        event_id=happened.event_id,
        now=now,
    )


def tell_due(happened: Happened, *, now: datetime) -> None:
    """Remind whoever sees to answers that are due soon, or the committee where nobody does yet."""
    owner_id = happened.facts["account_id"]
    office = posts.holders(OFFICE, day=clock.today(now))
    _tell_of_many([owner_id] if owner_id else office, "answering.desk", happened, now=now)


def tell_overdue(happened: Happened, *, now: datetime) -> None:
    """Tell the committee, and those who work for the township, that answers are overdue."""
    today = clock.today(now)
    office = posts.holders(OFFICE, day=today)
    _tell_of_many(office, "answering.desk", happened, now=now)
    above = [one for one in posts.holders_in_township(day=today) if one not in office]
    _tell_of_many(above, "discussion.plan", happened, now=now)


def _tell_of_many(
    account_ids: Sequence[int], page: str, happened: Happened, *, now: datetime
) -> None:
    version = plans.get_version(happened.facts["version_id"])
    inbox.tell(
        account_ids,
        kind=happened.kind,
        facts={"count": happened.facts["count"], "plan": version.title},
        path=inbox.path_to(page, version_id=version.id),
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    OpinionAnswered.kind: (tell_author,),
    OpinionAssigned.kind: (tell_owner,),
    AnswerDoubted.kind: (tell_office,),
    AnswersDue.kind: (tell_due,),
    AnswersOverdue.kind: (tell_overdue,),
}
