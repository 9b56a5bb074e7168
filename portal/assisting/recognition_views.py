"""Pages of being recognised: for whoever asks, and for the committee that vouches."""

from datetime import datetime

import segno
from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.assisting import claims, recognising
from portal.assisting.blueprint import bp
from portal.assisting.forms import ClaimForm, PersonForm, RefuseForm, VouchForm
from portal.assisting.vouching import RequestState
from portal.assisting.words import REFUSALS, REQUEST_STATES
from portal.core import clock
from portal.core.access import Part, Viewer, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.masking import mask_phone
from portal.core.slots import Card
from portal.sign_in.rules import grouped

VOUCHERS = (Part.COMMITTEE,)


# --- whoever asks ------------------------------------------------------------------------------


@bp.get("/recognition")
@requires(Part.ANYONE)
def recognition(form: ClaimForm | None = None) -> ResponseReturnValue:
    """Show whoever is on no roster how to be recognised, or how their request stands."""
    if g.viewer is None:
        return redirect(url_for("sign_in.index", next=request.path))
    if not is_stranger(g.viewer):
        abort(403)
    own = claims.find_own(g.viewer.account_id)
    return render_template(
        "assisting/recognition.html",
        own=own,
        is_waiting=own is not None and own.state is RequestState.OPEN,
        states=REQUEST_STATES,
        form=form or ClaimForm(formdata=None),
    )


@bp.post("/recognition")
@requires(Part.ANYONE)
def claim() -> ResponseReturnValue:
    """Take the request of somebody who is on no roster yet."""
    if g.viewer is None or not is_stranger(g.viewer):
        abort(401 if g.viewer is None else 403)
    form = ClaimForm()
    if not form.validate_on_submit():
        return recognition(form), 422
    try:
        with transaction():
            recognising.ask_for_myself(
                g.viewer.account_id, name=form.name.data, place=form.place.data, now=clock.now()
            )
    except Refused as refused:
        form.form_errors = [str(REFUSALS[refused.reason])]
        return recognition(form), 422
    flash(_("The committee has your request. Two of its members must know you."), "success")
    return redirect(url_for(".recognition"), 303)


def is_stranger(viewer: Viewer) -> bool:
    """Tell whether somebody is at home here, but no resident and in no post."""
    return (
        viewer.village_id == g.village.id
        and viewer.resident_id is None
        and not viewer.parts
        and not viewer.owes_proof
        and not viewer.must_end_sitting
    )


# --- the committee -----------------------------------------------------------------------------


@bp.get("/requests")
@requires(*VOUCHERS)
def requests(form: PersonForm | None = None) -> str:
    """List who waits to be recognised; ask for somebody who has no phone."""
    return render_template(
        "assisting/requests.html",
        waiting=claims.list_open(now=clock.now()),
        form=form or PersonForm(formdata=None),
    )


@bp.post("/requests")
@requires(*VOUCHERS)
def ask_for() -> ResponseReturnValue:
    """Ask for a resident who has no phone."""
    form = PersonForm()
    if not form.validate_on_submit():
        return requests(form), 422
    found = claims.find_named(form.name.data, form.household.data)
    if len(found) != 1:
        form.form_errors = [_("We found nobody of this name in this household.")]
        return requests(form), 422
    try:
        with transaction():
            made = recognising.ask_for_resident(
                found[0].resident_id, asked_by_id=g.viewer.account_id, now=clock.now()
            )
            made_id = made.id
    except Refused as refused:
        form.form_errors = [str(REFUSALS[refused.reason])]
        return requests(form), 422
    return redirect(url_for(".request_page", recognition_id=made_id), 303)


