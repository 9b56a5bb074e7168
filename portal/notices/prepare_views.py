"""The pages of one notice for those who put it up, open it, and declare it void."""

from datetime import timedelta

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.traces import Finding
from portal.notices import ports, rules, service
from portal.notices.cards import EDITORS, OPENERS, PROVERS, READERS
from portal.notices.forms import ConfirmForm, DayForm, LetStandForm, OpenForm, TextForm, VoidForm
from portal.notices.models import Notice
from portal.notices.reading import GENERAL
from portal.notices.rules import NoticeState
from portal.notices.words import PARTS, REFUSALS, length_words, refuse
from portal.people.words import PERSONAL


def _here(notice_id: int) -> ResponseReturnValue:
    return redirect(url_for(".prepare", notice_id=notice_id), 303)


@requires(*READERS)
def prepare(
    notice_id: int,
    *,
    confirm: ConfirmForm | None = None,
    channel_id: int | None = None,
    opening: OpenForm | None = None,
    moving: DayForm | None = None,
    voiding: VoidForm | None = None,
    standing: LetStandForm | None = None,
) -> str:
    """Show how far a notice is: its ways and their proof, its computed end, what to do next."""
    now = clock.now()
    notice = service.get_notice(notice_id)
    is_rest_day = service.rest_days()
    start, last = service.preview_end(notice, is_rest_day=is_rest_day, now=now)
    state = service.state_of(notice, now=now)
    refusal = service.why_not_open(notice, now=now) if state is NoticeState.PLANNED else None
    subject = ports.subject(notice.subject_kind)
    page, page_values = subject.page(notice.subject_id or notice_id)
    desk, desk_values = subject.desk(notice.subject_id or notice_id)
    minute_ago = (now - timedelta(minutes=1)).astimezone(clock.SHANGHAI).replace(tzinfo=None)
    return render_template(
        "notices/prepare.html",
        notice=notice,
        state=state,
        run=service.opened(notice),
        start=start,
        last=last,
        days=rules.days_counted(start, last),
        length=length_words(notice),
        is_general=notice.subject_kind == GENERAL,
        subject_page=url_for(page, **page_values),
        subject_desk=url_for(desk, **desk_values),
        channels=service.channels_of(notice_id)[notice_id],
        blocked=REFUSALS[refusal] if refusal else None,
        rounds=service.list_rounds(notice),
        confirm=confirm or ConfirmForm(formdata=None, up_at=minute_ago),
        channel_id=channel_id,
        opening=opening or OpenForm(formdata=None),
        moving=moving or DayForm(formdata=None, planned_for=notice.planned_for),
        standing=standing or LetStandForm(formdata=None),
        findings=[(PARTS[f.place], PERSONAL[f.kind], f.masked) for f in _findings(notice, state)],
        voiding=voiding or VoidForm(formdata=None),
    )


def _findings(notice: Notice, state: NoticeState) -> list[Finding]:
    is_planned = state is NoticeState.PLANNED
    return service.list_findings(notice, now=clock.now()) if is_planned else []


@requires(*OPENERS)
def let_stand(notice_id: int) -> ResponseReturnValue:
    """Let what the privacy scan found stand in a notice, with the reason."""
    form = LetStandForm()
    if not form.validate_on_submit():
        return prepare(notice_id, standing=form), 422
    try:
        with transaction():
            service.let_stand(notice_id, form.reason.data, now=clock.now())
    except Refused as refused:
        refuse(form, refused)
        return prepare(notice_id, standing=form), 422
    flash(_("It may stand in this notice."), "success")
    return _here(notice_id)


