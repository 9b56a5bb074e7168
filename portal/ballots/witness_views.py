"""Naming another witness for a sheet of papers, as the supervision committee."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.ballots import batch_lists, batch_views, witnesses
from portal.ballots.batch_forms import WitnessForm
from portal.ballots.blueprint import bp
from portal.ballots.rules import Refusal
from portal.ballots.witnesses import Seat
from portal.ballots.words import REFUSALS
from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused


@bp.post("/papers/<int:sheet_id>/witness")
@requires(Part.SUPERVISOR)
def name_witness(sheet_id: int) -> ResponseReturnValue:
    """Name somebody else in the place of a witness who does not agree."""
    batch_lists.get_sheet(sheet_id)
    form = WitnessForm()
    is_well = form.validate_on_submit()
    named_id = batch_lists.find_account(form.name.data or "")
    if named_id is None and form.name.data:
        form.name.errors = [*form.name.errors, _("Nobody with an account has this name.")]
    if not is_well or named_id is None:
        return batch_views.sheet(sheet_id, witness_form=form), 422
    try:
        with transaction():
            witnesses.replace_witness(
                sheet_id,
                Seat(form.seat.data),
                instead_of=form.instead_of.data,
                named_id=named_id,
                reason=form.reason.data or "",
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.name.errors = [*form.name.errors, REFUSALS[Refusal(str(refused.reason))]]
        return batch_views.sheet(sheet_id, witness_form=form), 409
    flash(_("Another witness is named, and finds the sheet on the first page."), "success")
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)
