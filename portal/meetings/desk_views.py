"""Pages of the committee: convene a meeting, open it, close it, call it off."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.words import day_words
from portal.meetings import convening, presence, rules, service, sheets
from portal.meetings.blueprint import bp
from portal.meetings.cards import EDITORS
from portal.meetings.convening import Draft
from portal.meetings.forms import CancelForm, ConveneForm, OpenForm
from portal.meetings.models import Meeting
from portal.meetings.rules import Kind, Refusal, State
from portal.meetings.words import CHANNELS, KIND_NOTES, KINDS, REFUSALS, STATES
from portal.people import service as people
from portal.plans import service as plans

FIELDS = {
    Refusal.NOTICE_TOO_SHORT: "held_on",
    Refusal.NO_GROUP: "group_id",
    Refusal.NO_REPRESENTATIVES: "kind",
    Refusal.NO_MEMBERS: "kind",
    Refusal.NO_COUNCIL: "kind",
}


@bp.get("/desk")
@requires(*EDITORS)
def desk() -> str:
    """List the meetings with what can be done with each."""
    now = clock.now()
    meetings = service.list_meetings()
    return render_template(
        "meetings/desk.html",
        meetings=[(meeting, meeting.state_at(now)) for meeting in meetings],
        counted=presence.count_all([meeting.id for meeting in meetings]),
        kinds=KINDS,
        states=STATES,
    )


@bp.get("/desk/new")
@requires(*EDITORS)
def new() -> str:
    """Show the sheet on which a meeting is written down; after another one, filled with it."""
    return _sheet(_form(_former()))


@bp.post("/desk/new")
@requires(*EDITORS)
def convene() -> ResponseReturnValue:
    """Show what is about to happen; once it was read, convene the meeting and tell everybody."""
    former, form, now = _former(), _form(), clock.now()
    if not form.validate_on_submit():
        return _sheet(form), 422
    if "back" in request.form:
        return _sheet(form)
    draft = _draft(form)
    try:
        with transaction():
            meeting = convening.convene(
                draft,
                account_id=g.viewer.account_id,
                now=now,
                former_id=former.id if former else None,
            )
            called = presence.count(meeting.id).members
            if not form.is_sure.data:
                raise NotSure
    except NotSure:
        return _check(form, draft, called=called)
    except Refused as refused:
        _blame(form, refused, now=now)
        return _sheet(form), 422
    flash(_("The meeting is convened. Everybody who is called is being told."), "success")
    return redirect(url_for(".manage", meeting_id=meeting.id), 303)


class NotSure(Exception):
    """It was tried, and is shown before it is done: nothing of it is kept."""


@bp.get("/desk/<int:meeting_id>")
@requires(*EDITORS)
def manage(meeting_id: int) -> str:
    """Show a meeting as the committee runs it: who is there, and what comes next."""
    return _manage(service.get_meeting(meeting_id))


@bp.post("/desk/<int:meeting_id>/open")
@requires(*EDITORS)
def open_now(meeting_id: int) -> ResponseReturnValue:
    """Open a meeting under its chair."""
    meeting, form = service.get_meeting(meeting_id), OpenForm()
    if not form.validate_on_submit():
        return _manage(meeting, opening=form), 422
    deed = partial(convening.open_meeting, chair=form.chair.data or "")
    return _done(meeting, deed, _("The meeting is open."))


@bp.post("/desk/<int:meeting_id>/close")
@requires(*EDITORS)
def close(meeting_id: int) -> ResponseReturnValue:
    """Close a meeting: nobody comes in any more."""
    meeting = service.get_meeting(meeting_id)
    return _done(meeting, convening.close_meeting, _("The meeting is closed."))


@bp.post("/desk/<int:meeting_id>/cancel")
@requires(*EDITORS)
def call_off(meeting_id: int) -> ResponseReturnValue:
    """Call a meeting off; those called are told why."""
    meeting, form = service.get_meeting(meeting_id), CancelForm()
    if not form.validate_on_submit():
        return _manage(meeting, cancelling=form), 422
    deed = partial(convening.cancel, reason=form.reason.data or "")
    return _done(
        meeting, deed, _("The meeting is called off. Everybody who was called is being told.")
    )


def _done(meeting: Meeting, deed: Callable[..., object], said: str) -> ResponseReturnValue:
    """Take a step of a meeting and say so; if it is refused, say why where it was asked for."""
    try:
        with transaction():
            deed(meeting.id, account_id=g.viewer.account_id, now=clock.now())
    except Refused as refused:
        return _manage(meeting, reason=refused.reason), 409
    flash(said, "success")
    return redirect(url_for(".manage", meeting_id=meeting.id), 303)


# --- pages ---------------------------------------------------------------------------------------


def _manage(
    meeting: Meeting,
    *,
    opening: OpenForm | None = None,
    cancelling: CancelForm | None = None,
    reason: object = None,
) -> str:
    now = clock.now()
    state = meeting.state_at(now)
    return render_template(
        "meetings/manage.html",
        meeting=meeting,
        state=state,
        counted=presence.count(meeting.id),
        waiting=sheets.waiting_of(meeting.id, now=now),
        is_doors_open=now >= meeting.held_at - rules.DOORS_BEFORE,
        opening=opening or OpenForm(formdata=None, chair=g.viewer.name),
        cancelling=cancelling or CancelForm(formdata=None),
        reason=REFUSALS[Refusal(str(reason))] if reason else None,
        successor=service.find_successor(meeting.id),
        may_replace=state in (State.CONVENED, State.CANCELLED, State.NOT_HELD),
        kinds=KINDS,
        states=STATES,
        channels=CHANNELS,
    )


def _sheet(form: ConveneForm) -> str:
    return render_template(
        "meetings/new.html", form=form, former=_former(), notes=_notes(), is_checked=False
    )


def _check(form: ConveneForm, draft: Draft, *, called: int) -> str:
    return render_template(
        "meetings/check.html",
        form=form,
        former=_former(),
        draft=draft,
        called=called,
        group=people.group_names().get(draft.group_id or 0),
        kinds=KINDS,
    )


def _notes() -> dict[str, str]:
    """Say of each kind whom it calls, and the first day on which it can be held."""
    today = clock.today(clock.now())
    found = {}
    for kind, note in KIND_NOTES.items():
        span = convening.notice_of(kind)
        first = rules.first_day(convened_on=today, notice_days=span.length)
        found[kind.value] = _(
            "%(note)s %(days)s whole days of notice: not before %(first)s.",
            note=note,
            days=span.length,
            first=day_words(first, today),
        )
    return found


# --- reading the sheet ---------------------------------------------------------------------------


def _former() -> Meeting | None:
    """Return the meeting whose place the new one takes, if the address names one."""
    former_id = request.args.get("former", type=int)
    return service.get_meeting(former_id) if former_id else None


def _form(former: Meeting | None = None) -> ConveneForm:
    facts = _facts(former) if former else {}
    form = ConveneForm(formdata=None, **facts) if request.method == "GET" else ConveneForm()
    none = SelectChoice(0, "—")
    groups = [SelectChoice(group_id, name) for group_id, name in people.group_names().items()]
    versions = [SelectChoice(line.id, line.title) for line in plans.list_public_versions()]
    form.group_id.choices = [none, *groups]
    form.version_id.choices = [none, *versions]
    return form


def _facts(former: Meeting) -> dict[str, object]:
    held = former.held_at.astimezone(clock.SHANGHAI)
    return {
        "kind": former.kind.value,
        "title": former.title,
        "agenda": former.agenda,
        "place": former.place,
        "held_on": held.date(),
        "hour": held.time(),
        "group_id": former.group_id or 0,
        "version_id": former.version_id or 0,
        "is_online": former.is_online,
    }


def _draft(form: ConveneForm) -> Draft:
    day, hour = form.held_on.data or date.min, form.hour.data or time()
    return Draft(
        kind=Kind(form.kind.data),
        title=(form.title.data or "").strip(),
        agenda=(form.agenda.data or "").strip(),
        place=(form.place.data or "").strip(),
        held_at=datetime.combine(day, hour, clock.SHANGHAI),
        group_id=form.group_id.data or None,
        version_id=form.version_id.data or None,
        is_online=form.is_online.data,
    )


def _blame(form: ConveneForm, refused: Refused, *, now: datetime) -> None:
    """Put the words beside the field they speak of."""
    words = str(REFUSALS[refused.reason])
    first = refused.facts.get("first")
    if isinstance(first, date):
        words = _(
            "Too early: %(days)s whole days must lie between. The first possible day is %(first)s.",
            days=refused.facts["days"],
            first=day_words(first, clock.today(now)),
        )
    name = FIELDS.get(Refusal(refused.reason))
    if name is None:
        form.form_errors.append(words)
    else:
        field = getattr(form, name)
        field.errors = [*field.errors, words]
