"""The page on which the committee gives points for taking part in votes that are over."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.slots import Card
from portal.people import service as people
from portal.points import taking_part
from portal.points.blueprint import bp
from portal.points.forms import TakingPartForm


@bp.get("/taking-part")
@requires(Part.COMMITTEE)
def propose() -> str:
    """Show who took part in votes that are over and has no points for it yet."""
    return render_template(
        "points/taking_part.html",
        proposals=taking_part.list_proposals(now=clock.now()),
        groups=people.group_names(),
        form=TakingPartForm(formdata=None),
        at_once=taking_part.AT_ONCE,
    )


@bp.post("/taking-part")
@requires(Part.COMMITTEE)
def give_for_taking_part() -> ResponseReturnValue:
    """Give everybody who waits for the points of one vote theirs."""
    form = TakingPartForm()
    if not form.validate_on_submit():
        return propose(), 422
    with transaction():
        done = taking_part.give(
            form.ballot.data or 0,
            account_id=g.viewer.account_id,
            own_household_id=g.viewer.household_id,
            now=clock.now(),
        )
    flash(
        ngettext(
            "%(num)d person was given points for taking part.",
            "%(num)d people were given points for taking part.",
            done.given,
        ),
        "success",
    )
    if done.refused:
        flash(
            _(
                "%(number)s are left: your own household, which somebody else of the committee "
                "decides about, or whom the rules leave out.",
                number=done.refused,
            ),
            "warning",
        )
    return redirect(url_for(".propose"), 303)


def card() -> list[Card]:
    """Return the way to the proposals, where there are any."""
    found = taking_part.list_proposals(now=clock.now())
    if not found:
        return []
    count = sum(len(proposal.people) for proposal in found)
    return [
        Card(
            title=_("Points for taking part"),
            line=ngettext(
                "%(num)d person took part in a vote that is over and has no points for it yet.",
                "%(num)d people took part in votes that are over and have no points for it yet.",
                count,
            ),
            href=url_for("points.propose"),
            action=_("Look at the proposals"),
        )
    ]
