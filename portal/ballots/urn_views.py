"""Pages of an urn's key: its holders, its making, the rehearsal, and the opening in public."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.ballots import ceremony, keys, service, share_pdf, urn_closing, urn_rules
from portal.ballots.blueprint import bp
from portal.ballots.models import Ballot
from portal.ballots.sealing import WrongShare
from portal.ballots.urn_forms import HoldersForm, KeyForm, SharesForm
from portal.ballots.urn_models import KeyHolder
from portal.ballots.urn_words import OFFICES, words_of, wrong_share_words
from portal.core import clock, pages
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused

PARTS = (Part.HEAD, Part.SUPERVISOR)
LANGUAGE = "zh_Hans"
"""Shares are in the village's language, whoever prints them."""


@bp.get("/manage/<int:ballot_id>/key")
@requires(*PARTS)
def key_page(
    ballot_id: int, holders_form: HoldersForm | None = None, key_form: KeyForm | None = None
) -> str:
    """Show who holds the key and what is to be done next: name, make, rehearse, open."""
    ballot = service.get_written(ballot_id)
    now = clock.now()
    holders = keys.list_holders(ballot_id)
    state = service.state_of(ballot, now=now)
    refusal = urn_rules.why_not_key(secrecy=ballot.secrecy, state=state)
    return render_template(
        "ballots/key.html",
        ballot=ballot,
        holders=holders,
        may_change=refusal is None,
        reason=refusal and words_of(refusal),
        is_proven=keys.is_proven(ballot_id),
        is_head=may(Part.HEAD),
        is_supervisor=may(Part.SUPERVISOR),
        may_open=ceremony.why_not_open(ballot, now=now) is None,
        may_rehearse=ballot.public_key and not urn_rules.why_not_rehearse(state),
        holders_form=holders_form or _holders_form(holders),
        key_form=key_form or KeyForm(formdata=None),
    )


@bp.post("/manage/<int:ballot_id>/holders")
@requires(Part.HEAD)
def name_holders(ballot_id: int) -> ResponseReturnValue:
    """Name the three holders, as the head of the committee."""
    form = HoldersForm()
    if not form.validate_on_submit():
        return key_page(ballot_id, holders_form=form), 422
    try:
        with transaction():
            keys.name_holders(ballot_id, form.holders(), now=clock.now())
    except Refused as refused:
        form.form_errors.append(words_of(refused.reason))
        return key_page(ballot_id, holders_form=form), 409
    flash(_("The holders are named. Now the supervision committee makes the key."), "success")
    return redirect(url_for(".key_page", ballot_id=ballot_id), 303)


@bp.post("/manage/<int:ballot_id>/key")
@requires(Part.SUPERVISOR)
def make_key(ballot_id: int) -> ResponseReturnValue:
    """Make the key, as the supervision committee: the shares are in this one answer only."""
    form = KeyForm()
    if not form.validate_on_submit():
        return key_page(ballot_id, key_form=form), 422
    try:
        with transaction():
            shares = keys.make_key(ballot_id, now=clock.now())
            pdf = _print(service.get_written(ballot_id), shares)
    except Refused as refused:
        form.form_errors.append(words_of(refused.reason))
        return key_page(ballot_id, key_form=form), 409
    return pages.download(pdf, _("Key shares") + f" {ballot_id}.pdf", "application/pdf")


@bp.route("/manage/<int:ballot_id>/rehearsal", methods=["GET", "POST"])
@requires(*PARTS)
def rehearsal(ballot_id: int) -> ResponseReturnValue:
    """Let two holders prove that their words open a test envelope."""
    ballot = service.get_written(ballot_id)
    form = SharesForm()
    if not form.is_submitted():
        return _shares_page("ballots/rehearsal.html", ballot, SharesForm(formdata=None))
    if not form.validate():
        return _shares_page("ballots/rehearsal.html", ballot, form), 422
    try:
        with transaction():
            keys.rehearse(ballot_id, form.typed(), now=clock.now())
    except WrongShare as wrong:
        _blame(form, wrong)
        return _shares_page("ballots/rehearsal.html", ballot, form), 422
    except Refused as refused:
        form.form_errors.append(words_of(refused.reason))
        return _shares_page("ballots/rehearsal.html", ballot, form), 409
    flash(
        _("These two open the urn. Whatever happens to the third share, the votes can be counted."),
        "success",
    )
    return redirect(url_for(".key_page", ballot_id=ballot_id), 303)


