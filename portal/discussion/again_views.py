"""The author asks for another look at the answer, once."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.discussion import answering, service
from portal.discussion.answer_doors import told
from portal.discussion.answer_forms import DoubtForm
from portal.discussion.answer_rules import Refusal
from portal.discussion.answer_words import REFUSALS


def register(bp: Blueprint) -> None:
    """Hang these pages onto the blueprint of answers."""
    rule = "/<int:comment_id>/again"
    bp.add_url_rule(rule, endpoint="again", view_func=again, methods=["GET"])
    bp.add_url_rule(rule, endpoint="doubt", view_func=doubt, methods=["POST"])


@requires(Part.VILLAGER)
def again(comment_id: int, form: DoubtForm | None = None) -> str:
    """Show the author the paper to ask for another look, or why there is none."""
    refusal = answering.why_not_doubt(comment_id, resident_id=g.viewer.resident_id, now=clock.now())
    if refusal is Refusal.NOT_YOURS:
        abort(404)
    return render_template(
        "discussion/answer_again.html",
        opinion=service.get_opinion(comment_id),
        form=form or DoubtForm(formdata=None),
        refusal=refusal and REFUSALS[refusal],
    )


@requires(Part.VILLAGER)
def doubt(comment_id: int) -> ResponseReturnValue:
    """Let the author ask for another look, once."""
    form = DoubtForm()
    if not form.validate_on_submit():
        return again(comment_id, form), 422
    try:
        with transaction():
            answering.doubt(
                comment_id,
                words=form.words.data or "",
                resident_id=g.viewer.resident_id,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        words, status = told(refused)
        form.words.errors = [words]
        return again(comment_id, form), status
    flash(_("Thank you. You get a second answer within fifteen days."), "success")
    return redirect(url_for("discussion.comment", comment_id=comment_id), 303)