@requires(*PROVERS)
def confirm_way(notice_id: int, channel_id: int) -> ResponseReturnValue:
    """Say since when a way is up, with the photos of a board."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return prepare(notice_id, confirm=form, channel_id=channel_id), 422
    try:
        with transaction():
            service.confirm_channel(
                notice_id,
                channel_id,
                up_at=form.moment(),
                note=form.note.data or "",
                photos=form.files(),
                confirmed_by=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        refuse(form, refused)
        return prepare(notice_id, confirm=form, channel_id=channel_id), 422
    flash(_("Confirmed."), "success")
    return _here(notice_id)


@requires(*PROVERS)
def add_photos(notice_id: int, channel_id: int) -> ResponseReturnValue:
    """Add photos to a way that is up: proof that it still hangs."""
    service.get_channel(notice_id, channel_id)
    form = ConfirmForm()
    del form.up_at
    files = form.files()
    if not form.validate_on_submit() or not files:
        form.form_errors += [] if files else [_("Choose a photo.")]
        return _refused_photos(notice_id, channel_id, form)
    try:
        with transaction():
            for data in files:
                service.add_photo(
                    notice_id, channel_id, data, kept_by=g.viewer.account_id, now=clock.now()
                )
    except Refused as refused:
        refuse(form, refused)
        return _refused_photos(notice_id, channel_id, form)
    flash(_("The photos are kept."), "success")
    return _here(notice_id)


def _refused_photos(notice_id: int, channel_id: int, form: ConfirmForm) -> ResponseReturnValue:
    again = ConfirmForm(formdata=None)
    again.photos.errors = tuple(form.photos.errors)
    again.form_errors = form.form_errors
    return prepare(notice_id, confirm=again, channel_id=channel_id), 422


@requires(*OPENERS)
def open_now(notice_id: int) -> ResponseReturnValue:
    """Open a notice whose ways are up. The committee does this, not the planner."""
    form = OpenForm()
    if not form.validate_on_submit():
        return prepare(notice_id, opening=form), 422
    try:
        with transaction():
            service.open_notice(
                notice_id,
                typed_last_on=form.last_on.data,
                opened_by=g.viewer.account_id,
                is_rest_day=service.rest_days(),
                now=clock.now(),
            )
    except Refused as refused:
        refuse(form, refused)
        return prepare(notice_id, opening=form), 422
    flash(_("The notice is open. What it says can no longer be changed."), "success")
    return redirect(url_for(".show", notice_id=notice_id), 303)


@requires(*EDITORS)
def move(notice_id: int) -> ResponseReturnValue:
    """Plan another day for a notice."""
    form = DayForm()
    if not form.validate_on_submit():
        return prepare(notice_id, moving=form), 422
    try:
        with transaction():
            service.move_notice(notice_id, planned_for=form.planned_for.data, now=clock.now())
    except Refused as refused:
        refuse(form, refused)
        return prepare(notice_id, moving=form), 422
    flash(_("The day has been changed."), "success")
    return _here(notice_id)


@requires(*EDITORS)
def withdraw(notice_id: int) -> ResponseReturnValue:
    """Take back a notice that is planned and not open."""
    try:
        with transaction():
            service.withdraw(notice_id, withdrawn_by=g.viewer.account_id, now=clock.now())
    except Refused as refused:
        flash(str(REFUSALS[refused.reason]), "error")
        return _here(notice_id)
    flash(_("The notice is withdrawn. Nobody was told of it."), "success")
    return redirect(url_for(".desk"), 303)


@requires(*OPENERS)
def declare_void(notice_id: int) -> ResponseReturnValue:
    """Declare a running notice void, with the reason for everybody to read."""
    form = VoidForm()
    if not form.validate_on_submit():
        return prepare(notice_id, voiding=form), 422
    try:
        with transaction():
            service.void(
                notice_id, form.reason.data, voided_by=g.viewer.account_id, now=clock.now()
            )
    except Refused as refused:
        refuse(form, refused)
        return prepare(notice_id, voiding=form), 422
    flash(_("The notice is void. Everybody can read why."), "success")
    return _here(notice_id)


class AgainForm(TextForm, DayForm):
    """Plan the next round of a void notice, with what changed in it."""


class AgainDayForm(DayForm):
    """Plan the next round of a notice whose subject says what it says."""


def _again_form(notice: Notice, *, blank: bool) -> DayForm:
    is_general = notice.subject_kind == GENERAL
    if blank:
        return AgainForm() if is_general else AgainDayForm()
    today = clock.today(clock.now())
    if not is_general:
        return AgainDayForm(formdata=None, planned_for=today)
    facts = {"title": notice.title, "body": notice.body, "what_to_do": notice.what_to_do}
    return AgainForm(formdata=None, planned_for=today, **facts)


@requires(*EDITORS)
def again(notice_id: int, form: DayForm | None = None) -> str:
    """Show what the next round of a void notice will say."""
    notice = service.get_notice(notice_id)
    return render_template(
        "notices/again.html", notice=notice, form=form or _again_form(notice, blank=False)
    )


@requires(*EDITORS)
def begin_again(notice_id: int) -> ResponseReturnValue:
    """Plan the next round of a void notice; its ways are to be proved anew."""
    form = _again_form(service.get_notice(notice_id), blank=True)
    if not form.validate_on_submit():
        return again(notice_id, form), 422
    title, body, what_to_do = (
        (form[name].data or "") if name in form else None
        for name in ("title", "body", "what_to_do")
    )
    try:
        with transaction():
            following = service.restart(
                notice_id,
                planned_for=form.planned_for.data,
                title=title,
                body=body,
                what_to_do=what_to_do,
                made_by=g.viewer.account_id,
                is_rest_day=service.rest_days(),
                now=clock.now(),
            ).id
    except Refused as refused:
        refuse(form, refused)
        return again(notice_id, form), 422
    flash(_("The next round is planned. Every way is to be confirmed anew."), "success")
    return _here(following)
