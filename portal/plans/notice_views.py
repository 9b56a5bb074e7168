"""The page on which the notice of a version is opened at one go."""

from datetime import timedelta

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.notices import service as notices
from portal.plans import forms, service
from portal.plans.cards import EDITORS
from portal.plans.life_words import lacks_words
from portal.plans.rules import BEFORE_NOTICE
from portal.plans.words import missing_words, refuse


@requires(*EDITORS)
def notice(version_id: int, form: forms.NoticeForm | None = None) -> str:
    """Show what opening the notice means: from when, until when, how many days."""
    version = service.get_version(version_id)
    now = clock.now()
    start, last = service.preview_end(is_rest_day=notices.rest_days(), now=now)
    here = (now - timedelta(hours=1)).astimezone(clock.SHANGHAI).replace(tzinfo=None)
    return render_template(
        "plans/notice.html",
        version=version,
        form=form
        or forms.NoticeForm(
            formdata=None,
            board_at=here,
            party_review_on=version.party_review_on,
            party_review_note=version.party_review_note,
        ),
        start=start,
        last=last,
        days=(last - start).days,
        missing=missing_words(service.missing_in(service.content_of(version))),
        is_draft=version.state in BEFORE_NOTICE,
        planned=service.find_planned_notice(version_id),
    )


@requires(Part.COMMITTEE, Part.ADMIN)
def open_notice(version_id: int) -> ResponseReturnValue:
    """Freeze the version and open its notice. The committee does this, not the planner."""
    form = forms.NoticeForm()
    if not form.validate_on_submit():
        return notice(version_id, form), 422
    try:
        with transaction():
            service.open_notice(
                version_id,
                board_evidence=form.board_evidence.data or "",
                board_at=form.board_moment(),
                photo=form.photo.data.read(),
                typed_last_on=form.last_on.data,
                party_review_on=form.party_review_on.data,
                party_review_note=form.party_review_note.data or "",
                opened_by=g.viewer.account_id,
                is_rest_day=notices.rest_days(),
                now=clock.now(),
            )
    except Refused as refused:
        refuse(form, refused)
        if isinstance(refused, service.StepLacks):
            form.form_errors.extend(lacks_words(refused.lacks))
        return notice(version_id, form), 422
    flash(_("The notice is open. The plan can no longer be changed."), "success")
    return redirect(url_for(".show", version_id=version_id), 303)
