"""Pages that everybody may read: the plans, one plan, its map, its projects."""

import hashlib
import re
from collections.abc import Hashable, Mapping
from datetime import datetime

from flask import Response, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.pages import download, village_blueprint
from portal.core.slots import Card, Link, Slot, cards
from portal.core.words import deadline_words, is_urgent
from portal.maps import overview, svg
from portal.notices.service import Opened
from portal.plans import (
    changes_views,
    fragments,
    map_views,
    markdown,
    place_views,
    ports,
    service,
    staff_views,
)
from portal.plans.cards import EDITORS, desk_cards, home_cards, take_part_cards
from portal.plans.content import canonical
from portal.plans.kept import check_readable, kept, key_of, readable, text_size
from portal.plans.models import PlanVersion
from portal.plans.rules import State
from portal.plans.timeline import timeline
from portal.plans.words import (
    CHIPS,
    DIRECTIONS,
    FACILITY_STATES,
    INDICATOR_KINDS,
    KINDS,
    PROJECT_KINDS,
    REFUSALS,
    STATES,
    area_words,
    class_words,
    ground_words,
    layer_words,
    money_words,
    parcel_words,
    quantity_words,
    subject_words,
)
from portal.villages.words import KINDS as FACILITY_KINDS

__all__ = ["DESK_LINKS", "REFUSALS", "bp", "desk_cards", "home_cards", "take_part_cards"]

bp = village_blueprint("plans", __name__, "/plans")
staff_views.register(bp)
map_views.register(bp)
place_views.register(bp)
changes_views.register(bp)
DESK_LINKS = (Link(_l("Plans"), "plans.desk", EDITORS),)
VILLAGE_LINKS = (Link(_l("Plans"), "plans.index", (Part.ANYONE,)),)
SAID = re.compile(r"<!--said ([a-z]+-\d+)-->")
"""Where a kept body leaves a place for the number of opinions."""
MIDDLE = "<!-- what changes for me -->"
"""Stands in the kept body where what depends on the reader is put in."""


@bp.app_context_processor
def words_for_templates() -> dict[str, object]:
    """Lend the words of plans to templates."""
    return {
        "plan_states": STATES,
        "plan_chips": CHIPS,
        "plan_kinds": KINDS,
        "indicator_kinds": INDICATOR_KINDS,
        "directions": DIRECTIONS,
        "project_kinds": PROJECT_KINDS,
        "facility_kinds": FACILITY_KINDS,
        "facility_states": FACILITY_STATES,
        "subject_words": subject_words,
        "class_words": class_words,
        "money_words": money_words,
        "quantity_words": quantity_words,
        "area_words": area_words,
        "ground_words": ground_words,
        "parcel_words": parcel_words,
        "layer_words": layer_words,
        "swatch": lambda code: Markup(svg.swatch(code)),  # noqa: S704 -- our own writer
    }


@bp.get("/")
@requires(Part.ANYONE, on_behalf=True)
def index() -> str:
    """List the plans that everybody may read."""
    return render_template(
        "plans/index.html", versions=service.list_public_versions(now=clock.now())
    )


@bp.get("/<int:version_id>")
@requires(Part.ANYONE, on_behalf=True)
def show(version_id: int) -> ResponseReturnValue:
    """Show a version: what it is about in a minute, and everything it says."""
    now = clock.now()
    version, notice = service.get_with_notice(version_id)
    check_readable(version)
    state = service.state_of(version, notice, now=now)
    steps = timeline(state, notice, now=now)
    said = ports.said(version_id)
    offered = cards(Slot.PLAN, now=now, version_id=version_id, said=said)

    def make() -> str:
        minute, rest = (
            _with_counts(part, said) for part in _body(version, is_open=state is State.ON_NOTICE)
        )
        return render_template(
            "plans/show.html",
            version=version,
            notice=notice,
            state=state,
            steps=steps,
            cards=offered,
            minute=Markup(minute),  # noqa: S704 -- ours
            rest=Markup(rest),  # noqa: S704 -- ours
            own_group=Markup(changes_views.own_group(version)),  # noqa: S704 -- ours
            is_draft=not service.is_public(version),
            may_edit=may(*EDITORS),
        )

    facts = (state, _deadline(notice, now=now), tuple(map(_card_key, offered)), tuple(said.items()))
    page = _whole_page(version, facts, make)
    response = Response(page)
    if g.viewer is None and service.is_public(version):
        response.set_etag(hashlib.sha256(page.encode()).hexdigest()[:32], weak=True)
        response.make_conditional(request)
    return response


