"""Pages for papers that are counted by hand: entered at a station, agreed to by two witnesses."""

import hashlib
from datetime import datetime

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.ballots import asking, batch_lists, batch_rules, batches, service
from portal.ballots.batch_display import paper_words, sum_rows
from portal.ballots.batch_forms import StationForm, SumsForm, WitnessForm
from portal.ballots.batch_models import PaperSheet
from portal.ballots.batch_rules import Counts, Unreadable
from portal.ballots.batch_words import LINE_REFUSED
from portal.ballots.blueprint import bp
from portal.ballots.desk_forms import row_id
from portal.ballots.models import Ballot
from portal.ballots.papers import ONE_TICK
from portal.ballots.rules import Refusal, Secrecy, State
from portal.ballots.witness_places import places_of, seats_of
from portal.ballots.words import REFUSALS, STATES
from portal.core import audit, clock
from portal.core.access import Part, may, requires
from portal.core.audit import Look
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.people import posts
from portal.people.rules import Role

READERS = (Part.COMMITTEE, Part.SUPERVISOR)
WITNESSES = (Part.VILLAGER, Part.SUPERVISOR, Part.COMMITTEE, Part.GRID_WORKER)
FIELDS = {
    Refusal.PAPERS_ARE_NOT_ELECTORS: "papers",
    Refusal.TOO_FEW_PAPERS: "papers",
    Refusal.SUMS_ARE_NOT_PAPERS: "invalid",
    Refusal.STATION_TWICE: "station",
    Refusal.PHOTO_TWICE: "photo",
    Refusal.NO_SUPERVISOR: "supervisor",
    Refusal.WITNESS_OF_COMMITTEE: "witness",
    Refusal.WITNESSES_ARE_OTHERS: "witness",
}


@bp.get("/manage/<int:ballot_id>/papers")
@requires(*READERS)
def papers(ballot_id: int) -> str:
    """List the stations of a vote, and what is to be done next with each."""
    ballot = service.get_ballot(ballot_id)
    state = service.state_of(ballot, now=clock.now())
    return render_template(
        "ballots/papers.html",
        ballot=ballot,
        state=state,
        states=STATES,
        sheets=batch_lists.list_sheets(ballot.id),
        may_enter=state is State.OPEN and ballot.secrecy is not Secrecy.BELENIOS,
        is_secret=ballot.secrecy is not Secrecy.OPEN,
    )


@bp.get("/manage/<int:ballot_id>/papers/new")
@requires(Part.COMMITTEE)
def new_sheet(ballot_id: int) -> str:
    """Show the list of those who have not voted, to be ticked, and the sums to be filled in."""
    ballot = service.get_ballot(ballot_id)
    return _station(ballot, _form(StationForm(formdata=None)))


@bp.post("/manage/<int:ballot_id>/papers/new")
@requires(Part.COMMITTEE)
def enter_sheet(ballot_id: int) -> ResponseReturnValue:
    """Enter the papers of a station. They count once both witnesses agreed."""
    ballot, form, now = service.get_ballot(ballot_id), _form(StationForm()), clock.now()
    is_well = form.validate_on_submit()
    witness = batch_lists.find_account(form.witness.data or "")
    if witness is None and form.witness.data:
        form.witness.errors = [*form.witness.errors, _("Nobody with an account has this name.")]
    counts = None if ballot.secrecy is not Secrecy.OPEN else _counts(ballot, form)
    if not is_well or witness is None or form.errors:
        return _station(ballot, form), 422
    entry = batches.Entry(
        station=(form.station.data or "").strip(),
        papers=form.papers.data or 0,
        electors=_ticked(),
        supervisor_id=form.supervisor.data,
        witness_id=witness,
        sheet_sha256=hashlib.sha256(form.photo.data.read()).hexdigest(),
        invalid=(form.invalid.data or 0) if counts is not None else 0,
        counts=counts,
    )
    try:
        with transaction():
            sheet = batches.enter(ballot_id, entry, account_id=g.viewer.account_id, now=now)
            sheet_id = sheet.id
    except Refused as refused:
        _blame(form, refused)
        return _station(service.get_ballot(ballot_id), form), 422
    flash(_("Entered. It counts once both witnesses have agreed."), "success")
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)


