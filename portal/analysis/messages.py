"""Who hears that a light changed: the committee and the planners, once."""

from datetime import datetime

from flask_babel import gettext as _

from portal.analysis.events import LightChanged
from portal.analysis.rules import Light, Measure
from portal.analysis.words import LIGHTS, MEASURES
from portal.core import clock
from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.people import posts
from portal.people.rules import Role
from portal.plans import service as plans

KINDS = {
    LightChanged.kind: Kind(
        topic=Topic.PLANS,
        words=lambda facts: _(
            "%(title)s: %(measure)s — %(light)s",
            title=facts["title"],
            measure=MEASURES[Measure(facts["measure"])],
            light=LIGHTS[Light(facts["light"])],
        ),
    ),
}


def tell_of_light(happened: Happened, *, now: datetime) -> None:
    """Tell the committee and the planners of the village."""
    version = plans.get_version(happened.facts["version_id"])
    inbox.tell(
        posts.holders((Role.COMMITTEE, Role.HEAD, Role.PLANNER), day=clock.today(now)),
        kind=happened.kind,
        facts={
            "title": version.title,
            "measure": happened.facts["measure"],
            "light": happened.facts["light"],
        },
        path=inbox.path_to("analysis.intensity", version_id=version.id),
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {LightChanged.kind: (tell_of_light,)}
