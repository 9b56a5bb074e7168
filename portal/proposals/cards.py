"""What proposals show on pages of lower features."""

from datetime import datetime

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.access import Part, is_on_behalf, may
from portal.core.slots import Card
from portal.proposals import deliberating, service
from portal.proposals.rules import State


def talk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Lead from the talk to the proposals (slot TALK)."""
    count = service.count_in([State.COLLECTING])
    return [
        Card(
            title=_("Proposals"),
            line=ngettext("%(num)d collects signatures", "%(num)d collect signatures", count)
            if count
            else _("Propose something, and see who stands behind it"),
            href=url_for("proposals.index"),
            action=_("Look at the proposals"),
            rank=5,
        )
    ]


def take_part_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the newest proposal that a resident has not signed yet (slot TAKE_PART)."""
    if not may(Part.VILLAGER) or is_on_behalf():
        return []
    lines, _total = service.list_lines(
        [State.COLLECTING], resident_id=g.viewer.resident_id, per_page=5
    )
    fresh = [
        line
        for line in lines
        if line.is_readable and not line.has_signed and line.proposal.expires_at > now
    ]
    return [
        Card(
            title=line.proposal.title,
            line=_(
                "A proposal from %(group)s. %(count)s have signed.",
                group=line.group,
                count=line.signers,
            ),
            href=url_for("proposals.show", proposal_id=line.proposal.id),
            action=_("Read it, and sign if you agree"),
            chip=_("Proposal"),
            closes_at=line.proposal.expires_at,
            rank=3,
        )
        for line in fresh[:1]
    ]


def meeting_cards(*, now: datetime, meeting_id: int, **_facts: object) -> list[Card]:
    """Show the proposals that a meeting is about (slot MEETING)."""
    if is_on_behalf():
        return []
    return [
        Card(
            title=line.proposal.title,
            line=_("A proposal from %(group)s", group=line.group),
            href=url_for("proposals.show", proposal_id=line.proposal.id),
            action=_("Read it"),
            chip=_("Proposal"),
            rank=-line.proposal.number,
        )
        for line in deliberating.list_before(meeting_id)
        if line.is_readable
    ]


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the viewer what he proposed and signed (slot ME)."""
    if not may(Part.VILLAGER):
        return []
    return [
        Card(
            title=_("My proposals"),
            line=_("What you proposed and signed, and your draft"),
            href=url_for("proposals.mine"),
            action=_("See them"),
        )
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Tell the committee which meeting it must convene, and what waits for the council (DESK)."""
    if not may(Part.COMMITTEE):
        return []
    found = [
        Card(
            title=_("You must convene the villagers' meeting"),
            line=_(
                "%(signers)s electors stand behind “%(title)s”.",
                signers=task.signers,
                title=service.title_of(line),
            ),
            href=url_for("proposals.handle", proposal_id=line.proposal.id),
            action=_("Convene it, and name it there"),
            chip=_("Obliged by law"),
            chip_kind="danger",
            rank=18,
        )
        for task, line in deliberating.list_tasks(now=now)
    ]
    waiting = service.count_in([State.THRESHOLD_MET])
    if waiting:
        found.append(
            Card(
                title=_("Proposals wait for the council"),
                line=ngettext(
                    "%(num)d proposal has enough signatures",
                    "%(num)d proposals have enough signatures",
                    waiting,
                ),
                href=url_for("proposals.desk"),
                action=_("Bring them before the council"),
                chip=_("Waits for you"),
                chip_kind="warn",
                rank=8,
            )
        )
    return found
