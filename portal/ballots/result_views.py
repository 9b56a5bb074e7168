"""What came of a vote: the result, who chose what, and the papers for others to count."""

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.ballots import (
    asking,
    display,
    exported,
    exporting,
    helped,
    published,
    ranking,
    records,
    result_words,
    rules,
    service,
    spending,
)
from portal.ballots.arithmetic import Line, assisted_too_much
from portal.ballots.blueprint import bp
from portal.ballots.counting import Result
from portal.ballots.desk_words import ASKED
from portal.ballots.lifeline import why_held_up
from portal.ballots.marks import marks_of, money
from portal.ballots.models import Ballot
from portal.ballots.paper_views import refused_page
from portal.ballots.rules import Secrecy, State
from portal.ballots.words import OPENNESS, OUTCOMES, RECORDED, REFUSALS, span_words
from portal.core import clock
from portal.core.access import Part, is_on_behalf, may, requires
from portal.core.errors import Refused
from portal.core.pages import Page, download
from portal.meetings import service as meetings
from portal.people import service as people
from portal.people.words import CHANNELS
from portal.plans import service as plans

ROLL_PAGE = 50
NO_RESULT = {
    State.SUSPENDED: rules.Refusal.SUSPENDED,
    State.CLOSED: rules.Refusal.NOT_COUNTED_YET,
    State.CANCELLED: rules.Refusal.CANCELLED,
    State.NOT_HELD: rules.Refusal.NOT_HELD,
}
"""Why a vote in such a state has none; in any other it comes when voting is closed."""


@bp.get("/<int:ballot_id>/result")
@requires(Part.ANYONE, on_behalf=True)
def result(ballot_id: int) -> ResponseReturnValue:
    """Show what came of a closed vote, with its inequalities; before that, when it will be."""
    ballot = service.get_ballot(ballot_id)
    now = clock.now()
    try:
        counted = service.result_of(ballot, now=now)
    except Refused:
        return _no_result(ballot, service.state_of(ballot, now=now))
    by_helpers, objected = helped.count_of(ballot.id)
    names, detail = display.names_of(counted), counted.detail
    may_see_roll = _may_see_roll(ballot)
    return render_template(
        "ballots/result.html",
        ballot=ballot,
        by_helpers=by_helpers,
        objected=objected,
        too_much=_too_much(counted, ballot) if by_helpers else None,
        result=counted,
        sentence=result_words.sentence_of(counted),
        outcome=OUTCOMES[counted.outcome],
        needs=result_words.needs_of(counted),
        bars=display.bars_of(counted),
        rounds=ranking.rounds_of(detail["runoff"], names) if "runoff" in detail else None,
        pairs=ranking.pairs_of(detail["pairwise"], names) if "pairwise" in detail else None,
        spending=spending.spending_of(counted, names) if "greedy" in detail else None,
        groups=display.by_group(counted),
        answers=names if display.has_answers(counted) else [_("Voted")],
        threshold=display.threshold_of(counted),
        channels=[(CHANNELS[way], n) for way, n in sorted(counted.by_channel.items()) if n],
        meeting=meetings.get_meeting(ballot.meeting_id) if ballot.meeting_id else None,
        money=money,
        rules=result_words.rule_sentences(counted.params, counted.unit, ballot.secrecy),
        version=plans.get_version(ballot.version_id),
        span=span_words(counted.opened_at, counted.closes_at, now=now),
        may_see_roll=may_see_roll,
        may_export=may_see_roll
        and exported.may_export(ballot, service.list_options(ballot.id), cast=counted.cast),
        openness=OPENNESS,
        kinds=ASKED,
        opening=_own_opening(ballot),
        days=published.days_of(ballot),
        held_up=why_held_up(ballot, service.state_of(ballot, now=now)),
        decided_by=published.decided_by(ballot),
        entries=[(RECORDED[step], n) for step, n in records.list_entries(ballot.id)],
    )


def _too_much(counted: Result, ballot: Ballot) -> Line | None:
    """Return the line that is told if one helper entered more votes than is usual (V19)."""
    most = helped.most_by_one(ballot.id)
    return assisted_too_much(by_one=most, cast=counted.cast, params=counted.params)


def _own_opening(ballot: Ballot) -> str | None:
    """Return what opens the viewer's own line on the published list; nobody else's, no helper's."""
    if not may(Part.VILLAGER) or is_on_behalf() or ballot.counted_at is None:
        return None
    is_listed = service.is_elector(ballot.id, g.viewer.resident_id)
    return asking.opening_of(ballot, g.viewer.resident_id) if is_listed else None


def _no_result(ballot: Ballot, state: State) -> ResponseReturnValue:
    """Say why there is no result: not yet, or never."""
    never = why_held_up(ballot, state) if state is State.CLOSED else ""
    return render_template(
        "ballots/refused.html",
        ballot=ballot,
        reason=never or REFUSALS[NO_RESULT.get(state, rules.Refusal.NOT_CLOSED_YET)],
        is_news=True,
    ), 409


@bp.get("/<int:ballot_id>/roll")
@requires(Part.VILLAGER, Part.COMMITTEE, Part.SUPERVISOR)
def roll(ballot_id: int) -> ResponseReturnValue:
    """Show the electors who chose what, after the vote is closed."""
    ballot = service.get_ballot(ballot_id)
    if not _may_see_roll(ballot):
        abort(403)
    page = max(1, request.args.get("page", 1, type=int))
    try:
        votes = service.list_votes(ballot, now=clock.now(), page=page, per_page=ROLL_PAGE)
    except Refused as refused:
        return refused_page(ballot, refused.reason)
    total = service.count_cast([ballot.id]).get(ballot.id, 0)
    options = {option.id: option for option in service.list_options(ballot.id)}
    marks = [
        marks_of(ballot.kind, [(options[option_id], value) for option_id, value in vote.chosen])
        for vote in votes
    ]
    return render_template(
        "ballots/roll.html",
        ballot=ballot,
        votes=list(zip(votes, marks, strict=True)),
        groups=people.group_names(),
        total=total,
        page=Page(page=page, per_page=ROLL_PAGE, total=total, items=votes),
    )


@bp.get("/<int:ballot_id>/papers.pb")
@requires(Part.VILLAGER, Part.COMMITTEE, Part.SUPERVISOR)
def pb_file(ballot_id: int) -> ResponseReturnValue:
    """Hand out the papers of a counted vote, without names, in Pabulib's format."""
    ballot = service.get_ballot(ballot_id)
    if not _may_see_roll(ballot):
        abort(403)
    if not service.state_of(ballot, now=clock.now()).is_counted:
        return refused_page(ballot, rules.Refusal.NOT_CLOSED_YET)
    options = service.list_options(ballot.id)
    cast = service.count_cast([ballot.id]).get(ballot.id, 0)
    if not exported.may_export(ballot, options, cast=cast):
        abort(404)
    election = exported.election_of(ballot, options, place=g.village.name)
    return download(exporting.write(election), f"{ballot.question}.pb", "text/plain")


def _may_see_roll(ballot: Ballot) -> bool:
    """Open votes are open to those who may vote in them, and to those who see to them."""
    if ballot.secrecy is not Secrecy.OPEN:
        return False
    if may(Part.COMMITTEE, Part.SUPERVISOR):
        return True
    return may(Part.VILLAGER) and service.is_elector(ballot.id, g.viewer.resident_id)
