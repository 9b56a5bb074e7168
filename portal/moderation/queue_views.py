"""The queue: all that waits for the committee, a page of cards and one hand-in for them all."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import NoResultFound

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.forms import Form
from portal.moderation import queue
from portal.moderation.blueprint import bp
from portal.moderation.desk_words import ACTIONS, HOLDS, LISTS, REFUSALS, WHYS
from portal.moderation.forms import CODES
from portal.moderation.queue_forms import read_verdicts
from portal.moderation.rules import Action, Hold


@bp.get("/queue")
@requires(Part.COMMITTEE)
def waiting(outcome: queue.Outcome | None = None) -> str:
    """Show what waits, the longest first, each with its words and what can be decided."""
    return render_template(
        "moderation/queue.html",
        form=Form(),
        waiting=queue.list_waiting(),
        total=queue.count_waiting(),
        codes=CODES,
        whys=WHYS,
        lists=LISTS,
        holds={hold.value: HOLDS[hold] for hold in Hold},
        overtaken=outcome.overtaken if outcome else (),
        taken=_told(outcome) if outcome and outcome.taken else "",
        actions=ACTIONS,
        refusals=REFUSALS,
    )


@bp.post("/queue")
@requires(Part.COMMITTEE)
def decide_page() -> ResponseReturnValue:
    """Carry out a page of decisions; where somebody else was first, tell what holds (409)."""
    if not Form().validate_on_submit():
        abort(400)
    try:
        verdicts = read_verdicts(request.form)
    except ValueError:
        abort(400)
    if not verdicts:
        flash(_("Nothing was chosen yet: decide about at least one card."), "warning")
        return redirect(url_for(".waiting"))
    try:
        with transaction():
            outcome = queue.decide_all(
                verdicts,
                account_id=g.viewer.account_id,
                resident_id=g.viewer.resident_id,
                part=Part.COMMITTEE,
                now=clock.now(),
            )
    except NoResultFound:
        abort(404)
    if outcome.overtaken:
        return waiting(outcome), 409
    flash(_told(outcome), "success")
    return redirect(url_for(".waiting"))


def _told(outcome: queue.Outcome) -> str:
    hidden = sum(decision.action is Action.HIDE for decision in outcome.taken)
    through = len(outcome.taken) - hidden
    parts = [
        ngettext("%(num)d let through", "%(num)d let through", through) if through else "",
        ngettext("%(num)d hidden", "%(num)d hidden", hidden) if hidden else "",
    ]
    return _("Done: %(what)s.", what=_(", ").join(filter(None, parts)))
