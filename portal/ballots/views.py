"""Pages of the ballots for villagers: read, choose, confirm, keep the receipt, see the result."""

from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from portal.ballots import (
    archive_views,
    batch_views,
    desk_views,
    helped,
    rules,
    sealed_views,
    service,
    step_views,
    urn_views,
)
from portal.ballots.blueprint import bp
from portal.ballots.cards import desk_cards as desk_cards
from portal.ballots.cards import home_cards as home_cards
from portal.ballots.cards import me_cards as me_cards
from portal.ballots.cards import plan_cards as plan_cards
from portal.ballots.cards import take_part_cards as take_part_cards
from portal.ballots.display import by_group, life_lines, money
from portal.ballots.forms import ApprovalForm, YesNoForm
from portal.ballots.models import Ballot, BallotOption
from portal.ballots.words import (
    ANSWERS,
    COUNTED,
    OUTCOMES,
    REFUSALS,
    STATES,
    outcome_sentence,
    rule_lines,
    span_words,
)
from portal.core import clock, secrets
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import Page
from portal.core.slots import Link
from portal.people import service as people
from portal.plans import service as plans

PAGES = (archive_views, batch_views, sealed_views, step_views, urn_views)
"""The modules that hang more pages on the blueprint."""

DESK_LINKS = (Link(_l("Ballots"), "ballots.manage", desk_views.WATCHERS),)
VILLAGE_LINKS = (Link(_l("Votes and results"), "ballots.index", (Part.ANYONE,)),)
ROLL_PAGE = 50
RUNNING = (rules.State.OPEN, rules.State.SUSPENDED)

VoteForm = YesNoForm | ApprovalForm


@bp.get("/")
@requires(Part.ANYONE, on_behalf=True)
def index() -> str:
    """List the votes of the village by what can be done with them now."""
    now = clock.now()
    ballots = [(ballot, service.state_of(ballot, now=now)) for ballot in service.list_ballots()]
    return render_template(
        "ballots/index.html",
        open=[b for b, state in ballots if state in RUNNING][::-1],
        coming=[b for b, state in ballots if state is rules.State.ANNOUNCED][::-1],
        past=[(b, s) for b, s in ballots if s.is_over],
        states=STATES,
        span=lambda b: span_words(b.opens_at, b.closes_at, now=now),
    )


@bp.get("/<int:ballot_id>")
@requires(Part.ANYONE, on_behalf=True)
def show(ballot_id: int) -> str:
    """Show the question alone, with the plan one tap away, and the way to vote or why not."""
    now = clock.now()
    ballot = service.get_ballot(ballot_id)
    state = service.state_of(ballot, now=now)
    standing = None
    if may(Part.VILLAGER):
        standing = service.stand(ballot.id, g.viewer.resident_id, now=now)
    profile, params = service.profile_of(ballot)
    return render_template(
        "ballots/show.html",
        ballot=ballot,
        state=state,
        standing=standing,
        reason=standing and standing.refusal and REFUSALS[standing.refusal],
        rules=rule_lines(params, kind=ballot.kind, max_choices=ballot.max_choices),
        profile=profile,
        version=plans.get_version(ballot.version_id),
        span=span_words(ballot.opens_at, ballot.closes_at, now=now),
        states=STATES,
        steps=life_lines(ballot.id),
    )


@bp.get("/<int:ballot_id>/vote")
@requires(Part.VILLAGER, on_behalf=True)
def choose(ballot_id: int) -> ResponseReturnValue:
    """Hand out the paper. Its key is made here, before the first sending."""
    ballot = service.get_ballot(ballot_id)
    if ballot.secrecy is rules.Secrecy.SEALED:
        return redirect(url_for(".sealed_paper", ballot_id=ballot_id))
    standing = service.stand(ballot.id, g.viewer.resident_id, now=clock.now())
    if standing.receipt:
        return redirect(url_for(".receipt", code=standing.receipt.code))
    if standing.refusal:
        return redirect(url_for(".show", ballot_id=ballot_id))
    options = service.list_options(ballot.id)
    return _paper(ballot, options, _form(ballot, options, key=secrets.token()))


@bp.post("/<int:ballot_id>/confirm")
@requires(Part.VILLAGER, on_behalf=True)
def confirm(ballot_id: int) -> ResponseReturnValue:
    """Repeat the choice in one sentence; nothing is written yet."""
    ballot = service.get_ballot(ballot_id)
    options = service.list_options(ballot.id)
    form = _form(ballot, options)
    chosen = _chosen(form)
    if not form.validate_on_submit():
        return _paper(ballot, options, form), 422
    refusal, _values = service.why_not_chosen(ballot, chosen)
    if refusal:
        form.chosen.errors = [REFUSALS[refusal]]
        return _paper(ballot, options, form), 422
    if "back" in request.form:
        return _paper(ballot, options, form)
    standing = service.stand(ballot.id, g.viewer.resident_id, now=clock.now())
    if standing.refusal and not standing.receipt:
        return _refused(ballot, standing.refusal)
    picked = [option for option in options if option.id in chosen]
    return render_template(
        "ballots/confirm.html", ballot=ballot, form=form, picked=picked, answers=ANSWERS
    )


