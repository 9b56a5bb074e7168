"""The accounts behind posts: a new slip, begun anew, closed, opened again."""

import segno
from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.people import posts
from portal.people.models import Account
from portal.people.words import ROLES
from portal.sign_in.rules import grouped
from portal.villages import accounts
from portal.villages.forms import ReasonForm
from portal.villages.rules import Refusal
from portal.villages.staff_pages import asking, bp, frame
from portal.villages.words import REFUSALS, TERM_STATES

MANAGERS = (Part.ADMIN, Part.OPERATOR)


@bp.get("/people/<int:account_id>")
@requires(*MANAGERS)
def person(account_id: int, form: ReasonForm | None = None) -> str:
    """Show an account at home here: its posts everywhere, and its ways in."""
    account = accounts.get_account(account_id)
    now = clock.now()
    return render_template(
        "villages/person.html",
        frame=frame(),
        account=account,
        form=form or ReasonForm(formdata=None),
        lines=posts.posts_of(account.id),
        day=clock.today(now),
        states=TERM_STATES,
        roles=ROLES,
        refusal=_words(
            accounts.why_not_manage(g.village, account_id, giver=asking(), closes=False, now=now)
        ),
    )


def _words(refusal: Refusal | None) -> str:
    return str(REFUSALS[refusal]) if refusal else ""


@bp.post("/people/<int:account_id>/slip")
@requires(*MANAGERS)
def slip(account_id: int) -> ResponseReturnValue:
    """Make a new printed code for somebody, and show it once."""
    accounts.get_account(account_id)
    giver = asking()
    try:
        with transaction():
            code = accounts.print_slip(g.village, account_id, giver=giver, now=clock.now())
            account = accounts.get_account(account_id)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".person", account_id=account_id), 303)
    return _show_slip(account, code)


@bp.post("/people/<int:account_id>/reset")
@requires(*MANAGERS)
def reset(account_id: int) -> ResponseReturnValue:
    """Begin somebody's ways in anew: for whoever lost the phone or the second proof."""
    form = ReasonForm()
    accounts.get_account(account_id)
    if not form.validate_on_submit():
        return person(account_id, form), 422
    giver = asking()
    try:
        with transaction():
            account, code = accounts.reset(
                g.village, account_id, reason=form.reason.data, giver=giver, now=clock.now()
            )
    except Refused as refused:
        form.form_errors.append(str(REFUSALS[refused.reason]))
        return person(account_id, form), 422
    return _show_slip(account, code)


@bp.post("/people/<int:account_id>/<any(close, open):deed>")
@requires(*MANAGERS)
def set_active(account_id: int, deed: str) -> ResponseReturnValue:
    """Close an account, so that nobody signs in with it, or open it again."""
    form = ReasonForm()
    accounts.get_account(account_id)
    if not form.validate_on_submit():
        return person(account_id, form), 422
    giver = asking()
    try:
        with transaction():
            accounts.set_active(
                g.village,
                account_id,
                is_active=deed == "open",
                reason=form.reason.data,
                giver=giver,
                now=clock.now(),
            )
    except Refused as refused:
        form.form_errors.append(str(REFUSALS[refused.reason]))
        return person(account_id, form), 422
    flash(_("The account is open again.") if deed == "open" else _("The account is closed."))
    return redirect(url_for(".person", account_id=account_id), 303)


def _show_slip(account: Account, code: str) -> str:
    address = url_for("sign_in.slip", code=code, _external=True)
    return render_template(
        "villages/slip.html",
        frame=frame(),
        account=account,
        code=grouped(code),
        address=address,
        qr=segno.make(address, error="m").svg_inline(scale=3, border=2, omitsize=True),
    )
