"""Pages on which an administrator helps somebody who cannot sign in any more."""

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.people import posts
from portal.people.words import ROLES
from portal.sign_in import factors, helping
from portal.sign_in.blueprint import bp
from portal.sign_in.forms import ResetForm
from portal.sign_in.words import REFUSALS


@bp.get("/desk/sign-ins")
@requires(Part.ADMIN, Part.OPERATOR)
def help_page() -> str:
    """Find the account of somebody who lost their phone, app or PIN."""
    search = request.args.get("q", "").strip()[:60]
    found = helping.find_accounts(search, now=clock.now()) if search else []
    return render_template("sign_in/help.html", search=search, found=found, roles=ROLES)


@bp.get("/desk/sign-ins/<int:account_id>")
@requires(Part.ADMIN, Part.OPERATOR)
def help_account(account_id: int, form: ResetForm | None = None) -> str:
    """Show what would be taken away, and ask why."""
    line = helping.get_account(account_id, now=clock.now())
    return render_template(
        "sign_in/help_account.html",
        line=line,
        roles=ROLES,
        form=form or ResetForm(formdata=None),
        is_me=line.account_id == g.viewer.account_id,
    )


@bp.post("/desk/sign-ins/<int:account_id>")
@requires(Part.ADMIN, Part.OPERATOR)
def reset_account(account_id: int) -> ResponseReturnValue:
    """Take away the proofs and the PIN of somebody else, and end their sessions."""
    form, now = ResetForm(), clock.now()
    if not form.validate_on_submit():
        return make_response(help_account(account_id, form), 422)
    try:
        with transaction():
            helping.get_account(account_id, now=now)
            day = clock.today(now)
            if any(  # a post of a region above is for that region to judge (villages/accounts.py)
                p.state_on(day) != "done" and not p.region_code.startswith(g.village.code)
                for p in posts.posts_of(account_id)
            ):
                abort(403)
            account = factors.reset(
                account_id,
                by_account_id=g.viewer.account_id,
                by_name=g.viewer.name,
                reason=form.reason.data or "",
                now=now,
            )
    except Refused as refused:
        if refused.reason not in REFUSALS:
            abort(403)
        form.reason.errors = [REFUSALS[refused.reason]]
        return make_response(help_account(account_id, form), 422)
    flash(
        _("%(name)s is signed out everywhere and starts anew.", name=account.name),
        "success",
    )
    return redirect(url_for(".help_page"), 303)
