"""Voting in a ballot of high stakes: choose, have it sealed, put it in. The booth keeps nothing."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.ballots import asking, service
from portal.ballots.belenios import rules, showing, tool, voting
from portal.ballots.belenios.blueprint import bp
from portal.ballots.belenios.forms import (
    OneForm,
    OwnBallotForm,
    SealedForm,
    SeveralForm,
    booth_form,
)
from portal.ballots.belenios.words import LIMIT, REFUSALS
from portal.ballots.models import Ballot
from portal.ballots.papers import paper_of, why_not_paper
from portal.ballots.words import REFUSALS as VOTE_REFUSALS
from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused

WORDS = VOTE_REFUSALS | REFUSALS


@bp.get("/vote")
@requires(Part.VILLAGER)
def vote(ballot_id: int) -> ResponseReturnValue:
    """Hand out the paper, with a place for the code on the slip."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    standing = service.stand(ballot.id, g.viewer.resident_id, now=clock.now())
    if standing.receipt or standing.refusal or tool.find() is None:
        return redirect(url_for(".show", ballot_id=ballot_id))
    return _paper(ballot, _form(ballot, formdata=None))


@bp.post("/vote")
@requires(Part.VILLAGER)
def seal(ballot_id: int) -> ResponseReturnValue:
    """Seal the choice and show it once more, with the ballot's tracker. Nothing is written yet."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    form = _form(ballot)
    if not form.validate_on_submit():
        return _paper(ballot, form), 422
    chosen = form.chosen.data if isinstance(form.chosen.data, list) else [form.chosen.data]
    options = asking.list_options(ballot.id)
    paper = paper_of(len(options), dict.fromkeys(chosen, 1))
    if refusal := why_not_paper(asking.frame_of(ballot, options), paper):
        form.chosen.errors = [WORDS[refusal]]
        return _paper(ballot, form), 422
    try:
        sealed = voting.seal(ballot.id, form.credential.data or "", paper)
    except Refused as refused:
        form.credential.errors = [WORDS[refused.reason]]
        return _paper(ballot, form), 422
    words = showing.words_of(ballot)
    return render_template(
        "belenios/confirm.html",
        ballot=ballot,
        form=SealedForm(formdata=None, sealed=sealed),
        picked=[words[place] for place, ticked in enumerate(paper) if ticked],
        grouped=rules.grouped(voting.tracker_of(sealed)),
        limit=LIMIT,
    )


@bp.post("/cast")
@requires(Part.VILLAGER)
def cast(ballot_id: int) -> ResponseReturnValue:
    """Put a sealed ballot into the box, once. Sent twice, it leads to the same receipt."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    form = OwnBallotForm()
    if not form.validate_on_submit():
        return _paper(ballot, _form(ballot, formdata=None), own=form), 422
    try:
        sealed = voting.checked(ballot.id, form.sealed.data or "")
        with transaction():
            tracker = voting.cast(ballot.id, g.viewer.resident_id, sealed, now=clock.now())
    except Refused as refused:
        flash(WORDS[refused.reason], "error")
        return redirect(url_for(".show", ballot_id=ballot_id), 303)
    return redirect(url_for(".receipt", ballot_id=ballot_id, tracker=tracker), 303)


def _form(ballot: Ballot, **facts: object) -> OneForm | SeveralForm:
    is_several = ballot.kind == rules.APPROVAL
    return booth_form(is_several=is_several, words=showing.words_of(ballot), **facts)


def _paper(ballot: Ballot, form: OneForm | SeveralForm, own: OwnBallotForm | None = None) -> str:
    return render_template(
        "belenios/vote.html",
        ballot=ballot,
        form=form,
        own=own or OwnBallotForm(formdata=None),
        limit=LIMIT,
    )
