"""How a browser is let in: its cookie, where it goes next, and what it was before."""

from flask import current_app, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.core import clock
from portal.sign_in import rules, sessions


def days() -> int:
    """Return how long a session lasts."""
    return int(current_app.config["SETTINGS"].session_days)


def label() -> str:
    """Return the asking browser and its system in two words."""
    return rules.browser_label(request.user_agent.string)


def end_former() -> None:
    """End the session that this browser had, in the transaction that is open."""
    if former := request.cookies.get(current_app.config["SIGN_IN_COOKIE"]):
        sessions.end_session(former, now=clock.now())


def enter(token: str) -> ResponseReturnValue:
    """Let the browser in with this session, and lead it to where it wanted to go.

    Whoever has yet to show a second factor is led there first.
    """
    target = session.get("next") or _first_page()
    viewer = sessions.find_viewer(
        token,
        place=g.village,
        now=clock.now(),
        is_factor_required=current_app.config["SECOND_FACTOR_REQUIRED"],
    )
    if viewer is not None and viewer.waits_for:
        target = url_for("sign_in.second", next=target)
    session.clear()
    return keep(make_response(redirect(target, 303)), token)


def keep(response: Response, token: str) -> Response:
    """Give the browser the token of its session: no script reads it, no other house gets it."""
    response.set_cookie(
        current_app.config["SIGN_IN_COOKIE"],
        token,
        max_age=days() * 86400,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def _first_page() -> str:
    """Return the first page of the village; a region above has only what its staff do."""
    return url_for("people.home" if g.village.is_village else "regions.home")
