"""Pages on which what stands in the list of those present is put right by two people."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.meetings import correcting, listing, service
from portal.meetings.blueprint import bp
from portal.meetings.forms import CorrectionForm
from portal.meetings.models import Meeting
from portal.meetings.rules import Refusal
from portal.meetings.words import CHANNELS, REFUSALS

PARTS = (Part.COMMITTEE, Part.SUPERVISOR)


@bp.get("/<int:meeting_id>/corrections")
@requires(*PARTS)
def corrections(meeting_id: int) -> str:
    """Show what was put right, and what waits for a second person."""
    return _page(service.get_meeting(meeting_id))


@bp.post("/<int:meeting_id>/corrections")
@requires(*PARTS)
def ask(meeting_id: int) -> ResponseReturnValue:
    """Say what is wrong; it counts once a second person confirms it."""
    meeting, form = service.get_meeting(meeting_id), CorrectionForm()
    if not form.validate_on_submit():
        return _page(meeting, form), 422
    resident_id = listing.find_named(form.who.data or "")
    if resident_id is None:
        form.who.errors = [REFUSALS[Refusal.WITNESS_UNKNOWN]]
        return _page(meeting, form), 422
    try:
        with transaction():
            correcting.ask(
                meeting.id,
                resident_id,
                channel=form.channel(),
                reason=form.reason.data or "",
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.form_errors.append(REFUSALS[refused.reason])
        return _page(meeting, form), 409
    flash(_("It is written down. A second person must confirm it."), "success")
    return redirect(url_for(".corrections", meeting_id=meeting.id), 303)


@bp.post("/corrections/<int:correction_id>/<any(yes, no):deed>")
@requires(*PARTS)
def decide(correction_id: int, deed: str) -> ResponseReturnValue:
    """Confirm a correction as the second person, or lay it aside."""
    meeting = service.get_meeting(correcting.get(correction_id).meeting_id)
    try:
        with transaction():
            correcting.decide(
                correction_id,
                agree=deed == "yes",
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        form = CorrectionForm(formdata=None)
        form.form_errors.append(REFUSALS[refused.reason])
        return _page(meeting, form), 409
    flash(_("It counts now.") if deed == "yes" else _("It was laid aside."), "success")
    return redirect(url_for(".corrections", meeting_id=meeting.id), 303)


def _page(meeting: Meeting, form: CorrectionForm | None = None) -> str:
    return render_template(
        "meetings/corrections.html",
        meeting=meeting,
        form=form or CorrectionForm(formdata=None),
        lines=correcting.list_corrections(meeting.id),
        own=g.viewer.account_id,
        standing=REFUSALS[Refusal.SETTLED] if meeting.is_settled else None,
        channels=CHANNELS,
    )
