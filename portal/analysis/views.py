"""Pages of the planners' checks: an overview, the structure table, lights, coverage."""

from datetime import datetime

from flask import abort, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from portal.analysis import conflict_views, scenario_views, service, setting_views
from portal.analysis.guarding import EDITORS, Opened, bp, content_of, opened, text_size
from portal.analysis.intensity import Stage
from portal.analysis.pictures import draw_coverage
from portal.analysis.rules import BENCHMARK, Light
from portal.analysis.words import (
    FORMULAS,
    GROUPS,
    HOUSES,
    LIGHT_CHIPS,
    LIGHTS,
    MEASURES,
    MISSES,
    PARAMETERS,
    PRESETS,
    REFUSALS,
    SOURCES,
    STATE_CHIPS,
    STATES,
    boundary_words,
    exact_words,
    found_words,
    line_words,
    mend_words,
    number_words,
)
from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.slots import Card, Link
from portal.maps import svg
from portal.maps.words import words as map_words
from portal.plans import service as plans
from portal.villages.rules import FacilityKind
from portal.villages.words import KINDS as FACILITY_KINDS

__all__ = ["DESK_LINKS", "REFUSALS", "bp", "desk_cards", "plan_cards"]

conflict_views.register(bp)
scenario_views.register(bp)
setting_views.register(bp)
DESK_LINKS = (Link(_l("Checks of plans"), "analysis.index", EDITORS),)


@bp.app_context_processor
def words_for_templates() -> dict[str, object]:
    """Lend the words of the checks to templates."""
    return {
        "analysis_groups": GROUPS,
        "analysis_misses": MISSES,
        "mend_words": mend_words,
        "analysis_measures": MEASURES,
        "analysis_formulas": FORMULAS,
        "analysis_lights": LIGHTS,
        "analysis_light_chips": LIGHT_CHIPS,
        "analysis_sources": SOURCES,
        "analysis_states": STATES,
        "analysis_state_chips": STATE_CHIPS,
        "analysis_presets": PRESETS,
        "analysis_parameters": PARAMETERS,
        "analysis_houses": HOUSES,
        "boundary_words": boundary_words,
        "exact_words": exact_words,
        "found_words": found_words,
        "line_words": line_words,
        "number_words": number_words,
    }


@bp.get("/")
@requires(*EDITORS)
def index() -> str:
    """List the versions whose checks can be looked at."""
    versions = plans.list_versions(public_only=False, now=clock.now())
    return render_template("analysis/index.html", versions=versions)


@bp.get("/<int:version_id>")
@requires(Part.ANYONE, on_behalf=True)
def show(version_id: int) -> str:
    """Show what every check says of a version, in a line each."""
    seen = opened(version_id)
    content = content_of(seen)
    register = service.find_register(version_id)
    return render_template(
        "analysis/show.html",
        seen=seen,
        version=seen.version,
        content=content,
        balance=service.balance_of(content, seen.settings),
        missed=service.targets_of(content),
        register=register,
        counts=service.count_conflicts(version_id),
        readings=service.intensity_of(content, seen.settings),
        covered=service.cover(content.map, content.facilities),
        scenarios=service.list_scenarios(seen.version.plan_id),
        benchmark=BENCHMARK,
    )


@bp.get("/<int:version_id>/structure")
@requires(Part.ANYONE, on_behalf=True)
def structure(version_id: int) -> str:
    """Show the land-use structure table, and each thing that is wrong with it."""
    seen = opened(version_id)
    content = content_of(seen)
    return render_template(
        "analysis/structure.html",
        seen=seen,
        version=seen.version,
        content=content,
        balance=service.balance_of(content, seen.settings),
        missed=service.targets_of(content),
    )


@bp.get("/<int:version_id>/intensity")
@requires(Part.ANYONE, on_behalf=True)
def intensity(version_id: int) -> str:
    """Show how densely the village is built up, with every number a value comes from."""
    seen = opened(version_id)
    content = content_of(seen)
    return render_template(
        "analysis/intensity.html",
        seen=seen,
        version=seen.version,
        readings=service.intensity_of(content, seen.settings),
        quota=service.balance_of(content, seen.settings).quota,
        stages=Stage,
    )


@bp.get("/<int:version_id>/coverage")
@requires(Part.ANYONE, on_behalf=True)
def coverage(version_id: int) -> str:
    """Show how many houses each kind of facility reaches."""
    return _coverage(opened(version_id), None)


@bp.get("/<int:version_id>/coverage/<kind>")
@requires(Part.ANYONE, on_behalf=True)
def coverage_map(version_id: int, kind: str) -> str:
    """Show on the map which houses one kind of facility reaches."""
    seen = opened(version_id)
    if kind not in set(FacilityKind):
        abort(404)
    return _coverage(seen, FacilityKind(kind))


def _coverage(seen: Opened, kind: FacilityKind | None) -> str:
    content = content_of(seen)
    drawing = None
    if kind is not None and content.map is not None:
        picture = draw_coverage(
            content.map,
            kind,
            content.facilities,
            title=str(FACILITY_KINDS[kind]),
            text=text_size(),
            words=map_words(),
        )
        drawing = Markup(svg.write(picture))  # noqa: S704 -- our own writer, escaped there
    return render_template(
        "analysis/coverage.html",
        seen=seen,
        version=seen.version,
        covered=service.cover(content.map, content.facilities),
        kind=kind,
        drawing=drawing,
    )


def plan_cards(*, now: datetime, version_id: int, **_facts: object) -> list[Card]:
    """Offer the checks beside the plan, to those who work on it."""
    if not may(*EDITORS):
        return []
    return [
        Card(
            title=_("Checks of this plan"),
            line=_("Structure table, limits, overlapping boundaries, coverage, scenarios."),
            href=url_for("analysis.show", version_id=version_id),
            action=_("Look at the checks"),
        )
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Warn whoever works on plans where a measure is above its cap."""
    if not may(*EDITORS):
        return []
    return [
        Card(
            title=line.title,
            line=_("%(measure)s is above its cap.", measure=MEASURES[measure]),
            href=url_for("analysis.intensity", version_id=line.version_id),
            action=_("Look at the checks"),
            chip=str(LIGHTS[Light.RED]),
            chip_kind="danger",
            rank=3,
        )
        for line in service.list_red()
        for measure in line.measures
    ]
