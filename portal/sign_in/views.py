"""Signing in and out, and the printed codes."""

from datetime import datetime
from enum import StrEnum

from flask import (
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock, limits, pages
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.slots import Card, Link
from portal.people.rules import plain_phone
from portal.people.words import ROLES
from portal.sign_in import caps, rules, service, sessions, slip_views, slips, sms, wechat_views
from portal.sign_in.blueprint import bp
from portal.sign_in.forms import CodeForm, PhoneForm, SlipForm
from portal.sign_in.rules import Refusal

__all__ = ["DESK_LINKS", "REFUSALS", "bp", "me_cards", "slip_views", "wechat_views"]

DESK_LINKS: tuple[Link, ...] = ()
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.BAD_PHONE: _l("This is not a mobile number. It should have 11 digits."),
    Refusal.TOO_MANY_CODES: _l("Five codes were sent to this number. Try again in an hour."),
    Refusal.TOO_MANY_TODAY: _l("Ten codes were sent to this number today. Try again tomorrow."),
    Refusal.BUSY_ADDRESS: _l("Too many codes were asked for over this line. Try again in an hour."),
    Refusal.NO_MESSAGES_LEFT: _l("The village has used up its messages of today. Use your slip."),
    Refusal.CODE_EXPIRED: _l("This code is no longer good. Ask for a new one."),
    Refusal.NO_TRIES_LEFT: _l("The code was wrong five times. Ask for a new one."),
    Refusal.WRONG_CODE: _l("The code is not right. Look at the message again."),
    Refusal.UNKNOWN_SLIP: _l("We do not know this code. Look at the slip again."),
    Refusal.NOBODY: _l("Nobody of this village can sign in with that. Ask the committee."),
    Refusal.OLD_SLIP: _l("This slip is more than a year old. Ask the committee for a new one."),
    Refusal.TOO_MANY_SLIPS: _l("Too many unknown codes were tried. Try again in an hour."),
    Refusal.TOO_YOUNG: _l(
        "Under 14 nobody has an account here. A guardian can take part for the family."
    ),
    Refusal.DOOR_SHUT: _l("This way in is closed. Choose another one."),
    Refusal.WRONG_FACTOR: _l("The second proof is not right. Try again."),
    Refusal.USED_FACTOR: _l("This code was used already. Wait for the next one."),
    Refusal.FACTOR_TRIES: _l("Too many wrong tries today. Ask the administrator to help you."),
    Refusal.PASSKEY_REFUSED: _l("The passkey was not accepted. Try again, or use another proof."),
    Refusal.LAST_FACTOR: _l(
        "Your post needs a second proof. Add another one before you remove this one."
    ),
    Refusal.TOO_MANY_FACTORS: _l("Ten proofs are enough. Remove one before you add another."),
    Refusal.NOT_ONES_OWN: _l(
        "Nobody takes away their own proofs like this. Somebody else has to do it."
    ),
    Refusal.BAD_PIN: _l("A PIN has four to six digits."),
    Refusal.EASY_PIN: _l("This PIN is too easy to guess. Choose another one."),
    Refusal.NO_PIN: _l("This person has no PIN yet. They sign in with a code or a slip first."),
    Refusal.WRONG_PIN: _l("The PIN is not right."),
    Refusal.PIN_LOCKED: _l("The PIN was wrong five times. Sign in with a code or a slip."),
}


@bp.get("/sign-in")
@requires(Part.ANYONE)
def index(phone: PhoneForm | None = None, slip: SlipForm | None = None) -> str:
    """Show the ways in: a code by phone, or the code on the household's slip."""
    if "next" in request.args:
        session["next"] = pages.safe_next(url_for("people.home"))
    return render_template(
        "sign_in/index.html",
        phone=phone or PhoneForm(formdata=None),
        slip=slip or SlipForm(formdata=None),
        has_sms=current_app.extensions["sms"] is not None,
    )


