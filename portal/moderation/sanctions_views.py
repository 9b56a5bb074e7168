"""Pages of sanctions, for the committee: stop somebody from writing, see who is, lift it early."""

from enum import StrEnum

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import village_blueprint
from portal.core.slots import Link
from portal.moderation import ports, recording, rules, sanctions, service
from portal.moderation.desk_words import REFUSALS as DECIDING
from portal.moderation.forms import CODES
from portal.moderation.sanctions_forms import EVERYWHERE, SPANS, LiftForm, MuteForm
from portal.moderation.sanctions_models import KIND
from portal.moderation.sanctions_rules import Refusal, Span

bp = village_blueprint("sanctions", __name__, "/sanctions")

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_HIDDEN: _l("Only for words that are hidden for a reason. Hide them first."),
    Refusal.NO_GROUNDS: _l("This reason hides words, but stops nobody from writing."),
    Refusal.NO_AUTHOR: _l("No resident wrote this."),
    Refusal.OWN_WORDS: _l("This is about yourself. Somebody else on the committee must decide."),
    Refusal.TWICE: _l("The author was stopped from writing for this once already."),
    Refusal.NOTE_TOO_LONG: _l("Please use at most 500 characters."),
    Refusal.OVER: _l("It is over already."),
    Refusal.NO_PLACE: _l("This stands at no place of its own. Choose everywhere or nothing."),
}
STATUS: dict[StrEnum, int] = {
    rules.Refusal.STALE: 409,
    Refusal.TWICE: 409,
    Refusal.OVER: 409,
    Refusal.OWN_WORDS: 403,
}

DESK_LINKS = (Link(_l("Who may not write for a while"), "sanctions.index", (Part.COMMITTEE,)),)

bp.record(
    lambda _state: ports.answer_name(
        KIND, lambda number: str(_("Stop of writing no. %(number)s", number=number))
    )
)


@bp.get("")
@requires(Part.COMMITTEE)
def index() -> str:
    """Show who may not write now, and who could not before."""
    return render_template(
        "moderation/sanctions.html", stops=sanctions.list_stops(), now=clock.now(), codes=CODES
    )


@bp.get("/<kind>/<int:subject_id>")
@requires(Part.COMMITTEE)
def new(kind: str, subject_id: int, form: MuteForm | None = None, refusal: str = "") -> str:
    """Show the paper to stop the author of something hidden from writing, or why there is none."""
    waiting = service.get_waiting(kind, subject_id)
    reason = sanctions.why_not_mute(waiting.subject, resident_id=g.viewer.resident_id)
    if form is None:
        fitting = sanctions.suggest(waiting.subject.author_resident_id, now=clock.now())
        form = MuteForm(formdata=None, span=fitting.value)
    return render_template(
        "moderation/sanction_new.html",
        form=form,
        waiting=waiting,
        is_open=reason is None,
        refusal=refusal or (reason and REFUSALS[reason]),
    )


@bp.post("/<kind>/<int:subject_id>")
@requires(Part.COMMITTEE)
def mute(kind: str, subject_id: int) -> ResponseReturnValue:
    """Stop the author from writing for a while."""
    subject = service.get_waiting(kind, subject_id).subject
    form = MuteForm()
    if not form.validate_on_submit():
        return new(kind, subject_id, form), 422
    span = Span(form.span.data)
    with force_locale(recording.LANGUAGE):
        reason = str(CODES[subject.hidden_code]) if subject.hidden_code else ""
        words = f"{reason}, {SPANS[span]}"
    try:
        with transaction():
            sanctions.mute(
                kind,
                subject_id,
                span=span,
                is_everywhere=form.where.data == EVERYWHERE,
                note=(form.note.data or "").strip(),
                words=words,
                account_id=g.viewer.account_id,
                resident_id=g.viewer.resident_id,
                now=clock.now(),
            )
    except Refused as refused:
        status = STATUS.get(refused.reason, 422)
        said = REFUSALS.get(refused.reason) or DECIDING[refused.reason]
        return new(kind, subject_id, form, str(said)), status
    flash(_("Done. The author is told why and until when, and can appeal."), "success")
    return redirect(url_for(".index"))


@bp.get("/<int:sanction_id>")
@requires(Part.COMMITTEE)
def show(sanction_id: int, form: LiftForm | None = None, refusal: str = "") -> str:
    """Show one sanction, and the paper to lift it early."""
    stop = sanctions.get_stop(sanction_id)
    form = form or LiftForm(formdata=None)
    form.seen_revision.data, form.seen_revision.raw_data = stop.revision, None
    return render_template(
        "moderation/sanction.html",
        form=form,
        stop=stop,
        codes=CODES,
        is_in_force=stop.sanction.is_in_force(clock.now()),
        refusal=refusal,
    )


@bp.post("/<int:sanction_id>")
@requires(Part.COMMITTEE)
def lift(sanction_id: int) -> ResponseReturnValue:
    """Let somebody write again before the time; a stale page comes back (409)."""
    sanctions.get_stop(sanction_id)
    form = LiftForm()
    if not form.validate_on_submit():
        return show(sanction_id, form), 422
    try:
        with transaction():
            sanctions.lift(
                sanction_id,
                note=(form.note.data or "").strip(),
                seen_revision=form.seen_revision.data or 0,
                account_id=g.viewer.account_id,
                resident_id=g.viewer.resident_id,
                part=Part.COMMITTEE,
                now=clock.now(),
            )
    except Refused as refused:
        said = REFUSALS.get(refused.reason) or DECIDING[refused.reason]
        return show(sanction_id, form, str(said)), STATUS.get(refused.reason, 422)
    flash(_("Done. The author can write again and is told so."), "success")
    return redirect(url_for(".index"))