@bp.route("/manage/<int:ballot_id>/opening", methods=["GET", "POST"])
@requires(*PARTS)
def opening(ballot_id: int) -> ResponseReturnValue:
    """Open the urn with the words of two holders; sums go on the result page, nothing else."""
    ballot = service.get_written(ballot_id)
    form = SharesForm()
    if refusal := ceremony.why_not_open(ballot, now=clock.now()):
        words = words_of(refusal)
        return render_template("ballots/refused.html", ballot=ballot, reason=words), 409
    if not form.is_submitted():
        return _shares_page("ballots/opening.html", ballot, SharesForm(formdata=None))
    if not form.validate():
        return _shares_page("ballots/opening.html", ballot, form), 422
    urn_closing.sweep()  # the links are gone before any share is used
    try:
        with transaction():
            ceremony.open_urn(
                ballot_id, form.typed(), now=clock.now(), account_id=g.viewer.account_id
            )
    except WrongShare as wrong:
        _blame(form, wrong)
        return _shares_page("ballots/opening.html", ballot, form), 422
    except Refused as refused:
        form.form_errors.append(words_of(refused.reason))
        return _shares_page("ballots/opening.html", ballot, form), 409
    flash(_("The urn is open. These are the sums."), "success")
    return redirect(url_for(".result", ballot_id=ballot_id), 303)


def _shares_page(template: str, ballot: Ballot, form: SharesForm) -> str:
    return render_template(template, ballot=ballot, form=form, holders=keys.list_holders(ballot.id))


def _blame(form: SharesForm, wrong: WrongShare) -> None:
    """Put the words beside the share they speak of."""
    words = wrong_share_words(wrong)
    if wrong.share in (1, 2):
        field = form.first if wrong.share == 1 else form.second
        field.errors = [*field.errors, words]
    else:
        form.form_errors.append(words)


def _holders_form(holders: list[KeyHolder]) -> HoldersForm:
    known = {f"name_{h.position}": h.name for h in holders}
    known |= {f"office_{h.position}": h.office for h in holders}
    if not holders:
        known = {f"office_{n}": str(office) for n, office in enumerate(OFFICES, start=1)}
    return HoldersForm(formdata=None, data=known)


def _print(ballot: Ballot, shares: list[keys.Share]) -> bytes:
    """Return the PDF of the shares in the village's language, whoever prints it."""
    with force_locale(LANGUAGE):
        return share_pdf.render(
            [
                share_pdf.SharePage(
                    position=share.holder.position,
                    name=share.holder.name,
                    office=share.holder.office,
                    words=share.words,
                )
                for share in shares
            ],
            share_pdf.Words(
                village=g.village.name,
                title=_("Share of the urn's key"),
                question=ballot.question,
                of_three=_("Any two of the three shares open the urn. One alone opens nothing."),
                code=_("The square code holds the same words."),
                use=(
                    _("Check now that all 33 words are readable; then fold this page and keep it."),
                    _("Show it to nobody, photograph it never, type it nowhere but as told here."),
                    _("Rehearsal: before the announcement you type the words once, to be sure."),
                    _("Opening: after the close you bring this page and type the words in public."),
                    _("If it is lost, say so at once. The other two shares still open the urn."),
                ),
                public_key=_("Public key: %(key)s", key=ballot.public_key),
                language=LANGUAGE.replace("_", "-"),
            ),
        )
