"""Who appealed hears how it was decided, and those who can decide that an appeal is there."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.moderation import appeals
from portal.moderation.appeals_rules import Outcome
from portal.moderation.events import AppealAnswered, MuteEnded, WritingShown
from portal.moderation.naming import name_of
from portal.moderation.sanctions_models import KIND as SANCTION

KINDS = {
    AppealAnswered.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: (
            _("Your appeal was right, the decision is taken back: %(name)s", name=name_of(facts))
            if facts["outcome"] == Outcome.RESTORED.value
            else _(
                "Somebody else looked at your appeal, the decision stays: %(name)s",
                name=name_of(facts),
            )
        ),
        matters=True,
    ),
}


def tell_answered(happened: Happened, *, now: datetime) -> None:
    """Tell the author how the appeal was decided; the reason stands on the page."""
    inbox.tell(
        inbox.accounts_of([happened.facts["resident_id"]]),
        kind=happened.kind,
        facts={key: happened.facts[key] for key in ("subject_kind", "number", "outcome")},
        path=inbox.path_to("appeals.mine"),
        event_id=happened.event_id,
        now=now,
    )


def settle_overtaken(happened: Happened, *, now: datetime) -> None:
    """Close the appeals about what the committee showed again by itself."""
    facts = happened.facts
    appeals.settle_overtaken(
        facts["subject_kind"], facts["subject_id"], until=happened.made_at, now=now
    )


def settle_lifted(happened: Happened, *, now: datetime) -> None:
    """Close the appeal against a sanction that the committee lifted by itself."""
    sanction_id = happened.facts["sanction_id"]
    appeals.settle_overtaken(SANCTION, sanction_id, until=happened.made_at, now=now)


HANDLERS: dict[str, tuple[Handler, ...]] = {
    AppealAnswered.kind: (tell_answered,),
    WritingShown.kind: (settle_overtaken,),
    MuteEnded.kind: (settle_lifted,),
}
