"""Pages of the room: the talk, the feed, the live stream, and the words for every refusal."""

from datetime import datetime

from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock, live
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import village_blueprint
from portal.core.slots import Card
from portal.moderation.words import REFUSALS
from portal.moderation.writing import Refusal
from portal.rooms import service, writings
from portal.rooms.forms import MessageForm
from portal.sign_in import sessions

READERS = (Part.VILLAGER, Part.COMMITTEE, Part.PLANNER)
BADGES: dict[Part, LazyString] = {Part.COMMITTEE: _l("Committee"), Part.PLANNER: _l("Planner")}

bp = village_blueprint("rooms", __name__, "/rooms")

bp.record(lambda _state: writings.join())  # when features.py lets the feature in


@bp.post("")
@requires(Part.COMMITTEE)
def open_room() -> ResponseReturnValue:
    """Open the village's room, once."""
    with transaction():
        room_id = service.open_room().id
    flash(_("The village room is open."), "success")
    return redirect(url_for(".room", room_id=room_id))


@bp.get("/<int:room_id>")
@requires(*READERS)
def room(room_id: int, form: MessageForm | None = None) -> str:
    """Show the newest of the talk, or what was said around or before a message."""
    found = service.get_room(room_id)
    at = request.args.get("at", type=int)
    before = at + 25 if at is not None else request.args.get("before", type=int)
    lines = service.list_page(room_id, before=before)
    resident_id = g.viewer.resident_id
    if form is None:
        shows = resident_id is not None and service.shows_name(room_id, resident_id)
        form = MessageForm(formdata=None, show_name=shows)
    refusal = service.why_not_send(room_id, resident_id, now=clock.now())
    return render_template(
        "rooms/room.html",
        room=found,
        lines=lines,
        form=form,
        badges=BADGES,
        is_newest=before is None or (bool(lines) and lines[-1].message.seq == found.last_seq),
        earlier=lines[0].message.seq if lines and lines[0].message.seq > 1 else None,
        stream=current_app.config["SETTINGS"].stream_origin + url_for(".stream", room_id=room_id),
        refusal=refusal and REFUSALS[refusal],
    )


@bp.post("/<int:room_id>")
@requires(Part.VILLAGER)
def send(room_id: int) -> ResponseReturnValue:
    """Take a message. A script gets the line as others see it, a plain form the page again."""
    form = MessageForm()
    by_script = "X-Chat" in request.headers
    try:
        if not form.validate_on_submit():
            words = " ".join(str(error) for errors in form.errors.values() for error in errors)
            return (words, 422) if by_script else (room(room_id, form), 422)
        with transaction():
            message = service.send(
                room_id,
                body=form.body.data or "",
                show_name=form.show_name.data,
                client_key=form.key.data or "",
                resident_id=g.viewer.resident_id,
                badge=next((part for part in BADGES if part in g.viewer.parts), None),
                now=clock.now(),
            )
            line = service.get_message(message.id)
    except Refused as refused:
        status = 429 if refused.reason is Refusal.TOO_FAST else 422
        if by_script:
            return str(REFUSALS[refused.reason]), status
        form.body.errors = [REFUSALS[refused.reason]]
        return room(room_id, form), status
    if by_script:
        return _line(line), 201
    return redirect(url_for(".room", room_id=room_id, _anchor=f"m-{line.message.seq}"))


@bp.get("/<int:room_id>/messages")
@requires(*READERS)
def feed(room_id: int) -> str:
    """Return what has happened since revision `after`: the lines that the stream sends too."""
    service.get_room(room_id)
    after = live.seen_by_reader()
    return "".join(_line(line) for line in service.read_feed(room_id, after=after))


@bp.get("/<int:room_id>/stream")
@live.streams
@requires(*READERS)
def stream(room_id: int) -> Response:
    """Tell a reader live what happens in the room, from the revision that he has seen."""
    service.get_room(room_id)
    token = request.cookies.get(current_app.config["SIGN_IN_COOKIE"], "")
    place, account_id = g.village, g.viewer.account_id
    is_factor_required = current_app.config["SECOND_FACTOR_REQUIRED"]

    def may_read() -> bool:
        viewer = sessions.find_viewer(
            token, place=place, now=clock.now(), is_factor_required=is_factor_required
        )
        return viewer is not None and bool(viewer.parts & frozenset(READERS))

    def read(after: int) -> list[live.News]:
        return [
            live.News(line.message.revision, _line(line))
            for line in service.read_feed(room_id, after=after)
        ]

    try:
        return live.follow(
            live.watcher("rooms", service.revisions_of),
            topic=room_id,
            person=account_id,
            after=live.seen_by_reader(),
            read=read,
            may_read=may_read,
        )
    except live.Full:
        return Response(status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})


def _line(line: service.Line) -> str:
    return render_template("rooms/line.html", line=line, badges=BADGES)


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer readers the newest talk (slot HOME)."""
    room = service.find_room() if may(*READERS) else None
    newest = service.list_page(room.id, limit=1) if room else []
    if not room or not newest or not newest[0].is_readable:
        return []
    line = newest[0]
    return [
        Card(
            title=_("The village is talking"),
            line=f"{line.group} {line.author}: {_cut(line.message.body)}",
            href=url_for("rooms.room", room_id=room.id, _anchor="newest"),
            action=_("Join in"),
            rank=-10,
        )
    ]


def talk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the village's room on the tab where the village talks (slot TALK)."""
    room = service.find_room()
    if room is None:
        return []
    newest = service.list_page(room.id, limit=1) if may(*READERS) else []
    if newest and newest[0].is_readable:
        line = f"{newest[0].group} {newest[0].author}: {_cut(newest[0].message.body, 36)}"
    elif may(*READERS):
        line = _("Read along and join in.")
    else:
        line = _("For residents, the committee and the planner.")
    href = url_for("rooms.room", room_id=room.id, _anchor="newest")
    return [Card(title=_("The whole village"), line=line, href=href, action=_("Join in"))]


def _cut(text: str, longest: int = 40) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"
