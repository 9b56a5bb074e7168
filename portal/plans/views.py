"""Pages that everybody may read: the plans, one plan, its map, its projects."""

import hashlib
from collections.abc import Hashable
from datetime import datetime

from flask import Response, abort, g, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.look import LANGUAGES, MODES
from portal.core.pages import download, village_blueprint
from portal.core.slots import Card, Link, Slot, cards
from portal.core.words import deadline_words, is_urgent
from portal.maps import structure, svg
from portal.maps.rules import LayerKind
from portal.notices.service import Opened
from portal.plans import fragments, markdown, service, staff_views
from portal.plans.cards import EDITORS, desk_cards, home_cards, take_part_cards
from portal.plans.content import Content, canonical
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
    money_words,
    quantity_words,
    subject_words,
)
from portal.villages.words import KINDS as FACILITY_KINDS

__all__ = ["DESK_LINKS", "REFUSALS", "bp", "desk_cards", "home_cards", "take_part_cards"]

bp = village_blueprint("plans", __name__, "/plans")
staff_views.register(bp)
DESK_LINKS = (Link(_l("Plans"), "plans.desk", EDITORS),)
VILLAGE_LINKS = (Link(_l("Plans"), "plans.index", (Part.ANYONE,)),)
ELDER_TEXT = 1.3
FOREVER = "public, max-age=31536000, immutable"


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
    _check_readable(version)
    state = service.state_of(version, notice, now=now)
    steps = timeline(state, notice, now=now)
    offered = cards(Slot.PLAN, now=now, version_id=version_id)
    page = _whole_page(
        version,
        (state, _deadline(notice, now=now), tuple(map(_card_key, offered))),
        lambda: render_template(
            "plans/show.html",
            version=version,
            notice=notice,
            state=state,
            steps=steps,
            cards=offered,
            body=Markup(_body(version, is_open=state is State.ON_NOTICE)),  # noqa: S704 -- ours
            is_draft=not service.is_public(version),
            may_edit=may(*EDITORS),
        ),
    )
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
    key = (request.full_path, g.village, g.look, *_key(version), facts, counts, "page")
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


@bp.get("/<int:version_id>/map")
@requires(Part.ANYONE, on_behalf=True)
def map_page(version_id: int) -> str:
    """Show the map large, with everything that is on it as a list."""
    version = _readable(version_id)
    if version.map_sheet_id is None:
        abort(404)
    key = (*_key(version), "map")
    return render_template(
        "plans/map.html",
        version=version,
        body=Markup(_kept(version, key, lambda: _map_body(version))),  # noqa: S704
    )


@bp.get("/<int:version_id>/map-<language>-<mode>.svg")
@requires(Part.ANYONE, on_behalf=True)
def map_image(version_id: int, language: str, mode: str) -> Response:
    """Return the map as an image. With the right fingerprint in the address it never changes."""
    version = _readable(version_id)
    if version.map_sheet_id is None or language not in LANGUAGES or mode not in MODES:
        abort(404)
    text = ELDER_TEXT if mode == "elder" else 1.0
    with force_locale(language):
        key = (version.id, version.content_sha256, language, mode, "svg")
        drawn = _kept(version, key, lambda: svg.draw(_content(version).map, text=text))  # type: ignore[arg-type]  # there is a sheet
    response = Response(drawn, mimetype="image/svg+xml")
    if version.content_sha256 and request.args.get("v") == version.content_sha256[:12]:
        response.headers["Cache-Control"] = FOREVER
    response.set_etag(hashlib.sha256(drawn.encode()).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response


@bp.get("/<int:version_id>/content.json")
@requires(Part.ANYONE)
def content_file(version_id: int) -> Response:
    """Hand out exactly the bytes whose SHA-256 is the version's fingerprint."""
    version = _readable(version_id)
    name = f"{version.title}-{version.number}.json"
    return download(canonical(_content(version)), name, "application/json")


@bp.get("/projects/<int:project_id>")
@requires(Part.ANYONE, on_behalf=True)
def project(project_id: int) -> str:
    """Show one project: what, where, when, for how much, by whom, and what it serves."""
    version = _readable(service.get_project(project_id).version_id)
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
    )


def _readable(version_id: int) -> PlanVersion:
    """Return the version if whoever asks may read it: drafts are for those who write them."""
    version = service.get_version(version_id)
    _check_readable(version)
    return version


def _check_readable(version: PlanVersion) -> None:
    if not service.is_public(version) and not may(*EDITORS):
        abort(404)


def _content(version: PlanVersion) -> Content:
    return service.content_of(version)


def _key(version: PlanVersion) -> tuple[object, ...]:
    return (version.id, version.content_sha256, str(get_locale()), g.look.mode)


def _kept(version: PlanVersion, key: tuple[object, ...], make: fragments.Maker) -> str:
    """Return a piece of a frozen version from memory; a draft is made anew each time."""
    return fragments.piece(key, make) if version.content_sha256 else make()


def _body(version: PlanVersion, *, is_open: bool) -> str:
    key = (*_key(version), is_open, "body")
    return _kept(version, key, lambda: _make_body(version, is_open=is_open))


def _make_body(version: PlanVersion, *, is_open: bool) -> str:
    content = service.content_of(version, with_map=False)
    image = None
    if version.map_sheet_id is not None:
        image = url_for(
            ".map_image",
            version_id=version.id,
            language=g.look.language,
            mode=g.look.mode,
            v=(version.content_sha256 or "draft")[:12],
        )
    return render_template(
        "plans/body.html",
        version=version,
        content=content,
        is_open=is_open,
        image=image,
        sections=[(section, markdown.render(section.text)) for section in content.sections],
    )


def _map_body(version: PlanVersion) -> str:
    content = _content(version)
    sheet = content.map
    if sheet is None:
        abort(404)
    pinned = {feature.ref for feature in sheet.layer(LayerKind.PROJECT)}
    text = ELDER_TEXT if g.look.mode == "elder" else 1.0
    return render_template(
        "plans/map_body.html",
        drawing=Markup(svg.draw(sheet, text=text)),  # noqa: S704 -- our own writer, escaped there
        classes=structure.classes_of(sheet, language=str(get_locale())),
        projects=[project for project in content.projects if project.code in pinned],
        controls=structure.controls_of(sheet),
        places=structure.places_of(sheet, language=str(get_locale())),
    )
