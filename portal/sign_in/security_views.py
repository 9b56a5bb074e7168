"""Pages on which somebody looks after their own ways in: sessions, passkeys, app, codes, PIN."""

from datetime import datetime

import segno
from flask import (
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, Viewer, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.sign_in import factors, passkeys, pins, rules, sessions, wechat
from portal.sign_in.blueprint import bp
from portal.sign_in.factors import Standing
from portal.sign_in.forms import AppCodeForm, NewAppForm, NewPasskeyForm, NewPinForm
from portal.sign_in.rules import Refusal
from portal.sign_in.second_views import standing_of, strengthened
from portal.sign_in.words import DOORS, FACTORS, REFUSALS


@bp.get("/sign-in/security")
@requires(Part.ANYONE, unproven=True)
def security(
    passkey: NewPasskeyForm | None = None, app: NewAppForm | None = None
) -> ResponseReturnValue:
    """Show by what somebody signs in, and where they are signed in."""
    if g.viewer is None:
        return redirect(url_for(".index", next=url_for(".security")))
    if g.viewer.is_shut:
        return redirect(url_for(".second", next=url_for(".security")))
    now = clock.now()
    stands = standing_of(g.viewer, now=now)
    return render_template(
        "sign_in/security.html",
        sessions=sessions.list_sessions(g.viewer.account_id, now=now),
        stands=stands,
        may_change=_why_not_change(now=now) is None,
        may_add=_why_not_add(now=now) is None,
        shows_app=stands.is_needed or stands.is_asked or g.viewer.is_staff,
        has_passkeys=passkeys.is_possible(),
        has_pin=pins.has_pin(g.viewer.account_id),
        has_wechat=current_app.extensions["wechat"] is not None,
        is_tied=wechat.is_tied(g.viewer.account_id),
        passkey=passkey or NewPasskeyForm(formdata=None),
        app=app or NewAppForm(formdata=None),
        doors=DOORS,
        kinds=FACTORS,
        own_door_first=REFUSALS[Refusal.OWN_DOOR_FIRST],
        go_on=_go_on(stands),
    )


# --- sessions ----------------------------------------------------------------------------------


@bp.post("/sign-in/security/sessions/<int:session_id>/end")
@requires(Part.ANYONE)
def end_session(session_id: int) -> ResponseReturnValue:
    """End one session of one's own, wherever it is."""
    with transaction():
        ended = sessions.end_sessions(_me().account_id, only=session_id, now=clock.now())
    if not ended:
        abort(404)
    return _done(_("That browser is signed out."))


@bp.post("/sign-in/security/sessions/end-others")
@requires(Part.ANYONE)
def end_other_sessions() -> ResponseReturnValue:
    """End all sessions of one's own but this one."""
    me = _me()
    with transaction():
        sessions.end_sessions(me.account_id, but=me.session_id, now=clock.now())
    return _done(_("All other browsers are signed out."))


# --- passkeys ----------------------------------------------------------------------------------


@bp.post("/sign-in/security/passkeys/ask")
@requires(Part.ANYONE, unproven=True)
def ask_to_add_passkey() -> ResponseReturnValue:
    """Tell the browser what a new passkey is to sign."""
    me, now = _me(), clock.now()
    if not passkeys.is_possible():
        abort(404)
    if _why_not_add(now=now):
        abort(403)
    try:
        with transaction():
            asked = passkeys.ask_to_add(me.account_id, now=now)
    except Refused:
        abort(409)
    session["passkey"] = asked.token
    return Response(asked.options, mimetype="application/json")


@bp.post("/sign-in/security/passkeys")
@requires(Part.ANYONE, unproven=True)
def add_passkey() -> ResponseReturnValue:
    """Keep a new passkey."""
    me, form, now = _me(), NewPasskeyForm(), clock.now()
    if not form.validate_on_submit():
        return make_response(security(passkey=form), 422)
    if refusal := _why_not_add(now=now):
        return _refuse(refusal)
    try:
        with transaction():
            passkeys.add(
                me.account_id,
                session.pop("passkey", ""),
                form.credential.data or "",
                name=form.name.data or "",
                now=now,
            )
    except Refused as refused:
        return _refuse(refused.reason)
    flash(_("The passkey is kept. Next time you can sign in with it."), "success")
    return _after_first_proof()


# --- authenticator app -------------------------------------------------------------------------


@bp.post("/sign-in/security/app")
@requires(Part.ANYONE, unproven=True)
def begin_app() -> ResponseReturnValue:
    """Draw the secret of a new app."""
    me, form, now = _me(), NewAppForm(), clock.now()
    if not form.validate_on_submit():
        return make_response(security(app=form), 422)
    if refusal := _why_not_add(now=now):
        return _refuse(refusal)
    try:
        with transaction():
            factors.begin_app(me.account_id, name=form.name.data or "", now=now)
    except Refused as refused:
        return _refuse(refused.reason)
    return redirect(url_for(".new_app"), 303)


@bp.get("/sign-in/security/app")
@requires(Part.ANYONE, unproven=True)
def new_app(form: AppCodeForm | None = None) -> ResponseReturnValue:
    """Show the secret of the app that waits for its first code, as a square and as text."""
    waiting = None
    if g.viewer is not None and _why_not_add(now=clock.now()) is None:
        waiting = factors.waiting_app(g.viewer.account_id)
    if waiting is None:
        return redirect(url_for(".security"))
    secret, address = waiting
    qr = segno.make(address, error="m").svg_inline(scale=4, border=4, omitsize=True)
    return render_template(
        "sign_in/new_app.html",
        qr=qr,
        secret=rules.grouped(secret),
        form=form or AppCodeForm(formdata=None),
    )


@bp.post("/sign-in/security/app/confirm")
@requires(Part.ANYONE, unproven=True)
def confirm_app() -> ResponseReturnValue:
    """Take the first code of a new app."""
    me, form, now = _me(), AppCodeForm(), clock.now()
    if not form.validate_on_submit():
        return make_response(new_app(form), 422)
    refusal = _why_not_add(now=now)
    if refusal is None:
        with transaction():
            refusal = factors.confirm_app(
                me.account_id, rules.plain_digits(form.code.data or ""), now=now
            )
    if refusal:
        form.code.errors = [REFUSALS[refusal]]
        return make_response(new_app(form), 422)
    flash(_("The app is set up. From now on you are asked for its code."), "success")
    return _after_first_proof()


@bp.post("/sign-in/security/factors/<int:factor_id>/remove")
@requires(Part.ANYONE, unproven=True)
def remove_factor(factor_id: int) -> ResponseReturnValue:
    """Take a passkey or an app off one's own account."""
    me, now = _me(), clock.now()
    if refusal := _why_not_change(now=now):
        return _refuse(refusal)
    try:
        with transaction():
            factors.remove(
                me.account_id,
                factor_id,
                now=now,
                is_required=current_app.config["SECOND_FACTOR_REQUIRED"],
            )
    except Refused as refused:
        return _refuse(refused.reason)
    return _done(_("It is removed."))


@bp.post("/sign-in/security/recovery")
@requires(Part.ANYONE, unproven=True)
def make_recovery() -> ResponseReturnValue:
    """Make ten recovery codes and show them, this once."""
    me, now = _me(), clock.now()
    if refusal := _why_not_change(now=now):
        return _refuse(refusal)
    if not standing_of(me, now=now).lines:
        abort(409)
    with transaction():
        codes = factors.make_recovery(me.account_id, now=now)
    return render_template(
        "sign_in/recovery.html", codes=[rules.grouped(code) for code in codes], now=now
    )


# --- PIN ---------------------------------------------------------------------------------------


@bp.get("/sign-in/security/pin")
@requires(Part.ANYONE)
def pin_page(form: NewPinForm | None = None) -> ResponseReturnValue:
    """Explain the PIN, and ask for a new one."""
    if g.viewer is None:
        return redirect(url_for(".index", next=url_for(".pin_page")))
    return render_template(
        "sign_in/pin.html",
        has_pin=pins.has_pin(g.viewer.account_id),
        form=form or NewPinForm(formdata=None),
    )


@bp.post("/sign-in/security/pin")
@requires(Part.ANYONE)
def set_pin() -> ResponseReturnValue:
    """Keep a new PIN."""
    me, form = _me(), NewPinForm()
    if not form.validate_on_submit():
        return make_response(pin_page(form), 422)
    if refusal := _why_not_change(now=clock.now()):
        return _refuse(refusal)
    try:
        with transaction():
            pins.set_pin(
                me.account_id,
                form.pin.data or "",
                session_id=me.session_id or 0,
                now=clock.now(),
            )
    except Refused as refused:
        form.pin.errors = [REFUSALS[refused.reason]]
        return make_response(pin_page(form), 422)
    return _done(_("Your PIN is set."))


@bp.post("/sign-in/security/pin/remove")
@requires(Part.ANYONE)
def remove_pin() -> ResponseReturnValue:
    """Take one's own PIN away."""
    me = _me()
    if refusal := _why_not_change(now=clock.now()):
        return _refuse(refusal)
    with transaction():
        pins.remove_pin(me.account_id, session_id=me.session_id or 0, now=clock.now())
    return _done(_("Your PIN is removed."))


def _me() -> Viewer:
    """Return who is asking; a stranger is refused."""
    if g.viewer is None or g.viewer.session_id is None:
        abort(401)
    viewer: Viewer = g.viewer
    return viewer


def _why_not_change(*, now: datetime) -> Refusal | None:
    me = _me()
    stands = standing_of(me, now=now)
    return rules.why_not_change(
        has_factor=bool(stands.lines), is_asked=stands.is_asked, is_strong=me.is_strong
    )


def _why_not_add(*, now: datetime) -> Refusal | None:
    """Return why no proof is added in this session, or None: the first one asks for more."""
    me = _me()
    stands = standing_of(me, now=now)
    return _why_not_change(now=now) or rules.why_not_first(
        has_factor=bool(stands.lines),
        has_post=stands.has_post,
        is_strong=me.is_strong,
        is_own_door=sessions.came_by_own_door(me.session_id or 0),
    )


def _after_first_proof() -> ResponseReturnValue:
    """Go on: whoever just set up a proof has shown it; the page offers recovery codes next."""
    target = url_for(".security")
    return redirect(target, 303) if _me().is_strong else strengthened(target)


def _go_on(stands: Standing) -> str | None:
    """Return where somebody wanted to go before they had to set up a proof."""
    if not stands.lines:
        return None
    if stands.recovery_left is None:
        return session.get("next")
    return session.pop("next", None)


def _refuse(reason: Refusal | object) -> ResponseReturnValue:
    if reason is Refusal.SHOW_FACTOR_FIRST:
        flash(REFUSALS[Refusal.SHOW_FACTOR_FIRST], "error")
        return redirect(url_for(".second", next=url_for(".security")), 303)
    flash(REFUSALS[Refusal(str(reason))], "error")
    return redirect(url_for(".security"), 303)


def _done(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".security"), 303)
