"""The first pages of the ballots: the list, and one with its question, its life and its rule."""

from flask import g, render_template
from flask_babel import lazy_gettext as _l

from portal.ballots import (
    archive_views,
    batch_views,
    desk_views,
    households,
    late_papers,
    objection_views,
    paper_views,
    receipt_views,
    result_views,
    rules,
    scenario_cards,
    sealed_views,
    service,
    step_views,
    urn_views,
    witness_views,
)
from portal.ballots.blueprint import bp as bp
from portal.ballots.cards import desk_cards as desk_cards
from portal.ballots.cards import home_cards as home_cards
from portal.ballots.cards import me_cards as me_cards
from portal.ballots.cards import meeting_cards as meeting_cards
from portal.ballots.cards import plan_cards as plan_cards
from portal.ballots.cards import take_part_cards as take_part_cards
from portal.ballots.desk_words import ASKED
from portal.ballots.display import life_lines
from portal.ballots.lifeline import LAST, life_of, why_held_up
from portal.ballots.marks import money
from portal.ballots.result_words import rule_sentences
from portal.ballots.rules import Secrecy
from portal.ballots.words import OPENNESS, OUTCOMES, REFUSALS, SHUT, STATES, span_words
from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.slots import Link
from portal.meetings import service as meetings
from portal.people.words import CHANNELS
from portal.plans import service as plans

PAGES = (
    *(archive_views, batch_views, desk_views, objection_views, paper_views, receipt_views),
    *(result_views, sealed_views, step_views, urn_views, witness_views),
)
"""Each of them hangs its pages onto the blueprint."""
DESK_LINKS = (Link(_l("Ballots"), "ballots.manage", desk_views.WATCHERS),)
VILLAGE_LINKS = (Link(_l("Votes and results"), "ballots.index", (Part.ANYONE,)),)
RUNNING = (rules.State.OPEN, rules.State.SUSPENDED)
WAYS = {
    Secrecy.OPEN: "ballots.choose",
    Secrecy.SEALED: "ballots.sealed_paper",
}
"""Where a vote is cast; one of high stakes has its own page for that."""


@bp.get("/")
@requires(Part.ANYONE, on_behalf=True)
def index() -> str:
    """List the votes of the village by what can be done with them now."""
    now = clock.now()
    ballots = [(ballot, service.state_of(ballot, now=now)) for ballot in service.list_ballots()]
    voted: set[int] = set()
    if may(Part.VILLAGER):
        running = [ballot.id for ballot, state in ballots if state in RUNNING]
        voted = service.voted_in(running, g.viewer.resident_id) if running else set()
    return render_template(
        "ballots/index.html",
        running=[(b, s) for b, s in ballots if s in RUNNING][::-1],
        coming=[b for b, state in ballots if state is rules.State.ANNOUNCED][::-1],
        past=[(b, s) for b, s in ballots if s.is_over],
        voted=voted,
        states=STATES,
        outcomes=OUTCOMES,
        openness=OPENNESS,
        span=lambda b: span_words(b.opens_at, b.ends_at, now=now),
    )


@bp.get("/<int:ballot_id>")
@requires(Part.ANYONE, on_behalf=True)
def show(ballot_id: int) -> str:
    """Show the question alone, with the plan one tap away, and the way to vote or why not."""
    now = clock.now()
    ballot = service.get_ballot(ballot_id)
    state = service.state_of(ballot, now=now)
    standing = household = None
    if may(Part.VILLAGER):
        standing = service.stand(ballot.id, g.viewer.resident_id, now=now)
        household = households.vote_of_household(ballot, g.viewer.resident_id)
    profile, params = service.profile_of(ballot)
    held_up = why_held_up(ballot, state)
    is_shut = bool(held_up) and state is rules.State.CLOSED
    options = service.list_options(ballot.id)
    return render_template(
        "ballots/show.html",
        ballot=ballot,
        state=state,
        standing=standing,
        household=household,
        reason=standing and standing.refusal and REFUSALS[standing.refusal],
        held_up=held_up,
        papers_until=late_papers.waits_until(ballot),
        steps=life_lines(ballot.id),
        life=life_of(ballot, state, now=now)[: LAST[state] if is_shut else None],
        meeting=meetings.get_meeting(ballot.meeting_id) if ballot.meeting_id else None,
        options=options,
        ways=scenario_cards.of_options(options),
        rules=rule_sentences(params, ballot.unit, ballot.secrecy),
        profile=profile,
        version=plans.get_version(ballot.version_id),
        span=span_words(ballot.opens_at, ballot.ends_at, now=now),
        way=WAYS.get(ballot.secrecy),
        channels=CHANNELS,
        money=money,
        word=SHUT if is_shut else STATES[state],
        kinds=ASKED,
        openness=OPENNESS,
    )
