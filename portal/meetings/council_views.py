"""Pages of the villagers' council: who sits in it, for everybody; its seats, for the committee."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.meetings import council_rules, councils
from portal.meetings.blueprint import bp
from portal.meetings.cards import EDITORS
from portal.meetings.forms import TermForm, row_id
from portal.meetings.terms import enter_term
from portal.meetings.words import REFUSALS


@bp.get("/council")
@requires(Part.ANYONE)
def council() -> str:
    """Show who sits in the villagers' council, by group."""
    groups = councils.list_groups(now=clock.now())
    today = clock.today(clock.now())
    seated = sum(line.begins_on <= today for group in groups for line in group.lines)
    return render_template(
        "meetings/council.html",
        groups=[group for group in groups if group.seats],
        seated=seated,
        seats=sum(group.seats for group in groups),
        quorum=council_rules.quorum(seated),
        is_editor=may(*EDITORS),
        today=today,
    )


@bp.get("/desk/council")
@requires(*EDITORS)
def seats() -> str:
    """Show the seats of every group and who has them, to be set and filled."""
    return _page(TermForm(formdata=None))


@bp.post("/desk/council")
@requires(*EDITORS)
def add_councillor() -> ResponseReturnValue:
    """Let somebody sit in the council for a term."""
    form = TermForm()
    if status := enter_term(form, councils.seat):
        return _page(form), status
    flash(_("The councillor was entered."), "success")
    return redirect(url_for(".seats"), 303)


@bp.post("/desk/council/seats")
@requires(*EDITORS)
def set_seats() -> ResponseReturnValue:
    """Say how many seats a group has."""
    wanted = request.form.get("seats", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 3 else -1
    try:
        with transaction():
            councils.set_seats(
                row_id(request.form.get("group_id", "")),
                number,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(refused)
    flash(_("The seats are set."), "success")
    return redirect(url_for(".seats"), 303)


@bp.post("/desk/council/<int:councillor_id>/end")
@requires(*EDITORS)
def end_seat(councillor_id: int) -> ResponseReturnValue:
    """End a councillor's term today."""
    try:
        with transaction():
            councils.end(councillor_id, now=clock.now())
    except Refused as refused:
        return _refused(refused)
    flash(_("The term is over."), "success")
    return redirect(url_for(".seats"), 303)


def _refused(refused: Refused) -> ResponseReturnValue:
    form = TermForm(formdata=None)
    form.form_errors.append(REFUSALS[refused.reason])
    return _page(form), 409


def _page(form: TermForm) -> str:
    return render_template(
        "meetings/council_seats.html",
        form=form,
        groups=councils.list_groups(now=clock.now()),
        most=council_rules.MOST_SEATS,
        today=clock.today(clock.now()),
    )
