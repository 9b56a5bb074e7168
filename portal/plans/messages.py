"""Who hears of a plan, and in which words: everybody of the village."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind, moment
from portal.inbox.rules import Topic
from portal.plans.events import NoticeOpened
from portal.plans.plots import forget_without_consent
from portal.plans.standing import get_with_notice
from portal.privacy.events import ConsentChanged

KINDS = {
    NoticeOpened.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _(
            "A plan is on public notice until %(when)s; say what you think of it: %(title)s",
            when=moment(facts["ends_at"]),
            title=facts["title"],
        ),
        matters=True,
    ),
}


def tell_of_notice(happened: Happened, *, now: datetime) -> None:
    """Tell the village that a notice runs."""
    version, notice = get_with_notice(happened.facts["version_id"])
    if notice is None or now >= notice.ends_at:
        return
    inbox.tell(
        inbox.everybody(),
        kind=happened.kind,
        facts={"title": version.title, "ends_at": notice.ends_at.isoformat()},
        path=inbox.path_to("plans.show", version_id=version.id),
        event_id=happened.event_id,
        ends_at=notice.ends_at,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    NoticeOpened.kind: (tell_of_notice,),
    ConsentChanged.kind: (forget_without_consent,),
}
