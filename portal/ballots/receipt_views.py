"""Receipts: looking one up by its code, one's own with what was chosen, all of mine."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.ballots import rules, service
from portal.ballots.blueprint import bp
from portal.ballots.marks import marks_of
from portal.core import clock
from portal.core.access import Part, may, requires
from portal.people.words import CHANNELS


@bp.get("/receipts")
@requires(Part.ANYONE)
def look_up() -> ResponseReturnValue:
    """Look for a receipt by its code, as it stands on the slip."""
    code = rules.plain_code(request.args.get("code", ""))
    if code:
        return redirect(url_for(".receipt", code=code[:40]))
    return render_template("ballots/receipts.html", asked="")


@bp.get("/receipts/<code>")
@requires(Part.ANYONE, on_behalf=True)
def receipt(code: str) -> ResponseReturnValue:
    """Tell whether the vote behind a code is counted. Only its own elector sees the choice."""
    found = service.find_receipt(code)
    if found is None:
        return render_template("ballots/receipts.html", asked=code), 404
    ballot = service.get_ballot(found.ballot_id)
    is_mine = may(Part.VILLAGER) and g.viewer.resident_id == found.resident_id
    if g.viewer and g.viewer.sitting_id:  # a helper sees what was chosen only if they entered it
        is_mine = is_mine and found.sitting_id == g.viewer.sitting_id
    now = clock.now()
    return render_template(
        "ballots/receipt.html",
        ballot=ballot,
        receipt=found,
        grouped=rules.grouped(found.code),
        is_mine=is_mine,
        channel=CHANNELS[found.channel],
        marks=marks_of(ballot.kind, service.chosen_by(found)) if is_mine else [],
        changes=service.list_changes(found) if is_mine else [],
        may_change=is_mine and service.why_not_change(found, now=now) is None,
        state=service.state_of(ballot, now=now),
    )


@bp.get("/mine")
@requires(Part.VILLAGER)
def mine() -> str:
    """List my votes with their receipts."""
    return render_template(
        "ballots/mine.html",
        votes=service.list_receipts(g.viewer.resident_id),
        grouped=rules.grouped,
    )
