"""The village's own pages: first page, taking part, me, signing in, the roster."""

from flask import (
    Blueprint,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from portal.core import clock, look, pages
from portal.core.access import STAFF, Part, requires
from portal.core.db import transaction
from portal.core.slots import Slot, cards
from portal.people import places, service
from portal.people.rules import Role
from portal.people.words import ROLES

bp = Blueprint("people", __name__, template_folder="templates")
PER_PAGE = 50

# --- what everybody sees -----------------------------------------------------------------------


@bp.get("/")
@requires(Part.ANYONE, on_behalf=True)
def villages() -> ResponseReturnValue:
    """List the villages of this house by county and township; where there is but one, go there."""
    search = request.args.get("q", "").strip()[:60]
    under = "".join(c for c in request.args.get("under", "") if c.isdecimal())[:12]
    page = max(request.args.get("page", 1, type=int), 1)
    found, total = places.find_villages(search=search, under=under, page=page, per_page=PER_PAGE)
    if total == 1 and page == 1 and not search and not under:
        return redirect(url_for(".home", village_code=found[0].code))
    return render_template(
        "people/villages.html",
        groups=places.grouped(found),
        regions=places.list_regions(),
        page=pages.Page(items=found, total=total, page=page, per_page=PER_PAGE, error_out=False),
        search=search,
        under=under,
    )


@bp.get("/v/<village_code>/")
@requires(Part.ANYONE, on_behalf=True)
def home() -> str:
    """Show what is happening in the village now."""
    now = clock.now()
    return render_template(
        "people/home.html",
        cards=cards(Slot.HOME, now=now),
        township=service.township_of(g.village.id),
    )


@bp.get("/v/<village_code>/take-part")
@requires(Part.ANYONE, on_behalf=True)
def take_part() -> str:
    """Show everything in which one can take part."""
    return render_template("people/take_part.html", cards=cards(Slot.TAKE_PART, now=clock.now()))


@bp.get("/v/<village_code>/me")
@requires(Part.ANYONE, unproven=True)
def me() -> str:
    """Show me, my household, and what is mine."""
    if g.viewer is None or (g.viewer.village_id != g.village.id and not g.viewer.parts):
        return render_template("people/me_stranger.html")
    resident = (g.viewer.resident_id and service.get_resident(g.viewer.resident_id)) or None
    return render_template(
        "people/me.html",
        resident=resident,
        groups=service.group_names(),
        cards=cards(Slot.ME, now=clock.now()),
        roles=[ROLES[Role(part.value)] for part in sorted(g.viewer.parts) if part in STAFF],
    )


@bp.post("/preferences")
@requires(Part.ANYONE, on_behalf=True)
def preferences() -> ResponseReturnValue:
    """Keep how somebody wants pages to look, and go back to where they were.

    It needs no token against forged requests, so that a first visit sets no cookie: it changes
    nothing but the look, and a browser that tells where the form stood must name this house.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400)
    if g.viewer and request.form.get("language") in look.LANGUAGES:
        with transaction():
            service.set_language(g.viewer.account_id, request.form["language"])
    response = make_response(redirect(pages.safe_next(url_for(".villages")), 303))
    wishes = {k: v for k, v in request.form.items() if k in ("mode", "size", "theme", "language")}
    response.set_cookie(
        look.COOKIE,
        g.look.changed(**wishes).packed(),
        max_age=365 * 86400,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


@bp.get("/v/<village_code>/desk")
@requires(*STAFF)
def desk() -> str:
    """Show staff what waits for them today."""
    return render_template("people/desk.html", cards=cards(Slot.DESK, now=clock.now()))
