"""Where the pages of privacy stand, and who they are for."""

from flask import abort, g, redirect, request, url_for

from portal.core import pages
from portal.core.access import Viewer

bp = pages.region_blueprint("privacy", __name__, "/privacy")
PER_PAGE = 30


def asking() -> Viewer:
    """Return whoever asks about their own data: signed in, and at home or at work here."""
    viewer: Viewer | None = g.viewer
    if viewer is None:
        if request.method == "GET":
            abort(redirect(url_for("sign_in.index", next=request.full_path.rstrip("?"))))
        abort(401)
    belongs = viewer.village_id == g.village.id or viewer.parts
    if viewer.must_end_sitting or not belongs:
        abort(403)
    return viewer