@bp.get("/papers/<int:sheet_id>")
@requires(*WITNESSES)
def sheet(
    sheet_id: int,
    form: SumsForm | None = None,
    refusal: str = "",
    witness_form: WitnessForm | None = None,
) -> str:
    """Show what was entered, to those who entered, witness and watch over it."""
    found = _sheet_of_mine(sheet_id)
    ballot = service.get_ballot(found.ballot_id)
    options = service.list_options(ballot.id)
    state = service.state_of(ballot, now=clock.now())
    is_mine = g.viewer.account_id in (found.supervisor_id, found.witness_id)
    agreed = _agreed_at(found)
    ticked = batch_lists.list_ticked(found)
    with transaction():
        audit.note(Look.OPENED, "paper-sheet", now=clock.now())
    return render_template(
        "ballots/sheet.html",
        ballot=ballot,
        sheet=found,
        ticked=ticked,
        refused=[(name, LINE_REFUSED[why]) for name, why in batch_lists.list_refused(found)],
        places=places_of(found, witness_form),
        seats=seats_of(found),
        lines=[
            (paper_words(ballot, options, values), times) for values, times in found.counts or ()
        ],
        may_agree=is_mine and found.is_waiting and agreed is None,
        has_agreed=is_mine and agreed is not None,
        may_withdraw=may(Part.COMMITTEE)
        and not (found.listed_at or found.withdrawn_at or state.is_over),
        may_sum=may(Part.COMMITTEE)
        and not is_mine
        and found.listed_at is not None
        and found.counts is None
        and batch_rules.why_not_finished(secrecy=ballot.secrecy, state=state, has_sums=True)
        is None,
        form=form or SumsForm(formdata=None),
        options=sum_rows(ballot, options),
        refusal=refusal,
    )


@bp.post("/papers/<int:sheet_id>/agree")
@requires(*WITNESSES)
def agree(sheet_id: int) -> ResponseReturnValue:
    """Say, with one's own account, that the sheet is what was counted aloud."""
    _sheet_of_mine(sheet_id)
    try:
        with transaction():
            done = batches.agree(sheet_id, account_id=g.viewer.account_id, now=clock.now())
            words = (
                _("Both witnesses have agreed. The papers count.")
                if done.counted_at
                else _agreed_words(done)
                if done.listed_at and not done.counts
                else _("You have agreed. The other witness must agree too.")
            )
    except Refused as refused:
        return sheet(sheet_id, refusal=_sentence(refused)), 409
    flash(words, "success")
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)


@bp.post("/papers/<int:sheet_id>/withdraw")
@requires(Part.COMMITTEE)
def withdraw_sheet(sheet_id: int) -> ResponseReturnValue:
    """Take a wrong sheet back, before it counts."""
    ballot_id = batch_lists.get_sheet(sheet_id).ballot_id
    try:
        with transaction():
            batches.withdraw(sheet_id, now=clock.now())
    except Refused as refused:
        return sheet(sheet_id, refusal=_sentence(refused)), 409
    flash(_("The sheet was taken back. Enter it anew."), "success")
    return redirect(url_for(".papers", ballot_id=ballot_id), 303)


@bp.post("/papers/<int:sheet_id>/sums")
@requires(Part.COMMITTEE)
def enter_sums(sheet_id: int) -> ResponseReturnValue:
    """Enter what stood on the papers of a secret vote, after its close."""
    ballot = service.get_ballot(batch_lists.get_sheet(sheet_id).ballot_id)
    form = SumsForm()
    is_well = form.validate_on_submit()
    counts = _counts(ballot, form)
    if not is_well or counts is None or form.errors:
        return sheet(sheet_id, form), 422
    try:
        with transaction():
            batches.enter_sums(
                sheet_id,
                counts,
                invalid=form.invalid.data or 0,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        return sheet(sheet_id, form, _sentence(refused)), 409
    flash(_("Entered. It counts once both witnesses have agreed."), "success")
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)


