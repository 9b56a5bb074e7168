"""A plan with a map of squares, so that every area can be computed by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from shapely.geometry import box, mapping

from portal.core.db import db, transaction
from portal.maps.projection import Projection
from portal.maps.rules import Feature, Layer, LayerKind, Sheet
from portal.plans import fragments, service
from portal.plans.models import PlanVersion
from portal.plans.rules import Direction, FacilityStatus, IndicatorKind
from portal.plans.tables import add_facility, add_structure_line
from portal.villages.rules import FacilityKind

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PLANE = Projection(118.5, 29.25)
D = Decimal


def geometry(west, south, east, north):
    """A rectangle given in metres around the middle, as GeoJSON in degrees."""
    return json.loads(json.dumps(mapping(PLANE.unflatten(box(west, south, east, north)))))


def feature(number, west, south, east, north, *, code="", ref="", base_code=""):
    area = (east - west) * (north - south)
    form = geometry(west, south, east, north)
    return Feature(number, "", code, ref, form, area, base_code)


def layer(kind, *features):
    return Layer(kind, features)


def sheet(*layers):
    return Sheet("青溪村", "", layers)


def geojson(*rectangles, **properties):
    """A file of rectangles in metres, each with its own properties behind the four numbers."""
    features = [
        {
            "type": "Feature",
            "properties": {**properties, **(facts[4] if len(facts) > 4 else {})},
            "geometry": geometry(*facts[:4]),
        }
        for facts in rectangles
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


REDLINE = ((0, 0, 200, 100, {"ref": "E1"}), (300, 0, 400, 100, {"ref": "E2"}))
VILLAGE = ((150, 0, 250, 100, {"ref": "V1"}), (390, 0, 490, 50, {"ref": "V2"}))
LAND_USE = (
    (-500, -500, 500, -100, {"code": "0101"}),
    (-500, -100, 150, 500, {"code": "0301"}),
    (150, -100, 500, 500, {"code": "0703"}),
)


def put(version_id, kind, *rectangles, now=NOON):
    reading = service.put_layer(version_id, kind, geojson(*rectangles), now=now)
    assert reading.faults == ()


def fill(version_id, now=NOON):
    """One square kilometre: 40 ha of fields, 39 ha of woods, 21 ha of homesteads."""
    put(version_id, LayerKind.LAND_USE, *LAND_USE)
    put(version_id, LayerKind.ECOLOGICAL_REDLINE, *REDLINE)
    put(version_id, LayerKind.VILLAGE_BOUNDARY, *VILLAGE)
    for code, base, target in (("0101", "40", "40"), ("0301", "40", "39"), ("0703", "20", "21")):
        add_structure_line(
            version_id, code=code, is_town=False, base_ha=D(base), target_ha=D(target), now=now
        )
    service.describe(version_id, population=2000, area_ha=D(100), scope="", legal_basis=(), now=now)
    service.add_indicator(
        version_id, code="village_construction_land", name="村庄建设用地规模", unit="公顷",
        kind=IndicatorKind.EXPECTED, direction=Direction.AT_MOST, base=D(20), target=D(21),
        upper_limit=D("21.5"), now=now,
    )  # fmt: skip
    for name, status, east in (
        ("村卫生室", FacilityStatus.EXISTING, 325),
        ("新卫生室", FacilityStatus.PLANNED, -325),
    ):
        lon, lat = PLANE.to_degrees(np.array([[float(east), 200.0]]))[0]
        add_facility(
            version_id, kind=FacilityKind.CLINIC, name=name, status=status,
            longitude=D(str(round(lon, 7))), latitude=D(str(round(lat, 7))), radius_m=300, now=now,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def no_pieces():
    """Keep finished pieces of one test from the next: their ids are the same."""
    fragments.forget()


@pytest.fixture
def draft(village):
    """A draft with a map, a structure table, an indicator and two clinics."""
    with transaction():
        version = service.create_plan(
            name="青溪村规划", base_year=2025, target_year=2035, compiled_by="设计院", now=NOON
        )
        fill(version.id)
    return version.id


@pytest.fixture
def published(draft):
    """The same version, read by everybody."""
    with transaction():
        version = db.session.get_one(PlanVersion, draft)
        version.content_sha256 = service.sha256(service.content_of(version))
        version.frozen_at = NOON
    return draft
