"""The map of a plan, and every parcel on it: as a picture, as a list, one by one."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from markupsafe import Markup

from portal.core import clock
from portal.core.access import Part, is_on_behalf, may, requires
from portal.core.look import LANGUAGES, MODES
from portal.core.pages import Page
from portal.maps import detail, structure, svg
from portal.maps.parcels import Atlas, Parcel
from portal.maps.rules import LayerKind, Sheet
from portal.plans import plots, ports, service
from portal.plans.anchors import PARCEL
from portal.plans.base_map import base_map, find_base_map
from portal.plans.content import Content
from portal.plans.effects import controls_for, is_group, lines_beyond
from portal.plans.grounds import Ground, ground_of
from portal.plans.kept import ELDER_TEXT, check_readable, kept, key_of, readable
from portal.plans.models import PlanVersion
from portal.plans.rules import State

FOREVER = "public, max-age=31536000, immutable"
PAGE_LENGTH = 50


def register(bp: Blueprint) -> None:
    """Hang the pages of the map onto the blueprint of plans."""
    for rule, view in (
        ("/<int:version_id>/map", map_page),
        ("/<int:version_id>/map-<language>-<mode>.svg", map_image),
        ("/<int:version_id>/ground.svg", ground_image),
        ("/<int:version_id>/parcels", parcels),
        ("/<int:version_id>/parcels/<int:number>", parcel),
        ("/base-map.pmtiles", base_map),
    ):
        bp.add_url_rule(rule, endpoint=view.__name__, view_func=view, methods=["GET"])


@dataclass(frozen=True, slots=True)
class Place:
    """Something with a name on the map: where it is, and the parcel it is, if it is one."""

    name: str
    what: str
    at: tuple[float, float] | None
    number: int | None


@requires(Part.ANYONE, on_behalf=True)
def map_page(version_id: int) -> str:
    """Show the map large, with everything that is on it as a list."""
    version, notice = service.get_with_notice(version_id)
    check_readable(version)
    if version.map_sheet_id is None:
        abort(404)
    state = service.state_of(version, notice, now=clock.now())
    has_base_map = find_base_map() is not None
    key = (*key_of(version), has_base_map, "map")
    return render_template(
        "plans/map.html",
        version=version,
        is_open=state is State.ON_NOTICE,
        body=Markup(kept(version, key, lambda: _map_body(version, has_base_map=has_base_map))),  # noqa: S704 -- ours
    )


@requires(Part.ANYONE, on_behalf=True)
def map_image(version_id: int, language: str, mode: str) -> Response:
    """Return the map with its legend as one picture, in a language and a size of letters."""
    version = _with_map(version_id)
    if language not in LANGUAGES or mode not in MODES:
        abort(404)
    text = ELDER_TEXT if mode == "elder" else 1.0
    with force_locale(language):
        key = (version.id, version.content_sha256, language, mode, "svg")
        return _picture(
            version,
            kept(version, key, lambda: svg.draw(_sheet(service.content_of(version)), text=text)),
        )


@requires(Part.ANYONE, on_behalf=True)
def ground_image(version_id: int) -> Response:
    """Return the ground alone: every parcel a path, for the map that can be moved."""
    version = _with_map(version_id)
    key = (version.id, version.content_sha256, "ground")
    return _picture(version, kept(version, key, lambda: _ground_svg(version)))


@requires(Part.ANYONE, on_behalf=True)
def parcels(version_id: int) -> str:
    """List the parcels: all, or those of a class, of a group, or that become something else."""
    version = _with_map(version_id)
    atlas = _atlas(version)
    code = request.args.get("class", "")[:6]
    group = request.args.get("group", type=int)
    changing = request.args.get("changes") == "1"
    wanted = [
        p
        for p in atlas.parcels.values()
        if p.code.startswith(code)
        and (not changing or p.changes)
        and (group is None or any(is_group(g_, group) for g_ in p.groups))
    ]
    number = max(1, request.args.get("page", 1, type=int))
    start = (number - 1) * PAGE_LENGTH
    page = Page(
        page=number,
        per_page=PAGE_LENGTH,
        items=wanted[start : start + PAGE_LENGTH],
        total=len(wanted),
        error_out=False,
    )
    return render_template(
        "plans/parcels.html",
        version=version,
        page=page,
        code=code,
        group=group,
        changing=changing,
        codes=sorted({p.code for p in atlas.parcels.values()}),
        groups=sorted(int(c) for c in atlas.groups if c.isdecimal()),
        area_m2=sum(p.area_m2 for p in wanted),
    )


@requires(Part.ANYONE, on_behalf=True)
def parcel(version_id: int, number: int) -> ResponseReturnValue:
    """Show one parcel: what it is now, what it becomes, and the rules; or just these facts."""
    version, notice = service.get_with_notice(version_id)
    if version.map_sheet_id is None:
        abort(404)
    readable(version_id)
    ground = ground_of(version)
    found = ground.atlas.parcels.get(number) if ground.atlas else None
    if ground.atlas is None or found is None:
        abort(404)
    state = service.state_of(version, notice, now=clock.now())
    facts = {
        "version": version,
        "parcel": found,
        "controls": rules_of(ground, found),
        "lines": lines_beyond(found),
        "is_open": state is State.ON_NOTICE,
        "said": ports.said(version_id).get(f"{PARCEL}{number}", 0),
    }
    if request.args.get("part") == "facts":
        return render_template("plans/parcel_facts.html", **facts)
    return render_template(
        "plans/parcel.html",
        **facts,
        may_choose=may_choose(),
        own=next((o for o in own_plots(ground.atlas) if o.parcel.number == number), None),
    )


def rules_of(ground: Ground, parcel: Parcel) -> Collection[object]:
    """Return the control rules that hold on a parcel as the plan makes it."""
    return controls_for(
        ground.controls, codes=[parcel.code], zones=parcel.zones, lines=parcel.lines
    )


def may_choose() -> bool:
    """Tell whether whoever asks can say which parcel is their household's."""
    return may(Part.VILLAGER) and g.viewer.household_id is not None and not is_on_behalf()


