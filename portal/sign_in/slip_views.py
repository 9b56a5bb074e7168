"""Pages of the printed codes: choose whose, make them, print them."""

import segno
from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.people import service as people
from portal.sign_in import rules, slips
from portal.sign_in.blueprint import bp
from portal.sign_in.forms import SlipsForm


@bp.get("/desk/slips")
@requires(Part.COMMITTEE, Part.ADMIN)
def slips_page() -> str:
    """Explain the printed codes and offer to make them, group by group."""
    return render_template("sign_in/slips.html", groups=people.group_names(), slips=None)


@bp.post("/desk/slips")
@requires(Part.COMMITTEE, Part.ADMIN)
def make_slips() -> ResponseReturnValue:
    """Make new codes for every household of a group and show them once, ready to print."""
    form = SlipsForm()
    if not form.validate_on_submit():
        abort(400)
    groups = people.group_names()
    if form.group_id.data not in groups:
        abort(404)
    with transaction():
        made = slips.make_slips(group_id=form.group_id.data, now=clock.now())
    shown = []
    for slip in made:
        address = url_for(".slip", code=slip.code, _external=True)
        qr = segno.make(address, error="m").svg_inline(scale=3, border=2, omitsize=True)
        shown.append((slip.number, rules.grouped(slip.code), qr))
    return render_template(
        "sign_in/slips.html", groups=groups, slips=shown, group=groups[form.group_id.data]
    )
