"""Pages of the committee: who represents the village's households."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.meetings import representing
from portal.meetings.blueprint import bp
from portal.meetings.cards import EDITORS
from portal.meetings.forms import TermForm
from portal.meetings.terms import enter_term
from portal.meetings.words import LACKS, REFUSALS


@bp.get("/representatives")
@requires(*EDITORS)
def representatives() -> str:
    """Show who represents the village, and what the law wants otherwise."""
    return _page(TermForm(formdata=None))


@bp.post("/representatives")
@requires(*EDITORS)
def add_representative() -> ResponseReturnValue:
    """Enter a representative with the term."""
    form = TermForm()
    if status := enter_term(form, representing.add):
        return _page(form), status
    flash(_("The representative was entered."), "success")
    return redirect(url_for(".representatives"), 303)


@bp.post("/representatives/<int:representative_id>/end")
@requires(*EDITORS)
def end_term(representative_id: int) -> ResponseReturnValue:
    """End a term today."""
    try:
        with transaction():
            representing.end(representative_id, now=clock.now())
    except Refused as refused:
        form = TermForm(formdata=None)
        form.form_errors.append(REFUSALS[refused.reason])
        return _page(form), 409
    flash(_("The term is over."), "success")
    return redirect(url_for(".representatives"), 303)


def _page(form: TermForm) -> str:
    today = clock.today(clock.now())
    who, lacks = representing.composition(today, village_code=g.village.code)
    return render_template(
        "meetings/representatives.html",
        form=form,
        lines=representing.list_on(today),
        who=who,
        lacks=[LACKS[lack] for lack in lacks],
    )
