"""One message on a page of its own: answer it, change it, take it back, keep it at the top."""

from enum import StrEnum

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.rooms import lines, mending, pinning, promoting
from portal.rooms.blueprint import READERS, bp
from portal.rooms.entering import author_of, enter
from portal.rooms.forms import EditForm
from portal.rooms.lines import Line
from portal.rooms.listing import Seat
from portal.rooms.words import BADGES, REFUSALS, title


@bp.get("/<int:room_id>/messages/<int:seq>")
@requires(*READERS)
def message(
    room_id: int, seq: int, form: EditForm | None = None, refusal: StrEnum | None = None
) -> str:
    """Show one message with what whoever is asking can do with it."""
    seat, line = open_line(room_id, seq)
    author = author_of(g.viewer)
    asked, now = promoting.find_promotion(line.message.id), clock.now()
    version_id = promoting.find_version(seat.place, now=now) if asked else None
    is_editable = mending.why_not_edit(line, author, now=now) is None
    return render_template(
        "rooms/message.html",
        seat=seat,
        title=title(seat.place, seat.name),
        line=line,
        badges=BADGES,
        form=form or (EditForm(formdata=None, body=line.message.body) if is_editable else None),
        can_take_back=mending.why_not_take_back(line, author) is None,
        asked=asked,
        may_ask=promoting.may_ask(asked, version_id),
        is_pinned=line.is_pinned,
        wordings=mending.list_wordings(line.message.id) if may(Part.COMMITTEE) else [],
        refusal=refusal and REFUSALS[refusal],
    )


@bp.post("/<int:room_id>/messages/<int:seq>/edit")
@requires(*READERS)
def edit(room_id: int, seq: int) -> ResponseReturnValue:
    """Put one's own message differently, within a quarter of an hour."""
    _seat, line = open_line(room_id, seq)
    form = EditForm()
    if not form.validate_on_submit():
        return message(room_id, seq, form), 422
    try:
        with transaction():
            mending.edit(
                line.message.id,
                body=form.body.data or "",
                author=author_of(g.viewer),
                now=clock.now(),
            )
    except Refused as refused:
        form.body.errors = [REFUSALS[refused.reason]]
        return message(room_id, seq, form), 422
    return _back(room_id, seq)


@bp.post("/<int:room_id>/messages/<int:seq>/take-back")
@requires(*READERS)
def take_back(room_id: int, seq: int) -> ResponseReturnValue:
    """Take one's own words back."""
    _seat, line = open_line(room_id, seq)
    try:
        with transaction():
            mending.take_back(line.message.id, author=author_of(g.viewer), now=clock.now())
    except Refused as refused:
        return message(room_id, seq, refusal=refused.reason), 422
    flash(_("Taken back. The others see only that something stood here."), "success")
    return _back(room_id, seq)


@bp.post("/<int:room_id>/messages/<int:seq>/pin")
@requires(Part.COMMITTEE)
def pin(room_id: int, seq: int) -> ResponseReturnValue:
    """Keep a message at the top of its room, announce it, or take it down."""
    _seat, line = open_line(room_id, seq)
    wish = request.form.get("wish")
    try:
        with transaction():
            if wish == "unpin":
                pinning.unpin(line.message.id)
            else:
                pinning.pin(
                    line.message.id,
                    account_id=g.viewer.account_id,
                    is_announcement=wish == "announce",
                    now=clock.now(),
                )
    except Refused as refused:
        return message(room_id, seq, refusal=refused.reason), 422
    flash(_("Taken down.") if wish == "unpin" else _("It stands at the top now."), "success")
    return _back(room_id, seq)


def open_line(room_id: int, seq: int) -> tuple[Seat, Line]:
    """Return a room and one of its messages, if whoever is asking may read both."""
    seat, _person = enter(room_id)
    line = lines.find_line(room_id, seq)
    if line is None:
        abort(404)
    is_own = line.message.is_by(author_of(g.viewer))
    if line.message.held_for and not is_own and not may(Part.COMMITTEE):
        abort(404)
    return seat, line


def _back(room_id: int, seq: int) -> ResponseReturnValue:
    return redirect(url_for(".room", room_id=room_id, at=seq, _anchor=f"m-{seq}"))