def _sheet_of_mine(sheet_id: int) -> PaperSheet:
    found = batch_lists.get_sheet(sheet_id)
    involved = (found.entered_by, found.supervisor_id, found.witness_id)
    if not may(*READERS) and g.viewer.account_id not in involved:
        abort(403)
    return found


def _agreed_words(done: PaperSheet) -> str:
    if not (refused := len(batch_lists.list_refused(done))):
        return _("Both witnesses have agreed. Those on the list have voted.")
    return ngettext(
        "Both witnesses have agreed. One line is struck; the others have voted.",
        "Both witnesses have agreed. %(num)d lines are struck; the others have voted.",
        refused,
    )


def _agreed_at(found: PaperSheet) -> datetime | None:
    is_supervisor = g.viewer.account_id == found.supervisor_id
    return found.supervisor_agreed_at if is_supervisor else found.witness_agreed_at


def _form(form: StationForm) -> StationForm:
    here = set(posts.holders([Role.SUPERVISOR], day=clock.today(clock.now())))
    lines = {p.account_id: p.name for p in posts.posts_of(*here) if p.role is Role.SUPERVISOR}
    form.offer(lines.items())
    return form


def _ticked() -> frozenset[int]:
    return frozenset(map(row_id, request.form.getlist("voted")))


def _counts(ballot: Ballot, form: SumsForm) -> Counts | None:
    """Read the sums; what cannot be read has its error at its place."""
    options = service.list_options(ballot.id)
    if ballot.kind in ONE_TICK:
        sums = [request.form.get(f"sum-{o.position}", "0").strip() or "0" for o in options]
        if not all(s.isascii() and s.isdigit() and len(s) < 7 for s in sums):
            form.invalid.errors = [*form.invalid.errors, _("Write a number of 0 or more.")]
            return None
        return batch_rules.counts_of_ticks([int(s) for s in sums])
    try:
        return batch_rules.read_lines(asking.frame_of(ballot, options), form.lines.data or "")
    except Unreadable as fault:
        words = _("Line %(n)s: %(why)s", n=fault.line, why=REFUSALS[fault.reason])
        form.lines.errors = [*form.lines.errors, words]
        return None


def _station(ballot: Ballot, form: StationForm) -> str:
    state = service.state_of(ballot, now=clock.now())
    refusal = batch_rules.why_not_entered(secrecy=ballot.secrecy, state=state, has_sums=False)
    left = [] if refusal else batch_lists.list_offered(ballot)
    if left:
        with transaction():
            audit.note(
                Look.OPENED,
                "electors" if ballot.secrecy is Secrecy.OPEN else "roster",
                now=clock.now(),
            )
    groups: dict[str, list[batch_lists.Name]] = {}
    for name in left:
        groups.setdefault(name.group, []).append(name)
    return render_template(
        "ballots/station.html",
        ballot=ballot,
        form=form,
        groups=groups,
        ticked=_ticked(),
        reason=REFUSALS[refusal] if refusal else None,
        has_sums=ballot.secrecy is Secrecy.OPEN,
        options=sum_rows(ballot, service.list_options(ballot.id)),
        one_tick=ballot.kind in ONE_TICK,
    )


def _sentence(refused: Refused) -> str:
    words = str(REFUSALS[Refusal(str(refused.reason))])
    names = refused.facts.get("names")
    return f"{words} {'、'.join(map(str, names))}" if isinstance(names, list) else words


def _blame(form: StationForm, refused: Refused) -> None:
    field = FIELDS.get(Refusal(str(refused.reason)))
    if field is None:
        form.form_errors.append(_sentence(refused))
    else:
        form[field].errors = [*form[field].errors, _sentence(refused)]
