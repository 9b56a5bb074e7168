"""Who hears of documents, and in which words."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import Handler, Happened
from portal.disclosure import events, life, rules
from portal.disclosure.catalogue_models import DisclosureCertificate, DisclosureDue
from portal.disclosure.finding import get_case
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.objecting import get_objection
from portal.disclosure.states import State
from portal.disclosure.stepping import CLOCK
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.people import posts
from portal.people.rules import Role

COMMITTEE = (Role.COMMITTEE, Role.HEAD)
ALSO_SUPERVISORS = (*COMMITTEE, Role.SUPERVISOR)

KINDS = {
    events.ReviewAsked.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _("Please review this document: %(title)s", **facts),
        matters=True,
    ),
    events.SentBack.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _("The supervision committee sent this back: %(title)s", **facts),
        matters=True,
    ),
    events.Objected.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _("Somebody objected to %(number)s. Answer until %(day)s.", **facts),
        matters=True,
    ),
    events.ObjectionAnswered.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _("Your objection to %(number)s has an answer.", **facts),
        matters=True,
    ),
    events.ItemOverdue.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _("This should have been disclosed by %(day)s: %(title)s", **facts),
        matters=True,
    ),
    events.CertificateEnds.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _("The village's certificate ends on %(day)s. Renew it.", **facts),
        matters=True,
    ),
}


def publish_on_day(happened: Happened, *, now: datetime) -> None:
    """Publish what was agreed to on the day that is printed on it, unless it changed since."""
    case = get_case(happened.facts["case_id"])
    if case.state is not State.REVIEW or case.steps != happened.facts["steps"]:
        return
    try:
        with db.session.begin_nested():
            life.publish(case.id, actor=CLOCK, now=now)
    except Refused:
        return  # the desk shows that it is still there, and the page says why


def tell_reviewers(happened: Happened, *, now: datetime) -> None:
    """Ask the supervisors for their review."""
    _tell_about(happened, (Role.SUPERVISOR,), now=now)


def tell_drafters(happened: Happened, *, now: datetime) -> None:
    """Tell the committee that a document came back."""
    _tell_about(happened, COMMITTEE, now=now)


def _tell_about(happened: Happened, roles: tuple[Role, ...], *, now: datetime) -> None:
    case = get_case(happened.facts["case_id"])
    inbox.tell(
        posts.holders(roles, day=clock.today(now)),
        kind=happened.kind,
        facts={"title": case.title},
        path=inbox.path_to("disclosure.case", case_id=case.id),
        event_id=happened.event_id,
        now=now,
    )


def tell_of_objection(happened: Happened, *, now: datetime) -> None:
    """Tell the committee and the supervisors that somebody objected; not who."""
    row = get_objection(happened.facts["objection_id"])
    case = get_case(row.case_id)
    inbox.tell(
        posts.holders(ALSO_SUPERVISORS, day=clock.today(now)),
        kind=happened.kind,
        facts={"number": _number(case), "day": row.answer_by.isoformat()},
        path=inbox.path_to("disclosure.objection", objection_id=row.id),
        event_id=happened.event_id,
        now=now,
    )


def tell_of_answer(happened: Happened, *, now: datetime) -> None:
    """Tell whoever objected that there is an answer."""
    row = get_objection(happened.facts["objection_id"])
    case = get_case(row.case_id)
    inbox.tell(
        inbox.accounts_of([row.resident_id]),
        kind=happened.kind,
        facts={"number": _number(case)},
        path=inbox.path_to("disclosure.show", doc_id=case.doc_id),
        event_id=happened.event_id,
        now=now,
    )


def tell_of_overdue(happened: Happened, *, now: datetime) -> None:
    """Tell the committee and the supervisors what is past its day."""
    due = db.session.get_one(DisclosureDue, happened.facts["due_id"])
    if due.published_on is not None:
        return
    inbox.tell(
        posts.holders(ALSO_SUPERVISORS, day=clock.today(now)),
        kind=happened.kind,
        facts={"title": due.name, "day": due.due_on.isoformat()},
        path=inbox.path_to("disclosure.catalogue"),
        event_id=happened.event_id,
        now=now,
    )


def tell_of_certificate(happened: Happened, *, now: datetime) -> None:
    """Tell the committee until when its certificate is valid."""
    row = db.session.get_one(DisclosureCertificate, happened.facts["certificate_id"])
    inbox.tell(
        posts.holders(COMMITTEE, day=clock.today(now)),
        kind=happened.kind,
        facts={"day": clock.today(row.ends_at).isoformat()},
        path=inbox.path_to("disclosure.certificate"),
        event_id=happened.event_id,
        now=now,
    )


def _number(case: DisclosureCase) -> str:
    return rules.number_words(case.year or 0, case.number or 0)


HANDLERS: dict[str, tuple[Handler, ...]] = {
    events.ReviewAsked.kind: (tell_reviewers,),
    events.SentBack.kind: (tell_drafters,),
    events.PublishDay.kind: (publish_on_day,),
    events.Objected.kind: (tell_of_objection,),
    events.ObjectionAnswered.kind: (tell_of_answer,),
    events.ItemOverdue.kind: (tell_of_overdue,),
    events.CertificateEnds.kind: (tell_of_certificate,),
}
