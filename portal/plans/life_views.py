"""Pages of the life of a plan: what comes next, what is missing; what happened, for everybody."""

from datetime import datetime

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.notices import service as notices
from portal.plans import life, living, phases, service
from portal.plans.guarding import Given
from portal.plans.life import By, Step
from portal.plans.life_forms import FIELDS, OPTIONAL, StepForm, form_of, names_of
from portal.plans.life_words import EXPLAINED, ROLES, STEPS, lacks_words
from portal.plans.models import PlanVersion
from portal.plans.now_line import now_line
from portal.plans.phases import Deed, Phase
from portal.plans.reading import SUBJECT
from portal.plans.rules import BEFORE_NOTICE, Refusal, State
from portal.plans.stepping import judge
from portal.plans.words import REFUSALS, STATES, refusal_words

EDITORS = phases.who_may(Deed.WRITE, [Phase.DRAFTING])
MOVERS = phases.who_may(Deed.MOVE)
STEP = f"<any({','.join(sorted(step.value for step in Step))}):step>"


def register(bp: Blueprint) -> None:
    """Hang the pages of the life onto the blueprint of plans."""
    for rule, view, method in (
        ("/desk/<int:version_id>/steps", steps, "GET"),
        (f"/desk/<int:version_id>/steps/{STEP}", step_form, "GET"),
        (f"/desk/<int:version_id>/steps/{STEP}", take_step, "POST"),
        ("/<int:version_id>/history", history, "GET"),
    ):
        bp.add_url_rule(rule, endpoint=view.__name__, view_func=view, methods=[method])
    bp.app_context_processor(lambda: {"plan_now": _now_line})


def _now_line(version: PlanVersion, state: State, notice: notices.Opened | None) -> object:
    return now_line(version, state, notice, now=clock.now())


@requires(*EDITORS)
def steps(version_id: int) -> str:
    """Show what can be done next, what is still missing for it, and what was done."""
    return _page(version_id)


def _page(version_id: int) -> str:
    now = clock.now()
    version, notice = service.get_with_notice(version_id)
    offered = [
        _offer(version, step, now=now)
        for step in life.steps_from(version.state, is_frozen=service.is_public(version))
    ]
    taken = service.list_steps(version_id)
    planned = notices.find_latest(SUBJECT, version_id)
    return render_template(
        "plans/steps.html",
        version=version,
        state=service.state_of(version, notice, now=now),
        notice=notice,
        planned=planned if version.state is State.SCHEDULED else None,
        offered=sorted(
            (offer for offer in offered if offer["mine"]), key=lambda offer: bool(offer["is_last"])
        ),
        others=[offer for offer in offered if not offer["mine"]],
        taken=taken,
        names=living.names_of([row.account_id for row in taken if row.account_id]),
        step_words=STEPS,
        role_words=ROLES,
        is_overdue=service.is_overdue(version, now=now),
        is_before_notice=version.state in BEFORE_NOTICE,
    )


def _offer(version: PlanVersion, step: Step, *, now: datetime) -> dict[str, object]:
    """Say what a step is and, where it asks for nothing, all that it still needs."""
    way, lacks = judge(version, step, now=now)
    asked = names_of(step, way)
    said = {lack for name in asked for lack in LACKS_OF.get(name, ())}
    left = [lacking for lacking in lacks if lacking.lack not in said]
    return {
        "step": step,
        "title": STEPS[step],
        "text": EXPLAINED[step],
        "lacks": lacks_words(left),
        "asks": bool(asked),
        "mine": _is_mine(way.by),
        "is_last": step in (Step.WITHDRAW, Step.VOID_NOTICE, Step.SEND_BACK, Step.RETURN),
    }


LACKS_OF = {
    "party_review_on": (life.Lack.PARTY_REVIEW,),
    "scheduled_for": (life.Lack.START_DAY,),
    "resolution": (life.Lack.RESOLUTION,),
    "approval_number": (life.Lack.APPROVAL,),
    "published_on": (life.Lack.PUBLICATION_DAY,),
    "consent": (life.Lack.CONSENT,),
    "reason": (life.Lack.REASON,),
}
"""What a field of the step's own form will say: no lack before it was asked for."""


def _is_mine(by: By) -> bool:
    return may(*(MOVERS if by is By.COMMITTEE else EDITORS))


@requires(*EDITORS)
def step_form(version_id: int, step: str) -> ResponseReturnValue:
    """Show the small form of a step, with what it still needs besides."""
    version = service.get_version(version_id)
    return _form_page(version, Step(step), form_of(version), lacks=None)


def _form_page(
    version: PlanVersion, step: Step, form: StepForm, *, lacks: list[str] | None, status: int = 200
) -> tuple[str, int]:
    way = life.way(version.state, step)
    if way is None or way.by is By.ITSELF:
        flash(str(REFUSALS[Refusal.ILLEGAL_STEP]), "error")
        return _page(version.id), 409
    if lacks is None:
        found = _offer(version, step, now=clock.now())["lacks"]
        lacks = list(found)  # type: ignore[call-overload]  # a list of words
    for name in names_of(step, way):
        form[name].flags.required = name not in OPTIONAL
    page = render_template(
        "plans/step.html",
        version=version,
        step=step,
        title=STEPS[step],
        text=EXPLAINED[step],
        form=form,
        fields=[form[name] for name in names_of(step, way)],
        lacks=lacks,
        mine=_is_mine(way.by),
    )
    return page, status


@requires(*EDITORS)
def take_step(version_id: int, step: str) -> ResponseReturnValue:
    """Take a step, or say in words why it cannot be taken: 409, and nothing has changed."""
    wanted, form = Step(step), StepForm()
    version = service.get_version(version_id)
    way = life.way(version.state, wanted)
    if way is not None and not _is_mine(way.by):
        abort(403)
    if not form.validate_on_submit():
        return _form_page(version, wanted, form, lacks=[], status=422)
    try:
        with transaction():
            service.take_step(
                version_id,
                wanted,
                by=g.viewer.account_id,
                reason=form.reason.data or "",
                given=form.given(wanted) if wanted in FIELDS else Given(),
                now=clock.now(),
            )
    except Refused as refused:
        return _refuse(version_id, wanted, form, refused)
    flash(_("Done: %(step)s", step=str(STEPS[wanted])), "success")
    return redirect(_after(version_id, wanted), 303)


def _refuse(version_id: int, step: Step, form: StepForm, refused: Refused) -> ResponseReturnValue:
    version = service.get_version(version_id)
    if isinstance(refused, service.StepLacks):
        return _form_page(version, step, form, lacks=lacks_words(refused.lacks), status=409)
    flash(refusal_words(refused), "error")
    return _page(version_id), 409


def _after(version_id: int, step: Step) -> str:
    if step in (Step.START_REVISION, Step.START_AMENDMENT):
        return url_for(".workbench", version_id=service.newest_of(version_id).id)
    return url_for(".steps", version_id=version_id)


@requires(Part.ANYONE, on_behalf=True)
def history(version_id: int) -> str:
    """Show everybody what happened to a version: what, when, in which post, why. No names."""
    now = clock.now()
    version, notice = service.get_with_notice(version_id)
    if not service.is_public(version) and not may(*EDITORS):
        abort(404)
    return render_template(
        "plans/history.html",
        version=version,
        notice=notice,
        state=service.state_of(version, notice, now=now),
        taken=[row for row in service.list_steps(version_id) if row.step not in life.INNER],
        versions=service.list_siblings(version, public_only=not may(*EDITORS)),
        step_words=STEPS,
        state_words=STATES,
        role_words=ROLES,
    )
