"""Pages of minutes: read by everybody once they are signed, written by the committee."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.meetings import minutes, minutes_rules, service
from portal.meetings.blueprint import bp
from portal.meetings.cards import EDITORS
from portal.meetings.forms import CorrectMinutesForm, MinutesForm
from portal.meetings.models import Meeting
from portal.meetings.words import KINDS, REFUSALS

SIGNERS = (Part.VILLAGER, Part.COMMITTEE)


@bp.get("/<int:meeting_id>/minutes")
@requires(Part.ANYONE)
def read_minutes(meeting_id: int) -> str:
    """Show the minutes: signed to everybody, before that to the committee and who was there."""
    return _shown(service.get_meeting(meeting_id))


@bp.post("/<int:meeting_id>/minutes/sign")
@requires(*SIGNERS)
def sign_minutes(meeting_id: int) -> ResponseReturnValue:
    """Sign the minutes as they were read, as somebody who was there."""
    meeting = service.get_meeting(meeting_id)
    try:
        with transaction():
            is_frozen = minutes.sign(
                meeting.id,
                seen=request.form.get("seen", 0, type=int),
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        return _shown(meeting, reason=str(REFUSALS[refused.reason])), 409
    flash(
        _("Both have signed. The minutes stand in the public record.")
        if is_frozen
        else _("You have signed. A second person who was there must sign too."),
        "success",
    )
    return redirect(url_for(".read_minutes", meeting_id=meeting.id), 303)


@bp.get("/desk/<int:meeting_id>/minutes")
@requires(*EDITORS)
def edit_minutes(meeting_id: int) -> str:
    """Show the paper on which the minutes are written."""
    meeting = service.get_meeting(meeting_id)
    row = minutes.find(meeting.id)
    decisions = {item.position: item.decision for item in row.items} if row else {}
    form = MinutesForm(formdata=None, text=row.text if row else "")
    return _paper(meeting, form, decisions, seen=row.revision if row else 0)


@bp.post("/desk/<int:meeting_id>/minutes")
@requires(*EDITORS)
def write_minutes(meeting_id: int) -> ResponseReturnValue:
    """Keep the minutes as they are written."""
    meeting, form = service.get_meeting(meeting_id), MinutesForm()
    seen = request.form.get("seen", 0, type=int)
    longest = minutes_rules.LONGEST_DECISION
    decisions = {
        number: request.form.get(f"decision-{number}", "")[:longest].replace("\x00", "")
        for number in range(1, len(minutes_rules.agenda_items(meeting.agenda)) + 1)
    }
    if not form.validate_on_submit():
        return _paper(meeting, form, decisions, seen=seen), 422
    try:
        with transaction():
            minutes.write(
                meeting.id,
                text=form.text.data or "",
                decisions=decisions,
                seen=seen,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.text.errors = [REFUSALS[refused.reason]]
        return _paper(meeting, form, decisions, seen=seen), 409
    flash(_("The minutes are kept. Two people who were there sign them now."), "success")
    return redirect(url_for(".read_minutes", meeting_id=meeting.id), 303)


@bp.post("/desk/<int:meeting_id>/minutes/correct")
@requires(*EDITORS)
def correct_minutes(meeting_id: int) -> ResponseReturnValue:
    """Say beside signed minutes what is wrong in them."""
    meeting, form = service.get_meeting(meeting_id), CorrectMinutesForm()
    if not form.validate_on_submit():
        return _shown(meeting, form), 422
    try:
        with transaction():
            minutes.correct(
                meeting.id,
                text=form.text.data or "",
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        return _shown(meeting, form, reason=str(REFUSALS[refused.reason])), 409
    flash(_("The correction stands beside the minutes."), "success")
    return redirect(url_for(".read_minutes", meeting_id=meeting.id), 303)


def _shown(
    meeting: Meeting, form: CorrectMinutesForm | None = None, *, reason: str | None = None
) -> str:
    row, may_sign, is_member = minutes.find(meeting.id), False, False
    if row is not None and not row.is_frozen and may(*SIGNERS):
        account_id = g.viewer.account_id
        refusal = minutes.why_not_sign(
            row, seen=row.revision, account_id=account_id, now=clock.now()
        )
        may_sign = refusal is None
        is_member = may_sign or row.first_by == account_id
    may_read = row is not None and (row.is_frozen or is_member or may(*EDITORS))
    return render_template(
        "meetings/minutes.html",
        meeting=meeting,
        row=row if may_read else None,
        is_begun=row is not None,
        may_sign=may_sign,
        corrections=minutes.list_corrections(row.id) if row and row.is_frozen else [],
        form=form or CorrectMinutesForm(formdata=None),
        reason=reason,
        is_editor=may(*EDITORS),
        kinds=KINDS,
    )


def _paper(meeting: Meeting, form: MinutesForm, decisions: dict[int, str], *, seen: int) -> str:
    items = minutes_rules.agenda_items(meeting.agenda)
    return render_template(
        "meetings/write_minutes.html",
        meeting=meeting,
        form=form,
        items=[(n, title, decisions.get(n, "")) for n, title in enumerate(items, start=1)],
        longest=minutes_rules.LONGEST_DECISION,
        seen=seen,
    )
