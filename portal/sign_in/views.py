"""Signing in and out, by phone, slip or passkey."""

from datetime import datetime
from enum import StrEnum

from flask import (
    Response,
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
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock, limits, pages
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.slots import Card, Link
from portal.people.rules import plain_phone
from portal.people.words import ROLES
from portal.sign_in import (
    caps,
    challenges,
    entering,
    help_views,
    passkeys,
    pins,
    rules,
    second_views,
    security_views,
    service,
    sessions,
    slip_views,
    slips,
    sms,
    switch_views,
    wechat_views,
)
from portal.sign_in.blueprint import bp
from portal.sign_in.forms import CodeForm, PasskeyForm, PhoneForm, SlipForm
from portal.sign_in.rules import Door, Refusal
from portal.sign_in.words import REFUSALS

__all__ = [
    "DESK_LINKS",
    "REFUSALS",
    "bp",
    "help_views",
    "me_cards",
    "second_views",
    "security_views",
    "slip_views",
    "switch_views",
    "wechat_views",
]

DESK_LINKS: tuple[Link, ...] = (
    Link(_l("Help with signing in"), "sign_in.help_page", (Part.ADMIN, Part.OPERATOR)),
)


@bp.get("/sign-in")
@requires(Part.ANYONE, unproven=True)
def index(phone: PhoneForm | None = None, slip: SlipForm | None = None) -> ResponseReturnValue:
    """Show the ways in: a code by phone, or the code on the household's slip."""
    if "next" in request.args:
        session["next"] = pages.safe_next(url_for("people.home"))
    if g.viewer is not None and g.viewer.owes_proof:
        return redirect(url_for(".second", next=session.get("next")))
    return render_template(
        "sign_in/index.html",
        phone=phone or PhoneForm(formdata=None),
        slip=slip or SlipForm(formdata=None),
        passkey=PasskeyForm(formdata=None),
        has_sms=current_app.extensions["sms"] is not None,
        has_wechat=wechat_views.is_offered() and g.viewer is None,
        has_passkeys=passkeys.is_possible() and g.viewer is None,
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
        token, phone, code = service.ask_for_code(number, now=now, former=session.get("door", ""))
        is_sent = caps.take_sms(now=now, is_known=service.is_known(phone, now=now))
    if is_sent:
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
    code = rules.plain_digits(form.code.data or "")
    with transaction():
        refusal = challenges.try_code(session.get("door", ""), code, now=clock.now())
    if refusal:
        form.code.errors = [REFUSALS[refusal]]
        return enter_code(form), 422
    return _through_the_door()


@bp.get("/slip/<code>")
@requires(Part.ANYONE)
def slip(code: str) -> ResponseReturnValue:
    """Open the address behind the QR code of a printed slip: its code, ready to send.

    A code that opens nothing is told here already, and counts as a wrong try.
    """
    form = SlipForm(formdata=None, slip=rules.grouped(rules.plain_slip(code))[:30])
    if refusal := _why_no_slip(code):
        form.slip.errors = [REFUSALS[refusal]]
        return index(slip=form), 429 if refusal is Refusal.TOO_MANY_SLIPS else 422
    return index(slip=form)


def _why_no_slip(code: str) -> StrEnum | None:
    """Return why a printed code opens nothing, and count the try that was wrong."""
    now = clock.now()
    if refusal := caps.why_no_slip(limits.address(), now=now):
        return refusal
    try:
        slips.get_slip(code, now=now)
    except Refused as refused:
        if refused.reason is Refusal.UNKNOWN_SLIP:
            caps.note_wrong_slip(limits.address(), now=now)
        return refused.reason
    return None


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
    return render_template("sign_in/who.html", candidates=found, roles=ROLES, refusals=REFUSALS)


@bp.post("/sign-in/who")
@requires(Part.ANYONE)
def choose_who() -> ResponseReturnValue:
    """Sign in the member that was chosen."""
    return _begin(request.form.get("who", ""))


def _begin(key: str) -> ResponseReturnValue:
    try:
        with transaction():
            token = service.begin_session(
                session.get("door", ""),
                key,
                now=clock.now(),
                days=entering.days(),
                label=entering.label(),
            )
            entering.end_former()
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".index"))
    return entering.enter(token)


@bp.post("/sign-in/passkey/ask")
@requires(Part.ANYONE, unproven=True)
def ask_for_passkey() -> ResponseReturnValue:
    """Tell the browser what a passkey is to sign: of whoever is asking, or of anybody."""
    now = clock.now()
    if not passkeys.is_possible():
        abort(404)
    if caps.take_passkey(limits.address(), now=now):
        abort(429)
    with transaction():
        asked = passkeys.ask(now=now, account_id=g.viewer.account_id if g.viewer else None)
    session["passkey"] = asked.token
    return Response(asked.options, mimetype="application/json")


@bp.post("/sign-in/passkey")
@requires(Part.ANYONE)
def use_passkey() -> ResponseReturnValue:
    """Sign somebody in by their passkey: it is a second factor too."""
    form, now = PasskeyForm(), clock.now()
    if g.viewer is not None or not form.validate_on_submit():
        abort(400)
    try:
        with transaction():
            account_id = passkeys.show(
                session.pop("passkey", ""), form.credential.data or "", now=now
            )
            token = service.admit(
                account_id,
                door=Door.PASSKEY,
                now=now,
                days=entering.days(),
                label=entering.label(),
                is_strong=True,
            )
            entering.end_former()
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".index"))
    return entering.enter(token)


@bp.post("/sign-out")
@requires(Part.ANYONE, on_behalf=True, unproven=True)
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
    """Offer the sign-ins and proofs of whoever is asking, and to let somebody else take a turn."""
    viewer = g.viewer
    if viewer is None or viewer.session_id is None or viewer.sitting_id is not None:
        return []
    found = []
    if viewer.waits_for:
        found.append(
            Card(
                _("Show your second proof"),
                _("Your post opens once you have shown it."),
                url_for("sign_in.second", next=url_for("people.me")),
                _("Show it"),
                chip=_("waiting"),
                chip_kind="warn",
                rank=100,
            )
        )
    found.append(
        Card(
            _("Sign-in and security"),
            _("Where you are signed in, passkeys, PIN"),
            url_for("sign_in.security"),
            _("Open"),
        )
    )
    if pins.others_behind(viewer.session_id, now=now):
        found.append(
            Card(
                _("Let somebody else take a turn"),
                _("Who shares this phone changes over with a PIN"),
                url_for("sign_in.switch"),
                _("Open"),
            )
        )
    return found
