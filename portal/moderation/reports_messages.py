"""Who reported something hears what became of it; nobody else does (domain.md S9)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.moderation import reports
from portal.moderation.events import WritingHidden, WritingKept, WritingLetThrough
from portal.moderation.naming import name_of
from portal.moderation.reports_rules import Outcome
from portal.moderation.service import get_waiting

HIDDEN = "moderation.report-hidden"
KEPT = "moderation.report-kept"

KINDS = {
    HIDDEN: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "Thank you for your report. It was hidden: %(name)s", name=name_of(facts)
        ),
    ),
    KEPT: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "Thank you for your report. The committee looked at it and found no rule broken, so "
            "it stays: %(name)s",
            name=name_of(facts),
        ),
    ),
}


def settle_hidden(happened: Happened, *, now: datetime) -> None:
    """Answer the reports on what was hidden, whoever hid it."""
    _settle(happened, Outcome.HIDDEN, HIDDEN, now=now)


def settle_kept(happened: Happened, *, now: datetime) -> None:
    """Answer the reports on what stays."""
    _settle(happened, Outcome.KEPT, KEPT, now=now)


def _settle(happened: Happened, outcome: Outcome, told: str, *, now: datetime) -> None:
    kind, subject_id = happened.facts["subject_kind"], happened.facts["subject_id"]
    reporters = reports.settle(kind, subject_id, outcome, until=happened.made_at)
    _tell(happened, told, reporters, now=now)


def _tell(happened: Happened, kind: str, resident_ids: Sequence[int], *, now: datetime) -> None:
    if not resident_ids:
        return
    subject_kind = happened.facts["subject_kind"]
    subject = get_waiting(subject_kind, happened.facts["subject_id"]).subject
    inbox.tell(
        inbox.accounts_of(resident_ids),
        kind=kind,
        facts={"subject_kind": subject_kind, "number": subject.number},
        path=inbox.path_to("reports.mine"),
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    WritingHidden.kind: (settle_hidden,),
    WritingKept.kind: (settle_kept,),
    WritingLetThrough.kind: (settle_kept,),
}