@bp.post("/<int:ballot_id>/cast")
@requires(Part.VILLAGER, on_behalf=True)
def cast(ballot_id: int) -> ResponseReturnValue:
    """Take the paper, once. A second sending of the same paper leads to the same receipt."""
    form = YesNoForm() if len(request.form.getlist("chosen")) < 2 else ApprovalForm()
    if not form.validate_on_submit():
        ballot = service.get_ballot(ballot_id)
        options = service.list_options(ballot_id)
        return _paper(ballot, options, _form(ballot, options)), 422
    try:
        with transaction():
            receipt = service.cast_vote(
                ballot_id,
                g.viewer.resident_id,
                _chosen(form),
                key=form.key.data or "",
                now=clock.now(),
            )
    except Refused as refused:
        earlier = refused.facts.get("receipt")
        if isinstance(earlier, service.Receipt):
            flash(REFUSALS[refused.reason], "warning")
            return redirect(url_for(".receipt", code=earlier.code), 303)
        return _refused(service.get_ballot(ballot_id), refused.reason)
    return redirect(url_for(".receipt", code=receipt.code), 303)


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
    return render_template(
        "ballots/receipt.html",
        ballot=ballot,
        receipt=found,
        grouped=rules.grouped(found.code),
        is_mine=is_mine,
        chosen=service.chosen_by(found) if is_mine else [],
        answers=ANSWERS,
        is_closed=service.state_of(ballot, now=clock.now()).is_over,
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


@bp.get("/<int:ballot_id>/result")
@requires(Part.ANYONE, on_behalf=True)
def result(ballot_id: int) -> ResponseReturnValue:
    """Show what came of a closed vote, with its inequalities; before that, when it will be."""
    ballot = service.get_ballot(ballot_id)
    now = clock.now()
    try:
        counted = service.result_of(ballot, now=now)
    except Refused as refused:
        return _refused(ballot, refused.reason)
    tallies = list(counted.tallies)
    if ballot.kind is rules.Kind.APPROVAL:
        tallies.sort(key=lambda tally: (-tally.count, tally.position))
    by_helpers, objected = helped.count_of(ballot.id)
    return render_template(
        "ballots/result.html",
        ballot=ballot,
        by_helpers=by_helpers,
        objected=objected,
        result=counted,
        sentence=outcome_sentence(counted),
        outcome=OUTCOMES[counted.outcome],
        tallies=tallies,
        groups=by_group(counted),
        answers=COUNTED,
        money=money,
        rules=rule_lines(counted.params, kind=ballot.kind, max_choices=ballot.max_choices),
        version=plans.get_version(ballot.version_id),
        span=span_words(counted.opened_at, counted.closes_at, now=now),
        may_see_roll=_may_see_roll(ballot),
    )


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
        return _refused(ballot, refused.reason)
    total = service.count_cast([ballot.id]).get(ballot.id, 0)
    return render_template(
        "ballots/roll.html",
        ballot=ballot,
        votes=votes,
        names={
            option.id: COUNTED[option.answer] if option.answer else option.words
            for option in service.list_options(ballot.id)
        },
        groups=people.group_names(),
        total=total,
        page=Page(page=page, per_page=ROLL_PAGE, total=total, items=votes),
    )


def _may_see_roll(ballot: Ballot) -> bool:
    """Open votes are open to those who may vote in them, and to those who see to them."""
    if may(Part.COMMITTEE, Part.SUPERVISOR):
        return True
    return may(Part.VILLAGER) and service.is_elector(ballot.id, g.viewer.resident_id)


def _form(ballot: Ballot, options: Sequence[BallotOption], *, key: str = "") -> VoteForm:
    """Return the paper, filled with what was sent, or new under its key."""
    kind = YesNoForm if ballot.kind is rules.Kind.YES_NO else ApprovalForm
    form: VoteForm = kind(formdata=None, key=key) if key else kind()
    form.chosen.choices = [
        SelectChoice(option.id, ANSWERS[option.answer] if option.answer else option.words)
        for option in options
    ]
    return form


def _chosen(form: VoteForm) -> list[int]:
    if isinstance(form, ApprovalForm):
        return list(form.chosen.data or [])
    return [form.chosen.data] if form.chosen.data else []


def _paper(ballot: Ballot, options: Sequence[BallotOption], form: VoteForm) -> str:
    notes = {o.id: money(o.cost_yuan) for o in options if o.cost_yuan is not None}
    return render_template("ballots/choose.html", ballot=ballot, form=form, notes=notes)


def _refused(ballot: Ballot, reason: object) -> ResponseReturnValue:
    """Say why nothing was done; 409, since it is the state of the vote that forbids it."""
    words = REFUSALS[rules.Refusal(str(reason))]
    return render_template("ballots/refused.html", ballot=ballot, reason=words), 409
