"""Pages of the ballots for the committee: announce, change, open, and see how many have voted."""

from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.ballots import rules, service
from portal.ballots.blueprint import bp
from portal.ballots.forms import BallotForm
from portal.ballots.models import Ballot
from portal.ballots.rules import Kind, Refusal
from portal.ballots.words import REFUSALS, STATES, span_words
from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.words import closing_day
from portal.plans import service as plans

PARTS = (Part.COMMITTEE, Part.ADMIN)

FIELDS = {
    Refusal.CLOSES_BEFORE_IT_OPENS: "closes_on",
    Refusal.CLOSES_IN_THE_PAST: "closes_on",
    Refusal.NOTICE_TOO_SHORT: "opens_on",
    Refusal.NO_PARTY_REVIEW: "party_review_on",
    Refusal.STATUTORY_IS_YES_NO: "kind",
    Refusal.NO_OPTIONS: "kind",
    Refusal.CHOICES_OUT_OF_RANGE: "max_choices",
}


@bp.get("/manage")
@requires(*PARTS)
def manage() -> str:
    """List all votes with what can be done now; while one is open, only how many have voted."""
    now = clock.now()
    ballots = service.list_ballots(drafts=True)
    return render_template(
        "ballots/manage.html",
        ballots=[(ballot, service.state_of(ballot, now=now)) for ballot in ballots],
        cast=service.count_cast([ballot.id for ballot in ballots]),
        due=lambda ballot: ballot.opens_at <= now,
        states=STATES,
        span=lambda b: span_words(b.opens_at, b.closes_at, now=now),
    )


@bp.get("/manage/new")
@requires(*PARTS)
def new(form: BallotForm | None = None) -> str:
    """Show the sheet for a new vote on the plan in hand."""
    version_id = request.args.get("version", type=int)
    version = plans.get_version(version_id) if version_id else plans.find_current_version()
    return render_template(
        "ballots/edit.html", form=form or BallotForm(formdata=None), version=version, ballot=None
    )


@bp.post("/manage/new")
@requires(*PARTS)
def announce() -> ResponseReturnValue:
    """Announce a vote; one that begins today is opened at once."""
    form = BallotForm()
    version_id = request.args.get("version", type=int)
    version = plans.get_version(version_id) if version_id else plans.find_current_version()
    if version is None:
        return redirect(url_for(".new"))
    if not form.validate_on_submit():
        return new(form), 422
    now = clock.now()
    draft = _draft(form, version.id, now=now)
    try:
        with transaction():
            ballot = service.announce_ballot(draft, now=now)
            if draft.opens_at == now:
                service.open_ballot(ballot.id, now=now)
    except Refused as refused:
        _blame(form, refused)
        return new(form), 422
    flash(
        _("The vote is open.") if draft.opens_at == now else _("The vote has been announced."),
        "success",
    )
    return redirect(url_for(".manage"), 303)


@bp.get("/manage/<int:ballot_id>")
@requires(*PARTS)
def edit(ballot_id: int, form: BallotForm | None = None) -> ResponseReturnValue:
    """Show the sheet of a vote that is not open yet."""
    ballot = service.get_ballot(ballot_id)
    if ballot.opened_at is not None:
        return _refused(ballot, Refusal.ALREADY_OPEN)
    return render_template(
        "ballots/edit.html",
        form=form or _filled(ballot),
        version=plans.get_version(ballot.version_id),
        ballot=ballot,
    )


@bp.post("/manage/<int:ballot_id>")
@requires(*PARTS)
def change(ballot_id: int) -> ResponseReturnValue:
    """Change the words and dates of a vote that is not open yet."""
    ballot = service.get_ballot(ballot_id)
    form = BallotForm()
    form.kind.data, form.profile.data = ballot.kind, service.profile_of(ballot)[0].code
    if ballot.opened_at is None and not form.validate_on_submit():
        return edit(ballot_id, form), 422
    now = clock.now()
    try:
        with transaction():
            service.change_draft(ballot_id, _draft(form, ballot.version_id, now=now), now=now)
    except Refused as refused:
        if refused.reason is Refusal.ALREADY_ANNOUNCED:
            return _refused(ballot, Refusal.ALREADY_ANNOUNCED)
        _blame(form, refused)
        return edit(ballot_id, form), 422
    flash(_("The vote has been changed."), "success")
    return redirect(url_for(".manage"), 303)


@bp.post("/manage/<int:ballot_id>/open")
@requires(*PARTS)
def open_now(ballot_id: int) -> ResponseReturnValue:
    """Open a vote whose day has come: from now on nothing about it changes."""
    try:
        with transaction():
            service.open_ballot(ballot_id, now=clock.now())
    except Refused as refused:
        return _refused(service.get_ballot(ballot_id), refused.reason)
    flash(_("The vote is open."), "success")
    return redirect(url_for(".manage"), 303)


def _draft(form: BallotForm, version_id: int, *, now: datetime) -> service.Draft:
    """Read the sheet: a vote begins at 0:00, today at once, and ends at 24:00."""
    opens_on, closes_on = form.opens_on.data or date.min, form.closes_on.data or date.min
    return service.Draft(
        version_id=version_id,
        question=(form.question.data or "").strip(),
        explanation=(form.explanation.data or "").strip(),
        kind=form.kind.data,
        profile_code=form.profile.data,
        opens_at=now if opens_on == clock.today(now) else clock.midnight_before(opens_on),
        closes_at=clock.midnight_after(closes_on),
        max_choices=form.max_choices.data if form.kind.data is Kind.APPROVAL else None,
        party_review_on=form.party_review_on.data,
        party_review_note=(form.party_review_note.data or "").strip(),
    )


def _filled(ballot: Ballot) -> BallotForm:
    return BallotForm(
        formdata=None,
        obj=ballot,
        profile=service.profile_of(ballot)[0].code,
        opens_on=clock.today(ballot.opens_at),
        closes_on=closing_day(ballot.closes_at),
    )


def _blame(form: BallotForm, refused: Refused) -> None:
    """Put the words beside the field they speak of."""
    words = REFUSALS[refused.reason]
    name = FIELDS.get(rules.Refusal(refused.reason))
    if name is None:
        form.form_errors.append(words)
    else:
        field = getattr(form, name)
        field.errors = [*field.errors, words]


def _refused(ballot: Ballot, reason: object) -> ResponseReturnValue:
    words = REFUSALS[Refusal(str(reason))]
    return render_template("ballots/refused.html", ballot=ballot, reason=words), 409
