"""The privacy notice, what people agree to, and what the other pages show of that."""

from datetime import datetime

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock, pages, retention
from portal.core.access import Part, is_on_behalf, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.slots import Card, Link
from portal.privacy import mine_views, notices, ports, request_views, service
from portal.privacy.blueprint import asking, bp
from portal.privacy.rules import Purpose
from portal.privacy.words import KINDS, PURPOSES, REASONS, REFUSALS

__all__ = ["REFUSALS", "bp", "mine_views", "request_views"]

READ = "privacy_read"
"""The field by which a held form says which version of the notice was read."""
FREE = ("sign_in", "privacy")
"""Whoever has not read the notice may sign in and out, and see to their data."""
DESK_LINKS: tuple[Link, ...] = (
    Link(_l("Requests about data"), "privacy.list_requests", request_views.ANSWERERS),
    Link(_l("Who looked at data"), "privacy.log", request_views.OVERSEERS),
)
VILLAGE_LINKS: tuple[Link, ...] = (
    Link(_l("How we treat your data"), "privacy.index", (Part.ANYONE,)),
)


# --- the notice ------------------------------------------------------------------------------


@bp.get("")
@requires(Part.ANYONE, on_behalf=True)
def index() -> str:
    """Show the notice that is in force, or the one of an earlier version."""
    version = request.args.get("version", retention.version())
    if version not in notices.versions():
        abort(404)
    return _notice(version)


def _notice(version: str, held: list[tuple[str, str]] | None = None) -> str:
    is_asked = g.viewer is not None and not is_on_behalf() and version == retention.version()
    return render_template(
        "privacy/index.html",
        blocks=notices.read(version, str(get_locale())),
        version=version,
        versions=notices.versions(),
        digest=notices.digest(version),
        spans=retention.promised(version),
        kinds=KINDS,
        reasons=REASONS,
        office=ports.find_office(),
        must_read=is_asked and not service.has_seen(g.viewer.account_id),
        held=held,
        has_files=bool(request.files),
        field=READ,
        next=pages.safe_next(url_for("people.home")),
    )


@bp.post("/read")
@requires(Part.ANYONE)
def read() -> ResponseReturnValue:
    """Keep that somebody has read the notice that is in force, and go on."""
    viewer = asking()
    if request.form.get(READ) != retention.version():  # it changed while they read
        return redirect(url_for(".index"), 303)
    with transaction():
        service.note_seen(viewer.account_id, now=clock.now())
    return redirect(pages.safe_next(url_for("people.home")), 303)


def hold() -> ResponseReturnValue | None:
    """Hold whatever somebody sends who has not read the notice; what they wrote is not lost.

    Reading is never held. The page that comes back has their form in it: one tap says that they
    have read the notice, and sends the same again.
    """
    viewer = g.viewer
    if request.method != "POST" or viewer is None or g.village is None or is_on_behalf():
        return None
    view = app.view_functions.get(request.endpoint or "")
    if request.blueprint in FREE or not may(*getattr(view, "open_to", ())):
        return None  # the door itself refuses, in its own words
    if service.has_seen(viewer.account_id):
        return None
    if request.form.get(READ) == retention.version():
        with transaction():
            service.note_seen(viewer.account_id, now=clock.now())
        return None
    if "X-Chat" in request.headers:
        return _("Please read first how we treat your data: it stands under “Me”."), 422
    fields = [(k, v) for k, v in request.form.items(multi=True) if k != READ]
    return _notice(retention.version(), held=fields), 428


def lead_to_notice(response: Response) -> Response:
    """Lead whoever has just signed in past the notice, if it is new to them."""
    account_id = g.get("session_began_for")
    if account_id is None or not 300 <= response.status_code < 400 or g.village is None:
        return response
    if not service.has_seen(account_id):
        response.location = url_for("privacy.index", next=response.location)
    return response


# --- consents --------------------------------------------------------------------------------


@bp.get("/consents")
@requires(Part.ANYONE)
def consents() -> str:
    """Show what somebody agreed to, with a switch for each purpose, and what was said before."""
    viewer = asking()
    said = service.consents_of(viewer.account_id)
    return render_template(
        "privacy/consents.html",
        purposes=PURPOSES,
        given={purpose for purpose, row in said.items() if row.is_given},
        history=service.history_of(viewer.account_id),
        is_minor=service.is_minor(viewer.resident_id, now=clock.now()),
    )


@bp.post("/consents/<any(sms, push, named, plot):purpose>")
@requires(Part.ANYONE)
def say(purpose: str) -> ResponseReturnValue:
    """Keep a yes or a no to one purpose: both take one tap."""
    viewer = asking()
    is_given = request.form.get("answer") == "yes"
    try:
        with transaction():
            service.say(viewer.account_id, Purpose(purpose), is_given=is_given, now=clock.now())
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".consents"), 303)
    flash(_("You agreed.") if is_given else _("You took your consent back."), "success")
    return redirect(url_for(".consents"), 303)


# --- places on other pages -------------------------------------------------------------------


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what is kept about the viewer (slot ME)."""
    if is_on_behalf():
        return []
    is_new = not service.has_seen(g.viewer.account_id)
    return [
        Card(
            title=_("My data"),
            line=_("What is kept about me, who looked at it, and what I agreed to"),
            href=url_for("privacy.mine"),
            action=_("See them"),
            chip=_("Please read") if is_new else "",
            chip_kind="info",
            rank=-20,
        )
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the requests that wait for an answer (slot DESK)."""
    count = service.count_waiting() if may(*request_views.ANSWERERS) else 0
    if not count:
        return []
    return [
        Card(
            title=_("Requests about data"),
            line=ngettext("%(num)d request waits", "%(num)d requests wait", count),
            href=url_for("privacy.list_requests"),
            action=_("Answer"),
            chip=_("New"),
            chip_kind="warn",
        )
    ]
