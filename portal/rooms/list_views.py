"""The list of rooms, opening one, and how far somebody has read."""

from datetime import datetime

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.saving import save_form
from portal.moderation import changes, recording
from portal.rooms import cards, listing, pointers, rules, service
from portal.rooms.blueprint import READERS, bp
from portal.rooms.entering import enter
from portal.rooms.forms import SettingsForm
from portal.rooms.listing import Seat
from portal.rooms.words import title


@bp.get("")
@requires(*READERS)
def index() -> str:
    """Show the rooms that whoever is asking may read, and the committee those still to open."""
    unopened = listing.list_unopened(now=clock.now()) if may(Part.COMMITTEE) else []
    return render_template(
        "rooms/index.html",
        rooms=[cards.seat_card(seat, rank=0) for seat in cards.seats()],
        unopened=[(place.key, title(place, name)) for place, name in unopened],
    )


@bp.post("")
@requires(Part.COMMITTEE)
def open_room() -> ResponseReturnValue:
    """Open the room of the village, a group, a plan or the council, once."""
    place = rules.place_of(request.form.get("key", rules.VILLAGE.key))
    if place is None:
        abort(404)
    with transaction():
        room_id = service.open_room(place).id
    if place == rules.VILLAGE:
        flash(_("The village room is open."), "success")
    else:
        flash(_("The room is open."), "success")
    return redirect(url_for(".room", room_id=room_id))


@bp.post("/<int:room_id>/read")
@requires(*READERS)
def read(room_id: int) -> ResponseReturnValue:
    """Keep how far whoever is asking has read; nobody else ever sees it."""
    enter(room_id)
    seq = request.form.get("seq", type=int)
    if seq is None or not 0 <= seq < 2**31:
        abort(422)
    with transaction():
        pointers.move_pointer(room_id, g.viewer.account_id, seq)
    if "by_script" in request.form:
        return "", 204
    return redirect(url_for("discussion.index"))


@bp.get("/<int:room_id>/settings")
@requires(Part.COMMITTEE)
def settings(room_id: int, form: SettingsForm | None = None) -> str:
    """Show how one writes in a room."""
    seat, _person = enter(room_id)
    kept = seat.room
    form = form or SettingsForm(
        formdata=None, slow_seconds=str(kept.slow_seconds), is_read_only=kept.is_read_only
    )
    return render_template(
        "rooms/settings.html", seat=seat, title=title(seat.place, seat.name), form=form
    )


@bp.post("/<int:room_id>/settings")
@requires(Part.COMMITTEE)
def set_rules(room_id: int) -> ResponseReturnValue:
    """Say how one writes in a room."""
    seat, _person = enter(room_id)
    form = SettingsForm()
    return save_form(
        form,
        lambda: settings(room_id, form),
        lambda now: _set_rules(seat, form, now=now),
        refuse=lambda _form, _refused: None,
        after=url_for(".room", room_id=room_id, _anchor="newest"),
    )


def _set_rules(seat: Seat, form: SettingsForm, *, now: datetime) -> None:
    """Set the rules of a room, and write into log and record how one writes there now."""
    seconds, is_read_only = int(form.slow_seconds.data), form.is_read_only.data
    service.set_rules(seat.room.id, slow_seconds=seconds, is_read_only=is_read_only)
    with force_locale(recording.LANGUAGE):
        pause = _("%(num)s seconds between two messages", num=seconds) if seconds else ""
        silence = str(form.is_read_only.label.text) if is_read_only else ""
        parts = (title(seat.place, seat.name), pause, silence)
        words = _(", ").join(filter(None, parts))
    changes.write_down(
        changes.ROOM, seat.room.id, words=words, account_id=g.viewer.account_id, now=now
    )
