"""Pages of the catalogue: what is disclosed, how often, until when, and what is overdue."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.disclosure import catalogue_editing, catalogue_keeping, finding
from portal.disclosure.blueprint import STAFF, bp, shared, today
from portal.disclosure.calendar_rules import Rhythm
from portal.disclosure.forms import ExtraForm, ItemForm, PlanForm
from portal.disclosure.rules import Refusal
from portal.disclosure.words import REFUSALS, RHYTHMS


@bp.get("/catalogue")
@requires(*STAFF)
def catalogue(form: PlanForm | None = None) -> str:
    """Show the catalogue, and what of it is planned, overdue or done."""
    return render_template(
        "disclosure/catalogue.html",
        items=catalogue_keeping.list_items(),
        planned=catalogue_keeping.list_open(),
        done=catalogue_keeping.list_done(limit=50),
        timely=catalogue_keeping.timeliness_of_year(today=today()),
        rhythms=RHYTHMS,
        today=today(),
        form=form or PlanForm(formdata=None, due_on=today()),
        cases=finding.newest_of_items(),
        **shared(),
    )


@bp.post("/catalogue/plan")
@requires(Part.COMMITTEE)
def plan_item() -> ResponseReturnValue:
    """Plan something that is disclosed at once."""
    form = PlanForm()
    if not form.validate_on_submit() or form.due_on.data is None:
        return catalogue(form), 422
    try:
        with transaction():
            due = catalogue_editing.plan_at_once(
                (form.title.data or "").strip(), due_on=form.due_on.data, now=clock.now()
            )
            due_id = due.id
    except IntegrityError:  # two at once: the key refused us
        form.form_errors.append(str(REFUSALS[Refusal.ITEM_EXISTS]))
        return catalogue(form), 409
    return redirect(url_for("disclosure.prepare", kind="affairs", subject_id=due_id), 303)


@bp.get("/catalogue/<code>")
@requires(Part.COMMITTEE, Part.ADMIN)
def item(code: str, form: ItemForm | None = None) -> str:
    """Ask how an item of the catalogue is to be."""
    found = catalogue_editing.get_item(code)
    form = form or ItemForm(
        formdata=None,
        title=found.title,
        rhythm=found.rhythm.value,
        due_day=found.due_day,
        citation=found.citation,
        is_active=found.is_active,
    )
    form.rhythm.choices = _choices()
    return render_template("disclosure/item.html", item=found, form=form, **shared())


@bp.post("/catalogue/<code>")
@requires(Part.COMMITTEE, Part.ADMIN)
def set_item(code: str) -> ResponseReturnValue:
    """Keep an item as the village has it, with the rule that asks for it."""
    form = ItemForm()
    form.rhythm.choices = _choices()
    catalogue_editing.get_item(code)
    if not form.validate_on_submit():
        return item(code, form), 422
    try:
        with transaction():
            catalogue_editing.set_item(
                code,
                title=form.title.data or "",
                rhythm=Rhythm(form.rhythm.data),
                due_day=form.due_day.data or 1,
                citation=form.citation.data or "",
                is_active=bool(form.is_active.data),
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except IntegrityError:  # two at once: the key refused us
        form.form_errors.append(str(REFUSALS[Refusal.SOMEBODY_ELSE_DID]))
        return item(code, form), 409
    flash(_("Kept."), "success")
    return redirect(url_for("disclosure.catalogue"), 303)


@bp.get("/catalogue/extra")
@requires(Part.COMMITTEE, Part.ADMIN)
def extra(form: ExtraForm | None = None) -> str:
    """Ask for an item that villagers or representatives demand (D4)."""
    form = form or ExtraForm(formdata=None, due_day=20, is_active=True)
    form.rhythm.choices = _choices()
    return render_template(
        "disclosure/extra.html",
        form=form,
        adults=catalogue_editing.count_adults(today()),
        **shared(),
    )


@bp.post("/catalogue/extra")
@requires(Part.COMMITTEE, Part.ADMIN)
def add_extra() -> ResponseReturnValue:
    """Add an item that enough people asked for."""
    form = ExtraForm()
    form.rhythm.choices = _choices()
    if not form.validate_on_submit():
        return extra(form), 422
    try:
        with transaction():
            catalogue_editing.add_extra(
                title=form.title.data or "",
                rhythm=Rhythm(form.rhythm.data),
                due_day=form.due_day.data or 1,
                citation=form.citation.data or "",
                villagers=form.villagers.data,
                representatives=form.representatives.data,
                all_representatives=form.all_representatives.data,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except (Refused, IntegrityError) as fault:
        reason = fault.reason if isinstance(fault, Refused) else Refusal.ITEM_EXISTS
        form.form_errors.append(str(REFUSALS[reason]))
        return extra(form), 409
    flash(_("It stands in the catalogue now."), "success")
    return redirect(url_for("disclosure.catalogue"), 303)


def _choices() -> list[SelectChoice]:
    return [SelectChoice(rhythm.value, words) for rhythm, words in RHYTHMS.items()]
