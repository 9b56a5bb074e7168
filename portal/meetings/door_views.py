"""Pages of the staff at the door: the code, the poster, the list to tick."""

import segno
from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import audit, clock
from portal.core.access import requires
from portal.core.audit import Look
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import Page
from portal.meetings import attending, listing, presence, rules, service
from portal.meetings.blueprint import bp
from portal.meetings.cards import DOOR
from portal.meetings.forms import row_id
from portal.meetings.rules import Proof, Refusal, State
from portal.meetings.words import CAPACITIES, CHANNELS, KINDS, REFUSALS, STATES

RENEWED = 20
"""The page of the door is fetched again after so many seconds: its code is always a good one."""


@bp.get("/<int:meeting_id>/door")
@requires(*DOOR)
def door(meeting_id: int) -> ResponseReturnValue:
    """Show the code that members scan, how many are there, and who waits to be seen."""
    meeting, now = service.get_meeting(meeting_id), clock.now()
    code = attending.door_code(meeting.id, now=now)
    address = url_for(".here", meeting_id=meeting.id, c=code, _external=True)
    is_open = meeting.state_at(now) in (State.CONVENED, State.OPEN)
    waiting = listing.all_names(meeting.id, listing.Wanted(is_waiting=True)) if is_open else []
    response = make_response(
        render_template(
            "meetings/door.html",
            meeting=meeting,
            state=meeting.state_at(now),
            states=STATES,
            counted=presence.count(meeting.id),
            is_early=now < meeting.held_at - rules.DOORS_BEFORE,
            is_over=not is_open,
            waiting=waiting,
            channels=CHANNELS,
            qr=_square(address, scale=6) if is_open else "",
        )
    )
    if is_open:
        response.headers["Refresh"] = str(RENEWED)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/<int:meeting_id>/poster")
@requires(*DOOR)
def poster(meeting_id: int) -> str:
    """Show a sheet to print and hang up at the door: who comes by it is seen by the staff."""
    meeting = service.get_meeting(meeting_id)
    address = url_for(".here", meeting_id=meeting.id, _external=True)
    return render_template(
        "meetings/poster.html",
        meeting=meeting,
        address=address,
        kinds=KINDS,
        qr=_square(address, scale=3),
    )


@bp.get("/<int:meeting_id>/roll")
@requires(*DOOR)
def roll(meeting_id: int, reason: Refusal | None = None) -> ResponseReturnValue:
    """Show the list of those called, to be searched and ticked."""
    meeting, now = service.get_meeting(meeting_id), clock.now()
    page = max(1, request.args.get("page", 1, type=int))
    wanted = listing.Wanted(
        search=request.args.get("q", "").strip()[:60],
        group_id=row_id(request.args.get("group", "")) or None,
        is_there={"there": True, "away": False}.get(request.args.get("which", "")),
    )
    rows, total = listing.names(meeting.id, wanted, page=page)
    with transaction():
        audit.note(Look.OPENED, "meeting-list", now=now, group_id=wanted.group_id)
    shown = render_template(
        "meetings/roll.html",
        meeting=meeting,
        rows=rows,
        total=total,
        wanted=wanted,
        which=request.args.get("which", ""),
        groups=listing.count_groups(meeting.id),
        counted=presence.count(meeting.id),
        page=Page(page=page, per_page=listing.PAGE, total=total, items=rows),
        own=g.viewer.resident_id,
        may_tick=attending.why_not_now(meeting, Proof.STAFF, now=now) is None,
        reason=REFUSALS[reason] if reason else None,
        channels=CHANNELS,
        capacities=CAPACITIES,
    )
    return shown, 409 if reason else 200


@bp.post("/<int:meeting_id>/roll")
@requires(*DOOR)
def tick(meeting_id: int) -> ResponseReturnValue:
    """Note that somebody on the list is there; then back to where the list stood."""
    meeting = service.get_meeting(meeting_id)
    resident_id = row_id(request.form.get("resident_id", ""))
    try:
        with transaction():
            attending.tick(meeting.id, resident_id, account_id=g.viewer.account_id, now=clock.now())
    except Refused as refused:
        if refused.reason is not Refusal.ALREADY_THERE:
            return roll(meeting_id, Refusal(refused.reason))
    else:
        flash(_("Noted as present."), "success")
    if request.form.get("back") == "door":
        return redirect(url_for(".door", meeting_id=meeting.id), 303)
    here = {
        key: request.args[key] for key in ("q", "group", "which", "page") if key in request.args
    }
    return redirect(url_for(".roll", meeting_id=meeting.id, **here), 303)  # type: ignore[arg-type]  # plain words


def _square(address: str, *, scale: int) -> str:
    return str(segno.make(address, error="m").svg_inline(scale=scale, border=3, omitsize=True))
