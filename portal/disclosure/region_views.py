"""The region's page: the monthly notices of all its villages in one long work."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.core import clock, work
from portal.core.access import Part, in_region, requires
from portal.core.db import transaction
from portal.core.pages import region_blueprint
from portal.core.slots import Link
from portal.core.work import UnitState
from portal.disclosure import calendar_rules, county
from portal.disclosure.calendar_rules import Rhythm
from portal.disclosure.forms import DeedForm, MonthForm
from portal.disclosure.rules import Refusal
from portal.disclosure.words import REFUSALS
from portal.people import places

bp = region_blueprint("county_documents", __name__, "/desk/documents")
READERS = (Part.OPERATOR, Part.ADMIN, Part.AUDITOR)
KINDS = {"make": county.MAKE, "publish": county.PUBLISH}
WORDS = {
    county.MAKE: _l("Making the monthly notices"),
    county.PUBLISH: _l("Publishing the monthly notices"),
}
BY_VALUE = {refusal.value: refusal for refusal in Refusal}


@bp.get("/")
@requires(*READERS)
@in_region
def index(form: MonthForm | None = None) -> str:
    """Show the works of this region, how far they are, and begin one."""
    today = clock.today(clock.now())
    works = [*work.list_works(county.MAKE), *work.list_works(county.PUBLISH)]
    works.sort(key=lambda one: one.id, reverse=True)
    month = calendar_rules.period_before(today, Rhythm.MONTHLY).name
    return render_template(
        "disclosure/county.html",
        works=works[:20],
        progress=work.progress_of(*(one.id for one in works[:20])),
        words=WORDS,
        form=form or MonthForm(formdata=None, month=month, publish_on=today),
    )


@bp.post("/<any(make, publish):deed>")
@requires(Part.OPERATOR)
@in_region
def begin(deed: str) -> ResponseReturnValue:
    """Begin a work; the same for one month is not begun twice at once."""
    form = MonthForm()
    if not form.validate_on_submit() or form.publish_on.data is None:
        return index(form), 422
    now = clock.now()
    try:
        month = county.month_of(form.month.data or "").start
    except ValueError:
        form.month.errors = [*form.month.errors, _("A month like 2026-10.")]
        return index(form), 422
    try:
        with transaction():
            made = county.begin(
                KINDS[deed],
                g.village,
                month=month,
                publish_on=form.publish_on.data,
                account_id=g.viewer.account_id,
                now=now,
            )
            work_id = made.id
    except IntegrityError:  # it is going on already; the key refused us
        form.form_errors.append(str(REFUSALS[Refusal.WORK_UNDER_WAY]))
        return index(form), 409
    return redirect(url_for("county_documents.show", work_id=work_id), 303)


@bp.get("/<int(max=2147483647):work_id>")
@requires(*READERS)
@in_region
def show(work_id: int) -> str:
    """Show how far a work is, and which villages it left out, with the reason."""
    found = work.get(work_id)
    left_out = work.list_units(work_id, UnitState.SKIPPED, UnitState.FAILED)
    names = places.names_of({unit.place_id for unit in left_out})
    return render_template(
        "disclosure/county_work.html",
        work=found,
        words=WORDS[found.kind],
        progress=work.progress_of(work_id)[work_id],
        left_out=[(names[unit.place_id], _why(unit.note)) for unit in left_out],
        form=DeedForm(formdata=None),
    )


def _why(note: str) -> str:
    """Return why a village was left out: the words of a refusal, or what went wrong."""
    refusal = BY_VALUE.get(note)
    return str(REFUSALS[refusal]) if refusal else note


@bp.post("/<int(max=2147483647):work_id>/again")
@requires(Part.OPERATOR)
@in_region
def again(work_id: int) -> ResponseReturnValue:
    """Let the villages that were left out be tried again."""
    if not DeedForm().validate_on_submit():
        abort(400)
    work.get(work_id)
    try:
        with transaction():
            count = work.try_again(work_id)
    except IntegrityError:  # the same is going on in another work
        flash(str(REFUSALS[Refusal.WORK_UNDER_WAY]), "warn")
    else:
        flash(_("%(num)s villages wait again.", num=count), "success")
    return redirect(url_for("county_documents.show", work_id=work_id), 303)


DESK_LINKS = (Link(_l("Monthly notices"), "county_documents.index", READERS),)
