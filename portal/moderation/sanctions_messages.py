"""Whoever may not write for a while hears why and until when, and hears when it is lifted early."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core import clock
from portal.core.outbox import Handler, Happened
from portal.core.words import moment_words
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.moderation import sanctions
from portal.moderation.events import MuteEnded, PersonMuted
from portal.moderation.forms import CODES
from portal.moderation.rules import Code

KINDS = {
    PersonMuted.kind: Kind(
        topic=Topic.TALK,
        words=lambda facts: _(
            "You cannot write here until %(when)s. Reason: %(reason)s. You can appeal once.",
            when=moment_words(datetime.fromisoformat(facts["ends_at"]), clock.now()),
            reason=CODES[Code(facts["code"])],
        ),
        matters=True,
    ),
    MuteEnded.kind: Kind(
        topic=Topic.TALK,
        words=lambda _facts: _("You can write here again. The committee has lifted it early."),
    ),
}


def tell_person(happened: Happened, *, now: datetime) -> None:
    """Tell the person whom it is about, and nobody else."""
    sanction = sanctions.get_stop(happened.facts["sanction_id"]).sanction
    inbox.tell(
        inbox.accounts_of([sanction.resident_id]),
        kind=happened.kind,
        facts={"code": sanction.code.value, "ends_at": sanction.ends_at.isoformat()},
        path=inbox.path_to("appeals.mine"),
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    PersonMuted.kind: (tell_person,),
    MuteEnded.kind: (tell_person,),
}
