"""Pages of the meetings for everybody, and for those who are called: look, come in, take part."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, is_on_behalf, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.masking import mask_name
from portal.core.pages import Page
from portal.core.slots import Link, Slot, cards
from portal.core.suppression import is_small
from portal.meetings import (
    attending,
    correction_views,
    council_views,
    desk_views,
    door_views,
    listing,
    minutes_views,
    paper_views,
    presence,
    representative_views,
    representing,
    service,
    sheets,
)
from portal.meetings.blueprint import bp
from portal.meetings.cards import DOOR, EDITORS
from portal.meetings.cards import desk_cards as desk_cards
from portal.meetings.cards import home_cards as home_cards
from portal.meetings.cards import take_part_cards as take_part_cards
from portal.meetings.forms import row_id
from portal.meetings.models import Meeting
from portal.meetings.presence import Present
from portal.meetings.rules import Proof, Refusal, State
from portal.meetings.words import CAPACITIES, CHANNELS, KINDS, REFUSALS, STATES
from portal.people import service as people
from portal.plans import service as plans

PAGES = (
    correction_views,
    council_views,
    desk_views,
    door_views,
    minutes_views,
    paper_views,
    representative_views,
)
"""The modules that hang more pages on the blueprint."""
READERS = (Part.VILLAGER, Part.COMMITTEE, Part.SUPERVISOR, Part.GRID_WORKER)
STAFF = (Part.COMMITTEE, Part.SUPERVISOR, Part.GRID_WORKER)

DESK_LINKS = (
    Link(_l("Meetings"), "meetings.desk", EDITORS),
    Link(_l("Villagers' representatives"), "meetings.representatives", EDITORS),
    Link(_l("Villagers' council"), "meetings.seats", EDITORS),
)
VILLAGE_LINKS = (
    Link(_l("Meetings"), "meetings.index", (Part.ANYONE,)),
    Link(_l("Villagers' council"), "meetings.council", (Part.ANYONE,)),
)


@bp.get("")
@requires(Part.ANYONE, on_behalf=True)
def index() -> str:
    """List the meetings that are to come and those that were."""
    now = clock.now()
    meetings = [(meeting, meeting.state_at(now)) for meeting in service.list_meetings()]
    return render_template(
        "meetings/index.html",
        coming=[m for m in meetings if m[1] in (State.CONVENED, State.OPEN)][::-1],
        past=[m for m in meetings if m[1] not in (State.CONVENED, State.OPEN)],
        asking=representing.who_can_ask(clock.today(now), village_code=g.village.code),
        kinds=KINDS,
        states=STATES,
    )


@bp.get("/<int:meeting_id>")
@requires(Part.ANYONE, on_behalf=True)
def show(meeting_id: int) -> str:
    """Show a meeting: what, where and when; how many were there; and what I can do.

    Nobody comes in for somebody else: whoever helps another sees what everybody sees.
    """
    return _shown(service.get_meeting(meeting_id))


@bp.post("/<int:meeting_id>/witness")
@requires(Part.VILLAGER)
def witness(meeting_id: int) -> ResponseReturnValue:
    """Agree to a signed sheet, as one of its two witnesses, from one's own account."""
    meeting = service.get_meeting(meeting_id)
    try:
        with transaction():
            noted = sheets.agree(
                row_id(request.form.get("sheet", "")),
                meeting_id=meeting.id,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        return _shown(meeting, REFUSALS[refused.reason]), 409
    flash(
        _("You have agreed. The other witness must agree too.")
        if noted is None
        else _("Both witnesses have agreed. The sheet counts."),
        "success",
    )
    return redirect(url_for(".show", meeting_id=meeting.id), 303)


def _shown(meeting: Meeting, reason: object = None) -> str:
    now = clock.now()
    state = meeting.state_at(now)
    standing, waiting = None, []
    if may(Part.VILLAGER) and not is_on_behalf():
        waiting = sheets.waiting_for(g.viewer.resident_id, now=now)
        standing = presence.present_in([meeting.id], g.viewer.resident_id).get(meeting.id)
    successor, counted = service.find_successor(meeting.id), presence.count(meeting.id)
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        reason=reason,
        to_witness=[sheet for sheet in waiting if sheet.meeting_id == meeting.id],
        state=state,
        is_called=standing is not None,
        is_there=bool(standing),
        counted=counted,
        shown=shown_to_all(counted),
        successor=successor,
        cards=cards(Slot.MEETING, now=now, meeting_id=meeting.id),
        group=people.group_names().get(meeting.group_id or 0),
        version=plans.get_version(meeting.version_id) if meeting.version_id else None,
        may_read_names=standing is not None or may(*STAFF),
        may_join=standing is False and _why_not(meeting, Proof.ONLINE) is None,
        is_at_door=standing is False and _why_not(meeting, Proof.POSTER) is None,
        is_door=may(*DOOR),
        is_editor=may(*EDITORS),
        kinds=KINDS,
        states=STATES,
        channels=CHANNELS,
    )


