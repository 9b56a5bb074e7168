"""Pages of coming in by WeChat, and of tying an account to it."""

from flask import abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock, limits
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.sign_in import caps, entering, rules, service, wechat
from portal.sign_in.blueprint import bp
from portal.sign_in.rules import Door, Refusal
from portal.sign_in.second_views import standing_of
from portal.sign_in.wechat import WeChat
from portal.sign_in.words import REFUSALS


def is_offered() -> bool:
    """Tell whether the asking browser can go to WeChat: the door opens only inside of it."""
    return _find() is not None and rules.is_wechat(request.user_agent.string)


@bp.get("/sign-in/wechat")
@requires(Part.ANYONE)
def to_wechat() -> ResponseReturnValue:
    """Send the browser to WeChat, to come in by it."""
    if g.viewer is not None:
        return redirect(url_for(".security"))
    return redirect(_begin())


@bp.get("/sign-in/security/wechat")
@requires(Part.ANYONE)
def wechat_page() -> ResponseReturnValue:
    """Explain the tie to WeChat, and offer to make it or to undo it."""
    if g.viewer is None:
        return redirect(url_for(".index", next=url_for(".wechat_page")))
    is_tied = wechat.is_tied(g.viewer.account_id)
    if _find() is None and not is_tied:
        abort(404)
    go_on = ""
    if not is_tied and is_offered() and _why_not_tie() is None:
        go_on = _begin(account_id=g.viewer.account_id)
    return render_template(
        "sign_in/wechat.html", is_tied=is_tied, go_on=go_on, is_inside=is_offered()
    )


@bp.get("/sign-in/wechat/back")
@requires(Part.ANYONE)
def from_wechat() -> ResponseReturnValue:
    """Take the browser back from WeChat: tie the account that began, or let somebody in."""
    house, now = _find(), clock.now()
    if house is None:
        abort(404)
    code = request.args.get("code", "")[:512]
    token, state = session.pop("wechat", ""), request.args.get("state", "")[:128]
    try:
        with transaction():
            account_id = wechat.come_back(token, state, now=now)
        if refusal := caps.take_wechat(limits.address(), now=now):
            raise Refused(refusal)
        if not code:
            raise Refused(Refusal.WECHAT_REFUSED)
        openid = house.openid_of(code)
        if account_id is not None:
            return _tie(account_id, openid, house)
        with transaction():
            found = wechat.find_tied(openid, app_id=house.app_id)
            if found is None:
                raise Refused(Refusal.WECHAT_UNKNOWN)
            entered = service.admit(
                found, door=Door.WECHAT, now=now, days=entering.days(), label=entering.label()
            )
            entering.end_former()
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".index" if g.viewer is None else ".wechat_page"))
    return entering.enter(entered)


@bp.post("/sign-in/security/wechat/untie")
@requires(Part.ANYONE)
def untie_wechat() -> ResponseReturnValue:
    """Let WeChat open one's own account no more."""
    if g.viewer is None:
        abort(401)
    if refusal := _why_not_tie():
        flash(REFUSALS[refusal], "error")
        return redirect(url_for(".second", next=url_for(".wechat_page")), 303)
    with transaction():
        wechat.untie(g.viewer.account_id, but_session=g.viewer.session_id, now=clock.now())
    flash(_("WeChat opens your account no more."), "success")
    return redirect(url_for(".security"), 303)


def _tie(account_id: int, openid: str, house: WeChat) -> ResponseReturnValue:
    """Tie the account that went to WeChat, if it is still the one that is signed in."""
    if g.viewer is None or g.viewer.account_id != account_id:
        raise Refused(Refusal.WECHAT_STATE)
    if refusal := _why_not_tie():
        raise Refused(refusal)
    with transaction():
        wechat.tie(account_id, openid, app_id=house.app_id, now=clock.now())
    flash(_("WeChat is tied. Next time it opens the door for you."), "success")
    return redirect(url_for(".security"))


def _find() -> WeChat | None:
    house: WeChat | None = current_app.extensions["wechat"]
    return house


def _begin(*, account_id: int | None = None) -> str:
    """Begin the way to WeChat in this browser; return the address to go to."""
    house = _find()
    if house is None:
        abort(404)
    with transaction():
        session["wechat"], state = wechat.begin(now=clock.now(), account_id=account_id)
    origin = current_app.config["SETTINGS"].public_url
    return house.address(back=origin + url_for(".from_wechat"), state=state)


def _why_not_tie() -> Refusal | None:
    """Return why the ways in are not changed in this session: a second proof comes first."""
    stands = standing_of(g.viewer, now=clock.now())
    return rules.why_not_change(
        has_factor=bool(stands.lines), is_asked=stands.is_asked, is_strong=g.viewer.is_strong
    )
