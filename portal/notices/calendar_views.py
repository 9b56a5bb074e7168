"""The calendar that notices are computed with."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.notices import service
from portal.notices.cards import EDITORS
from portal.notices.forms import RestDayForm
from portal.notices.words import refuse


@requires(*EDITORS)
def calendar(form: RestDayForm | None = None) -> str:
    """Show the calendar that notices are computed with."""
    return render_template(
        "notices/calendar.html",
        form=form or RestDayForm(formdata=None),
        days=service.list_special_days(),
    )


@requires(Part.COMMITTEE, Part.ADMIN)
def save_rest_day() -> ResponseReturnValue:
    """Change a day of the calendar."""
    form = RestDayForm()
    if not form.validate_on_submit():
        return calendar(form), 422
    try:
        with transaction():
            service.set_special_day(
                form.day.data, is_rest=form.is_rest.data == "rest", name=form.name.data or ""
            )
    except Refused as refused:
        refuse(form, refused)
        return calendar(form), 422
    flash(_("The calendar has been changed."), "success")
    return redirect(url_for(".calendar"), 303)
