"""The pages of the trustees and of the supervisors: keys in three rounds, slips, the opening."""

from flask import abort, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, force_locale
from flask_babel import gettext as _

from portal.ballots import electorate, service
from portal.ballots.belenios import aside, opening, rules, setting_up, showing, slip_pdf
from portal.ballots.belenios.archive import Happening
from portal.ballots.belenios.blueprint import bp
from portal.ballots.belenios.forms import NewKeyForm, SecretForm, SetUpForm, SlipsForm
from portal.ballots.belenios.rules import Refusal, Round, Seat
from portal.ballots.belenios.words import LIMITS, REFUSALS, ROUNDS, SEATS
from portal.ballots.lifeline import why_held_up
from portal.ballots.models import Ballot
from portal.ballots.states import state
from portal.ballots.words import span_words
from portal.core import audit, clock, pages
from portal.core.access import Part, requires
from portal.core.audit import Look
from portal.core.db import transaction
from portal.core.errors import Refused


@bp.get("/key")
@requires(*showing.STAFF)
def key(ballot_id: int, form: SecretForm | None = None) -> ResponseReturnValue:
    """Show a trustee what they do next with their key."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    trustees = setting_up.list_trustees(ballot.id)
    seat = showing.my_seat(trustees)
    box, read = showing.read_box(ballot.id)
    is_closed = bool(read and read.has(Happening.TALLY) and read.sums is None)
    return render_template(
        "belenios/key.html",
        ballot=ballot,
        seat=seat,
        step=setting_up.next_round(trustees, seat, is_closed=is_closed) if seat else None,
        lines=showing.lines_of(trustees, is_closed=is_closed),
        form=form or SecretForm(formdata=None),
        set_up_form=SetUpForm(formdata=None),
        credentials=setting_up.find_credentials(ballot.id),
        is_ready=setting_up.is_ready(ballot.id),
        box=box,
        making=opening.being_made(box, now=clock.now()),
        minutes=len(read.ballots) // 2000 + 1 if read else 0,
        read=read,
        reason=_reason(ballot),
        held_up=why_held_up(ballot, state(ballot, now=clock.now())),
        seats=SEATS,
        rounds=ROUNDS,
        limits=LIMITS,
    )


@bp.post("/key/new")
@requires(*showing.STAFF)
def new_key(ballot_id: int) -> ResponseReturnValue:
    """Make a key and show it, once; it is kept nowhere: the trustee writes it down."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    seat = showing.my_seat(setting_up.list_trustees(ballot.id))
    if seat is None:
        abort(403)
    try:
        made = setting_up.make_key()
    except Refused as refused:
        return _refused(ballot_id, refused)
    form = NewKeyForm(formdata=None, certificate=made.certificate, seat=seat)
    return _new_key(ballot, seat, form, secret=made.secret)


@bp.post("/key/keep")
@requires(*showing.STAFF)
def keep_key(ballot_id: int) -> ResponseReturnValue:
    """Take the certificate of a key that was written down."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    seat = showing.my_seat(setting_up.list_trustees(ballot.id))
    form = NewKeyForm()
    if seat is None:
        abort(403)
    if not form.validate_on_submit():
        return _new_key(ballot, seat, form), 422
    if form.seat.data != seat:  # while they wrote, another took it
        return _refused(ballot_id, Refused(Refusal.SEAT_TAKEN))
    try:
        with transaction():
            setting_up.certify(
                ballot.id,
                seat,
                certificate=form.certificate.data or "",
                secret=_typed(form),
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        if refused.reason is Refusal.WRONG_KEY:
            form.secret.errors = [REFUSALS[refused.reason]]
            return _new_key(ballot, seat, form), 422
        return _refused(ballot_id, refused)
    flash(_("Your key is in. Keep the paper with its letters safe: you need it three times."))
    return redirect(url_for(".key", ballot_id=ballot_id), 303)


@bp.post("/key")
@requires(*showing.STAFF)
def give(ballot_id: int) -> ResponseReturnValue:
    """Do the next step with the key that was typed: share, receive, or open."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    trustees = setting_up.list_trustees(ballot.id)
    seat, form = showing.my_seat(trustees), SecretForm()
    if seat is None:
        abort(403)
    if not form.validate_on_submit():
        return key(ballot_id, form), 422
    try:
        _give(ballot, seat, _typed(form))
    except Refused as refused:
        form.secret.errors = [REFUSALS[refused.reason]]
        return key(ballot_id, form), 422
    if ballot.announced_at is None:
        flash(_("Done. Your key was used once and is kept nowhere here."), "success")
    return redirect(url_for(".key", ballot_id=ballot_id), 303)


