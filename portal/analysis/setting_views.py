"""Pages on which planners say what the checks measure against."""

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.analysis import forms, service
from portal.analysis.boundaries import keys_on
from portal.analysis.guarding import EDITORS, Opened, content_of, opened
from portal.analysis.overlaps import Tolerance
from portal.analysis.words import REFUSALS
from portal.core import clock
from portal.core.access import requires
from portal.core.db import transaction
from portal.core.errors import Refused


def register(bp: Blueprint) -> None:
    """Hang these pages onto the blueprint of the checks."""
    for rule, view, method in (
        ("/<int:version_id>/comparison", comparison, "GET"),
        ("/<int:version_id>/comparison", save_comparison, "POST"),
        ("/<int:version_id>/caps", caps, "GET"),
        ("/<int:version_id>/caps", save_caps, "POST"),
    ):
        bp.add_url_rule(rule, endpoint=view.__name__, view_func=view, methods=[method])


@requires(*EDITORS)
def comparison(version_id: int) -> str:
    """Show which boundaries are compared, and what is passed over."""
    seen = opened(version_id)
    chosen = seen.settings
    form = forms.ComparisonForm(
        formdata=None,
        pairs=[f"{one}|{two}" for one, two in chosen.pairs],
        tolerance_m2=chosen.tolerance.area_m2,
        tolerance_percent=chosen.tolerance.percent,
    )
    return _comparison_page(seen, form)


def _comparison_page(seen: Opened, form: forms.ComparisonForm) -> str:
    sheet = content_of(seen).map
    form.offer(seen.settings.pairs, keys_on(sheet) if sheet else [])
    return _form_page(
        seen, form, _("What is compared"), url_for(".conflicts", version_id=seen.version.id)
    )


@requires(*EDITORS)
def save_comparison(version_id: int) -> ResponseReturnValue:
    """Keep which boundaries are compared, and what is passed over."""
    seen = opened(version_id)
    form = forms.ComparisonForm()
    if not form.validate_on_submit():
        return _comparison_page(seen, form), 422
    try:
        with transaction():
            service.set_tolerance(
                seen.version.plan_id,
                Tolerance(form.tolerance_m2.data, form.tolerance_percent.data or Decimal(0)),
                form.chosen(),
                now=clock.now(),
            )
    except Refused as refused:
        form.form_errors.append(str(REFUSALS[refused.reason]))
        return _comparison_page(seen, form), 422
    flash(_("Saved. Check the boundaries again, so that it counts."), "success")
    return redirect(url_for(".conflicts", version_id=version_id), 303)


@requires(*EDITORS)
def caps(version_id: int, form: forms.CapsForm | None = None) -> str:
    """Show what the level above allows."""
    seen = opened(version_id)
    kept = seen.settings
    form = form or forms.CapsForm(
        formdata=None,
        construction_percent=kept.construction_cap_percent,
        eco_percent=kept.eco_cap_percent,
        per_capita_m2=kept.per_capita_cap_m2,
        cap_source=kept.cap_source,
        linked_quota_ha=kept.linked_quota_ha,
        quota_source=kept.quota_source,
    )
    return _form_page(seen, form, _("Caps and quota"), url_for(".intensity", version_id=version_id))


@requires(*EDITORS)
def save_caps(version_id: int) -> ResponseReturnValue:
    """Keep what the level above allows; lights that change with it are told at once."""
    seen = opened(version_id)
    form = forms.CapsForm()
    if not form.validate_on_submit():
        return caps(version_id, form), 422
    now = clock.now()
    with transaction():
        service.set_caps(
            seen.version.plan_id,
            construction_percent=form.construction_percent.data,
            eco_percent=form.eco_percent.data,
            per_capita_m2=form.per_capita_m2.data,
            cap_source=(form.cap_source.data or "").strip(),
            linked_quota_ha=form.linked_quota_ha.data,
            quota_source=(form.quota_source.data or "").strip(),
            now=now,
        )
        service.see_lights(version_id, now=now)
    flash(_("Saved."), "success")
    return redirect(url_for(".intensity", version_id=version_id), 303)


def _form_page(seen: Opened, form: object, title: str, back: str) -> str:
    return render_template(
        "analysis/form.html", seen=seen, form=form, title=title, back=back, version=seen.version
    )
