"""The page on which persons who share a phone or a slip take turns."""

from flask import flash, g, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.sign_in import entering, pins
from portal.sign_in.blueprint import bp
from portal.sign_in.forms import PinForm
from portal.sign_in.words import REFUSALS


@bp.get("/sign-in/switch")
@requires(Part.ANYONE, unproven=True)
def switch(form: PinForm | None = None) -> ResponseReturnValue:
    """List who else is behind this phone or slip and has a PIN."""
    if g.viewer is None or g.viewer.session_id is None:
        return redirect(url_for(".index"))
    others = pins.others_behind(g.viewer.session_id, now=clock.now())
    return render_template("sign_in/switch.html", others=others, form=form)


@bp.post("/sign-in/switch")
@requires(Part.ANYONE, unproven=True)
def take_turn() -> ResponseReturnValue:
    """Take the PIN of somebody else behind this phone, and let them go on in a session anew."""
    form, now = PinForm(), clock.now()
    if g.viewer is None or g.viewer.session_id is None:
        return redirect(url_for(".index"), 303)
    if not form.validate_on_submit():
        return make_response(switch(form), 422)
    account_id = int(form.account_id.data or 0)
    try:
        with transaction():
            refusal = pins.try_pin(g.viewer.session_id, account_id, form.pin.data or "", now=now)
            if refusal is None:
                token = pins.take_turn(
                    g.viewer.session_id, account_id, now=now, days=entering.days()
                )
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".switch"), 303)
    if refusal is not None:
        form.pin.errors = [REFUSALS[refusal]]
        return make_response(switch(form), 422)
    session.clear()
    return entering.enter(token)
