"""Bundling opinions that say the like, for the committee and the planner (domain.md O7)."""

import re
from enum import StrEnum

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.discussion import grouping, service
from portal.discussion.forms import TogetherForm
from portal.discussion.rules import GroupRefusal
from portal.plans import service as plans
from portal.plans.models import PlanVersion

REFUSALS: dict[StrEnum, LazyString] = {
    GroupRefusal.TOO_FEW: _l("Choose at least two opinions on this plan."),
    GroupRefusal.STALE: _l("Somebody else changed this in between. Please look again."),
}


def register(bp: Blueprint) -> None:
    """Hang the pages onto the blueprint of opinions."""
    here = "/plans/<int:version_id>/alike"
    bp.add_url_rule(here, endpoint="alike", view_func=alike, methods=["GET"])
    bp.add_url_rule(here, endpoint="put_together", view_func=put_together, methods=["POST"])
    bp.add_url_rule(
        "/opinions/<int:comment_id>/alone",
        endpoint="take_out",
        view_func=take_out,
        methods=["POST"],
    )


@requires(Part.COMMITTEE, Part.PLANNER)
def alike(version_id: int, form: TogetherForm | None = None) -> str:
    """Show which opinions seem to say the like, and which are bundled."""
    version = _public(version_id)
    return render_template(
        "discussion/alike.html",
        version=version,
        form=form or TogetherForm(formdata=None),
        suggested=grouping.suggest(version_id),
        groups=grouping.list_groups(version_id),
    )


@requires(Part.COMMITTEE, Part.PLANNER)
def put_together(version_id: int) -> ResponseReturnValue:
    """Bundle the opinions that were ticked, or whose numbers were typed."""
    _public(version_id)
    form = TogetherForm()
    if not form.validate_on_submit():
        return alike(version_id, form), 422
    ticked = request.form.getlist("number", type=int)
    numbers = {*ticked, *map(int, re.findall(r"\d{1,9}", form.numbers.data or ""))}
    try:
        with transaction():
            ids = grouping.find_by_number(version_id, numbers)
            grouping.put_together(version_id, ids, account_id=g.viewer.account_id, now=clock.now())
    except Refused as refused:
        form.numbers.errors = [REFUSALS[refused.reason]]
        return alike(version_id, form), 409 if refused.reason is GroupRefusal.STALE else 422
    flash(
        ngettext(
            "%(num)d opinion is together now.", "%(num)d opinions are together now.", len(ids)
        ),
        "success",
    )
    return redirect(url_for(".alike", version_id=version_id), 303)


@requires(Part.COMMITTEE, Part.PLANNER)
def take_out(comment_id: int) -> ResponseReturnValue:
    """Take one opinion out of its bundle."""
    version_id = service.get_opinion(comment_id).comment.version_id
    try:
        with transaction():
            grouping.take_out(comment_id)
    except Refused as refused:
        flash(str(REFUSALS[refused.reason]), "error")
    else:
        flash(_("The opinion stands alone again."), "success")
    return redirect(url_for(".alike", version_id=version_id), 303)


def _public(version_id: int) -> PlanVersion:
    version = plans.get_version(version_id)
    return version if plans.is_public(version) else abort(404)
