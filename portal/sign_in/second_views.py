"""Pages of the second proof: a passkey, the code of an app, or a recovery code."""

from collections.abc import Callable
from datetime import datetime

from flask import abort, current_app, flash, g, make_response, redirect, render_template, session
from flask import url_for as url
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock, pages
from portal.core.access import Part, Viewer, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.sign_in import caps, entering, factors, passkeys, rules, sessions
from portal.sign_in.blueprint import bp
from portal.sign_in.factors import Standing
from portal.sign_in.forms import AppCodeForm, PasskeyForm, RecoveryForm
from portal.sign_in.rules import Refusal
from portal.sign_in.words import REFUSALS

Show = Callable[[int, datetime], Refusal | None]


def standing_of(viewer: Viewer, *, now: datetime) -> Standing:
    """Return which proofs whoever is asking has, and whether they must have one."""
    return factors.standing(
        viewer.account_id, now=now, is_required=current_app.config["SECOND_FACTOR_REQUIRED"]
    )


@bp.get("/sign-in/second")
@requires(Part.ANYONE, unproven=True)
def second(
    app: AppCodeForm | None = None, recovery: RecoveryForm | None = None
) -> ResponseReturnValue:
    """Ask for the second proof; lead whoever has none to set one up."""
    target = _target()
    if g.viewer is None:
        return redirect(url("sign_in.index", next=target))
    if g.viewer.is_strong:
        return redirect(target)
    stands = standing_of(g.viewer, now=clock.now())
    if not stands.lines:
        session["next"] = target
        return redirect(url("sign_in.security"))
    return render_template(
        "sign_in/second.html",
        target=target,
        kinds=stands.kinds,
        has_passkeys=passkeys.is_possible(),
        recovery_left=stands.recovery_left,
        passkey=PasskeyForm(formdata=None),
        app=app or AppCodeForm(formdata=None),
        recovery=recovery or RecoveryForm(formdata=None),
    )


@bp.post("/sign-in/second/app")
@requires(Part.ANYONE, unproven=True)
def show_app() -> ResponseReturnValue:
    """Take the code of an app."""
    form = AppCodeForm()
    if not form.validate_on_submit():
        return second(app=form)
    code = rules.plain_digits(form.code.data or "")
    refusal = _try(lambda account_id, now: factors.show_app(account_id, code, now=now))
    if refusal:
        form.code.errors = [REFUSALS[refusal]]
        return _refused(second(app=form))
    return _shown()


@bp.post("/sign-in/second/recovery")
@requires(Part.ANYONE, unproven=True)
def show_recovery() -> ResponseReturnValue:
    """Take a recovery code, once."""
    form = RecoveryForm()
    if not form.validate_on_submit():
        return second(recovery=form)
    code = form.recovery.data or ""
    refusal = _try(lambda account_id, now: factors.show_recovery(account_id, code, now=now))
    if refusal:
        form.recovery.errors = [REFUSALS[refusal]]
        return _refused(second(recovery=form))
    return _shown()


@bp.post("/sign-in/second/passkey")
@requires(Part.ANYONE, unproven=True)
def show_passkey() -> ResponseReturnValue:
    """Take a passkey as the second proof."""
    form, now = PasskeyForm(), clock.now()
    if g.viewer is None or not form.validate_on_submit():
        abort(400)
    try:
        with transaction():
            passkeys.show(
                session.pop("passkey", ""),
                form.credential.data or "",
                now=now,
                account_id=g.viewer.account_id,
            )
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url("sign_in.second", next=_target()))
    return _shown()


def _try(show: Show) -> Refusal | None:
    """Count a try, then judge it; what was right is not counted."""
    viewer, now = g.viewer, clock.now()
    if viewer is None or viewer.session_id is None:
        abort(401)
    if not caps.take_factor_try(viewer.account_id, viewer.village_id, now=now):
        return Refusal.FACTOR_TRIES
    with transaction():
        refusal = show(viewer.account_id, now)
        if refusal is None:
            caps.forgive_factor_try(viewer.account_id, viewer.village_id, now=now)
    return refusal


def strengthened(target: str) -> ResponseReturnValue:
    """Note in the session that a second proof was shown, and go on with its new token."""
    with transaction():
        token = sessions.strengthen(g.viewer.session_id, now=clock.now())
    return entering.keep(make_response(redirect(target, 303)), token)


def _shown() -> ResponseReturnValue:
    flash(_("Thank you. Your post is open now."), "success")
    return strengthened(_target())


def _refused(answer: ResponseReturnValue) -> ResponseReturnValue:
    return make_response(answer, 422)


def _target() -> str:
    return pages.safe_next(url("people.me") if g.village.is_village else url("regions.home"))
