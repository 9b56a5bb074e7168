"""Pages of scenarios: side by side with every formula, a new one, one taken away."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.analysis import forms, service
from portal.analysis.guarding import EDITORS, Opened, content_of, opened
from portal.analysis.projection import RANGES, Facts, Parameters, preset
from portal.analysis.rules import MOST_SCENARIOS, Preset, Refusal
from portal.analysis.words import PARAMETERS, PRESETS, REFUSALS
from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused


def register(bp: Blueprint) -> None:
    """Hang these pages onto the blueprint of the checks."""
    for rule, view, method in (
        ("/<int:version_id>/scenarios", scenarios, "GET"),
        ("/<int:version_id>/scenarios/new", new_scenario, "GET"),
        ("/<int:version_id>/scenarios/new", add_scenario, "POST"),
        ("/<int:version_id>/scenarios/presets", add_presets, "POST"),
        ("/<int:version_id>/scenarios/take-away", retire_scenario, "POST"),
    ):
        bp.add_url_rule(rule, endpoint=view.__name__, view_func=view, methods=[method])


@requires(Part.ANYONE, on_behalf=True)
def scenarios(version_id: int) -> str:
    """Show the scenarios of the plan side by side, with every formula and number."""
    seen = opened(version_id)
    found = service.list_scenarios(seen.version.plan_id)
    return render_template(
        "analysis/scenarios.html",
        seen=seen,
        version=seen.version,
        scenarios=found,
        is_full=len(found) >= MOST_SCENARIOS,
        steps=_steps(found[0].base_year, found[0].target_year) if found else [],
        names=list(RANGES),
    )


def _steps(base_year: int, target_year: int) -> list[int]:
    """Return the years that a table shows: the first, every fifth, the last."""
    term = target_year - base_year
    shown = sorted({0, term, *range(5, term, 5)})
    return [base_year + t for t in shown]


@requires(*EDITORS)
def new_scenario(version_id: int, form: forms.ScenarioForm | None = None) -> ResponseReturnValue:
    """Show the form of a scenario, filled with the assumptions of a preset."""
    seen = opened(version_id)
    try:
        facts = _facts(seen)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".scenarios", version_id=version_id), 303)
    if form is None:
        wanted = request.args.get("preset", Preset.OWN)
        which = Preset(wanted) if wanted in set(Preset) else Preset.OWN
        chosen = preset(which, facts)
        form = forms.ScenarioForm(
            formdata=None, obj=chosen, preset=which, title=str(PRESETS[which])
        )
    return render_template("analysis/scenario.html", seen=seen, facts=facts, form=form)


@requires(*EDITORS)
def add_scenario(version_id: int) -> ResponseReturnValue:
    """Keep a scenario."""
    seen = opened(version_id)
    form = forms.ScenarioForm()
    if not form.validate_on_submit():
        return _again(version_id, form)
    try:
        facts = _facts(seen)
        with transaction():
            _keep(
                seen, form.title.data.strip(), form.preset.data, facts, Parameters(**form.numbers())
            )
    except Refused as refused:
        words = str(REFUSALS[refused.reason])
        names = refused.facts.get("names", [])
        if isinstance(names, list) and names:
            words += " " + "; ".join(str(PARAMETERS[name]) for name in names)
        form.form_errors.append(words)
        return _again(version_id, form)
    flash(_("Saved."), "success")
    return redirect(url_for(".scenarios", version_id=version_id), 303)


def _again(version_id: int, form: forms.ScenarioForm) -> ResponseReturnValue:
    page = new_scenario(version_id, form)
    return (page, 422) if isinstance(page, str) else page


@requires(*EDITORS)
def add_presets(version_id: int) -> ResponseReturnValue:
    """Keep the three presets at once, as assumptions to begin with."""
    seen = opened(version_id)
    try:
        facts = _facts(seen)
        with transaction():
            for which in (Preset.URBANISATION, Preset.ECOLOGY, Preset.INDUSTRY):
                _keep(seen, str(PRESETS[which]), which, facts, preset(which, facts))
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
    return redirect(url_for(".scenarios", version_id=version_id), 303)


def _facts(seen: Opened) -> Facts:
    return service.facts_of(content_of(seen, with_map=False))


def _keep(seen: Opened, title: str, which: Preset, facts: Facts, chosen: Parameters) -> None:
    version = seen.version
    service.add_scenario(
        version.plan_id,
        title=title,
        preset=which,
        facts=facts,
        parameters=chosen,
        base_year=version.base_year,
        target_year=version.target_year,
        now=clock.now(),
    )


@requires(*EDITORS)
def retire_scenario(version_id: int) -> ResponseReturnValue:
    """Take a scenario of this plan out of use."""
    seen = opened(version_id)
    wanted = request.form.get("scenario_id", 0, int)
    try:
        with transaction():
            known = {s.id for s in service.list_scenarios(seen.version.plan_id)}
            if wanted not in known:
                raise Refused(Refusal.ALREADY_RETIRED)
            service.retire(wanted, now=clock.now())
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
    return redirect(url_for(".scenarios", version_id=version_id), 303)
