"""Choosing what an opinion is about on the map, without JavaScript: a tap, a place, a parcel."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.access import Part, requires
from portal.plans.anchors import PARCEL
from portal.plans.grounds import ground_of
from portal.plans.kept import readable
from portal.plans.models import PlanVersion
from portal.plans.spots import Spot, frame_of, read_spot, spot_at, spot_on

WIDE = 280
"""How wide the picture stands on the page, so that a tap on it says where."""


def register(bp: Blueprint) -> None:
    """Hang the page onto the blueprint of plans."""
    rule = "/<int:version_id>/place"
    bp.add_url_rule(rule, endpoint="place", view_func=place, methods=["GET"])


@requires(Part.ANYONE, on_behalf=True)
def place(version_id: int) -> ResponseReturnValue:
    """Ask for a place on the map, and lead on to the opinion about it."""
    version = readable(version_id)
    frame = frame_of(version)
    if frame is None:
        abort(404)
    about, fault = _chosen(version)
    if about:
        return redirect(url_for("discussion.plan", version_id=version_id, about=about))
    atlas = ground_of(version).atlas
    named = [p for p in atlas.parcels.values() if p.name] if atlas else []
    return render_template(
        "plans/place.html",
        version=version,
        frame=frame,
        wide=WIDE,
        high=round(WIDE * frame.height / frame.width),
        landmarks=[(spot_at(*p.middle).key, p.number, p.name) for p in named],
        fault=fault,
    ), (422 if fault else 200)


def _chosen(version: PlanVersion) -> tuple[str, str]:
    """Return the key of what was chosen, or what is wrong with it, or nothing of either."""
    if number := request.args.get("parcel", "").strip():
        atlas = ground_of(version).atlas
        known = number.isdecimal() and len(number) < 7 and atlas and int(number) in atlas.parcels
        if known:
            return f"{PARCEL}{int(number)}", ""
        return "", _("The map has no parcel of this number.")
    spot = _tapped(version) or read_spot(request.args.get("at", ""))
    return (spot.key, "") if spot else ("", "")


def _tapped(version: PlanVersion) -> Spot | None:
    x, y = (request.args.get(f"tap.{axis}", 0, type=int) for axis in "xy")
    frame = frame_of(version)
    if frame is None or not 0 < x <= WIDE or y <= 0:  # the keyboard says 0, 0
        return None
    scale = frame.width / WIDE
    return spot_on(frame, x * scale, min(y * scale, frame.height))
