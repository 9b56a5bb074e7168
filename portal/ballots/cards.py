"""What the ballots show on pages of lower features."""

from datetime import datetime, timedelta
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.ballots import batch_lists, published, service
from portal.ballots.models import Ballot
from portal.ballots.rules import State
from portal.ballots.words import OPENNESS, STATES, span_words
from portal.core import clock
from portal.core.access import Part, may
from portal.core.slots import Card

RUNNING = (State.OPEN, State.SUSPENDED)


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Show what is being voted on, and what came of the votes of the last two weeks."""
    return _witness_cards() + [
        _card(ballot, state, now=now, has_voted=has_voted)
        for ballot, state, has_voted in _recent(now=now, days=14)
        if state in (State.OPEN, State.SUSPENDED, State.CLOSED) or state.is_counted
    ]


def take_part_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Show the votes that are open or announced, and the results of the last two months."""
    return [
        _card(ballot, state, now=now, has_voted=has_voted)
        for ballot, state, has_voted in _recent(now=now, days=60)
        if state not in (State.NOT_HELD, State.CANCELLED)
    ]


def plan_cards(*, now: datetime, version_id: int, **_facts: object) -> list[Card]:
    """Show the votes on this version of a plan."""
    return _cards_of(service.list_ballots(version_id=version_id), now=now)


def meeting_cards(*, now: datetime, meeting_id: int, **_facts: object) -> list[Card]:
    """Show the votes of a meeting."""
    return _cards_of(service.list_ballots(meeting_id=meeting_id), now=now)


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Lead to my votes and their receipts."""
    if not may(Part.VILLAGER):
        return []
    votes = len(service.list_receipts(g.viewer.resident_id))
    return [
        Card(
            title=_("My votes and receipts"),
            line=ngettext("%(num)d vote handed in", "%(num)d votes handed in", votes),
            href=url_for("ballots.mine"),
            action=_("Look"),
        )
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Show the committee what is to be opened, and how many have voted; never what."""
    if not may(Part.COMMITTEE, Part.ADMIN):
        return _witness_cards() + _early_close_cards(now=now) + _objection_cards(now=now)
    ballots = [(b, service.state_of(b, now=now)) for b in service.list_recent(now=now, days=1)]
    running = [b for b, state in ballots if state is State.OPEN]
    due = [b for b, state in ballots if state is State.ANNOUNCED and b.opens_at <= now]
    cast = service.count_cast([b.id for b in running])
    cards = [
        Card(
            title=_("Open the vote: %(question)s", question=ballot.question),
            line=_("Its day has come. Until it is opened nobody can vote."),
            href=url_for("ballots.manage"),
            action=_("Open the vote"),
            chip=_("To do"),
            chip_kind="warn",
            closes_at=ballot.ends_at,
            rank=10,
        )
        for ballot in due
    ]
    return (
        _witness_cards()
        + cards
        + [
            Card(
                title=ballot.question,
                line=_(
                    "%(cast)s of %(electors)s electors have voted",
                    cast=cast.get(ballot.id, 0),
                    electors=ballot.electors_count,
                ),
                href=url_for("ballots.manage"),
                action=_("Look"),
                chip=STATES[State.OPEN][0],
                chip_kind="info",
                closes_at=ballot.ends_at,
            )
            for ballot in running
        ]
    )


def _to_do(**facts: Any) -> Card:
    """Show what waits for the one who is looking, before everything else."""
    return Card(chip=_("To do"), chip_kind="warn", rank=10, **facts)


def _witness_cards() -> list[Card]:
    """Lead a witness to the papers that they are to agree to."""
    if g.get("viewer") is None or g.viewer.sitting_id is not None:
        return []
    return [
        _to_do(
            title=_("You are a witness: papers of %(station)s", station=sheet.station),
            line=ballot.question,
            href=url_for("ballots.sheet", sheet_id=sheet.id),
            action=_("Look, and agree"),
            closes_at=ballot.ends_at if sheet.listed_at is None else None,
        )
        for sheet, ballot in batch_lists.list_waiting(g.viewer.account_id)
    ]


def _early_close_cards(*, now: datetime) -> list[Card]:
    """Show the supervision committee which votes the head asks to close early."""
    if not may(Part.SUPERVISOR):
        return []
    running = [b for b, state, _voted in _recent(now=now, days=1) if state in RUNNING]
    asked = service.asked_early([ballot.id for ballot in running])
    return [
        _to_do(
            title=_("Close it early? %(question)s", question=ballot.question),
            line=_("The head of the committee asks that voting end now."),
            href=url_for("ballots.life", ballot_id=ballot.id),
            action=_("Look"),
            closes_at=ballot.ends_at,
        )
        for ballot in running
        if ballot.id in asked
    ]


def _objection_cards(*, now: datetime) -> list[Card]:
    """Show the supervision committee to which results somebody objects."""
    if not may(Part.SUPERVISOR):
        return []
    return [
        _to_do(
            title=_("Somebody objects: %(question)s", question=ballot.question),
            line=_("Decide whether the result stands."),
            href=url_for("ballots.life", ballot_id=ballot.id),
            action=_("Look"),
            closes_at=clock.midnight_after(day),
        )
        for ballot in published.list_objected()
        if (day := published.decided_by(ballot))
    ]


def _recent(*, now: datetime, days: int) -> list[tuple[Ballot, State, bool]]:
    ballots = service.list_recent(now=now, days=days)
    voted: set[int] = set()
    if ballots and may(Part.VILLAGER):
        voted = service.voted_in([ballot.id for ballot in ballots], g.viewer.resident_id)
    return [(b, service.state_of(b, now=now), b.id in voted) for b in ballots]


def _cards_of(ballots: list[Ballot], *, now: datetime) -> list[Card]:
    stated = [(ballot, service.state_of(ballot, now=now)) for ballot in ballots]
    return [
        _card(ballot, state, now=now, has_voted=False)
        for ballot, state in stated
        if state not in (State.NOT_HELD, State.CANCELLED)
    ]


def _card(ballot: Ballot, state: State, *, now: datetime, has_voted: bool) -> Card:
    chip, kind = STATES[state]
    line, action, endpoint = OPENNESS[ballot.secrecy], _("Look"), "ballots.show"
    if state.is_counted:
        line, action, endpoint = _("The votes are counted."), _("See the result"), "ballots.result"
    elif state is State.CLOSED and ballot.papers_wait:
        line = _("Voting is over. Papers of a place still wait for their witnesses.")
    elif state is State.CLOSED:
        line = _("Voting is over. The urn is opened in public; then the result stands here.")
    elif has_voted:
        chip, kind = _("You have voted"), "good"
    elif state is State.OPEN:
        action = _("Vote now")
    else:
        line = span_words(ballot.opens_at, ballot.ends_at, now=now)
    return Card(
        title=ballot.question,
        line=line,
        href=url_for(endpoint, ballot_id=ballot.id),
        action=action,
        chip=str(chip),
        chip_kind=kind,
        closes_at=ballot.ends_at if state is State.OPEN else None,
        rank=5 if now - ballot.ends_at < timedelta(days=7) else 0,
    )