def _whole_page(version: PlanVersion, facts: Hashable, make: fragments.Maker) -> str:
    """Return a page for somebody who is not signed in from memory, under all that it depends on."""
    if g.viewer is not None or not version.content_sha256 or "_flashes" in session:
        return make()
    counts = tuple(sorted((g.get("tab_counts") or {}).items()))
    key = (request.full_path, g.village, g.look, *key_of(version), facts, counts, "page")
    return fragments.piece(key, make)


def _deadline(notice: Opened | None, *, now: datetime) -> str:
    """Return the words about the deadline, which go stale by the minute on the last day."""
    if notice is None:
        return ""
    urgent = "!" if is_urgent(notice.ends_at, now) else ""
    return deadline_words(notice.ends_at, now) + urgent


def _card_key(card: Card) -> Hashable:
    shown = (card.title, card.line, card.href, card.action, card.chip, card.chip_kind)
    closes = deadline_words(card.closes_at, clock.now()) if card.closes_at else ""
    return (*map(str, shown), closes)


@bp.get("/<int:version_id>/content.json")
@requires(Part.ANYONE)
def content_file(version_id: int) -> Response:
    """Hand out exactly the bytes whose SHA-256 is the version's fingerprint."""
    version = readable(version_id)
    name = f"{version.title}-{version.number}.json"
    return download(canonical(service.content_of(version)), name, "application/json")


@bp.get("/projects/<int:project_id>")
@requires(Part.ANYONE, on_behalf=True)
def project(project_id: int) -> str:
    """Show one project: what, where, when, for how much, by whom, and what it serves."""
    version = readable(service.get_project(project_id).version_id)
    now = clock.now()
    content = service.content_of(version, with_map=False)
    facts = next(p for p in content.projects if p.id == project_id)
    state = service.state_of(version, service.notice_of(version.id), now=now)
    return render_template(
        "plans/project.html",
        version=version,
        content=content,
        project=facts,
        is_open=state is State.ON_NOTICE,
        said=ports.said(version.id).get(f"project-{project_id}", 0),
    )


def _body(version: PlanVersion, *, is_open: bool) -> tuple[str, str]:
    """Return the summary, and everything below what changes for one's own group."""
    key = (*key_of(version), is_open, "body")
    first, _mark, rest = kept(version, key, lambda: _make_body(version, is_open=is_open)).partition(
        MIDDLE
    )
    return first, rest


def _with_counts(body: str, said: Mapping[str, int]) -> str:
    """Put how many opinions there are into the places that a kept body leaves for them."""

    def words(mark: re.Match[str]) -> str:
        count = said.get(mark[1], 0)
        return " · " + ngettext("%(num)d so far", "%(num)d so far", count) if count else ""

    return SAID.sub(words, body)


def _make_body(version: PlanVersion, *, is_open: bool) -> str:
    content = service.content_of(version)
    small = overview.draw(content.map, text=text_size()) if content.map else ""
    return render_template(
        "plans/body.html",
        version=version,
        content=content,
        is_open=is_open,
        overview=Markup(small),  # noqa: S704 -- our own writer, escaped there
        sections=[(section, markdown.render(section.text)) for section in content.sections],
        middle=Markup(MIDDLE),  # noqa: S704 -- a comment of ours
    )
