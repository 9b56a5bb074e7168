"""Asking the author of a message whether it may be an opinion, and their answer."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.slots import Card
from portal.discussion.rules import WHOLE
from portal.plans import service as plans
from portal.rooms import entering, listing, promoting, rules
from portal.rooms.blueprint import READERS, bp
from portal.rooms.forms import OpinionForm
from portal.rooms.lines import Line
from portal.rooms.message_views import message, open_line
from portal.rooms.words import BADGES, REFUSALS, title


@bp.post("/<int:room_id>/messages/<int:seq>/suggest")
@requires(Part.COMMITTEE, Part.PLANNER)
def suggest(room_id: int, seq: int) -> ResponseReturnValue:
    """Ask the author for this message as an opinion."""
    seat, line = open_line(room_id, seq)
    try:
        with transaction():
            promoting.suggest(
                line.message.id, seat.place, account_id=g.viewer.account_id, now=clock.now()
            )
    except Refused as refused:
        return message(room_id, seq, refusal=refused.reason), 422
    flash(_("The author has been asked."), "success")
    return redirect(url_for(".message", room_id=room_id, seq=seq))


@bp.get("/<int:room_id>/messages/<int:seq>/opinion")
@requires(Part.VILLAGER)
def opinion(
    room_id: int, seq: int, form: OpinionForm | None = None, refusal: str | None = None
) -> str:
    """Ask the author whether the message may be an opinion on the plan."""
    seat, line = open_line(room_id, seq)
    asked = promoting.find_promotion(line.message.id)
    if asked is None or not line.message.is_by(g.viewer):
        abort(404)
    form = form or OpinionForm(formdata=None, show_name=line.message.show_name)
    form.about.choices = [
        SelectChoice(WHOLE, _("The whole plan")),
        *(SelectChoice(*one) for one in plans.list_anchors(asked.version_id).items()),
    ]
    return render_template(
        "rooms/opinion.html",
        seat=seat,
        title=title(seat.place, seat.name),
        line=line,
        asked=asked,
        version=plans.get_version(asked.version_id),
        badges=BADGES,
        form=form,
        refusal=refusal,
    )


@bp.post("/<int:room_id>/messages/<int:seq>/opinion")
@requires(Part.VILLAGER)
def answer_opinion(room_id: int, seq: int) -> ResponseReturnValue:
    """Take the author's yes or no."""
    _seat, line = open_line(room_id, seq)
    form, mine = OpinionForm(), {"resident_id": g.viewer.resident_id, "now": clock.now()}
    if not line.message.is_by(g.viewer):
        abort(404)
    try:
        with transaction():
            if request.form.get("wish") != "yes":
                promoting.decline(line.message.id, **mine)
                comment_id = None
            else:
                about, about_title = _about(line, form)
                given = promoting.agree(
                    line.message.id,
                    about=about,
                    about_title=about_title,
                    show_name=form.show_name.data,
                    **mine,
                )
                comment_id, number = given.id, given.number
    except Refused as refused:
        if refused.reason is rules.Refusal.NOT_ASKED:
            abort(404)
        return opinion(room_id, seq, form, str(_words(refused))), 422
    if comment_id is None:
        flash(_("It stays what it is: a remark in the room."), "success")
        return redirect(url_for(".message", room_id=room_id, seq=seq))
    flash(_("Thank you. Your opinion has number %(number)s.", number=number), "success")
    return redirect(url_for("discussion.comment", comment_id=comment_id))


def opinion_cards(*, comment_id: int, **_facts: object) -> list[Card]:
    """Lead from an opinion to the remark that it was, for those who may read there."""
    origin = promoting.find_origin(comment_id) if may(*READERS) else None
    if origin is None:
        return []
    asking = entering.viewer()
    seat = listing.get_seat(origin.room_id, asking.account_id)
    if rules.why_not_read(seat.place, entering.person_of(asking, seat.place)):
        return []
    return [
        Card(
            title=_("It began as a remark"),
            line=title(seat.place, seat.name),
            href=url_for(
                "rooms.room", room_id=origin.room_id, at=origin.seq, _anchor=f"m-{origin.seq}"
            ),
            action=_("Read it in its place"),
        )
    ]


def _about(line: Line, form: OpinionForm) -> tuple[str, str]:
    """Return what of the plan the author chose, and what the plan calls it."""
    asked, about = promoting.find_promotion(line.message.id), form.about.data or ""
    found = plans.list_anchors(asked.version_id).get(about) if asked else None
    return (about, found) if found else ("", "")


def _words(refused: Refused) -> object:
    return REFUSALS.get(refused.reason) or _("Opinions on this plan are not being collected now.")
