"""Pages on which the committee answers objections, and corrects what it published."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.disclosure import objecting, service
from portal.disclosure.blueprint import actor, bp, shared
from portal.disclosure.forms import AnswerForm, CorrectionForm, ReasonForm
from portal.disclosure.rules import Refusal
from portal.disclosure.words import REFUSALS
from portal.people import service as people


@bp.get("/objections/<int(max=2147483647):objection_id>")
@requires(Part.COMMITTEE, Part.SUPERVISOR)
def objection(
    objection_id: int, form: AnswerForm | None = None, refused: Refused | None = None
) -> str:
    """Show an objection with its author, and what can be answered."""
    row = service.get_objection(objection_id)
    line = next(x for x in service.list_objections(row.case_id) if x.id == objection_id)
    return render_template(
        "disclosure/objection.html",
        line=line,
        case=service.get_case(row.case_id),
        group=people.group_names().get(row.group_id, ""),
        refused=REFUSALS[refused.reason] if refused else None,
        form=form or AnswerForm(formdata=None),
        reason_form=ReasonForm(formdata=None),
        **shared(),
    )


@bp.post("/objections/<int(max=2147483647):objection_id>/<any(answer, second):level>")
@requires(Part.COMMITTEE)
def answer(objection_id: int, level: str) -> ResponseReturnValue:
    """Answer an objection, or note what the township said."""
    form = AnswerForm()
    row = service.get_objection(objection_id)
    if not form.validate_on_submit():
        return objection(objection_id, form), 422
    try:
        with transaction():
            service.answer(
                objection_id,
                form.words.data or "",
                level=objecting.COMMITTEE if level == "answer" else objecting.TOWNSHIP,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        return objection(objection_id, form, refused), 409
    except IntegrityError:  # somebody else answered at the same moment; the key refused us
        return objection(objection_id, form, Refused(Refusal.ANSWERED_ALREADY)), 409
    flash(_("Kept. Whoever objected is told."), "success")
    case = service.get_case(row.case_id)
    return redirect(url_for("disclosure.show", doc_id=case.doc_id), 303)


@bp.post("/objections/<int(max=2147483647):objection_id>/extend")
@requires(Part.COMMITTEE)
def extend(objection_id: int) -> ResponseReturnValue:
    """Take fifteen days, with the reason."""
    form = ReasonForm()
    service.get_objection(objection_id)
    if not form.validate_on_submit():
        return objection(objection_id, refused=Refused(Refusal.NO_REASON)), 422
    try:
        with transaction():
            service.extend(objection_id, reason=form.reason.data or "", now=clock.now())
    except Refused as refused:
        return objection(objection_id, refused=refused), 409
    flash(_("Noted, with your reason."), "success")
    return redirect(url_for("disclosure.objection", objection_id=objection_id), 303)


@bp.get("/case/<int(max=2147483647):case_id>/correct")
@requires(Part.COMMITTEE)
def correct(case_id: int, form: CorrectionForm | None = None) -> str:
    """Ask for old and new wordings, the reason and who approved it."""
    return render_template(
        "disclosure/correct.html",
        case=service.get_case(case_id),
        form=form or CorrectionForm(formdata=None),
        **shared(),
    )


@bp.post("/case/<int(max=2147483647):case_id>/correct")
@requires(Part.COMMITTEE)
def begin_correction(case_id: int) -> ResponseReturnValue:
    """Begin a correction; it goes the way of every document."""
    form = CorrectionForm()
    service.get_case(case_id)
    if not form.validate_on_submit():
        return correct(case_id, form), 422
    wordings = [
        (_plain(form[f"old{number}"].data), _plain(form[f"new{number}"].data))
        for number in (1, 2, 3)
    ]
    try:
        with transaction():
            made = service.begin_correction(
                case_id,
                wordings=wordings,
                reason=form.reason.data or "",
                approver=form.approver.data or "",
                actor=actor(Part.COMMITTEE),
                now=clock.now(),
            )
            made_id = made.id
    except (Refused, IntegrityError) as fault:
        refused = fault if isinstance(fault, Refused) else Refused(Refusal.ALREADY_UNDER_WAY)
        position = refused.facts.get("position")
        field = form[f"old{position}"] if position else None
        words = str(REFUSALS[refused.reason])
        if field is not None:
            field.errors = [*field.errors, words]
        else:
            form.form_errors.append(words)
        return correct(case_id, form), 409
    return redirect(url_for("disclosure.case", case_id=made_id), 303)


def _plain(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()
