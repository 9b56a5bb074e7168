"""Pages that everybody may read: the notices, one notice, its sheet to hang up, its photos."""

import segno
from flask import Response, abort, render_template, url_for
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.markdown import render
from portal.core.pages import village_blueprint
from portal.core.slots import Link
from portal.notices import calendar_views, desk_views, ports, prepare_views, service
from portal.notices.cards import READERS, desk_cards, home_cards, take_part_cards
from portal.notices.models import Notice
from portal.notices.reading import GENERAL
from portal.notices.words import (
    CHANNELS,
    CHIPS,
    REFUSALS,
    STATES,
    TYPES,
    full_day,
    length_words,
    run_words,
)

__all__ = [
    "DESK_LINKS",
    "REFUSALS",
    "VILLAGE_LINKS",
    "bp",
    "desk_cards",
    "home_cards",
    "take_part_cards",
]

bp = village_blueprint("notices", __name__, "/notices")
DESK_LINKS = (Link(_l("Public notices"), "notices.desk", READERS),)
VILLAGE_LINKS = (Link(_l("Public notices"), "notices.index", (Part.ANYONE,)),)
for rule, view, method in (
    ("/desk", desk_views.desk, "GET"),
    ("/desk/new", desk_views.choose, "GET"),
    ("/desk/new/<kind>", desk_views.new, "GET"),
    ("/desk/new/<kind>", desk_views.create, "POST"),
    ("/desk/lengths", desk_views.lengths, "GET"),
    ("/desk/lengths", desk_views.save_length, "POST"),
    ("/desk/calendar", calendar_views.calendar, "GET"),
    ("/desk/calendar", calendar_views.save_rest_day, "POST"),
    ("/desk/<int:notice_id>", prepare_views.prepare, "GET"),
    ("/desk/<int:notice_id>/ways/<int:channel_id>", prepare_views.confirm_way, "POST"),
    ("/desk/<int:notice_id>/ways/<int:channel_id>/photos", prepare_views.add_photos, "POST"),
    ("/desk/<int:notice_id>/open", prepare_views.open_now, "POST"),
    ("/desk/<int:notice_id>/day", prepare_views.move, "POST"),
    ("/desk/<int:notice_id>/let-stand", prepare_views.let_stand, "POST"),
    ("/desk/<int:notice_id>/withdraw", prepare_views.withdraw, "POST"),
    ("/desk/<int:notice_id>/void", prepare_views.declare_void, "POST"),
    ("/desk/<int:notice_id>/again", prepare_views.again, "GET"),
    ("/desk/<int:notice_id>/again", prepare_views.begin_again, "POST"),
):
    bp.add_url_rule(rule, endpoint=view.__name__, view_func=view, methods=[method])


@bp.app_context_processor
def words_for_templates() -> dict[str, object]:
    """Lend the words of notices to templates."""
    return {
        "notice_types": TYPES,
        "notice_states": STATES,
        "notice_chips": CHIPS,
        "channel_words": CHANNELS,
        "length_words": length_words,
        "run_words": run_words,
        "full_day": full_day,
    }


@bp.get("/")
@requires(Part.ANYONE, on_behalf=True)
def index() -> str:
    """List the notices that were opened, those that run first."""
    now = clock.now()
    running = service.list_running(now=now)
    ids = {notice.id for notice in running}
    past = [notice for notice in service.list_notices(is_public=True) if notice.id not in ids]
    return render_template(
        "notices/index.html",
        lines=[(notice, service.state_of(notice, now=now)) for notice in (*running, *past)],
    )


@bp.get("/<int:notice_id>")
@requires(Part.ANYONE, on_behalf=True)
def show(notice_id: int) -> str:
    """Show a notice: what it says, until when, where it hangs, what one can do."""
    notice = _readable(notice_id)
    endpoint, values = ports.subject(notice.subject_kind).page(notice.subject_id or notice_id)
    rounds = service.list_rounds(notice)
    return render_template(
        "notices/show.html",
        notice=notice,
        run=service.opened(notice),
        state=service.state_of(notice, now=clock.now()),
        body=render(notice.body),
        channels=service.channels_of(notice_id)[notice_id],
        is_general=notice.subject_kind == GENERAL,
        subject_page=url_for(endpoint, **values),
        rounds=rounds,
        newer=next((n for n in reversed(rounds) if n.opened_at and n.round > notice.round), None),
        may_prepare=may(*READERS),
    )


@bp.get("/<int:notice_id>/sheet")
@requires(Part.ANYONE, on_behalf=True)
def sheet(notice_id: int) -> str:
    """Show a notice as one sheet to print and hang up, with a square that leads to its page.

    Whoever prepares a notice prints it before it opens: its dates are then those of its plan.
    """
    notice = service.get_notice(notice_id)
    if notice.opened_at is None and not may(*READERS):
        abort(404)
    run = service.opened(notice)
    start, last = (
        (run.started_on, run.last_on)
        if run
        else service.preview_end(notice, is_rest_day=service.rest_days(), now=clock.now())
    )
    address = url_for(".show", notice_id=notice_id, _external=True)
    return render_template(
        "notices/sheet.html",
        notice=notice,
        run=run,
        state=service.state_of(notice, now=clock.now()),
        start=start,
        last=last,
        days=(last - start).days,
        body=render(notice.body),
        is_general=notice.subject_kind == GENERAL,
        address=address,
        qr=segno.make(address, error="m").svg_inline(scale=3, border=2, omitsize=True),
    )


@bp.get("/<int:notice_id>/photos/<int:photo_id>.jpg")
@requires(Part.ANYONE, on_behalf=True)
def photo(notice_id: int, photo_id: int) -> Response:
    """Return a photo of a board, as everybody may see it from the opening on."""
    notice = service.get_notice(notice_id)
    is_public = notice.opened_at is not None
    if not is_public and not may(*READERS):
        abort(404)
    found = service.get_photo(notice_id, photo_id)
    response = Response(found.data, mimetype="image/jpeg")
    response.headers["Cache-Control"] = (
        "public, max-age=86400" if is_public else "private, no-store"
    )
    response.set_etag(found.sha256[:32])
    return response


def _readable(notice_id: int) -> Notice:
    """Return a notice that everybody may read: one that was opened."""
    notice = service.get_notice(notice_id)
    if notice.opened_at is None:
        abort(404)
    return notice
