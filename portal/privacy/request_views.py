"""Requests to put something right, and the log of looks for those who oversee it."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import audit, clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.people.words import ROLES
from portal.privacy import looks, service
from portal.privacy.blueprint import PER_PAGE, asking, bp
from portal.privacy.forms import AnswerForm, RequestForm
from portal.privacy.words import LOOKS, REFUSALS, STATES, THINGS

ANSWERERS = (Part.COMMITTEE, Part.ADMIN)
OVERSEERS = (Part.COMMITTEE, Part.SUPERVISOR, Part.AUDITOR, Part.ADMIN)


@bp.get("/requests")
@requires(Part.ANYONE)
def requests(form: RequestForm | None = None) -> str:
    """Show what somebody asked to be put right, with the answers, and the paper for more."""
    viewer = asking()
    found = service.requests_of(viewer.account_id)
    return render_template(
        "privacy/requests.html",
        form=form or RequestForm(formdata=None),
        found=found,
        states=STATES,
        may_ask=not any(one.ended_at is None for one in found),
    )


@bp.post("/requests")
@requires(Part.ANYONE)
def ask() -> ResponseReturnValue:
    """Take a request to put something right."""
    viewer = asking()
    form = RequestForm()
    if not form.validate_on_submit():
        return requests(form), 422
    try:
        with transaction():
            service.ask(
                viewer.account_id,
                form.body.data or "",
                resident_id=viewer.resident_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.body.errors = [REFUSALS[refused.reason]]
        return requests(form), 422
    flash(_("The committee will answer you here."), "success")
    return redirect(url_for(".requests"), 303)


@bp.get("/desk")
@requires(*ANSWERERS)
def list_requests() -> str:
    """List the requests that wait for the committee, and those that were answered."""
    return render_template(
        "privacy/desk.html",
        waiting=service.list_requests(),
        answered=service.list_answered(),
        states=STATES,
    )


@bp.get("/desk/<int:request_id>")
@requires(*ANSWERERS)
def show_request(request_id: int, form: AnswerForm | None = None) -> str:
    """Show one request and the paper for its answer. That it was opened is noted."""
    found, name = service.get_request(request_id)
    if request.method == "GET":
        with transaction():
            known = [] if found.resident_id is None else [found.resident_id]
            audit.note(audit.Look.OPENED, "data-request", now=clock.now(), resident_ids=known)
    return render_template(
        "privacy/request.html",
        found=found,
        name=name,
        form=form or AnswerForm(formdata=None),
        states=STATES,
        is_own=found.account_id == g.viewer.account_id,
    )


@bp.post("/desk/<int:request_id>")
@requires(*ANSWERERS)
def answer(request_id: int) -> ResponseReturnValue:
    """Take the committee's answer."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return show_request(request_id, form), 422
    try:
        with transaction():
            service.answer_request(
                request_id,
                is_granted=form.decision.data == "yes",
                answer=form.answer.data or "",
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.answer.errors = [REFUSALS[refused.reason]]
        return show_request(request_id, form), 422
    flash(_("The answer has been sent."), "success")
    return redirect(url_for(".list_requests"), 303)


@bp.get("/log")
@requires(*OVERSEERS)
def log() -> str:
    """List who looked at personal data of this village."""
    page = request.args.get("page", 1, type=int)
    if page < 1:
        abort(404)
    lines, total = looks.list_all(page=page)
    return render_template(
        "privacy/log.html",
        lines=lines,
        looks=LOOKS,
        things=THINGS,
        roles=ROLES,
        page=looks.Page(lines, total=total, page=page, per_page=PER_PAGE),
    )
