"""What the plan changes for one villager group, and on a household's own parcels."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.people import service as people
from portal.people.models import VillagerGroup
from portal.plans import plots, service
from portal.plans.effects import effects_on
from portal.plans.grounds import ground_of
from portal.plans.kept import kept, key_of, readable
from portal.plans.map_views import may_choose, own_plots, rules_of
from portal.plans.models import PlanVersion
from portal.plans.rules import State

FEW = 3
"""How many changes the plan page itself tells."""


def register(bp: Blueprint) -> None:
    """Hang the pages about changes onto the blueprint of plans."""
    for rule, view, method in (
        ("/<int:version_id>/changes", changes, "GET"),
        ("/<int:version_id>/parcels/<int:number>/ours", choose_plot, "POST"),
        ("/<int:version_id>/plots/<int:plot_id>/take-back", take_plot_back, "POST"),
    ):
        bp.add_url_rule(rule, endpoint=view.__name__, view_func=view, methods=[method])


@requires(Part.ANYONE, on_behalf=True)
def changes(version_id: int) -> str:
    """Show what changes for a group: the one asked for, else the viewer's own."""
    version, notice = service.get_with_notice(version_id)
    readable(version_id)
    groups = people.list_groups()
    number = request.args.get("group", type=int)
    chosen = next((group for group in groups if group.number == number), None)
    own = next((group for group in groups if g.viewer and group.id == g.viewer.group_id), None)
    chosen = chosen or (own if number is None else None)
    if number is not None and chosen is None:
        abort(404)
    ground = ground_of(version)
    is_open = service.state_of(version, notice, now=clock.now()) is State.ON_NOTICE
    return render_template(
        "plans/changes.html",
        version=version,
        groups=groups,
        chosen=chosen,
        own=own,
        body=Markup(_told(version, chosen, is_open=is_open)) if chosen else "",  # noqa: S704 -- ours
        may_choose=may_choose() and ground.atlas is not None,
        plots=[(plot, rules_of(ground, plot.parcel)) for plot in own_plots(ground.atlas)]
        if ground.atlas
        else [],
    )


def own_group(version: PlanVersion) -> str:
    """Return for the plan page what changes for the group of whoever asks, in a few lines."""
    if g.viewer is None or g.viewer.group_id is None or g.viewer.village_id != g.village.id:
        return ""
    groups = people.list_groups()
    group = next((group for group in groups if group.id == g.viewer.group_id), None)
    return _told(version, group, is_open=False, few=FEW) if group else ""


def _told(version: PlanVersion, group: VillagerGroup, *, is_open: bool, few: int = 0) -> str:
    key = (*key_of(version), "group", group.number, group.name, is_open, few)
    return kept(version, key, lambda: _tell(version, group, is_open=is_open, few=few))


def _tell(version: PlanVersion, group: VillagerGroup, *, is_open: bool, few: int) -> str:
    ground = ground_of(version)
    return render_template(
        "plans/changes_body.html",
        version=version,
        group=group,
        few=few,
        is_open=is_open,
        has_map=ground.atlas is not None,
        effects=effects_on(
            group.number,
            atlas=ground.atlas,
            controls=ground.controls,
            projects=ground.projects,
            facilities=ground.facilities,
        ),
    )


@requires(Part.VILLAGER)
def choose_plot(version_id: int, number: int) -> ResponseReturnValue:
    """Keep that a parcel is the household's, once somebody of it has agreed to that."""
    version = readable(version_id)
    back = redirect(url_for(".parcel", version_id=version_id, number=number), 303)
    if not may_choose():
        abort(403)
    if request.form.get("agree") != "yes":
        flash(_("Tick the box first: without your consent nothing is kept."), "error")
        return back
    try:
        with transaction():
            plots.choose(service.get_version(version.id), number, **_who(), now=clock.now())
    except LookupError:
        abort(404)
    flash(_("Kept. Only your household sees it."), "success")
    return back


@requires(Part.VILLAGER)
def take_plot_back(version_id: int, plot_id: int) -> ResponseReturnValue:
    """Forget a parcel of the household again."""
    readable(version_id)
    if not may_choose():
        abort(403)
    with transaction():
        is_gone = plots.take_back(plot_id, **_who(), now=clock.now())
    if not is_gone:
        abort(404)
    flash(_("Forgotten. Nothing is kept about this parcel and your household."), "success")
    return redirect(url_for(".changes", version_id=version_id), 303)


def _who() -> dict[str, int]:
    return {
        "account_id": g.viewer.account_id,
        "resident_id": g.viewer.resident_id,
        "household_id": g.viewer.household_id,
    }
