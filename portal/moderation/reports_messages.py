"""Who reported something hears what became of it; nobody else does (domain.md S9)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.outbox import Handler, Happened, publish
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.moderation import reports
from portal.moderation.events import ReportsSettled, WritingHidden, WritingKept, WritingLetThrough
from portal.moderation.naming import name_of
from portal.moderation.reports_rules import Outcome
from portal.moderation.service import get_waiting

WORDS = {
    Outcome.HIDDEN: lambda name: _("Thank you for your report. It was hidden: %(name)s", name=name),
    Outcome.KEPT: lambda name: _(
        "Thank you for your report. The committee looked at it and found no rule broken, so it "
        "stays: %(name)s",
        name=name,
    ),
}

KINDS = {
    ReportsSettled.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: WORDS[Outcome(facts["outcome"])](name_of(facts)),
    ),
}


def settle_hidden(happened: Happened, *, now: datetime) -> None:
    """Answer the reports on what was hidden, whoever hid it."""
    _settle(happened, Outcome.HIDDEN, now=now)


def settle_kept(happened: Happened, *, now: datetime) -> None:
    """Answer the reports on what stays."""
    _settle(happened, Outcome.KEPT, now=now)


def _settle(happened: Happened, outcome: Outcome, *, now: datetime) -> None:
    facts = happened.facts
    kind, subject_id, upto = facts["subject_kind"], facts["subject_id"], facts["newest_report"]
    if told := reports.settle(kind, subject_id, outcome, upto=upto, now=happened.made_at):
        settled = ReportsSettled(
            subject_kind=kind,
            subject_id=subject_id,
            number=get_waiting(kind, subject_id).subject.number,
            resident_ids=tuple(told),
            outcome=outcome.value,
        )
        publish(settled, now=now)


def tell_reporters(happened: Happened, *, now: datetime) -> None:
    """Tell those who reported it what became of it."""
    facts = happened.facts
    inbox.tell(
        inbox.accounts_of(facts["resident_ids"]),
        kind=happened.kind,
        facts={name: facts[name] for name in ("subject_kind", "number", "outcome")},
        path=inbox.path_to("reports.mine"),
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    WritingHidden.kind: (settle_hidden,),
    WritingKept.kind: (settle_kept,),
    WritingLetThrough.kind: (settle_kept,),
    ReportsSettled.kind: (tell_reporters,),
}
