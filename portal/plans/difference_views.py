"""The page of what differs between two versions, and why: for everybody once both are public."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.maps import service as maps
from portal.maps.rules import Sheet
from portal.plans import changes, differences, phases, ports, service, wording
from portal.plans.changes import Cause
from portal.plans.difference_map import draw
from portal.plans.difference_words import (
    AREAS,
    KIND_CHIPS,
    KINDS,
    fact_words,
    feature_rows,
    title_words,
    value_words,
)
from portal.plans.differences import Area, Change
from portal.plans.life import BEFORE_SUBMITTED
from portal.plans.life_forms import ChangeForm
from portal.plans.models import PlanVersion
from portal.plans.phases import Deed, Phase
from portal.plans.rules import Refusal
from portal.plans.words import refusal_words

EDITORS = phases.who_may(Deed.WRITE, [Phase.DRAFTING])
MOST = 400
"""So many changes are shown one by one; a plan with more is another plan."""


def register(bp: Blueprint) -> None:
    """Hang the pages of differences onto the blueprint of plans."""
    for rule, view, method in (
        ("/<int:version_id>/differences", differences_page, "GET"),
        ("/desk/<int:version_id>/differences", explain, "POST"),
    ):
        bp.add_url_rule(rule, endpoint=view.__name__, view_func=view, methods=[method])


@requires(Part.ANYONE, on_behalf=True)
def differences_page(version_id: int) -> ResponseReturnValue:
    """Show what differs from the version it revises, or from another one of the same plan."""
    return _page(version_id, ChangeForm(formdata=None), place=request.args.get("place", ""))


def _page(version_id: int, form: ChangeForm, *, place: str) -> str:
    version = service.get_version(version_id)
    before = _base(version)
    for shown in (version, before):
        if shown is not None and not service.is_public(shown) and not may(*EDITORS):
            abort(404)
    found: tuple[Change, ...] = ()
    if before is not None:
        found = changes.compare(before, version)
    causes = changes.causes_of(version_id)
    is_own_base = before is not None and before == changes.find_base(version)
    known = ports.opinions()
    return render_template(
        "plans/differences.html",
        version=version,
        before=before,
        others=[
            other
            for other in service.list_siblings(version, public_only=not may(*EDITORS))
            if other.id != version.id
        ],
        areas=[
            (area, AREAS[area], listed)
            for area in Area
            if (listed := [(n, c) for n, c in enumerate(found[:MOST], 1) if c.area is area])
        ],
        count=len(found),
        most=MOST,
        drawing=Markup(draw(found[:MOST], _sheet(version), words=_("What changed on the map"))),  # noqa: S704 -- our own writer
        causes=causes,
        cause_of=lambda change: _cause(change, causes),
        titles=known.titles(version.replaces_id or version.id) if known else {},
        shows_causes=is_own_base,
        may_explain=is_own_base and may(*EDITORS) and version.state in BEFORE_SUBMITTED,
        unexplained=sum(not differences.is_explained(c, causes) for c in found),
        form=form,
        place=place,
        kinds=KINDS,
        kind_chips=KIND_CHIPS,
        fact_words=fact_words,
        value_words=value_words,
        title_words=title_words,
        feature_rows=feature_rows,
        around=wording.around,
        group_place=differences.group_place,
    )


def _base(version: PlanVersion) -> PlanVersion | None:
    """Return the version to compare with: the one asked for, of the same plan, or its base."""
    number = request.args.get("with", type=int)
    if number is None:
        return changes.find_base(version)
    siblings = service.list_siblings(version, public_only=not may(*EDITORS))
    found = [other for other in siblings if other.number == number and other.id != version.id]
    return found[0] if found else abort(404)


def _sheet(version: PlanVersion) -> Sheet | None:
    return maps.gather(version.map_sheet_id) if version.map_sheet_id is not None else None


def _cause(change: Change, causes: dict[str, Cause]) -> Cause | None:
    return causes.get(change.place) or causes.get(differences.group_place(change.area))


@requires(*EDITORS)
def explain(version_id: int) -> ResponseReturnValue:
    """Keep why a place changed."""
    form, place = ChangeForm(), request.form.get("place", "")[:120]
    version = service.get_version(version_id)
    if not form.validate_on_submit():
        return _page(version_id, form, place=place), 422
    base = changes.find_base(version)
    places = set()
    if base is not None:
        for change in changes.compare(base, version):
            places |= {change.place, differences.group_place(change.area)}
    try:
        if place not in places:
            raise Refused(Refusal.NO_SUCH_CHANGE)
        with transaction():
            changes.explain(
                version_id,
                place,
                opinion_number=form.opinion_number.data,
                cause=form.cause.data or "",
                reason=form.reason.data or "",
                made_by=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.form_errors.append(refusal_words(refused))
        return _page(version_id, form, place=place), 409
    flash(_("Saved."), "success")
    return redirect(url_for(".differences_page", version_id=version_id), 303)
