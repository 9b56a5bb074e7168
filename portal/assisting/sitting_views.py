"""Pages of one sitting: answer, begin, end; and the person's own say in it."""

from dataclasses import dataclass
from math import ceil

from flask import abort, current_app, flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.assisting import counting, finding, ports, rules, service
from portal.assisting.ask_views import HELPERS, helper_here
from portal.assisting.blueprint import bp
from portal.assisting.forms import AloneForm, AnswerForm, ObjectForm
from portal.assisting.rules import SittingState
from portal.assisting.watch_views import WATCHERS
from portal.assisting.words import CHANNELS, REASONS, REFUSALS, STATE_KINDS, STATES
from portal.core import clock
from portal.core.access import STAFF, Part, Viewer, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.people import behalf
from portal.people import service as people


@bp.get("/<int:sitting_id>")
@requires(Part.VILLAGER, *STAFF)
def show(sitting_id: int, form: ObjectForm | None = None) -> str:
    """Show one sitting to those whom it concerns, with what each of them can do now."""
    now = clock.now()
    sitting = service.get_sitting(sitting_id)
    viewer: Viewer = g.viewer
    is_person = sitting.resident_id == viewer.resident_id
    is_helper = sitting.helper_id == viewer.account_id
    is_witness = sitting.witness_id == viewer.account_id
    if not (is_person or is_helper or is_witness or may(*WATCHERS)):
        abort(404)
    return render_template(
        "assisting/show.html",
        line=counting.line_of(sitting, now=now),
        sitting=sitting,
        person=finding.get_person(sitting.resident_id, day=clock.today(now)),
        is_person=is_person,
        is_helper=is_helper,
        is_witness=is_witness,
        form=form or ObjectForm(formdata=None),
        State=SittingState,
        states=STATES,
        kinds=STATE_KINDS,
        reasons=REASONS,
        channels=CHANNELS,
        until=sitting.began_at and rules.objection_until(sitting.began_at),
    )


@bp.post("/<int:sitting_id>/answer")
@requires(Part.VILLAGER, *STAFF)
def answer(sitting_id: int) -> ResponseReturnValue:
    """Take the witness's answer."""
    service.get_sitting(sitting_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        abort(400)
    agrees = form.agrees.data == "yes"
    try:
        with transaction():
            service.answer(
                sitting_id, witness_id=g.viewer.account_id, agrees=agrees, now=clock.now()
            )
    except Refused as refused:
        return _refused(sitting_id, refused)
    flash(_("Thank you. The helper can begin now.") if agrees else _("You have declined."), "info")
    return redirect(url_for(".show", sitting_id=sitting_id), 303)


@bp.post("/<int:sitting_id>/begin")
@requires(*HELPERS, on_behalf=True)
def begin(sitting_id: int) -> ResponseReturnValue:
    """Begin: from now on this session enters for the person. Forms opened before are void."""
    going_on = behalf.current_sitting()
    if going_on is not None:
        if going_on.id != sitting_id:
            abort(403)
        return redirect(url_for("people.take_part"), 303)
    try:
        with transaction():
            service.begin(
                sitting_id, helper=helper_here(), session_id=g.viewer.session_id, now=clock.now()
            )
    except Refused as refused:
        return _refused(sitting_id, refused)
    _void_forms()
    return redirect(url_for("people.take_part"), 303)


@bp.post("/end")
@requires(Part.ANYONE, on_behalf=True)
def end() -> ResponseReturnValue:
    """End the sitting of this session. Forms opened in it are void from now on."""
    if g.viewer is None:
        return redirect(url_for("people.home"), 303)
    with transaction():
        sitting = service.end(
            helper_id=g.viewer.account_id, session_id=g.viewer.session_id, now=clock.now()
        )
        ended = sitting and (sitting.id, sitting.village_id)
    _void_forms()
    if not ended or ended[1] != g.village.id:
        return redirect(url_for("people.home"), 303)
    flash(_("You enter for yourself again."), "success")
    return redirect(url_for(".show", sitting_id=ended[0]), 303)


def _refused(sitting_id: int, refused: Refused) -> ResponseReturnValue:
    flash(REFUSALS[refused.reason], "error")
    return redirect(url_for(".show", sitting_id=sitting_id), 303)


def _void_forms() -> None:
    """Draw a new token, so that no form opened on the other side of the line is taken."""
    session.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)


# --- the person --------------------------------------------------------------------------------


@bp.get("/mine")
@requires(Part.VILLAGER)
def mine() -> str:
    """Show what was entered for me, and whether I want that at all."""
    now = clock.now()
    resident = people.get_resident(g.viewer.resident_id)
    return render_template(
        "assisting/mine.html",
        lines=counting.list_for_person(resident.id, now=now),
        alone=AloneForm(formdata=None, alone=resident.enters_alone),
        states=STATES,
    )


@bp.post("/mine")
@requires(Part.VILLAGER)
def set_wish() -> ResponseReturnValue:
    """Keep whether others may enter things for me."""
    form = AloneForm()
    if not form.validate_on_submit():
        abort(400)
    with transaction():
        service.set_enters_alone(g.viewer.resident_id, alone=form.alone.data)
    flash(_("Your wish has been kept."), "success")
    return redirect(url_for(".mine"), 303)


@bp.post("/<int:sitting_id>/object")
@requires(Part.VILLAGER)
def object_to(sitting_id: int) -> ResponseReturnValue:
    """Take the person's objection."""
    form = ObjectForm()
    if not form.validate_on_submit():
        return show(sitting_id, form), 422
    try:
        with transaction():
            service.object_to(
                sitting_id,
                resident_id=g.viewer.resident_id,
                words=form.words.data,
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(sitting_id, refused)
    flash(_("Your objection is noted. The supervisor and the head of the committee see it."))
    return redirect(url_for(".show", sitting_id=sitting_id), 303)


# --- on every page -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Banner:
    """What stands above every page while somebody enters for somebody else."""

    person: str = ""
    witness: str = ""
    minutes: int = 0
    is_over: bool = False


@bp.app_template_global("sitting_banner")
def banner() -> Banner | None:
    """Return what the banner says, or None where everybody enters for themselves."""
    viewer: Viewer | None = g.get("viewer")
    if viewer is None or (viewer.sitting_id is None and not viewer.must_end_sitting):
        return None
    if viewer.sitting_id is None:
        return Banner(is_over=True)
    now = clock.now()
    sitting = service.get_sitting(viewer.sitting_id)
    line = counting.names_of(sitting)
    left = (sitting.expires_at - now).total_seconds()
    return Banner(line.person, line.witness, minutes=max(1, ceil(left / 60)))


@bp.app_template_global("entered_words")
def entered_words(entered: dict[str, int]) -> str:
    """Return what was entered in words: “Votes: 1 · Opinions: 2”."""
    known = ports.kinds()
    return " · ".join(f"{known[kind].words}: {n}" for kind, n in entered.items() if kind in known)
