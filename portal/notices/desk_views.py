"""Pages of those who plan notices: the list, the types with their lengths, a new one."""

import secrets
from datetime import timedelta

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.notices import rules, service, spans
from portal.notices.cards import EDITORS, OPENERS, READERS
from portal.notices.forms import NewNoticeForm, SpanForm
from portal.notices.rules import NoticeType, Span
from portal.notices.words import refuse, span_words


@requires(*READERS)
def desk() -> str:
    """List the notices with what the law asked and what was done: the supervisors' page too."""
    now = clock.now()
    lines = service.list_for_compliance(is_rest_day=service.rest_days(), now=now)
    return render_template("notices/desk.html", lines=lines[::-1], today=clock.today(now))


@requires(*EDITORS)
def choose() -> str:
    """Show the types of notices, with how long each must run here and by which rule."""
    table = [(kind, span_words(span), span) for kind, span in service.spans_here().items()]
    return render_template("notices/choose.html", table=table)


@requires(*EDITORS)
def new(kind: str, form: NewNoticeForm | None = None) -> str:
    """Show the form of a new notice of a type, and when it would end if opened today."""
    type_ = _type(kind)
    now = clock.now()
    span, is_rest_day = service.span_of(type_), service.rest_days()
    if form is None:
        form = NewNoticeForm(
            formdata=None,
            key=secrets.token_hex(16),
            planned_for=clock.today(now),
            boards="\n".join(service.usual_boards()) or _("Board of the village committee"),
        )
    return render_template(
        "notices/new.html",
        form=form,
        type=type_,
        span=span,
        span_line=span_words(span),
        end=_end_if_opened(span, now=now, is_rest_day=is_rest_day),
        today=clock.today(now),
        is_meeting=type_ in spans.MEETINGS,
        has_event=type_ in spans.EVENTFUL,
        may_be_shorter=type_ in spans.MAY_BE_SHORTER,
    )


def _end_if_opened(span: Span, *, now: object, is_rest_day: rules.IsRestDay) -> object:
    today = clock.today(now)  # type: ignore[arg-type]
    if span.unit is rules.Unit.DAYS_BEFORE:
        return today + timedelta(days=span.length + 1)
    return rules.end_of(today, span, event_on=None, is_rest_day=is_rest_day)


@requires(*EDITORS)
def create(kind: str) -> ResponseReturnValue:
    """Plan the notice, and go on to its ways."""
    form = NewNoticeForm()
    type_ = _type(kind)
    if not form.validate_on_submit():
        return new(kind, form), 422
    try:
        with transaction():
            notice = service.plan_notice(
                type_,
                title=form.title.data,
                body=form.body.data,
                what_to_do=form.what_to_do.data or "",
                planned_for=form.planned_for.data,
                event_on=form.event_on.data if type_ in spans.EVENTFUL else None,
                ways=form.ways(),
                length=form.length.data,
                shorter_reason=form.shorter_reason.data or "",
                made_by=g.viewer.account_id,
                is_rest_day=service.rest_days(),
                key=form.key.data or None,
                now=clock.now(),
            )
            notice_id = notice.id
    except Refused as refused:
        refuse(form, refused)
        return new(kind, form), 422
    flash(_("The notice is planned. Now put it up and take photos."), "success")
    return redirect(url_for(".prepare", notice_id=notice_id), 303)


def _type(kind: str) -> NoticeType:
    if kind not in list(NoticeType):
        abort(404)
    return NoticeType(kind)


@requires(*EDITORS)
def lengths(form: SpanForm | None = None) -> str:
    """Show how long each type must run here, by which rule, and set another length."""
    table = [(kind, span_words(span), span) for kind, span in service.spans_here().items()]
    return render_template(
        "notices/lengths.html", table=table, form=form or SpanForm(formdata=None)
    )


@requires(*OPENERS)
def save_length() -> ResponseReturnValue:
    """Set how long notices of a type run in this village."""
    form = SpanForm()
    if not form.validate_on_submit():
        return lengths(form), 422
    try:
        with transaction():
            service.set_span(
                form.type.data,
                length=form.length.data,
                citation=form.citation.data.strip(),
                set_by=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        refuse(form, refused)
        return lengths(form), 422
    flash(_("The length has been set. Notices that are planned already keep theirs."), "success")
    return redirect(url_for(".lengths"), 303)
