"""What plans offer to other pages: the notice that runs, drafts that wait."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import may
from portal.core.slots import Card
from portal.core.words import day_words
from portal.notices import service as notices
from portal.plans import phases, service
from portal.plans.now_line import void_words
from portal.plans.phases import Deed, Phase
from portal.plans.reading import SUBJECT, VersionLine
from portal.plans.rules import BEFORE_NOTICE, State
from portal.plans.words import STATES

EDITORS = phases.who_may(Deed.WRITE, [Phase.DRAFTING])


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer every plan on notice, with its deadline; say which notice became void."""
    lines = service.list_public_versions(now=now)
    void = [line for line in lines if line.state in BEFORE_NOTICE]
    return [
        *(_notice_card(line) for line in lines if line.is_open),
        *(card for line in void if (card := _void_card(line, now=now)) is not None),
    ]


def take_part_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the same where people look for what they can do."""
    return [_notice_card(line) for line in _on_notice(now)]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer drafts to those who finish them, and closed notices to be answered."""
    if not may(*EDITORS):
        return []
    lines = service.list_versions(public_only=False, now=now)
    drafts = [line for line in lines if line.state in BEFORE_NOTICE]
    closed = [line for line in lines if line.state is State.NOTICE_CLOSED]
    found = [
        Card(
            title=line.title,
            line=_("A draft of this plan is waiting to be finished."),
            href=url_for("plans.workbench", version_id=line.id),
            action=_("Go on with the draft"),
            chip=str(STATES[line.state]),
        )
        for line in drafts
    ]
    found += [
        Card(
            title=line.title,
            line=_("The notice is over. The opinions are to be answered now."),
            href=url_for("plans.workbench", version_id=line.id),
            action=_("Start answering"),
            chip=str(STATES[line.state]),
            chip_kind="warn",
            rank=5,
        )
        for line in closed
    ]
    return [*_to_publish(now), *found]


def _to_publish(now: datetime) -> list[Card]:
    """Warn of approved plans that are to be published, and more loudly once the day is over."""
    today = clock.today(now)
    return [
        Card(
            title=version.title,
            line=_("It should have been published by %(day)s.", day=day_words(last, today))
            if today > last
            else _("To be published by %(day)s.", day=day_words(last, today)),
            href=url_for("plans.steps", version_id=version.id),
            action=_("Publish it"),
            chip=_("overdue") if today > last else str(STATES[State.APPROVED]),
            chip_kind="danger" if today > last else "warn",
            rank=2 if today > last else 6,
        )
        for version, last in service.list_to_publish()
        if last is not None
    ]


def _on_notice(now: datetime) -> list[VersionLine]:
    return [line for line in service.list_public_versions(now=now) if line.is_open]


def _void_card(line: VersionLine, *, now: datetime) -> Card | None:
    """Say that the notice of a plan is void, until another begins."""
    notice = notices.find_void(SUBJECT, line.id)
    if notice is None:
        return None
    return Card(
        title=line.title,
        line=f"{void_words(notice, now=now)} {_('Reason: %(reason)s', reason=notice.void_reason)}",
        href=url_for("notices.show", notice_id=notice.id),
        action=_("Read why"),
        chip=_("Notice void"),
        chip_kind="danger",
        rank=8,
    )


def _notice_card(line: VersionLine) -> Card:
    return Card(
        title=line.title,
        line=_("Read the plan in one minute, and say what you think of it."),
        href=url_for("plans.show", version_id=line.id),
        action=_("Read the plan"),
        chip=str(STATES[line.state]),
        chip_kind="good",
        closes_at=line.closes_at,
        rank=10,
    )
