"""Pages by which the parts of a draft come in: chapters, goals, and the lines of its tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.forms import Form
from portal.maps.rules import LayerKind
from portal.plans import forms, service, table_forms
from portal.plans.cards import EDITORS
from portal.plans.content import Content
from portal.plans.form_pages import form_page, save_form
from portal.plans.words import REFUSALS

CHANGE: Mapping[str, LazyString] = {
    "section": _l("Change a chapter"),
    "goal": _l("Change a goal"),
    "indicator": _l("Change an indicator"),
    "project": _l("Change a project"),
    "structure": _l("Change a line of the structure table"),
    "facility": _l("Change a facility"),
    "control": _l("Change a control rule"),
}
PART_FORMS: Mapping[str, type[Form]] = {
    "section": forms.SectionForm,
    "goal": forms.GoalForm,
    "indicator": forms.IndicatorForm,
    "project": table_forms.ProjectForm,
    "structure": table_forms.StructureForm,
    "facility": table_forms.FacilityForm,
    "control": table_forms.ControlForm,
}


@requires(*EDITORS)
def parts(version_id: int, part: str, form: Any = None) -> str:
    """Show the sections, goals or lines of a table, and the form for one more."""
    version = service.get_version(version_id)
    content = service.content_of(version, with_map=False)
    return render_template(
        "plans/parts.html",
        version=version,
        content=content,
        part=part,
        form=form or _part_form(part, content, blank=True),
        is_draft=not service.is_public(version),
    )


def _part_form(
    part: str, content: Content, *, blank: bool = False, part_id: int | None = None
) -> Any:
    """Return the form of a part: as it was sent, blank, or filled with the part that is there."""
    if part_id is not None:
        form: Any = PART_FORMS[part](formdata=None, data=_filled(part, content, part_id))
    else:
        form = PART_FORMS[part](**({"formdata": None} if blank else {}))
    if part == "indicator":
        form.goals.choices = [SelectChoice(goal.id, goal.title) for goal in content.goals]
    elif part == "project":
        form.indicators.choices = [SelectChoice(i.id, i.name) for i in content.indicators]
        if blank:
            form.code.data = str(len(content.projects) + 1)
    return form


def _find(part: str, content: Content, part_id: int) -> Any:
    """Return the part of this version; where it has none such, there is no such page."""
    things: Mapping[str, Sequence[Any]] = {
        "section": content.sections,
        "goal": content.goals,
        "indicator": content.indicators,
        "project": content.projects,
        "structure": content.structure,
        "facility": content.facilities,
        "control": content.controls,
    }
    thing = next((thing for thing in things[part] if thing.id == part_id), None)
    return thing or abort(404)


def _filled(part: str, content: Content, part_id: int) -> dict[str, Any]:
    thing = _find(part, content, part_id)
    facts = {field.name: getattr(thing, field.name) for field in fields(thing)}
    if part == "indicator":
        facts["goals"] = [goal.id for goal in content.goals_of(thing.goals)]
    elif part == "project":
        facts["indicators"] = [i.id for i in content.indicators_of(thing.indicators)]
        facts["cost_wan"] = _in_wan(thing.cost_yuan)
        facts["groups"] = ", ".join(map(str, thing.group_numbers))
    return facts


def _in_wan(yuan: int | None) -> Decimal | None:
    """Return whole yuan as 万元, without zeros that nobody typed."""
    if yuan is None or yuan % 10_000 == 0:
        return None if yuan is None else Decimal(yuan // 10_000)
    return (Decimal(yuan) / 10_000).normalize()


@requires(*EDITORS)
def add_part(version_id: int, part: str) -> ResponseReturnValue:
    """Add a section, a goal or a line of a table."""
    content = service.content_of(service.get_version(version_id), with_map=False)
    form = _part_form(part, content)
    add: Mapping[str, Callable[[datetime], object]] = {
        "section": lambda now: service.add_section(version_id, **form.facts(), now=now),
        "goal": lambda now: service.add_goal(version_id, **form.facts(), now=now),
        "indicator": lambda now: service.add_indicator(version_id, **form.facts(), now=now),
        "project": lambda now: service.add_project(version_id, **form.facts(), now=now),
        "structure": lambda now: service.add_structure_line(version_id, **form.facts(), now=now),
        "facility": lambda now: service.add_facility(version_id, **form.facts(), now=now),
        "control": lambda now: service.add_control(version_id, **form.facts(), now=now),
    }
    return save_form(
        version_id,
        form,
        lambda vid, shown: parts(vid, part, shown),
        add[part],
        after=url_for(".parts", version_id=version_id, part=part),
    )


@requires(*EDITORS)
def change(version_id: int, part: str, part_id: int, form: Any = None) -> str:
    """Show one part of a draft in its form."""
    content = service.content_of(service.get_version(version_id), with_map=False)
    form = form or _part_form(part, content, part_id=part_id)
    back = url_for(".parts", version_id=version_id, part=part)
    return form_page(version_id, form, str(CHANGE[part]), back=back, removal=(part, part_id))


@requires(*EDITORS)
def save_change(version_id: int, part: str, part_id: int) -> ResponseReturnValue:
    """Keep what was changed in one part."""
    content = service.content_of(service.get_version(version_id), with_map=False)
    _find(part, content, part_id)
    form = _part_form(part, content)
    return save_form(
        version_id,
        form,
        lambda vid, shown: change(vid, part, part_id, shown),
        lambda now: service.change_part(version_id, part, part_id, now=now, **form.facts()),
        after=url_for(".parts", version_id=version_id, part=part),
    )


@requires(*EDITORS)
def remove(version_id: int) -> ResponseReturnValue:
    """Take one part, or a layer of the map, out of a draft."""
    part, key = request.form.get("part", ""), request.form.get("id", "")
    now = clock.now()
    back = url_for(".workbench", version_id=version_id)
    try:
        with transaction():
            if part in PART_FORMS and key.isdecimal():
                service.remove_part(version_id, part, int(key), now=now)
                back = url_for(".parts", version_id=version_id, part=part)
            elif part == "layer" and key in set(LayerKind):
                service.remove_layer(version_id, LayerKind(key), now=now)
                back = url_for(".layers", version_id=version_id)
            else:
                service.get_version(version_id)
                abort(400)
        flash(_("It has been taken out."), "success")
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
    return redirect(back, 303)
