"""The village's own page, for everybody, and how its committee keeps it up to date."""

from datetime import datetime
from itertools import groupby

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock, pages
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.slots import Card, Link
from portal.core.suppression import THRESHOLD, is_small
from portal.people import places
from portal.people.rules import Role
from portal.people.words import ROLES
from portal.villages import ports, service, setting_up
from portal.villages.forms import FacilityForm, ProfileForm, RevisionForm
from portal.villages.models import Facility
from portal.villages.progress import Step
from portal.villages.rules import FacilityKind, Refusal
from portal.villages.words import KINDS, REFUSALS, STEP_LINES, STEPS

bp = pages.village_blueprint("villages", __name__)
EDITORS = (Part.COMMITTEE, Part.ADMIN)
SETTERS = (Part.COMMITTEE, Part.ADMIN, Part.OPERATOR)
DESK_LINKS = (
    Link(_l("About the village"), "villages.edit", EDITORS),
    Link(_l("Facilities and services"), "villages.facilities", EDITORS),
    Link(
        _l("Posts and staff"),
        "staff.index",
        (Part.HEAD, Part.ADMIN, Part.OPERATOR, Part.AUDITOR),
    ),
)
VILLAGE_LINKS = (Link(_l("About the village"), "villages.about", (Part.ANYONE,)),)


# --- for everybody -----------------------------------------------------------------------------


@bp.get("/about")
@requires(Part.ANYONE)
def about() -> str:
    """Show what the village tells about itself, who is responsible, and what there is."""
    now = clock.now()
    day = clock.today(now)
    plan = ports.plans().plan_now()
    updated = (service.updated_at(), plan.updated_at if plan else None)
    return render_template(
        "villages/about.html",
        profile=service.find_profile(),
        above=[r.name for r in places.regions_above(g.village.code) if r.name != r.code],
        population=service.count_people(day=day),
        is_small=is_small,
        threshold=THRESHOLD,
        day=day,
        responsible=service.responsible(g.village.code, day=day),
        past=service.past_terms(g.village.code, day=day),
        roles=ROLES,
        facilities=_by_kind(service.list_facilities()),
        plan=plan,
        updated_at=max(filter(None, updated), default=None),
        may_edit=may(*EDITORS),
    )


def _by_kind(found: list[Facility]) -> list[tuple[str, list[Facility]]]:
    return [(str(KINDS[k]), list(some)) for k, some in groupby(found, key=lambda f: f.kind)]


# --- the profile -------------------------------------------------------------------------------


@bp.get("/desk/about")
@requires(*EDITORS)
def edit(form: ProfileForm | None = None, *, is_stale: bool = False) -> str:
    """Show the profile, ready to be changed; beside it, what somebody else wrote meanwhile."""
    profile = service.find_profile()
    if form is None:
        form = ProfileForm(formdata=None, obj=profile)
        form.revision.data = profile.revision if profile else 0
    elif is_stale:
        form.revision.raw_data = None
        form.revision.data = profile.revision if profile else 0
    return render_template(
        "villages/edit.html", form=form, theirs=profile if is_stale else None, profile=profile
    )


