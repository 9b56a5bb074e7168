"""Who hears of what follows a plan, and in which words."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core import clock
from portal.core.db import db
from portal.core.outbox import Handler, Happened
from portal.implementation import concerned
from portal.implementation.events import IndicatorAlarm, PartyNamed
from portal.implementation.rules import Light
from portal.implementation.words import LIGHTS
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.people import posts
from portal.people.rules import Role
from portal.plans.models import Indicator

KINDS = {
    IndicatorAlarm.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _(
            "%(what)s is %(state)s. Look at what can be done.",
            what=facts["what"],
            state=LIGHTS[Light(facts["light"])],
        ),
        matters=False,
    ),
    PartyNamed.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _(
            "The plan touches your rights: %(what)s. Read it, and say what you think.",
            what=facts["what"],
        ),
        matters=True,
    ),
}


def tell_of_alarm(happened: Happened, *, now: datetime) -> None:
    """Tell the planner and the committee that an indicator fell behind or past its limit."""
    indicator = db.session.get_one(Indicator, happened.facts["indicator_id"])
    roles = (Role.COMMITTEE, Role.HEAD, Role.PLANNER, Role.SUPERVISOR)
    inbox.tell(
        posts.holders(roles, day=clock.today(now)),
        kind=happened.kind,
        facts={"what": indicator.name, "light": happened.facts["light"]},
        path=inbox.path_to("implementation.index"),
        event_id=happened.event_id,
        now=now,
    )


def tell_party(happened: Happened, *, now: datetime) -> None:
    """Tell whoever is concerned, directly."""
    accounts = inbox.accounts_of([happened.facts["resident_id"]])
    if not accounts:
        return
    inbox.tell(
        accounts,
        kind=happened.kind,
        facts={"what": happened.facts["what"]},
        path=inbox.path_to("implementation.mine"),
        event_id=happened.event_id,
        now=now,
    )
    concerned.note_told(happened.facts["party_id"], now=now)


HANDLERS: dict[str, tuple[Handler, ...]] = {
    IndicatorAlarm.kind: (tell_of_alarm,),
    PartyNamed.kind: (tell_party,),
}
