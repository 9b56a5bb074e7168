"""Pages that everybody may read: the notices, one notice, its photos."""

from flask import Response, abort, render_template
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.pages import village_blueprint
from portal.core.slots import Link
from portal.notices import calendar_views, ports, service
from portal.notices.reading import GENERAL
from portal.notices.words import CHANNELS, CHIPS, REFUSALS, STATES, TYPES, length_words

__all__ = ["REFUSALS", "VILLAGE_LINKS", "bp"]

bp = village_blueprint("notices", __name__, "/notices")
VILLAGE_LINKS = (Link(_l("Public notices"), "notices.index", (Part.ANYONE,)),)
for rule, view, method in (
    ("/desk/calendar", calendar_views.calendar, "GET"),
    ("/desk/calendar", calendar_views.save_rest_day, "POST"),
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
    }


@bp.get("/")
@requires(Part.ANYONE, on_behalf=True)
def index() -> str:
    """List the notices that were opened, the newest first."""
    now = clock.now()
    notices = service.list_notices(is_public=True)
    return render_template(
        "notices/index.html",
        lines=[(notice, service.state_of(notice, now=now)) for notice in notices],
    )


@bp.get("/<int:notice_id>")
@requires(Part.ANYONE, on_behalf=True)
def show(notice_id: int) -> str:
    """Show a notice: what it says, until when, where it hangs, what one can do."""
    notice = service.get_notice(notice_id)
    if notice.opened_at is None:
        abort(404)
    endpoint, values = ports.subject(notice.subject_kind).page(notice.subject_id or notice_id)
    return render_template(
        "notices/show.html",
        notice=notice,
        run=service.opened(notice),
        state=service.state_of(notice, now=clock.now()),
        channels=service.channels_of(notice_id)[notice_id],
        is_general=notice.subject_kind == GENERAL,
        endpoint=endpoint,
        values=values,
    )


@bp.get("/<int:notice_id>/photos/<int:photo_id>.jpg")
@requires(Part.ANYONE, on_behalf=True)
def photo(notice_id: int, photo_id: int) -> Response:
    """Return a photo of a board, as everybody may see it from the opening on."""
    if service.get_notice(notice_id).opened_at is None:
        abort(404)
    found = service.get_photo(notice_id, photo_id)
    response = Response(found.data, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.set_etag(found.sha256[:32])
    return response