@bp.get("/requests/<int:recognition_id>")
@requires(*VOUCHERS)
def request_page(recognition_id: int, form: PersonForm | None = None) -> str:
    """Show one request: who asks, whom it may mean, who has vouched."""
    asked = claims.get_request(recognition_id)
    row = asked.recognition
    is_open = row.state is RequestState.OPEN and clock.now() < row.expires_at
    candidates = claims.find_named(row.claimed_name) if is_open and not asked.named else []
    return render_template(
        "assisting/request.html",
        asked=asked,
        is_open=is_open,
        candidates=candidates,
        replaces=is_open and claims.replaces(asked),
        phone=mask_phone(asked.phone) if asked.phone else "",
        form=form or PersonForm(formdata=None),
        vouch_form=VouchForm(formdata=None),
        refuse_form=RefuseForm(formdata=None),
        states=REQUEST_STATES,
    )


@bp.post("/requests/<int:recognition_id>/person")
@requires(*VOUCHERS)
def name_person(recognition_id: int) -> ResponseReturnValue:
    """Say whom on the roster a request means."""
    form = PersonForm()
    if not form.validate_on_submit():
        return request_page(recognition_id, form), 422
    found = claims.find_named(form.name.data, form.household.data)
    if len(found) != 1:
        form.form_errors = [_("We found nobody of this name in this household.")]
        return request_page(recognition_id, form), 422
    try:
        with transaction():
            recognising.name_resident(
                recognition_id, resident_id=found[0].resident_id, now=clock.now()
            )
    except Refused as refused:
        form.form_errors = [str(REFUSALS[refused.reason])]
        return request_page(recognition_id, form), 422
    return redirect(url_for(".request_page", recognition_id=recognition_id), 303)


@bp.post("/requests/<int:recognition_id>/vouch")
@requires(*VOUCHERS)
def vouch(recognition_id: int) -> ResponseReturnValue:
    """Vouch. The second one of another group completes it; a new code is shown only here."""
    form = VouchForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        with transaction():
            vouched = recognising.vouch(
                recognition_id,
                account_id=g.viewer.account_id,
                is_replacing=form.is_replacing.data,
                now=clock.now(),
            )
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".request_page", recognition_id=recognition_id), 303)
    if vouched.code is not None:
        address = url_for("sign_in.slip", code=vouched.code, _external=True)
        return render_template(
            "assisting/slip.html",
            asked=claims.get_request(recognition_id),
            code=grouped(vouched.code),
            qr=segno.make(address, error="m").svg_inline(scale=3, border=2, omitsize=True),
        )
    flash(_("Recognised.") if vouched.is_done else _("You have vouched. One more is needed."))
    return redirect(url_for(".request_page", recognition_id=recognition_id), 303)


@bp.post("/requests/<int:recognition_id>/refuse")
@requires(*VOUCHERS)
def refuse(recognition_id: int) -> ResponseReturnValue:
    """Refuse a request, for a reason that whoever asked reads."""
    form = RefuseForm()
    try:
        with transaction():
            recognising.refuse(
                recognition_id,
                account_id=g.viewer.account_id,
                reason=form.reason.data if form.validate_on_submit() else "",
                now=clock.now(),
            )
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
    return redirect(url_for(".request_page", recognition_id=recognition_id), 303)


def me_cards(*, now: datetime) -> list[Card]:
    """Offer to be recognised to somebody who is on no roster."""
    if g.viewer is None or not is_stranger(g.viewer):
        return []
    own = claims.find_own(g.viewer.account_id)
    return [
        Card(
            title=_("Be recognised as a resident"),
            line=_("Until then you can read everything, and write nothing."),
            href=url_for("assisting.recognition"),
            action=_("Ask"),
            chip=str(REQUEST_STATES[own.state]) if own else "",
            rank=60,
        )
    ]


def desk_cards(*, now: datetime) -> list[Card]:
    """Offer the requests that wait for the committee."""
    count = claims.count_open(now=now) if may(*VOUCHERS) else 0
    if not count:
        return []
    return [
        Card(
            title=_("Recognise residents"),
            line=ngettext(
                "%(num)d person asks to be recognised",
                "%(num)d people ask to be recognised",
                count,
            ),
            href=url_for("assisting.requests"),
            action=_("Look"),
            chip=_("Waits for you"),
            chip_kind="warn",
            rank=40,
        )
    ]
