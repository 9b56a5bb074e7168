"""Pages of reports: the paper of a resident, the list of the committee, one's own."""

from enum import StrEnum

from flask import abort, flash, g, redirect, render_template, url_for
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
from portal.moderation import reports, rules, service
from portal.moderation.desk_words import REFUSALS as DECIDING
from portal.moderation.forms import CODES
from portal.moderation.reports_forms import KeepForm, ReportForm
from portal.moderation.reports_rules import Outcome, Refusal

bp = village_blueprint("reports", __name__, "/reports")

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_A_RESIDENT: _l("Only residents on the village's roster can report."),
    Refusal.OWN_WORDS: _l("These are your own words."),
    Refusal.TWICE: _l("You have reported this already. You will hear what becomes of it."),
    Refusal.TOO_MANY: _l(
        "That were many reports in one day. Please call the committee if it is urgent."
    ),
    Refusal.LINE_TOO_LONG: _l("Please use at most 300 characters."),
    Refusal.STALE: _l("Something has changed since you opened this page. Please look again."),
}
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.HIDDEN: _l("Hidden"),
    Outcome.KEPT: _l("No rule broken, it stays"),
}
STATUS = {Refusal.NOT_A_RESIDENT: 403, Refusal.OWN_WORDS: 403, Refusal.TWICE: 409}
STATUS |= {Refusal.TOO_MANY: 429, Refusal.STALE: 409}

DESK_LINKS = (Link(_l("What residents reported"), "reports.index", (Part.COMMITTEE,)),)


@bp.get("/<kind>/<int:subject_id>")
@requires(Part.VILLAGER)
def new(
    kind: str, subject_id: int, form: ReportForm | None = None, refusal: Refusal | None = None
) -> str:
    """Show the paper for a report, or why there is none."""
    resident_id = g.viewer.resident_id
    now = clock.now()
    waiting = reports.get_reportable(kind, subject_id, resident_id=resident_id, now=now)
    refusal = refusal or reports.why_not_report(waiting.subject, resident_id=resident_id, now=now)
    return render_template(
        "moderation/report_new.html",
        form=form or ReportForm(formdata=None),
        waiting=waiting,
        refusal=refusal and REFUSALS[refusal],
    )


@bp.post("/<kind>/<int:subject_id>")
@requires(Part.VILLAGER)
def report(kind: str, subject_id: int) -> ResponseReturnValue:
    """Take a report; whatever goes wrong, the page comes back with what was written."""
    form = ReportForm()
    if not form.validate_on_submit():
        return new(kind, subject_id, form), 422
    try:
        with transaction():
            reports.report(
                kind,
                subject_id,
                code=form.chosen_code(),
                line=(form.line.data or "").strip(),
                resident_id=g.viewer.resident_id,
                now=clock.now(),
            )
    except Refused as refused:
        reason = Refusal(refused.reason)
        return new(kind, subject_id, form, reason), STATUS.get(reason, 422)
    flash(_("Thank you. The committee looks at it, and you will hear the result."), "success")
    return redirect(url_for(".mine"))


@bp.get("/mine")
@requires(Part.VILLAGER)
def mine() -> str:
    """Show what the viewer reported, and what became of it."""
    return render_template(
        "moderation/report_mine.html",
        mine=reports.list_of(g.viewer.resident_id),
        outcomes=OUTCOMES,
    )


@bp.get("")
@requires(Part.COMMITTEE)
def index(words: str = "") -> str:
    """Show the committee what waits: how many reports and for what, never by whom."""
    return render_template(
        "moderation/reports.html",
        reported=reports.list_open(),
        codes=CODES,
        refusal=words,
    )


@bp.post("/<kind>/<int:subject_id>/keep")
@requires(Part.COMMITTEE)
def keep(kind: str, subject_id: int) -> ResponseReturnValue:
    """Answer the reports on a thing: no rule is broken, it stays."""
    service.get_waiting(kind, subject_id)
    form = KeepForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        with transaction():
            decision = reports.keep(
                kind,
                subject_id,
                seen=form.seen.data or 0,
                account_id=g.viewer.account_id,
                resident_id=g.viewer.resident_id,
                now=clock.now(),
            )
            number = decision.number
    except Refused as refused:
        words = REFUSALS.get(refused.reason) or DECIDING[refused.reason]
        status = 403 if refused.reason is rules.Refusal.OWN_WORDS else 409
        return index(str(words)), status
    flash(_("It stays. It is line %(number)s of the public log.", number=number), "success")
    return redirect(url_for(".index"))


def desk_cards(**_facts: object) -> list[Card]:
    """Offer the committee what residents reported (slot DESK)."""
    if not may(Part.COMMITTEE):
        return []
    count = reports.count_open()
    if not count:
        return []
    return [
        Card(
            title=_("What residents reported"),
            line=ngettext("%(num)d report waits", "%(num)d reports wait", count),
            href=url_for("reports.index"),
            action=_("Look through"),
            chip=_("Waiting"),
            chip_kind="warn",
            rank=5,
        )
    ]
