"""Pages of moderation: the queue, one thing to decide about, the public log."""

from datetime import datetime, timedelta

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.forms import Form
from portal.core.slots import Card, Link
from portal.moderation import changes, items, ports, queue, reports, sanctions, service
from portal.moderation import policy_views as policy_views
from portal.moderation import queue_views as queue_views
from portal.moderation import rules_views as rules_views
from portal.moderation import word_views as word_views
from portal.moderation.blueprint import bp as bp
from portal.moderation.desk_words import ACTIONS, HOLDS, PARTS, REFUSALS
from portal.moderation.forms import CODES, DecisionForm
from portal.moderation.rules import Action, Code, Hold, Refusal

LOG_LENGTH = 30
CHANGED: dict[str, LazyString] = {
    changes.POLICIES: _l("When words wait"),
    changes.LISTS: _l("Word lists"),
    changes.ROOM: _l("How one writes in a room"),
}
STATUS = {Refusal.STALE: 409, Refusal.REWORDED: 409, Refusal.REPORTED: 409}
STATUS |= {Refusal.OWN_WORDS: 403}

DESK_LINKS = (
    Link(_l("Waiting for the committee"), "moderation.waiting", (Part.COMMITTEE,)),
    Link(_l("What people wrote"), "moderation.index", (Part.COMMITTEE,)),
)
VILLAGE_LINKS = (
    Link(_l("What may be written here"), "moderation.rules", (Part.ANYONE,)),
    Link(_l("What was hidden, and why"), "moderation.log", (Part.ANYONE,)),
)


@bp.record
def name_what_is_changed(_state: object) -> None:
    """Say what readers of the log call what the committee sets anew."""
    for kind in CHANGED:
        ports.answer_name(kind, lambda _number, kind=kind: str(CHANGED[kind]))  # type: ignore[misc]


@bp.app_template_filter("why_hidden")
def why_hidden(code: str) -> LazyString:
    """Return the words of a reason; every feature's pages use this filter."""
    return CODES[Code(code)]


@bp.app_template_filter("why_held")
def why_held(hold: str) -> LazyString:
    """Return the words of why something waits; every feature's pages use this filter."""
    return HOLDS[Hold(hold)]


@bp.get("")
@requires(Part.COMMITTEE)
def index() -> str:
    """Show the newest of everything written in the village, hidden things too."""
    return render_template("moderation/index.html", waiting=service.list_newest())


@bp.get("/<kind>/<int:subject_id>")
@requires(Part.COMMITTEE)
def case(kind: str, subject_id: int, form: DecisionForm | None = None, refusal: str = "") -> str:
    """Show one thing written, and the paper to decide about it."""
    waiting = service.get_waiting(kind, subject_id)
    is_hidden = waiting.subject.hidden_code is not None
    form = form or DecisionForm(formdata=None)
    item = items.find_open(kind, subject_id)
    reported = reports.find_open(kind, subject_id)
    is_waiting = not is_hidden and (item is not None or waiting.subject.held_for is not None)
    form.action.data = (Action.RESTORE if is_hidden else Action.HIDE).value
    form.seen_revision.data, form.seen_wording.data = waiting.revision, waiting.subject.wording
    form.seen_report.data = reported.newest
    for seen in (form.seen_revision, form.seen_wording, form.seen_report):
        seen.raw_data = None
    return render_template(
        "moderation/case.html",
        form=form,
        waiting=waiting,
        is_hidden=is_hidden,
        is_waiting=is_waiting,
        plain=Form(formdata=None),
        is_own=_is_own(waiting),
        last=service.find_last_decision(kind, subject_id),
        refusal=refusal,
        reported=reported,
        codes=CODES,
    )


@bp.post("/<kind>/<int:subject_id>")
@requires(Part.COMMITTEE)
def decide(kind: str, subject_id: int) -> ResponseReturnValue:
    """Take a decision; one that was overtaken comes back with the present state (409)."""
    form = DecisionForm()
    if not form.validate_on_submit():
        return case(kind, subject_id, form), 422
    action = form.chosen_action() or abort(400)
    try:
        with transaction():
            decision = service.decide(
                kind=kind,
                subject_id=subject_id,
                action=action,
                code=form.chosen_code(),
                note=(form.note.data or "").strip(),
                seen_revision=form.seen_revision.data or 0,
                seen_wording=form.seen_wording.data or 0,
                seen_report=form.seen_report.data or 0,
                account_id=g.viewer.account_id,
                resident_id=g.viewer.resident_id,
                part=Part.COMMITTEE,
                now=clock.now(),
            )
            if action is Action.RESTORE:
                sanctions.lift_for(
                    kind,
                    subject_id,
                    note=decision.note,
                    account_id=g.viewer.account_id,
                    resident_id=g.viewer.resident_id,
                    part=Part.COMMITTEE,
                    now=clock.now(),
                )
            number = decision.number
    except Refused as refused:
        words = str(REFUSALS[refused.reason])
        status = STATUS.get(Refusal(refused.reason), 422)
        return case(kind, subject_id, form, words), status
    done = {
        Action.HIDE: _("Hidden. It is line %(number)s of the public log.", number=number),
        Action.RESTORE: _("Shown again. It is line %(number)s of the public log.", number=number),
        Action.APPROVE: _("Let through. It is line %(number)s of the public log.", number=number),
    }
    flash(done[action], "success")
    return redirect(url_for(".waiting" if queue.count_waiting() else ".index"))


@bp.get("/log")
@requires(Part.ANYONE)
def log() -> str:
    """Show every decision to everyone: number, time, reason and part, never a name."""
    before = request.args.get("before", type=int)
    entries = service.list_log(limit=LOG_LENGTH + 1, before=before)
    older = entries[LOG_LENGTH - 1].decision.number if len(entries) > LOG_LENGTH else None
    return render_template(
        "moderation/log.html",
        entries=entries[:LOG_LENGTH],
        totals=service.count_log(),
        older=older,
        actions=ACTIONS,
        parts=PARTS,
    )


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the committee the queue, with how much is new (slot DESK)."""
    if not may(Part.COMMITTEE):
        return []
    fresh = service.count_since(now - timedelta(days=7))
    waiting = queue.count_waiting()
    first = Card(
        title=_("Waiting for the committee"),
        line=ngettext(
            "%(num)d thing to look at before or after others read it",
            "%(num)d things to look at before or after others read them",
            waiting,
        ),
        href=url_for("moderation.waiting"),
        action=_("Look at it now"),
        chip=_("Waiting"),
        chip_kind="warn",
        rank=5,
    )
    return [
        *([first] if waiting else []),
        Card(
            title=_("What people wrote"),
            line=ngettext("%(num)d new in seven days", "%(num)d new in seven days", fresh),
            href=url_for("moderation.index"),
            action=_("Look through"),
            chip=_("New") if fresh else "",
            chip_kind="info",
        ),
    ]


def _is_own(waiting: service.Waiting) -> bool:
    viewer = g.viewer
    return waiting.subject.is_by(resident_id=viewer.resident_id, account_id=viewer.account_id)
