"""The public pages of a ballot of high stakes: how it works, its box, its archive, a tracker."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.ballots.belenios import booth_views as booth_views
from portal.ballots.belenios import rules, showing, tool, voting
from portal.ballots.belenios import trustee_views as trustee_views
from portal.ballots.belenios.archive import Happening
from portal.ballots.belenios.blueprint import bp
from portal.ballots.belenios.setting_up import find_archive, find_credentials, list_trustees
from portal.ballots.belenios.words import LIMITS, REFUSALS, ROUNDS, SEATS
from portal.ballots.lifeline import why_held_up
from portal.ballots.states import state
from portal.core import clock, pages
from portal.core.access import Part, may, requires
from portal.transparency import signing


@bp.get("/")
@requires(Part.ANYONE, on_behalf=True)
def show(ballot_id: int) -> ResponseReturnValue:
    """Show how the vote works, who holds the keys, what is published and what is not promised."""
    now = clock.now()
    ballot = showing.get_ballot(ballot_id, now=now)
    trustees, (box, read) = list_trustees(ballot.id), showing.read_box(ballot.id)
    is_closed = bool(read and read.has(Happening.TALLY))
    asked = request.args.get("tracker", "").strip()[:80]
    return render_template(
        "belenios/show.html",
        ballot=ballot,
        state=(stage := state(ballot, now=now)),
        held_up=why_held_up(ballot, stage),
        lines=showing.lines_of(trustees, is_closed=is_closed),
        seats=SEATS,
        rounds=ROUNDS,
        credentials=find_credentials(ballot.id),
        box=box,
        read=read,
        results=list(zip(showing.words_of(ballot), read.sums, strict=True))
        if read and read.sums
        else [],
        limits=LIMITS,
        no_tool=REFUSALS[rules.Refusal.NO_TOOL] if tool.find() is None else None,
        asked=asked,
        tracked=voting.find_tracked(ballot.id, asked) if asked else None,
        grouped=rules.grouped,
        is_staff=may(*showing.STAFF),
    )


@bp.get("/archive")
@requires(Part.ANYONE, on_behalf=True)
def archive(ballot_id: int) -> ResponseReturnValue:
    """Hand out the public archive of the election, for anybody to check."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    box, read = showing.read_box(ballot.id)
    if box is None or read is None:
        abort(404)
    return pages.download(box.content, f"{read.election['uuid']}.bel", "application/x-tar")


@bp.get("/receipts/<tracker>")
@requires(Part.ANYONE, on_behalf=True)
def receipt(ballot_id: int, tracker: str) -> ResponseReturnValue:
    """Show that a sealed ballot is in the box; nobody can tell whose it is or what is in it."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    found = voting.find_tracked(ballot.id, tracker)
    if found is None or find_archive(ballot.id) is None:
        abort(404)
    return render_template(
        "belenios/receipt.html",
        ballot=ballot,
        tracked=found,
        grouped=rules.grouped(found.tracker),
        promise=signing.sign(voting.promise_text(ballot, found.tracker)),
    )