def shown_to_all(counted: Present) -> Present | None:
    """Return the numbers that everybody may read, or None: too few people stand behind one."""
    channels = counted.by_channel.values()
    few = [*channels, counted.present, counted.households_present]
    return None if any(is_small(number) for number in few) else counted


@bp.get("/<int:meeting_id>/names")
@requires(*READERS)
def names(meeting_id: int) -> str:
    """Show those called to a meeting, and its staff, who was called and who was there."""
    meeting = service.get_meeting(meeting_id)
    if not may(*STAFF) and not service.is_member(meeting.id, g.viewer.resident_id):
        abort(403)
    page = max(1, request.args.get("page", 1, type=int))
    is_there = {"there": True, "away": False}.get(request.args.get("which", ""))
    rows, total = listing.names(meeting.id, listing.Wanted(is_there=is_there), page=page)
    return render_template(
        "meetings/names.html",
        shown=str if may(Part.COMMITTEE, Part.GRID_WORKER, Part.ADMIN) else mask_name,
        meeting=meeting,
        rows=rows,
        which=request.args.get("which", ""),
        page=Page(page=page, per_page=listing.PAGE, total=total, items=rows),
        total=total,
        channels=CHANNELS,
        capacities=CAPACITIES,
    )


@bp.get("/<int:meeting_id>/here")
@requires(Part.VILLAGER)
def here(meeting_id: int) -> ResponseReturnValue:
    """Ask whoever scanned the code at the door for the one tap: I am here.

    Without a code they came by the printed poster; then somebody of the staff must see them.
    """
    meeting = service.get_meeting(meeting_id)
    code = request.args.get("c", "")
    return _here(meeting, code, _why_not(meeting, Proof.CODE if code else Proof.POSTER, code=code))


@bp.post("/<int:meeting_id>/here")
@requires(Part.VILLAGER)
def come_in(meeting_id: int) -> ResponseReturnValue:
    """Note whoever taps that they are here, if the code was at the door just now."""
    meeting, now = service.get_meeting(meeting_id), clock.now()
    code, who = request.form.get("c", ""), g.viewer
    try:
        with transaction():
            if code:
                attending.come_in(
                    meeting.id, who.resident_id, code=code, account_id=who.account_id, now=now
                )
            else:
                attending.wait_at_door(meeting.id, who.resident_id, now=now)
    except Refused as refused:
        if refused.reason is not Refusal.ALREADY_THERE:
            return _here(meeting, code, Refusal(refused.reason))
    else:
        if code:
            flash(_("You are on the list of those present."), "success")
    return redirect(url_for(".here", meeting_id=meeting.id, c=code or None), 303)


@bp.post("/<int:meeting_id>/online")
@requires(Part.VILLAGER)
def join_online(meeting_id: int) -> ResponseReturnValue:
    """Note that somebody takes part from where they are."""
    meeting, who = service.get_meeting(meeting_id), g.viewer
    try:
        with transaction():
            attending.join_online(
                meeting.id, who.resident_id, account_id=who.account_id, now=clock.now()
            )
    except Refused as refused:
        if refused.reason is not Refusal.ALREADY_THERE:
            return _here(meeting, "", Refusal(refused.reason))
    flash(_("You take part online."), "success")
    return redirect(url_for(".show", meeting_id=meeting.id), 303)


def _why_not(meeting: Meeting, proof: Proof, *, code: str | None = None) -> Refusal | None:
    now = clock.now()
    if proof is Proof.CODE and not attending.is_good_code(meeting.id, code or "", now=now):
        return Refusal.CODE_OLD
    return attending.why_not(meeting, g.viewer.resident_id, proof, now=now)


def _here(meeting: Meeting, code: str, refusal: Refusal | None) -> ResponseReturnValue:
    resident_id = g.viewer.resident_id
    is_there = presence.present_in([meeting.id], resident_id).get(meeting.id, False)
    page = render_template(
        "meetings/here.html",
        meeting=meeting,
        code=code,
        is_there=is_there,
        is_waiting=not is_there and attending.is_waiting(meeting.id, resident_id),
        reason=None if is_there or refusal is None else REFUSALS[refusal],
    )
    return page, 409 if refusal and not is_there else 200
