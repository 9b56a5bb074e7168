"""Voting with one's name: choose, confirm, hand in; the same for every kind of paper."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.ballots import asking, changing, rules, scenario_cards, service
from portal.ballots.blueprint import bp
from portal.ballots.marks import instructions, marks_of, money, name_of, sum_line
from portal.ballots.models import Ballot, BallotOption
from portal.ballots.paper_forms import PaperForm, marks_sent, paper_form
from portal.ballots.papers import ONE_TICK, Frame
from portal.ballots.rules import Kind, Refusal, Secrecy
from portal.ballots.words import REFUSALS
from portal.core import clock, secrets
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused

ON_PAPER = frozenset(
    (
        *(Refusal.NOTHING_CHOSEN, Refusal.TOO_MANY_CHOSEN, Refusal.TOO_FEW_CHOSEN),
        *(Refusal.UNKNOWN_OPTION, Refusal.CHOSEN_TWICE, Refusal.UNKNOWN_VALUE),
        *(Refusal.PLACE_TWICE, Refusal.PLACE_SKIPPED, Refusal.SCORE_OUT_OF_RANGE),
        *(Refusal.TOO_MANY_POINTS, Refusal.OVER_BUDGET),
    )
)
"""What is wrong with a paper can be put right on it; the rest is said on a page of its own."""


@bp.get("/<int:ballot_id>/vote")
@requires(Part.VILLAGER, on_behalf=True)
def choose(ballot_id: int) -> ResponseReturnValue:
    """Hand out the paper. Its key is made here, before the first sending."""
    ballot = service.get_ballot(ballot_id)
    if ballot.secrecy is not Secrecy.OPEN:
        return redirect(url_for(".show", ballot_id=ballot_id))
    standing = service.stand(ballot.id, g.viewer.resident_id, now=clock.now())
    if standing.receipt:
        return redirect(url_for(".receipt", code=standing.receipt.code))
    if standing.refusal:
        return redirect(url_for(".show", ballot_id=ballot_id))
    options = service.list_options(ballot.id)
    return _paper(ballot, options, _form(ballot, options, key=secrets.token())[1])


@bp.get("/<int:ballot_id>/vote/change")
@requires(Part.VILLAGER)
def choose_again(ballot_id: int) -> ResponseReturnValue:
    """Hand out another paper, with what stands on the last one; the last one in counts."""
    ballot, now = service.get_ballot(ballot_id), clock.now()
    receipt = service.stand(ballot.id, g.viewer.resident_id, now=now).receipt
    if receipt is None or ballot.secrecy is not Secrecy.OPEN:
        return redirect(url_for(".show", ballot_id=ballot_id))
    if refusal := service.why_not_change(receipt, now=now):
        flash(REFUSALS[refusal], "warning")
        return redirect(url_for(".receipt", code=receipt.code))
    options = service.list_options(ballot.id)
    marked = {option.id: value for option, value in service.chosen_by(receipt)}
    turn = len(service.list_changes(receipt)) + 2
    form = _form(ballot, options, key=secrets.token(), turn=turn, marked=marked)[1]
    return _paper(ballot, options, form)


@bp.post("/<int:ballot_id>/confirm")
@requires(Part.VILLAGER, on_behalf=True)
def confirm(ballot_id: int) -> ResponseReturnValue:
    """Repeat the choice in one sentence or list; nothing is written yet."""
    ballot = service.get_ballot(ballot_id)
    if ballot.secrecy is not Secrecy.OPEN:
        return refused_page(ballot, Refusal.NOT_SEALED)
    options = service.list_options(ballot.id)
    frame, form = _form(ballot, options)
    if not form.validate_on_submit():
        return _paper(ballot, options, form), 422
    refusal, values = service.why_not_chosen(ballot, options, marks_sent(request.form))
    if refusal:
        form.blame(frame, refusal, REFUSALS[refusal])
        return _paper(ballot, options, form), 422
    if "back" in request.form:
        return _paper(ballot, options, form)
    standing = service.stand(ballot.id, g.viewer.resident_id, now=clock.now())
    if standing.refusal and not standing.receipt:
        return refused_page(ballot, standing.refusal)
    marked = [(option, values[option.id]) for option in options if option.id in values]
    return render_template(
        "ballots/confirm.html",
        ballot=ballot,
        form=form,
        is_one=frame.kind in ONE_TICK,
        marks=marks_of(ballot.kind, marked),
        is_final=not changing.may_be_changed(ballot),
        sum_line=sum_line(frame, options, values),
        sent=[(name, text) for name, text in request.form.items(multi=True) if _is_mark(name)],
    )


@bp.post("/<int:ballot_id>/cast")
@requires(Part.VILLAGER, on_behalf=True)
def cast(ballot_id: int) -> ResponseReturnValue:
    """Take the paper, once. A second sending of the same paper leads to the same receipt."""
    form = PaperForm()
    if not form.validate_on_submit():
        return _again(ballot_id)
    whose, now = g.viewer.resident_id, clock.now()
    if form.place > 1:
        take = partial(service.change_vote, turn=form.place)
    else:
        take = partial(service.cast_vote, ready=service.get_ready(ballot_id, whose, now=now))
    try:
        with transaction():
            receipt = take(
                ballot_id, whose, marks_sent(request.form), key=form.key.data or "", now=now
            )
    except Refused as refused:
        return _not_cast(ballot_id, refused)
    return redirect(url_for(".receipt", code=receipt.code), 303)


def _not_cast(ballot_id: int, refused: Refused) -> ResponseReturnValue:
    reason = Refusal(str(refused.reason))
    earlier = refused.facts.get("receipt")
    if isinstance(earlier, service.Receipt):
        flash(REFUSALS[reason], "warning")
        return redirect(url_for(".receipt", code=earlier.code), 303)
    return _again(ballot_id, reason) if reason in ON_PAPER else _refused(ballot_id, reason)


def _again(ballot_id: int, refusal: Refusal | None = None) -> ResponseReturnValue:
    """Give the paper back as it was sent, with what is wrong beside it."""
    ballot = service.get_ballot(ballot_id)
    options = service.list_options(ballot_id)
    frame, form = _form(ballot, options)
    if refusal:
        form.blame(frame, refusal, REFUSALS[refusal])
    else:
        form.validate()
    return _paper(ballot, options, form), 422


def _is_mark(name: str) -> bool:
    return name not in ("csrf_token", "key", "turn", "back")


def _form(ballot: Ballot, options: Sequence[BallotOption], **facts: Any) -> tuple[Frame, PaperForm]:
    frame = asking.frame_of(ballot, options)
    return frame, paper_form(frame, {o.id: str(name_of(o)) for o in options}, **facts)


def _paper(ballot: Ballot, options: Sequence[BallotOption], form: PaperForm) -> str:
    frame = asking.frame_of(ballot, options)
    ways = scenario_cards.of_options(options)
    notes = {option.id: money(option.cost_yuan) for option in options}
    return render_template(
        "ballots/choose.html",
        ballot=ballot,
        form=form,
        frame=frame,
        instructions=instructions(frame),
        notes=notes | {way.option_id: way.line for way in ways},
        costs=" ".join(f"{option.id}:{option.cost_yuan or 0}" for option in options),
        is_several=frame.kind in (Kind.APPROVAL, Kind.BUDGET),
    )


def _refused(ballot_id: int, reason: Refusal) -> ResponseReturnValue:
    return refused_page(service.get_ballot(ballot_id), reason)


def refused_page(ballot: Ballot, reason: object) -> ResponseReturnValue:
    """Say why nothing was done; 409, since it is the state of the vote that forbids it."""
    words = REFUSALS[rules.Refusal(str(reason))]
    return render_template("ballots/refused.html", ballot=ballot, reason=words), 409