@bp.post("/sign-in/phone")
@requires(Part.ANYONE)
def send_code() -> ResponseReturnValue:
    """Send a code to a phone. The answer is the same whether we know the number or not."""
    form = PhoneForm()
    sender = current_app.extensions["sms"]
    if sender is None:
        abort(404)
    if not form.validate_on_submit():
        return index(phone=form), 422
    now = clock.now()
    number = plain_phone(form.phone.data or "")
    refusal = caps.take_code(number, limits.address(), now=now) if number else Refusal.BAD_PHONE
    if refusal or number is None:
        form.phone.errors = [REFUSALS[refusal or Refusal.BAD_PHONE]]
        return index(phone=form), 422
    with transaction():
        token, phone, code = service.ask_for_code(number, now=now)
        if code is not None:
            caps.take_sms(now=now)
    if code is not None:
        sms.hand_over(
            sender,
            phone=phone,
            text=_(
                "%(code)s is your sign-in code for %(village)s. Tell it to nobody.",
                code=code,
                village=g.village.name,
            ),
            kind=sms.Kind.CODE,
            params=(code, str(rules.CODE_MINUTES)),
        )
    session["door"] = token
    return redirect(url_for(".enter_code"))


@bp.get("/sign-in/code")
@requires(Part.ANYONE)
def enter_code(form: CodeForm | None = None) -> str:
    """Ask for the code that was sent."""
    return render_template("sign_in/enter_code.html", form=form or CodeForm(formdata=None))


@bp.post("/sign-in/code")
@requires(Part.ANYONE)
def check_code() -> ResponseReturnValue:
    """Take the code. Every try counts."""
    form = CodeForm()
    if not form.validate_on_submit():
        return enter_code(form), 422
    code = "".join(str(int(c)) for c in form.code.data or "" if c.isdecimal())
    with transaction():
        refusal = service.try_code(session.get("door", ""), code, now=clock.now())
    if refusal:
        form.code.errors = [REFUSALS[refusal]]
        return enter_code(form), 422
    return _through_the_door()


@bp.get("/slip/<code>")
@requires(Part.ANYONE)
def slip(code: str) -> str:
    """Open the address behind the QR code of a printed slip: its code, ready to send."""
    return index(slip=SlipForm(formdata=None, slip=rules.grouped(rules.plain_slip(code))[:30]))


@bp.post("/sign-in/slip")
@requires(Part.ANYONE)
def use_slip() -> ResponseReturnValue:
    """Take the code of a printed slip."""
    form = SlipForm()
    if not form.validate_on_submit():
        return index(slip=form), 422
    now = clock.now()
    if refusal := caps.why_no_slip(limits.address(), now=now):
        form.slip.errors = [REFUSALS[refusal]]
        return index(slip=form), 429
    try:
        with transaction():
            session["door"] = slips.open_with_slip(form.slip.data or "", now=now)
    except Refused as refused:
        if refused.reason is Refusal.UNKNOWN_SLIP:
            caps.note_wrong_slip(limits.address(), now=now)
        form.slip.errors = [REFUSALS[refused.reason]]
        return index(slip=form), 422
    return _through_the_door()


def _through_the_door() -> ResponseReturnValue:
    """Sign the only candidate in, or ask who of several it is."""
    found = service.candidates(session.get("door", ""), now=clock.now())
    if len(found) == 1:
        return _begin(found[0].key)
    return redirect(url_for(".who"))


@bp.get("/sign-in/who")
@requires(Part.ANYONE)
def who() -> ResponseReturnValue:
    """Ask which member of the household it is."""
    found = service.candidates(session.get("door", ""), now=clock.now())
    if not found:
        flash(REFUSALS[Refusal.NOBODY], "error")
        return redirect(url_for(".index"))
    return render_template("sign_in/who.html", candidates=found, roles=ROLES)


@bp.post("/sign-in/who")
@requires(Part.ANYONE)
def choose_who() -> ResponseReturnValue:
    """Sign in the member that was chosen."""
    return _begin(request.form.get("who", ""))


def _begin(key: str) -> ResponseReturnValue:
    days = current_app.config["SETTINGS"].session_days
    try:
        with transaction():
            token = service.begin_session(session.get("door", ""), key, now=clock.now(), days=days)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".index"))
    target = session.get("next") or url_for("people.home")
    session.clear()
    response = make_response(redirect(target, 303))
    response.set_cookie(
        current_app.config["SIGN_IN_COOKIE"],
        token,
        max_age=days * 86400,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


@bp.post("/sign-out")
@requires(Part.ANYONE)
def sign_out() -> ResponseReturnValue:
    """End the session on the server and forget the cookie."""
    name = current_app.config["SIGN_IN_COOKIE"]
    if token := request.cookies.get(name):
        with transaction():
            sessions.end_session(token, now=clock.now())
    session.clear()
    flash(_("You have signed out."), "success")
    response = make_response(redirect(url_for("people.home"), 303))
    response.delete_cookie(name, secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what belongs on "me"."""
    return []
