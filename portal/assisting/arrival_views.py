"""Pages for whoever's number is on no roster: prove the number, then ask to be recognised."""

from datetime import timedelta

from flask import abort, current_app, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.assisting import recognising
from portal.assisting.blueprint import bp
from portal.assisting.forms import ArrivalForm, NumberForm
from portal.assisting.words import REFUSALS
from portal.core import clock, limits
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.people import service as people
from portal.people.rules import plain_phone
from portal.sign_in import caps, challenges, entering, rules, sms
from portal.sign_in import service as signing_in
from portal.sign_in.rules import Door
from portal.sign_in.words import REFUSALS as SIGN_IN_REFUSALS

ARRIVALS = limits.Limit("arrival", limits.Per.VILLAGE, 30, timedelta(days=1))
"""What strangers may use of the village's messages: the rest is for those on the roster."""


@bp.get("/arrive")
@requires(Part.ANYONE)
def arrive(form: ArrivalForm | None = None) -> ResponseReturnValue:
    """Ask for the number, the name and the place."""
    if current_app.extensions["sms"] is None:
        abort(404)
    if g.viewer is not None:
        return redirect(url_for(".recognition"))
    return render_template("assisting/arrive.html", form=form or ArrivalForm(formdata=None))


@bp.post("/arrive")
@requires(Part.ANYONE)
def send_number() -> ResponseReturnValue:
    """Send a code to the number, whether we know it or not."""
    form, now, sender = ArrivalForm(), clock.now(), current_app.extensions["sms"]
    if sender is None or g.viewer is not None or not form.validate_on_submit():
        return arrive(form), 422
    number = plain_phone(form.phone.data or "")
    refusal = rules.Refusal.BAD_PHONE if number is None else None
    if number is not None:
        refusal = caps.take_code(number, limits.address(), now=now)
    if refusal is None and limits.take_all(((ARRIVALS, "all"),), now=now):
        refusal = rules.Refusal.NO_MESSAGES_LEFT
    if refusal or number is None:
        form.phone.errors = [SIGN_IN_REFUSALS[refusal or rules.Refusal.BAD_PHONE]]
        return arrive(form), 422
    with transaction():
        token, phone, code = signing_in.ask_for_code(
            number, now=now, former=session.get("door", "")
        )
        is_sent = caps.take_sms(now=now)
    if is_sent:
        words = _(
            "%(code)s is your sign-in code for %(village)s. Tell it to nobody.",
            code=code,
            village=g.village.name,
        )
        params = (code, str(rules.CODE_MINUTES))
        sms.hand_over(sender, phone=phone, text=words, kind=sms.Kind.CODE, params=params)
    session["door"], session["claim"] = token, [form.name.data, form.place.data]
    return redirect(url_for(".enter_number"), 303)


@bp.get("/arrive/code")
@requires(Part.ANYONE)
def enter_number(form: NumberForm | None = None) -> str:
    """Ask for the code that was sent."""
    return render_template("assisting/arrive_code.html", form=form or NumberForm(formdata=None))


@bp.post("/arrive/code")
@requires(Part.ANYONE)
def prove_number() -> ResponseReturnValue:
    """Take the code: the number is theirs, the account is unverified, the committee is asked.

    Whose number is known here after all signs in like everybody.
    """
    form, now, door = NumberForm(), clock.now(), session.get("door", "")
    if not form.validate_on_submit():
        return enter_number(form), 422
    with transaction():
        refusal = challenges.try_code(door, rules.plain_digits(form.code.data or ""), now=now)
    if refusal:
        form.code.errors = [SIGN_IN_REFUSALS[refusal]]
        return enter_number(form), 422
    if signing_in.candidates(door, now=now):
        return redirect(url_for("sign_in.who"), 303)
    name, place = session.get("claim") or ["", ""]
    try:
        with transaction():
            token = _let_in(door, name=name, place=place)
    except Refused as refused:
        form.code.errors = [REFUSALS.get(refused.reason) or SIGN_IN_REFUSALS[refused.reason]]
        return enter_number(form), 422
    session["next"] = url_for(".recognition")
    return entering.enter(token)


def _let_in(door: str, *, name: str, place: str) -> str:
    """Make an account of nobody on the roster, ask for its recognition, and let it in."""
    now = clock.now()
    challenge = challenges.find_open(door, now=now)
    if challenge is None or not name or not challenges.use(challenge, now=now):
        raise Refused(rules.Refusal.CODE_EXPIRED)
    account = people.add_account(name=name, phone=challenge.phone)
    recognising.ask_for_myself(account.id, name=name, place=place, now=now)
    entering.end_former()
    return signing_in.admit(
        account.id,
        door=Door.PHONE,
        now=now,
        days=entering.days(),
        label=entering.label(),
        phone=challenge.phone,
    )