def own_plots(atlas: Atlas) -> list[plots.OwnPlot]:
    """Return the parcels of the household of whoever asks."""
    if not may_choose():
        return []
    return plots.plots_of(g.viewer.household_id, atlas, resident_id=g.viewer.resident_id)


def _with_map(version_id: int) -> PlanVersion:
    version = readable(version_id)
    if version.map_sheet_id is None:
        abort(404)
    return version


def _sheet(content: Content) -> Sheet:
    return content.map or abort(404)


def _atlas(version: PlanVersion, content: Content | None = None) -> Atlas:
    return ground_of(version, content).atlas or abort(404)


def _ground_svg(version: PlanVersion) -> str:
    content = service.content_of(version)
    changed = {n for n, p in _atlas(version, content).parcels.items() if p.changes}
    return detail.draw(_sheet(content), changed=changed).svg


def _picture(version: PlanVersion, drawn: str) -> Response:
    """Return an SVG. With the right fingerprint in the address it never changes."""
    response = Response(drawn, mimetype="image/svg+xml")
    if version.content_sha256 and request.args.get("v") == version.content_sha256[:12]:
        response.headers["Cache-Control"] = FOREVER
    response.set_etag(hashlib.sha256(drawn.encode()).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response


def _map_body(version: PlanVersion, *, has_base_map: bool) -> str:
    content = service.content_of(version)
    sheet = _sheet(content)
    language = str(get_locale())
    pinned = {feature.ref for feature in sheet.layer(LayerKind.PROJECT)}
    mark = (version.content_sha256 or "draft")[:12]
    return render_template(
        "plans/map_body.html",
        version=version,
        frame=detail.frame_of(sheet),
        ground=url_for(".ground_image", version_id=version.id, v=mark),
        picture=url_for(
            ".map_image", version_id=version.id, language=language, mode=g.look.mode, v=mark
        ),
        base=url_for(".base_map") if has_base_map else "",
        classes=structure.classes_of(sheet, language=language),
        projects=[project for project in content.projects if project.code in pinned],
        controls=structure.controls_of(sheet),
        places=places_of(sheet, _atlas(version, content)),
    )


def places_of(sheet: Sheet, atlas: Atlas) -> list[Place]:
    """Return everything with a name on the map: hamlets first, then parcels."""
    language = str(get_locale())
    hamlets = [
        Place(name, what, at, None) for name, what, at in structure.hamlets_of(sheet) if name
    ]
    named = [p for p in atlas.parcels.values() if p.name]
    return hamlets + [
        Place(p.name, structure.class_name(p.code, language), p.middle, p.number) for p in named
    ]
