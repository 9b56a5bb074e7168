"""What meetings show on pages of lower features."""

from datetime import datetime

from flask import g, url_for
from flask_babel import gettext as _

from portal.core.access import Part, is_on_behalf, may
from portal.core.slots import Card
from portal.core.words import start_words
from portal.meetings import listing, service, sheets
from portal.meetings.models import Meeting
from portal.meetings.rules import DOORS_BEFORE, State
from portal.meetings.words import KINDS, STATES

DOOR = (Part.COMMITTEE, Part.GRID_WORKER)
EDITORS = (Part.COMMITTEE,)


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Show the meetings somebody is called to; to everybody else the village's own."""
    return _witness_cards(now=now) + take_part_cards(now=now)


def take_part_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Show the meetings that are to come or go on: what one is called to comes first."""
    meetings = [m for m in service.list_recent(now=now, days=1) if _is_live(m, now)]
    called: dict[int, bool] = {}
    if meetings and may(Part.VILLAGER) and not is_on_behalf():
        found = listing.called_to(g.viewer.resident_id, since=min(m.held_at for m in meetings))
        called = {meeting.id: is_there for meeting, is_there in found}
    return [_card(m, called.get(m.id), now=now) for m in sorted(meetings, key=_hour)]


def _witness_cards(*, now: datetime) -> list[Card]:
    """Lead a witness to the signed sheet that they are to agree to."""
    if not may(Part.VILLAGER) or is_on_behalf():
        return []
    return [
        Card(
            title=_("You are a witness of a signed sheet"),
            line=_("Look whether all of them were there and signed."),
            href=url_for("meetings.show", meeting_id=sheet.meeting_id),
            action=_("Look at the sheet"),
            chip=_("Waits for you"),
            chip_kind="warn",
            rank=12,
        )
        for sheet in sheets.waiting_for(g.viewer.resident_id, now=now)
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Lead the staff to the door of a meeting that is near or goes on."""
    witnessed = _witness_cards(now=now)
    if not may(*DOOR):
        return witnessed
    return witnessed + [
        Card(
            title=meeting.title,
            line=_(
                "%(when)s, %(place)s", when=start_words(meeting.held_at, now), place=meeting.place
            ),
            href=url_for("meetings.door", meeting_id=meeting.id),
            action=_("Go to the door"),
            chip=str(STATES[meeting.state_at(now)][0]),
            chip_kind="warn",
            rank=12,
        )
        for meeting in service.list_recent(now=now, days=1)
        if _is_live(meeting, now) and meeting.held_at - DOORS_BEFORE <= now
    ]


def _hour(meeting: Meeting) -> datetime:
    return meeting.held_at


def _is_live(meeting: Meeting, now: datetime) -> bool:
    return meeting.state_at(now) in (State.CONVENED, State.OPEN)


def _card(meeting: Meeting, is_there: bool | None, *, now: datetime) -> Card:
    word, kind = STATES[meeting.state_at(now)]
    if is_there is not None:
        word, kind = (_("You are there"), "good") if is_there else (_("You are invited"), "info")
    return Card(
        title=meeting.title,
        line=_(
            "%(kind)s · %(when)s · %(place)s",
            kind=KINDS[meeting.kind],
            when=start_words(meeting.held_at, now),
            place=meeting.place,
        ),
        href=url_for("meetings.show", meeting_id=meeting.id),
        action=_("Look at the meeting"),
        chip=str(word),
        chip_kind=kind,
        rank=8 if is_there is not None else 2,
    )
