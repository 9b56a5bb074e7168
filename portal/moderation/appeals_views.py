"""Pages of appeals: the author's paper, the list and the desk of who decides, one's own cases."""

from datetime import datetime
from enum import StrEnum

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import village_blueprint
from portal.core.slots import Card, Link
from portal.moderation import appeals, reports, rules, sanctions_rules, service
from portal.moderation.appeals_forms import AnswerForm, AppealForm
from portal.moderation.appeals_rules import Outcome, Refusal
from portal.moderation.desk_words import REFUSALS as DECIDING
from portal.moderation.reports_views import OUTCOMES as REPORTED
from portal.moderation.sanctions_views import REFUSALS as SANCTIONING

DECIDERS = (Part.COMMITTEE, Part.SUPERVISOR)

bp = village_blueprint("appeals", __name__, "/appeals")

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_HELD_AGAINST: _l("Nothing is held against you here any more."),
    Refusal.TWICE: _l("You have appealed already. Each decision can be appealed once."),
    Refusal.TOO_LATE: _l("The 30 days in which you could appeal are over."),
    Refusal.LINE_MISSING: _l("Please say in a line why."),
    Refusal.LINE_TOO_LONG: _l("Please use at most 500 characters."),
    Refusal.OWN_APPEAL: _l("This is your own appeal. Somebody else decides it."),
    Refusal.OWN_DECISION: _l("You took this decision. Somebody else decides the appeal."),
    Refusal.ANSWER_MISSING: _l("Please tell the author why."),
    Refusal.STALE: _l(
        "Somebody else decided while you had this open. This is how it stands now: look again."
    ),
}
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.RESTORED: _l("Appeal granted, taken back"),
    Outcome.CONFIRMED: _l("Appeal looked at, the decision stays"),
}
STATUS: dict[StrEnum, int] = {
    rules.Refusal.STALE: 409,
    sanctions_rules.Refusal.OVER: 409,
    rules.Refusal.OWN_WORDS: 403,
    Refusal.TWICE: 409,
    Refusal.STALE: 409,
    Refusal.NOT_HELD_AGAINST: 409,
    Refusal.OWN_APPEAL: 403,
    Refusal.OWN_DECISION: 403,
}

DESK_LINKS = (Link(_l("Appeals of authors"), "appeals.index", DECIDERS),)


@bp.get("/mine")
@requires(Part.VILLAGER)
def mine() -> str:
    """Show what was decided against the viewer's words, the appeals, and what they reported."""
    now = clock.now()
    held = appeals.list_of(g.viewer.resident_id)
    return render_template(
        "moderation/mine.html",
        held=held,
        appealable={h.decision.id for h in held if appeals.why_not_appeal(h, now=now) is None},
        outcomes=OUTCOMES,
        reported=reports.list_of(g.viewer.resident_id),
        report_outcomes=REPORTED,
        now=now,
    )


@bp.get("/<kind>/<int:subject_id>")
@requires(Part.VILLAGER)
def new(
    kind: str, subject_id: int, form: AppealForm | None = None, refusal: Refusal | None = None
) -> str:
    """Show the author why it was decided so, and the paper to appeal."""
    held = appeals.find_against(kind, subject_id, resident_id=g.viewer.resident_id)
    refusal = refusal or appeals.why_not_appeal(held, now=clock.now())
    return render_template(
        "moderation/appeal_new.html",
        form=form or AppealForm(formdata=None),
        held=held,
        waiting=service.get_waiting(*held.words_of),
        refusal=refusal and REFUSALS[refusal],
    )


@bp.post("/<kind>/<int:subject_id>")
@requires(Part.VILLAGER)
def appeal(kind: str, subject_id: int) -> ResponseReturnValue:
    """Take the author's appeal; whatever goes wrong, the page comes back with what was written."""
    form = AppealForm()
    if not form.validate_on_submit():
        return new(kind, subject_id, form), 422
    try:
        with transaction():
            appeals.appeal(
                kind,
                subject_id,
                line=(form.line.data or "").strip(),
                resident_id=g.viewer.resident_id,
                now=clock.now(),
            )
    except Refused as refused:
        reason = Refusal(refused.reason)
        return new(kind, subject_id, form, reason), STATUS.get(reason, 422)
    flash(_("Somebody else decides within three days, and you will hear it."), "success")
    return redirect(url_for(".mine"))


@bp.get("")
@requires(*DECIDERS)
def index() -> str:
    """Show the appeals that wait, the oldest first, with until when each is to be decided."""
    return render_template("moderation/appeals.html", held=appeals.list_open(), now=clock.now())


@bp.get("/<int:appeal_id>")
@requires(*DECIDERS)
def show(appeal_id: int, form: AnswerForm | None = None, refusal: str = "") -> str:
    """Show one appeal: the words, why they were hidden, what the author says, and the paper."""
    held = appeals.get_appeal(appeal_id)
    reason = appeals.why_not_answer(
        held, account_id=g.viewer.account_id, resident_id=g.viewer.resident_id
    )
    return render_template(
        "moderation/appeal.html",
        form=form or AnswerForm(formdata=None),
        held=held,
        waiting=service.get_waiting(*held.words_of),
        refusal=refusal or (reason and REFUSALS[reason]),
        is_mine_to_decide=reason is None,
        outcomes=OUTCOMES,
    )


@bp.post("/<int:appeal_id>")
@requires(*DECIDERS)
def answer(appeal_id: int) -> ResponseReturnValue:
    """Decide an appeal; one that was overtaken comes back with the present state (409)."""
    appeals.get_appeal(appeal_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return show(appeal_id, form), 422
    try:
        with transaction():
            decision = appeals.answer(
                appeal_id,
                form.chosen_outcome(),
                reason=(form.reason.data or "").strip(),
                account_id=g.viewer.account_id,
                resident_id=g.viewer.resident_id,
                part=next(part for part in DECIDERS if part in g.viewer.parts),
                now=clock.now(),
            )
            number = decision.number
    except Refused as refused:
        words = {**REFUSALS, **DECIDING, **SANCTIONING}[refused.reason]
        status = STATUS.get(refused.reason, 422)
        return show(appeal_id, form, str(words)), status
    flash(_("Decided. It is line %(number)s of the public log.", number=number), "success")
    return redirect(url_for(".index"))


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer those who decide them the appeals that wait (slot DESK)."""
    if not may(*DECIDERS):
        return []
    waiting, overdue = appeals.count_open(now=now)
    if not waiting:
        return []
    return [
        Card(
            title=_("Appeals of authors"),
            line=ngettext("%(num)d appeal waits", "%(num)d appeals wait", waiting)
            + (ngettext(", %(num)d overdue", ", %(num)d overdue", overdue) if overdue else ""),
            href=url_for("appeals.index"),
            action=_("Look through"),
            chip=_("Overdue") if overdue else _("Waiting"),
            chip_kind="danger" if overdue else "warn",
            rank=6,
        )
    ]


def me_cards(**_facts: object) -> list[Card]:
    """Offer the viewer what was decided against their words (slot ME)."""
    if not may(Part.VILLAGER):
        return []
    count = appeals.count_of(g.viewer.resident_id)
    line = ngettext(
        "%(num)d decision against what I wrote",
        "%(num)d decisions against what I wrote",
        count,
    )
    return [
        Card(
            title=_("Hidden, appealed, reported"),
            line=line if count else _("Nothing of yours was hidden."),
            href=url_for("appeals.mine"),
            action=_("See them"),
            rank=-5,
        )
    ]
