"""The steps of a document on its way, as forms: writing, generating, reviewing, publishing."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.disclosure import bodies, service
from portal.disclosure.blueprint import actor, bp, number_of, today
from portal.disclosure.case_views import show_case
from portal.disclosure.forms import AllowForm, BodyForm, GenerateForm, ReasonForm, ReviewForm
from portal.disclosure.press import press_of
from portal.disclosure.rules import Refusal
from portal.disclosure.states import Step

DEEDS = {
    "hand-in": Step.HAND_IN,
    "take-back": Step.TAKE_BACK,
    "publish": Step.PUBLISH,
    "withdraw": Step.WITHDRAW,
}


@bp.post("/case/<int(max=2147483647):case_id>/write")
@requires(Part.COMMITTEE)
def write(case_id: int) -> ResponseReturnValue:
    """Keep what the committee wrote."""
    form = BodyForm()
    if not form.validate_on_submit():
        return show_case(case_id, body_form=form), 422
    try:
        with transaction():
            service.write(case_id, bodies.from_form(form), now=clock.now())
    except Refused as refused:
        return show_case(case_id, refused), 409
    flash(_("Kept."), "success")
    return redirect(url_for("disclosure.case", case_id=case_id), 303)


@bp.post("/case/<int(max=2147483647):case_id>/generate")
@requires(Part.COMMITTEE)
def generate(case_id: int) -> ResponseReturnValue:
    """Print the document for the day on which it is to come out."""
    form = GenerateForm()
    if not form.validate_on_submit() or form.publish_on.data is None:
        return show_case(case_id, generate_form=form), 422
    with press_of(g.village.code) as press:
        try:
            with transaction():
                service.generate(
                    case_id,
                    publish_on=form.publish_on.data,
                    press=press,
                    actor=actor(Part.COMMITTEE),
                    now=clock.now(),
                )
        except Refused as refused:
            failure: Refused | None = refused
        except IntegrityError:  # two at once: the key refused us
            failure = Refused(Refusal.SOMEBODY_ELSE_DID)
        else:
            failure = None
    if failure is not None:
        return show_case(case_id, failure), 409
    return redirect(url_for("disclosure.case", case_id=case_id), 303)


@bp.post(
    "/case/<int(max=2147483647):case_id>/<any('hand-in', 'take-back', publish, withdraw):deed>"
)
@requires(Part.COMMITTEE)
def act(case_id: int, deed: str) -> ResponseReturnValue:
    """Take a step that is the committee's."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return show_case(case_id, Refused(Refusal.NO_REASON)), 422
    who, now, reason = actor(Part.COMMITTEE), clock.now(), form.reason.data or ""
    try:
        with transaction():
            if DEEDS[deed] is Step.HAND_IN:
                service.hand_in(case_id, actor=who, now=now)
            elif DEEDS[deed] is Step.TAKE_BACK:
                service.take_back(case_id, actor=who, reason=reason, now=now)
            elif DEEDS[deed] is Step.WITHDRAW:
                service.withdraw(case_id, actor=who, reason=reason, now=now)
            else:
                service.publish(case_id, actor=who, now=now)
    except Refused as refused:
        return show_case(case_id, refused), 409
    except IntegrityError:  # two at once: the key refused us
        return show_case(case_id, Refused(Refusal.SOMEBODY_ELSE_DID)), 409
    found = service.get_case(case_id)
    if DEEDS[deed] is Step.PUBLISH:
        flash(_("Published as %(number)s.", number=number_of(found)), "success")
        return redirect(url_for("disclosure.show", doc_id=found.doc_id), 303)
    return redirect(url_for("disclosure.case", case_id=case_id), 303)


@bp.post("/case/<int(max=2147483647):case_id>/review")
@requires(Part.SUPERVISOR)
def review(case_id: int) -> ResponseReturnValue:
    """Agree to a document, or send it back with the reason."""
    form = ReviewForm()
    if not form.validate_on_submit():
        return show_case(case_id, Refused(Refusal.NO_REASON)), 422
    who, is_committee, now = actor(Part.SUPERVISOR), may(Part.COMMITTEE), clock.now()
    try:
        with transaction():
            if form.verdict.data == "approve":
                service.approve(case_id, actor=who, is_committee=is_committee, now=now)
            else:
                service.send_back(
                    case_id,
                    actor=who,
                    is_committee=is_committee,
                    reason=form.reason.data or "",
                    now=now,
                )
    except Refused as refused:
        return show_case(case_id, refused), 409
    except IntegrityError:  # two at once: the key refused us
        return show_case(case_id, Refused(Refusal.SOMEBODY_ELSE_DID)), 409
    flash(_("Noted. The committee sees it."), "success")
    return redirect(url_for("disclosure.case", case_id=case_id), 303)


@bp.post("/case/<int(max=2147483647):case_id>/allow")
@requires(Part.COMMITTEE)
def allow(case_id: int) -> ResponseReturnValue:
    """Let something that the privacy scan found stand, with the reason."""
    form = AllowForm()
    if not form.validate_on_submit():
        return show_case(case_id, Refused(Refusal.NO_REASON)), 422
    with press_of(g.village.code) as press:
        try:
            with transaction():
                service.allow(
                    case_id,
                    form.finding.data or "",
                    reason=form.reason.data or "",
                    press=press,
                    account_id=g.viewer.account_id,
                    publish_on=today(),
                    now=clock.now(),
                )
        except (Refused, IntegrityError) as fault:
            failure: Refused | None = (
                fault if isinstance(fault, Refused) else Refused(Refusal.ALLOWED_ALREADY)
            )
        else:
            failure = None
    if failure is not None:
        return show_case(case_id, failure), 409
    flash(_("Noted, with your reason."), "success")
    return redirect(url_for("disclosure.case", case_id=case_id), 303)