@bp.post("/desk/about")
@requires(*EDITORS)
def save() -> ResponseReturnValue:
    """Write the profile, unless somebody else did meanwhile."""
    form = ProfileForm()
    if not form.validate_on_submit():
        return edit(form), 422
    texts = {key: form[key].data or "" for key in service.TEXTS}
    try:
        with transaction():
            service.save_profile(
                texts,
                seen_revision=form.revision.data or 0,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.form_errors.append(str(REFUSALS[refused.reason]))
        return edit(form, is_stale=True), 409
    flash(_("Saved. Everybody can read it now."), "success")
    return redirect(url_for(".about"), 303)


# --- facilities --------------------------------------------------------------------------------


@bp.get("/desk/facilities")
@requires(*EDITORS)
def facilities() -> str:
    """List the facilities and services."""
    return render_template(
        "villages/facilities.html", facilities=service.list_facilities(), kinds=KINDS
    )


@bp.get("/desk/facilities/new")
@requires(*EDITORS)
def new_facility(form: FacilityForm | None = None) -> str:
    """Ask what is to be added."""
    form = form or FacilityForm(formdata=None, revision=0)
    return render_template("villages/facility.html", form=form, facility=None, theirs=None)


@bp.post("/desk/facilities/new")
@requires(*EDITORS)
def add_facility() -> ResponseReturnValue:
    """Add a facility or service."""
    form = FacilityForm()
    if not form.validate_on_submit():
        return new_facility(form), 422
    with transaction():
        service.add_facility(**_facts(form), account_id=g.viewer.account_id, now=clock.now())
    flash(_("Added. Everybody can read it now."), "success")
    return redirect(url_for(".facilities"), 303)


@bp.get("/desk/facilities/<int:facility_id>")
@requires(*EDITORS)
def facility(facility_id: int, form: FacilityForm | None = None, *, is_stale: bool = False) -> str:
    """Show a facility, ready to be changed or removed."""
    found = service.find_facility(facility_id)
    if found is None and form is None:
        abort(404)
    if form is None:
        form = FacilityForm(formdata=None, obj=found)
    elif is_stale:
        form.revision.raw_data = None
        form.revision.data = found.revision if found else 0
    return render_template(
        "villages/facility.html", form=form, facility=found, theirs=found if is_stale else None
    )


@bp.post("/desk/facilities/<int:facility_id>")
@requires(*EDITORS)
def change_facility(facility_id: int) -> ResponseReturnValue:
    """Write a facility, unless somebody else changed it meanwhile."""
    form = FacilityForm()
    if service.find_facility(facility_id) is None:
        abort(404)
    if not form.validate_on_submit():
        return facility(facility_id, form), 422
    try:
        with transaction():
            service.change_facility(
                facility_id,
                **_facts(form),
                seen_revision=form.revision.data or 0,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.form_errors.append(str(REFUSALS[refused.reason]))
        return facility(facility_id, form, is_stale=True), 409
    flash(_("Saved. Everybody can read it now."), "success")
    return redirect(url_for(".facilities"), 303)


@bp.post("/desk/facilities/<int:facility_id>/remove")
@requires(*EDITORS)
def remove_facility(facility_id: int) -> ResponseReturnValue:
    """Take a facility out, as it was read."""
    form = RevisionForm()
    if service.find_facility(facility_id) is None:
        abort(404)
    if not form.validate_on_submit():
        abort(400)
    try:
        with transaction():
            service.remove_facility(facility_id, seen_revision=form.revision.data or 0)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
    else:
        flash(_("Removed."), "success")
    return redirect(url_for(".facilities"), 303)


def _facts(form: FacilityForm) -> service.FacilityFacts:
    return {
        "kind": FacilityKind(form.kind.data),
        "name": form.name.data or "",
        "place": form.place.data or "",
        "hours": form.hours.data or "",
        "phone": form.phone.data or "",
    }


# --- setting up --------------------------------------------------------------------------------

# For each step: the page on which it is taken, the post given there, and who may.
WAYS: dict[Step, tuple[str, Role | None, tuple[Part, ...]]] = {
    Step.ADMIN: ("staff.give", Role.ADMIN, (Part.ADMIN, Part.OPERATOR)),
    Step.ROSTER: ("roster.index", None, (Part.COMMITTEE, Part.ADMIN)),
    Step.COMMITTEE: ("staff.give", Role.HEAD, (Part.ADMIN, Part.OPERATOR)),
    Step.PROFILE: ("villages.edit", None, EDITORS),
    Step.PLANNER: ("staff.give", Role.PLANNER, (Part.ADMIN, Part.OPERATOR)),
    Step.PLAN: ("plans.new", None, (Part.COMMITTEE, Part.PLANNER, Part.ADMIN)),
}


@bp.get("/desk/setup")
@requires(*SETTERS)
def setup() -> str:
    """Show what the village still needs, step by step; what is done says so by itself."""
    now = clock.now()
    progress = setting_up.progress_of(g.village, day=clock.today(now))
    return render_template(
        "villages/setup.html",
        progress=progress,
        steps=list(Step),
        words=STEPS,
        lines=STEP_LINES,
        ways={
            step: url_for(endpoint, role=role)
            for step, (endpoint, role, parts) in WAYS.items()
            if may(*parts)
        },
        above=[r.name for r in places.regions_above(g.village.code) if r.name != r.code],
    )


# --- slots -------------------------------------------------------------------------------------


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what belongs on the first page."""
    return []


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what belongs on "me"."""
    return []


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer those who set the village up what is still missing."""
    if not may(*SETTERS):
        return []
    progress = setting_up.progress_of(g.village, day=clock.today(now))
    if progress.next is None:
        return []
    return [
        Card(
            title=_("Set up the village"),
            line=_("Next: %(step)s", step=STEPS[progress.next]),
            href=url_for("villages.setup"),
            action=_("Go on"),
            chip=_("%(done)d of %(all)d steps", done=progress.done, all=len(Step)),
            chip_kind="info",
        )
    ]


__all__ = ["DESK_LINKS", "REFUSALS", "VILLAGE_LINKS", "Refusal", "bp"]
