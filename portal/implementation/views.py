"""What becomes of a plan, for everybody: how far it is, what lies idle, what is mine."""

from datetime import datetime

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.masking import mask_name
from portal.core.pages import village_blueprint
from portal.core.slots import Card, Link
from portal.implementation import desk_views, duties, idle, service, visiting, words
from portal.implementation.forms import OpinionForm, SuggestionForm
from portal.implementation.record_views import EDITORS
from portal.implementation.rules import DutyKind

bp = village_blueprint("implementation", __name__, "/implementation")
desk_views.register(bp)
DESK_LINKS = (Link(_l("Following the plan"), "implementation.desk", desk_views.STAFF),)
VILLAGE_LINKS = (
    Link(_l("How far the plan is"), "implementation.index", (Part.ANYONE,)),
    Link(_l("What lies idle"), "implementation.idle_list", (Part.ANYONE,)),
    Link(_l("Our planner"), "implementation.planner", (Part.ANYONE,)),
)
PER_PAGE = 50


@bp.get("/")
@requires(Part.ANYONE)
def index() -> str:
    """Show how far the plan is: indicators with their lights, projects with who answers."""
    version, today = service.find_followed(), clock.today(clock.now())
    projects = service.list_project_lines(version.id) if version else []
    found = duties.duties_of(DutyKind.PROJECT, [p.id for p in projects], today=today)
    return render_template(
        "implementation/index.html",
        version=version,
        indicators=service.list_followed(version, today=today) if version else [],
        projects=[(project, found.get(project.id)) for project in projects],
        evaluations=[
            e for e in (service.list_evaluations(version.id) if version else ()) if e.finished_at
        ],
        words=words,
    )


@bp.get("/evaluations/<int:evaluation_id>")
@requires(Part.ANYONE)
def evaluation(evaluation_id: int) -> str:
    """Show a year's evaluation; before it is finished, only to those who write it."""
    found = service.get_evaluation(evaluation_id)
    if found.finished_at is None and not may(*desk_views.STAFF):
        abort(404)
    lines = service.list_lines(evaluation_id)
    return render_template(
        "implementation/evaluation.html",
        evaluation=found,
        lines=lines,
        actions=service.actions_of(lines, today=clock.today(clock.now())),
        words=words,
        may_write=found.finished_at is None and may(*EDITORS),
    )


@bp.get("/idle")
@requires(Part.ANYONE)
def idle_list() -> str:
    """List land and houses that lie idle."""
    page = max(request.args.get("page", 1, type=int), 1)
    lines, total = idle.list_assets(page=page, per_page=PER_PAGE)
    return render_template(
        "implementation/idle.html",
        lines=lines,
        total=total,
        page=page,
        pages=-(-total // PER_PAGE),
        words=words,
        may_write=may(*EDITORS),
    )


@bp.get("/idle/<int:asset_id>")
@requires(Part.ANYONE)
def idle_asset(asset_id: int, form: SuggestionForm | None = None) -> str:
    """Show something idle, and what people suggest for it."""
    asset = idle.get_asset(asset_id)
    suggestions = idle.list_suggestions(asset_id)
    mine = g.viewer.resident_id if g.viewer else None
    own = next((s.text for s in suggestions if s.resident_id == mine), None)
    return render_template(
        "implementation/asset.html",
        asset=asset,
        suggestions=[
            (s, s.name if s.resident_id == mine else mask_name(s.name)) for s in suggestions
        ],
        form=form or SuggestionForm(formdata=None, text=own),
        may_suggest=may(Part.VILLAGER),
        may_write=may(*EDITORS),
        words=words,
    )


@bp.post("/idle/<int:asset_id>/suggest")
@requires(Part.VILLAGER)
def suggest(asset_id: int) -> ResponseReturnValue:
    """Keep what a resident suggests."""
    idle.get_asset(asset_id)
    form = SuggestionForm()
    if not form.validate_on_submit():
        return idle_asset(asset_id, form), 422
    with transaction():
        idle.suggest(
            asset_id,
            resident_id=g.viewer.resident_id,
            text=str(form.text.data),
            now=clock.now(),
        )
    flash(_("Thank you. Everybody can read your suggestion, with your name masked."), "success")
    return redirect(url_for(".idle_asset", asset_id=asset_id), 303)


@bp.get("/planner")
@requires(Part.ANYONE)
def planner() -> str:
    """Show when the responsible planner can be met, and what the planner did this year."""
    today = clock.today(clock.now())
    year = request.args.get("year", today.year, type=int)
    if not 2000 <= year <= 2100:
        abort(404)
    planners = visiting.planners_of(year)
    return render_template(
        "implementation/planner.html",
        hours=visiting.list_office_hours(today=today),
        visits=visiting.list_visits(year=year),
        years=[visiting.year_of_service(account_id, year) for account_id in planners],
        year=year,
        this_year=today.year,
        words=words,
        may_write=may(Part.PLANNER),
    )


@bp.get("/mine")
@requires(Part.VILLAGER)
def mine(form: OpinionForm | None = None, said_to: int | None = None) -> str:
    """Show a resident what of the plan touches their rights, and ask what they say to it."""
    parties = service.parties_of(g.viewer.resident_id)
    forms = {
        party.id: form
        if form is not None and party.id == said_to
        else OpinionForm(formdata=None, opinion=party.opinion)
        for party in parties
    }
    return render_template("implementation/mine.html", parties=parties, forms=forms)


@bp.post("/mine/<int:party_id>")
@requires(Part.VILLAGER)
def say(party_id: int) -> ResponseReturnValue:
    """Keep what somebody concerned says."""
    if party_id not in {party.id for party in service.parties_of(g.viewer.resident_id)}:
        abort(404)
    form = OpinionForm()
    if not form.validate_on_submit():
        return mine(form, party_id), 422
    with transaction():
        service.say(
            party_id,
            resident_id=g.viewer.resident_id,
            opinion=str(form.opinion.data),
            now=clock.now(),
        )
    flash(_("Kept. The committee and the planner read it."), "success")
    return redirect(url_for(".mine"), 303)


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Tell a resident what of the plan touches their rights, until they said something to it."""
    if not may(Part.VILLAGER):
        return []
    waiting = [party for party in service.parties_of(g.viewer.resident_id) if not party.opinion]
    return [
        Card(
            title=party.anchor_words,
            line=_("The plan touches your rights here. Say what you think of it."),
            href=url_for("implementation.mine"),
            action=_("Read and answer"),
            chip=_("concerns you"),
            chip_kind="warn",
            rank=8,
        )
        for party in waiting[:3]
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Tell staff what is overdue, by owner."""
    return desk_views.desk_cards(now=now)