@bp.get("/slips")
@requires(Part.SUPERVISOR)
def slips(ballot_id: int, form: SlipsForm | None = None) -> ResponseReturnValue:
    """Offer the supervisors to print the sealed slips, once."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    electors = _electors(ballot)
    return render_template(
        "belenios/slips.html",
        ballot=ballot,
        form=form or SlipsForm(formdata=None),
        made=setting_up.find_credentials(ballot.id),
        electors=len(electors),
        count=rules.count_slips(len(electors)),
        sheets=-(-rules.count_slips(len(electors)) // slip_pdf.PER_PAGE),
        reason=_reason(ballot, electors=len(electors)),
    )


@bp.post("/slips")
@requires(Part.SUPERVISOR)
def print_slips(ballot_id: int) -> ResponseReturnValue:
    """Draw the credentials, keep their public halves and hand the slips out as a PDF, once."""
    now = clock.now()
    ballot, form = showing.get_ballot(ballot_id, now=now), SlipsForm()
    if not form.validate_on_submit():
        return slips(ballot_id, form), 422
    electors = _electors(ballot)
    try:
        drawn = setting_up.draw_credentials(len(electors))
        content = _slips(ballot, electors, drawn.secrets)
        with transaction():
            setting_up.keep_credentials(
                ballot.id, drawn, electors=len(electors), account_id=g.viewer.account_id, now=now
            )
            audit.note(Look.PRINTED, "belenios-slips", now=now)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".slips", ballot_id=ballot_id), 303)
    return pages.download(content, f"密封选票码-{ballot_id}.pdf", "application/pdf")


@bp.post("/set-up")
@requires(*showing.STAFF)
def set_up(ballot_id: int) -> ResponseReturnValue:
    """Build the box from the three keys, the slips and the question."""
    ballot = showing.get_ballot(ballot_id, now=clock.now())
    question = setting_up.question_of(ballot, showing.sealed_words_of(ballot))
    try:
        with transaction():
            setting_up.set_up(ballot.id, question, now=clock.now())
    except Refused as refused:
        return _refused(ballot_id, refused)
    flash(_("The box is set up. The vote can be announced now."), "success")
    return redirect(url_for(".key", ballot_id=ballot_id), 303)


def _reason(ballot: Ballot, *, electors: int = 0) -> LazyString | None:
    refusal = setting_up.why_not(ballot) or rules.why_not_printed(electors)
    return REFUSALS[refusal] if refusal else None


def _give(ballot: Ballot, seat: Seat, secret: str) -> None:
    account_id = g.viewer.account_id
    if ballot.announced_at is None:
        trustees = setting_up.list_trustees(ballot.id)
        step = setting_up.next_round(trustees, seat, is_closed=False) or Round.SHARE
        with transaction():
            setting_up.give(
                ballot.id, seat, step, secret=secret, account_id=account_id, now=clock.now()
            )
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    aside.begin(app, ballot.id, seat, secret=secret, account_id=account_id, now=clock.now())


def _new_key(ballot: Ballot, seat: Seat, form: NewKeyForm, secret: str = "") -> str:
    return render_template(
        "belenios/new_key.html", ballot=ballot, office=SEATS[seat], form=form, secret=secret
    )


def _refused(ballot_id: int, refused: Refused) -> ResponseReturnValue:
    flash(REFUSALS[refused.reason], "error")
    return redirect(url_for(".key", ballot_id=ballot_id), 303)


def _typed(form: SecretForm) -> str:
    return "".join((form.secret.data or "").split())


def _electors(ballot: Ballot) -> list[electorate.Named]:
    _profile, params = service.profile_of(ballot)
    return electorate.list_expected(params, on=clock.today(ballot.opens_at))


def _slips(ballot: Ballot, electors: list[electorate.Named], secrets: tuple[str, ...]) -> bytes:
    """Draw a slip for each elector, and nameless ones for those who join until the opening."""
    origin = current_app.config["SETTINGS"].public_url
    place = origin + url_for(".vote", ballot_id=ballot.id)
    with force_locale(showing.LANGUAGE):
        words = slip_pdf.Words(
            title=_("%(village)s sealed slip for a vote", village=g.village.name),
            question=ballot.question,
            days=span_words(ballot.opens_at, ballot.closes_at, now=clock.now()),
            spare=_("Spare slip"),
            place=place,
            secret=_("Code (capital and small letters differ)"),
            use=_(
                "Open it alone. Scan the square, or enter the code on the page below. Each slip"
                " votes once. Give it to nobody."
            ),
            fold=_("Fold the patterned part over the code and glue it down."),
            language="zh-CN",
        )
        sheets = [
            slip_pdf.Slip(
                name=elector.name if elector else "",
                home=_(
                    "%(group)s · household %(number)s", group=elector.group, number=elector.number
                )
                if elector
                else _("given out by name, on a list"),
                credential=secret,
                address=f"{place}#{secret}",
            )
            for elector, secret in zip(
                [*electors, *[None] * (len(secrets) - len(electors))], secrets, strict=True
            )
        ]
    return slip_pdf.render(sheets, words)
