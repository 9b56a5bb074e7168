"""Pages of the ballots for the committee: write down, announce, and see how many have voted."""

from datetime import datetime

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.ballots import drafting, service
from portal.ballots.blueprint import bp
from portal.ballots.desk_forms import FITTING, BallotForm
from portal.ballots.desk_words import ASKED_NOTES, MISSING_KEY, SECRECY_NOTES
from portal.ballots.models import Ballot
from portal.ballots.rules import Refusal, Secrecy, State
from portal.ballots.words import REFUSALS, STATES, span_words
from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.plans import service as plans
from portal.plans.models import PlanVersion

PARTS = (Part.COMMITTEE, Part.ADMIN)
WATCHERS = (*PARTS, Part.SUPERVISOR)
DRAFTS = (State.DRAFT, State.PARTY_REVIEWED)
KEY_PAGES = {Secrecy.SEALED: "ballots.key_page", Secrecy.BELENIOS: "belenios.key"}


@bp.get("/manage")
@requires(*WATCHERS)
def manage() -> str:
    """List all votes with where they stand; while one is open, only how many have voted."""
    now = clock.now()
    ballots = [(b, service.state_of(b, now=now)) for b in service.list_ballots(drafts=True)]
    return render_template(
        "ballots/manage.html",
        drafts=[(b, s) for b, s in ballots if s in DRAFTS],
        ballots=[(b, s) for b, s in ballots if b.announced_at is not None],
        cast=service.count_cast([ballot.id for ballot, state in ballots if ballot.opened_at]),
        due=lambda ballot: ballot.opens_at <= now,
        states=STATES,
        span=lambda b: span_words(b.opens_at, b.ends_at, now=now),
    )


@bp.get("/manage/new")
@requires(*PARTS)
def new() -> str:
    """Show the sheet for a new vote on the plan in hand, blank or as another ballot was."""
    copied = request.args.get("copy", type=int)
    ballot = service.get_ballot(copied) if copied else None
    form = drafting.sheet(ballot, is_blank=True, now=clock.now())
    return _sheet(form, _version(ballot))


@bp.post("/manage/new")
@requires(*PARTS)
def announce() -> ResponseReturnValue:
    """Keep a new vote as a draft, or announce it; one that begins today is opened at once."""
    version = _version(None)
    if version is None:
        return redirect(url_for(".new"))
    return _write(version, None)


@bp.get("/manage/<int:ballot_id>")
@requires(*PARTS)
def edit(ballot_id: int) -> ResponseReturnValue:
    """Show the sheet of a draft; what was announced is on its own page."""
    ballot = service.get_written(ballot_id)
    if ballot.announced_at is not None or ballot.cancelled_at is not None:
        return redirect(url_for(".life", ballot_id=ballot_id))
    form = drafting.sheet(ballot, is_blank=True, now=clock.now())
    return _sheet(form, plans.get_version(ballot.version_id), ballot)


@bp.post("/manage/<int:ballot_id>")
@requires(*PARTS)
def change(ballot_id: int) -> ResponseReturnValue:
    """Keep a changed draft, or announce it. What was announced stays as it was announced."""
    ballot = service.get_written(ballot_id)
    if service.state_of(ballot, now=clock.now()) not in DRAFTS:
        return refused_page(ballot, Refusal.ALREADY_ANNOUNCED)
    return _write(plans.get_version(ballot.version_id), ballot)


@bp.post("/manage/<int:ballot_id>/discard")
@requires(*PARTS)
def discard(ballot_id: int) -> ResponseReturnValue:
    """Throw a draft away; nobody outside was told of it."""
    try:
        with transaction():
            service.discard_draft(ballot_id, now=clock.now(), account_id=g.viewer.account_id)
    except Refused as refused:
        return refused_page(service.get_written(ballot_id), refused.reason)
    flash(_("The draft has been thrown away."), "success")
    return redirect(url_for(".manage"), 303)


def _write(version: PlanVersion, ballot: Ballot | None) -> ResponseReturnValue:
    now, account_id = clock.now(), g.viewer.account_id
    form = drafting.sheet(is_blank=False, now=now)
    if not form.validate_on_submit():
        return _sheet(form, version, ballot), 422
    is_announced = request.form.get("do") != "draft"
    ballot_id = ballot.id if ballot else None
    try:
        draft = drafting.read(form, version.id, now=now)
        with transaction():
            if ballot_id is None:
                ballot_id = service.draft_ballot(draft, now=now, account_id=account_id).id
            else:
                service.change_draft(ballot_id, draft, now=now)
            if is_announced:
                _announce(ballot_id, draft.opens_at, now=now)
    except Refused as refused:
        if refused.reason is Refusal.ALREADY_ANNOUNCED and ballot is not None:
            return refused_page(service.get_written(ballot.id), refused.reason)
        drafting.blame(form, refused, now=now)
        kept = service.get_written(ballot.id) if ballot else None
        return _sheet(form, plans.get_version(version.id), kept), 422
    if not is_announced:
        flash(_("The draft has been kept. Nobody has been told of it yet."), "success")
        return redirect(url_for(".edit", ballot_id=ballot_id), 303)
    is_open = draft.opens_at == now
    flash(_("The vote is open.") if is_open else _("The vote has been announced."), "success")
    return redirect(url_for(".life", ballot_id=ballot_id), 303)


def _announce(ballot_id: int, opens_at: datetime, *, now: datetime) -> None:
    service.announce_drafted(ballot_id, now=now, account_id=g.viewer.account_id)
    if opens_at == now:
        service.open_ballot(ballot_id, now=now, account_id=g.viewer.account_id)


def _version(ballot: Ballot | None) -> PlanVersion | None:
    version_id = ballot.version_id if ballot else request.args.get("version", type=int)
    return plans.get_version(version_id) if version_id else plans.find_current_version()


def _sheet(form: BallotForm, version: PlanVersion | None, ballot: Ballot | None = None) -> str:
    missing = ballot is not None and drafting.needs_key(ballot)
    key_page = KEY_PAGES.get(ballot.secrecy) if ballot and ballot.secrecy in KEY_PAGES else None
    return render_template(
        "ballots/edit.html",
        form=form,
        version=version,
        ballot=ballot,
        rules=drafting.rule_choices(today=clock.today(clock.now())),
        kind_notes=ASKED_NOTES,
        secrecy_notes=SECRECY_NOTES,
        fitting={kind.value: " ".join(names) for kind, names in FITTING.items()},
        missing_key=MISSING_KEY[ballot.secrecy] if ballot and missing else None,
        key_page=key_page if key_page in current_app.view_functions else None,
    )


def refused_page(ballot: Ballot, reason: object) -> ResponseReturnValue:
    """Say why nothing was done; 409, since it is the state of the vote that forbids it."""
    words = REFUSALS[Refusal(str(reason))]
    return render_template("ballots/refused.html", ballot=ballot, reason=words), 409
