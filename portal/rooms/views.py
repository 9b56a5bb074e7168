"""Pages of the room: the talk, the feed, the live stream, and the words for every refusal."""

from flask import Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, live
from portal.core.access import requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.forms import LARGEST
from portal.moderation.writing import Refusal
from portal.rooms import (
    export_views,
    list_views,
    message_views,
    opinion_views,
    pinning,
    search_views,
    service,
    telling,
)
from portal.rooms.blueprint import READERS, bp
from portal.rooms.cards import home_cards, talk_cards
from portal.rooms.entering import author_of, enter
from portal.rooms.forms import MessageForm
from portal.rooms.opinion_views import opinion_cards
from portal.rooms.rules import Refusal as Wait
from portal.rooms.telling import as_html
from portal.rooms.words import BADGES, REFUSALS, title
from portal.rooms.words import READERS as READER_WORDS

AROUND = 25

__all__ = [
    "bp",
    "export_views",
    "home_cards",
    "list_views",
    "message_views",
    "opinion_cards",
    "opinion_views",
    "search_views",
    "talk_cards",
]


@bp.get("/<int:room_id>")
@requires(*READERS)
def room(room_id: int, form: MessageForm | None = None) -> str:
    """Show the newest of the talk, or what was said around or before a message."""
    seat, person = enter(room_id)
    at = request.args.get("at", type=int)
    before = at + AROUND if at is not None else request.args.get("before", type=int)
    staff_only = request.args.get("only") == "staff"
    lines = service.list_page(room_id, before=before, staff_only=staff_only)
    is_newest = before is None or (bool(lines) and lines[-1].message.seq == seat.room.last_seq)
    resident_id = g.viewer.resident_id
    answered = _answered(room_id, form)
    if form is None:
        shows = resident_id is not None and service.shows_name(room_id, resident_id)
        form = MessageForm(formdata=None, show_name=shows, body=_call(room_id))
        form.reply_to.data = answered and answered.message.seq
    refusal = service.why_not_send(seat.room, person, resident_id=resident_id, now=clock.now())
    return render_template(
        "rooms/room.html",
        seat=seat,
        room=seat.room,
        title=title(seat.place, seat.name),
        readers=READER_WORDS[seat.place.kind],
        lines=lines,
        pins=pinning.list_pins(room_id),
        answered=answered,
        form=form,
        files=form.kept(resident_id),
        badges=BADGES,
        staff_only=staff_only,
        is_newest=is_newest and not staff_only,
        earlier=lines[0].message.seq if lines and lines[0].message.seq > 1 else None,
        stream=current_app.config["SETTINGS"].stream_origin + url_for(".stream", room_id=room_id),
        refusal=refusal and REFUSALS[refusal],
    )


@bp.post("/<int:room_id>")
@requires(*READERS)
def send(room_id: int) -> ResponseReturnValue:
    """Take a message. A script gets the line as others see it, a plain form the page again."""
    form = MessageForm()
    by_script = "X-Chat" in request.headers
    enter(room_id)
    resident_id, now = g.viewer.resident_id, clock.now()
    try:
        if not form.validate_on_submit():
            words = " ".join(str(error) for errors in form.errors.values() for error in errors)
            return (words, 422) if by_script else (room(room_id, form), 422)
        files = form.receive(form_key=form.key.data or "", resident_id=resident_id, now=now)
        ready = service.get_ready(
            service.Saying(
                room_id=room_id,
                body=form.body.data or "",
                show_name=form.show_name.data,
                client_key=form.key.data or "",
                author=author_of(g.viewer),
                badge=next((part for part in BADGES if part in g.viewer.parts), None),
                now=now,
                files=files,
                reply_to=form.reply_to.data,
            )
        )
        with transaction():
            message_id = service.send_ready(ready)
    except Refused as refused:
        is_early = refused.reason in (Refusal.TOO_FAST, Wait.SLOW)
        status = 429 if is_early else 422
        if by_script:
            return str(REFUSALS[refused.reason]), status, {"X-Refused": refused.reason}
        form.body.errors = [REFUSALS[refused.reason]]
        return room(room_id, form), status
    line = service.get_message(message_id)  # the room is free again for who writes next
    if by_script:
        return as_html([line])[0], 201
    return redirect(url_for(".room", room_id=room_id, _anchor=f"m-{line.message.seq}"))


@bp.get("/<int:room_id>/messages")
@requires(*READERS)
def feed(room_id: int) -> str:
    """Return what has happened since revision `after`: the lines that the stream sends too."""
    enter(room_id)
    return telling.feed(room_id, after=live.seen_by_reader())


@bp.get("/<int:room_id>/stream")
@live.streams
@requires(*READERS)
def stream(room_id: int) -> Response:
    """Tell a reader live what happens in the room, from the revision that they have seen."""
    place = enter(room_id)[0].place
    try:
        return telling.listen(room_id, place)
    except live.Full:
        return Response(status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})


def _answered(room_id: int, form: MessageForm | None) -> service.Line | None:
    """Return the line that is being answered, if it can be read."""
    seq = form.reply_to.data if form else request.args.get("reply", type=int)
    line = service.find_line(room_id, seq) if seq and 0 < seq < LARGEST else None
    return line if line and line.is_readable else None


def _call(room_id: int) -> str:
    """Return the beginning of a message that calls somebody by the name that is seen here."""
    seq = request.args.get("call", type=int)
    line = service.find_line(room_id, seq) if seq and 0 < seq < LARGEST else None
    is_callable = line is not None and line.is_readable and line.message.resident_id is not None
    return f"@{line.group} {line.author} " if line and is_callable else ""
