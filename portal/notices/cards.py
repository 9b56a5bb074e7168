"""What notices offer to other pages: general ones that run, and what waits to be done."""

from dataclasses import replace
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, may
from portal.core.slots import Card
from portal.core.words import deadline_words
from portal.notices import service
from portal.notices.rules import NoticeState
from portal.notices.words import STATES, TYPES

EDITORS = (Part.COMMITTEE, Part.PLANNER, Part.ADMIN)
PROVERS = (*EDITORS, Part.GRID_WORKER)
"""Who says where a notice hangs, and takes the photos."""
READERS = (*PROVERS, Part.SUPERVISOR)
OPENERS = (Part.COMMITTEE, Part.ADMIN)


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer every general notice that runs, below what people are asked for.

    What has a page of its own has a card of its own.
    """
    return [
        replace(card, line=deadline_words(card.closes_at, now), closes_at=None)
        for card in take_part_cards(now=now)
        if card.closes_at
    ]


def take_part_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer every general notice that runs where people look for what they can do."""
    return [
        Card(
            title=notice.title,
            line=str(TYPES[notice.type]),
            href=url_for("notices.show", notice_id=notice.id),
            action=_("Read the notice"),
            chip=str(STATES[NoticeState.RUNNING]),
            chip_kind="good",
            closes_at=notice.ends_at,
        )
        for notice in service.list_running(now=now, is_general=True)
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer planned notices to those who prove and open them: late ones first."""
    if not may(*PROVERS):
        return []
    today = clock.today(now)
    found = []
    for notice in service.list_planned():
        is_late = notice.planned_for <= today
        if notice.deadline_on is not None and notice.deadline_on < today:
            line = _("It should be on public notice by now.")
        elif is_late:
            line = _("Its day has come: see where it hangs, and open it.")
        else:
            line = _("Put it on the boards, take photos, open it on its day.")
        found.append(
            Card(
                title=notice.title,
                line=line,
                href=url_for("notices.prepare", notice_id=notice.id),
                action=_("Prepare the notice"),
                chip=str(STATES[NoticeState.PLANNED]),
                chip_kind="warn" if is_late else "info",
                rank=5 if is_late else 0,
            )
        )
    return found
