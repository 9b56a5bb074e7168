"""Pages of the other ways in which opinions were sought: a list for everybody, a paper for one."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.discussion import answering
from portal.discussion import hearings as service
from portal.discussion.answer_forms import HearingForm
from portal.discussion.answer_words import FORMS, REFUSALS
from portal.moderation.words import REFUSALS as WRITING_REFUSALS
from portal.plans import service as plans


def register(bp: Blueprint) -> None:
    """Hang these pages onto the blueprint of answers."""
    rule = "/plans/<int:version_id>/hearings"
    bp.add_url_rule(rule, endpoint="hearings", view_func=hearings, methods=["GET"])
    bp.add_url_rule(rule, endpoint="enter_hearing", view_func=enter, methods=["POST"])


@requires(Part.ANYONE)
def hearings(version_id: int, form: HearingForm | None = None) -> str:
    """Show everybody how else opinions on a plan were sought, and the office the paper for it."""
    version = plans.get_version(version_id)
    if not plans.is_public(version):
        abort(404)
    return render_template(
        "discussion/hearings.html",
        version=version,
        hearings=service.list_hearings(version_id),
        forms=FORMS,
        form=form or HearingForm(formdata=None),
        is_staff=may(*answering.PARTS),
    )


@requires(*answering.PARTS)
def enter(version_id: int) -> ResponseReturnValue:
    """Keep another way in which opinions were sought."""
    form = HearingForm()
    if not plans.is_public(plans.get_version(version_id)):
        abort(404)
    if not form.validate_on_submit():
        return hearings(version_id, form), 422
    try:
        with transaction():
            service.enter(
                version_id,
                form=form.chosen(),
                held_on=form.held_on.data,
                place=form.place.data,
                people=form.people.data,
                said=form.said.data,
                client_key=form.key.data,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        words = REFUSALS.get(refused.reason) or WRITING_REFUSALS[refused.reason]
        form.form_errors.append(str(words))
        return hearings(version_id, form), 422
    flash(_("Kept."), "success")
    return redirect(url_for(".hearings", version_id=version_id), 303)
