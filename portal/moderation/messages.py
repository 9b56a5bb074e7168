"""Who hears of a decision, and how: whoever wrote it, with the reason (domain.md S12)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.moderation.events import WritingHidden, WritingLetThrough, WritingShown
from portal.moderation.forms import CODES
from portal.moderation.naming import name_of
from portal.moderation.rules import Code
from portal.moderation.service import get_waiting

KINDS = {
    WritingHidden.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "What you wrote was hidden: %(name)s. Reason: %(reason)s",
            name=name_of(facts),
            reason=CODES[Code(facts["code"])],
        ),
        matters=True,
    ),
    WritingShown.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _("What you wrote is shown again: %(name)s", name=name_of(facts)),
    ),
    WritingLetThrough.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "Everybody can read now what you wrote: %(name)s", name=name_of(facts)
        ),
    ),
}


def tell_author(happened: Happened, *, now: datetime) -> None:
    """Tell whoever wrote it; that it was reported is not said."""
    facts = {name: fact for name, fact in happened.facts.items() if name != "newest_report"}
    subject = get_waiting(facts["subject_kind"], facts["subject_id"]).subject
    if subject.author_resident_id is not None:
        accounts = inbox.accounts_of([subject.author_resident_id])
    else:
        accounts = [] if subject.author_account_id is None else [subject.author_account_id]
    values = dict(subject.facts)
    anchor = values.pop("_anchor", None)
    path = inbox.path_to(subject.endpoint, **values)
    inbox.tell(
        accounts,
        kind=happened.kind,
        facts={**facts, "number": subject.number},
        path=f"{path}#{anchor}" if anchor else path,
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    WritingHidden.kind: (tell_author,),
    WritingShown.kind: (tell_author,),
    WritingLetThrough.kind: (tell_author,),
}
