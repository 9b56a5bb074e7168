"""What the supervision committee decides on objections to a published result."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.ballots import service
from portal.ballots.blueprint import bp
from portal.ballots.desk_forms import ReasonForm
from portal.ballots.desk_views import refused_page
from portal.ballots.step_views import life
from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused


@bp.post("/manage/<int:ballot_id>/decide")
@requires(Part.SUPERVISOR)
def decide(ballot_id: int) -> ResponseReturnValue:
    """Decide, as the supervision committee, whether the result stands, for a reason all read."""
    ballot, form = service.get_ballot(ballot_id), ReasonForm()
    if not form.validate_on_submit():
        return life(ballot_id, form), 422
    is_upheld = request.form.get("do") == "set-aside"
    try:
        with transaction():
            service.decide_objection(
                ballot_id,
                is_upheld=is_upheld,
                reason=form.reason.data or "",
                now=clock.now(),
                account_id=g.viewer.account_id,
            )
    except Refused as refused:
        return refused_page(ballot, refused.reason)
    flash(_("The result has been set aside.") if is_upheld else _("The result stands."), "success")
    return redirect(url_for(".life", ballot_id=ballot_id), 303)
