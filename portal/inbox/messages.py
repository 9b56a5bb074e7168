"""What people are told of the features below this one and beside it, and in which words.

Those beside it (assisting, privacy, villages) are known by the names of their events only.
"""

from datetime import datetime

from flask_babel import gettext as _

from portal.core import clock
from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.people import posts
from portal.people.events import PostChanged
from portal.people.rules import Role
from portal.people.words import ROLES
from portal.roster.events import RosterChanged, RosterChangeWaits

KINDS = {
    PostChanged.kind: Kind(
        topic=Topic.MINE,
        words=lambda facts: (
            _("You were given a post: %(post)s", post=ROLES[Role(facts["role"])])
            if facts["is_given"]
            else _("A post of yours has ended: %(post)s", post=ROLES[Role(facts["role"])])
        ),
        matters=True,
    ),
    RosterChanged.kind: Kind(
        topic=Topic.MINE,
        words=lambda facts: _(
            "Your entry on the village's roster was changed. If it is wrong, tell the committee."
        ),
        matters=True,
    ),
    RosterChangeWaits.kind: Kind(
        topic=Topic.MINE,
        words=lambda facts: _("A change of the roster waits for a second person: please look."),
    ),
}


def _one(happened: Happened, *, now: datetime) -> None:
    """Tell the account that the event names."""
    inbox.tell(
        [happened.facts["account_id"]],
        kind=happened.kind,
        facts=happened.facts,
        event_id=happened.event_id,
        now=now,
    )


def tell_holder(happened: Happened, *, now: datetime) -> None:
    """Tell somebody of a post that they have now, or have no more."""
    _one(happened, now=now)


def tell_listed(happened: Happened, *, now: datetime) -> None:
    """Tell somebody that their row was changed; what it says is not repeated."""
    _one(happened, now=now)


def tell_second_person(happened: Happened, *, now: datetime) -> None:
    """Tell the committee and the administrators, but not whoever asks for the change."""
    staff = posts.holders((Role.COMMITTEE, Role.HEAD, Role.ADMIN), day=clock.today(now))
    inbox.tell(
        [account_id for account_id in staff if account_id != happened.facts["account_id"]],
        kind=happened.kind,
        facts={},
        path=inbox.path_to("roster.show_import", import_id=happened.facts["import_id"]),
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {
    PostChanged.kind: (tell_holder,),
    RosterChanged.kind: (tell_listed,),
    RosterChangeWaits.kind: (tell_second_person,),
}
