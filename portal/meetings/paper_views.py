"""Pages of the committee for the paper sheet: print it, and enter it when it was signed."""

import hashlib
from collections import Counter

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from portal.core import audit, clock, pages
from portal.core.access import requires
from portal.core.audit import Look
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.words import clock_words
from portal.meetings import attending, listing, service, sheet_pdf, sheets
from portal.meetings.blueprint import bp
from portal.meetings.cards import EDITORS
from portal.meetings.forms import SheetForm, row_id
from portal.meetings.models import Meeting
from portal.meetings.rules import Proof, Refusal
from portal.meetings.words import KINDS, REFUSALS


@bp.get("/desk/<int:meeting_id>/sheet.pdf")
@requires(*EDITORS)
def sheet(meeting_id: int) -> ResponseReturnValue:
    """Hand out the sheet to sign: the names of those called, by group, each with a box.

    Two of one name in a group are told apart by their household's number.
    """
    meeting, now = service.get_meeting(meeting_id), clock.now()
    group_id = row_id(request.args.get("group", "")) or None
    rows = listing.all_names(meeting.id, listing.Wanted(group_id=group_id))
    day = clock.today(meeting.held_at)
    called = Counter((row.group, row.name) for row in rows)
    with transaction():
        audit.note(Look.PRINTED, "meeting-list", now=now, group_id=group_id)
    content = sheet_pdf.render(
        [
            sheet_pdf.Name(
                row.name if called[row.group, row.name] == 1 else f"{row.name} {row.household}",
                row.group,
                row.is_representative,
            )
            for row in rows
        ],
        sheet_pdf.Words(
            village=g.village.name,
            title=_("Attendance sheet"),
            meeting=f"{KINDS[meeting.kind]}：{meeting.title}",
            when=_(
                "%(when)s, %(place)s",
                when=f"{format_date(day, 'full')} {clock_words(meeting.held_at)}",
                place=meeting.place,
            ),
            how=_("Sign beside your name. ◆ stands for the household's representative."),
            witnesses=(_("First witness"), _("Second witness")),
            page=_("Page %(page)s of %(pages)s"),
            language=str(get_locale()),
        ),
    )
    return pages.download(content, f"签到表-{day}.pdf", "application/pdf")


@bp.get("/desk/<int:meeting_id>/paper")
@requires(*EDITORS)
def paper(meeting_id: int) -> ResponseReturnValue:
    """Let a group be chosen, then show its names to be ticked as they were signed."""
    return _paper(service.get_meeting(meeting_id), SheetForm(formdata=None), frozenset())


@bp.post("/desk/<int:meeting_id>/paper")
@requires(*EDITORS)
def enter_paper(meeting_id: int) -> ResponseReturnValue:
    """Enter a signed sheet: the names, two witnesses, and the fingerprint of its photo."""
    meeting, form = service.get_meeting(meeting_id), SheetForm()
    ticked = frozenset(map(row_id, request.form.getlist("there")))
    if not form.validate_on_submit():
        return _paper(meeting, form, ticked), 422
    witnesses = []
    for field in (form.first_witness, form.second_witness):
        found = listing.find_named(field.data or "")
        if found is None:
            field.errors = [REFUSALS[Refusal.WITNESS_UNKNOWN]]
        else:
            witnesses.append(found)
    if len(witnesses) < 2:
        return _paper(meeting, form, ticked), 422
    try:
        with transaction():
            sheets.enter(
                meeting.id,
                ticked,
                file_sha256=hashlib.sha256(form.photo.data.read()).hexdigest(),
                witnesses=(witnesses[0], witnesses[1]),
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.form_errors.append(REFUSALS[refused.reason])
        return _paper(meeting, form, ticked), 409
    flash(_("Entered. It counts once both witnesses have agreed."), "success")
    return redirect(url_for(".manage", meeting_id=meeting.id), 303)


def _paper(meeting: Meeting, form: SheetForm, ticked: frozenset[int]) -> str:
    group_id = row_id(request.args.get("group", "")) or None
    refusal = attending.why_not_now(meeting, Proof.SHEET, now=clock.now())
    rows = []
    if group_id is not None and refusal is None:
        rows = listing.all_names(meeting.id, listing.Wanted(group_id=group_id, is_there=False))
    return render_template(
        "meetings/paper.html",
        meeting=meeting,
        form=form,
        ticked=ticked,
        group_id=group_id,
        rows=rows,
        groups=listing.count_groups(meeting.id),
        reason=REFUSALS[refusal] if refusal else None,
    )
