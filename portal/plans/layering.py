"""Layers of a draft's map from a file: handed in, looked at, and only then taken in."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal.core.db import db
from portal.maps import service as maps
from portal.maps.rules import Feature, LayerKind, Reading
from portal.plans.drafting import open_draft
from portal.plans.models import LayerUpload, PlanVersion

WAITS = timedelta(days=1)
MOST_WAITING = 5
"""Files that may wait for one draft; the oldest make room."""


def put_layer(
    version_id: int, kind: LayerKind, data: bytes, *, filename: str = "", now: datetime
) -> Reading:
    """Put a GeoJSON file into the version's map as its layer of this kind; all or nothing."""
    sheet_id = sheet_of(open_draft(version_id, now=now))
    return maps.replace_layer(sheet_id, kind, data, filename=filename)


def sheet_of(version: PlanVersion) -> int:
    """Return the map sheet of a draft, a new one where it has none."""
    if version.map_sheet_id is None:
        years = f"{version.base_year}–{version.target_year}"
        version.map_sheet_id = maps.add_sheet(title=version.title, source=years).id
    return version.map_sheet_id


def remove_layer(version_id: int, kind: LayerKind, *, now: datetime) -> None:
    """Take a layer off the version's map. Raises Refused."""
    version = open_draft(version_id, now=now)
    if version.map_sheet_id is not None:
        maps.remove_layer(version.map_sheet_id, kind)


def hand_in(version_id: int, filename: str, data: bytes, *, now: datetime) -> LayerUpload:
    """Keep a file until somebody has looked at what is in it. Raises Refused."""
    open_draft(version_id, now=now)
    waiting = db.session.scalars(
        select(LayerUpload.id)
        .where(LayerUpload.version_id == version_id)
        .order_by(LayerUpload.id.desc())
    ).all()
    too_many = waiting[MOST_WAITING - 1 :]
    db.session.execute(delete(LayerUpload).where(LayerUpload.id.in_(too_many)))
    upload = LayerUpload(version_id=version_id, filename=filename[-200:], data=data, given_at=now)
    db.session.add(upload)
    db.session.flush()
    return upload


def get_upload(version_id: int, upload_id: int) -> LayerUpload:
    """Return a file that waits, or raise NoResultFound, which the app shows as 404."""
    return db.session.execute(
        select(LayerUpload).where(LayerUpload.id == upload_id, LayerUpload.version_id == version_id)
    ).scalar_one()


def list_uploads(version_id: int) -> list[LayerUpload]:
    """Return the files that wait, the newest first."""
    return list(
        db.session.scalars(
            select(LayerUpload)
            .where(LayerUpload.version_id == version_id)
            .order_by(LayerUpload.id.desc())
        )
    )


def take_in(
    version_id: int,
    upload_id: int,
    layers: Mapping[LayerKind, tuple[Feature, ...]],
    *,
    now: datetime,
) -> None:
    """Put what was read of a file into the draft's map, each layer in the place of its kind.

    Raises Refused, and NoResultFound where somebody else took the file in meanwhile.
    """
    version = open_draft(version_id, now=now)
    upload = get_upload(version_id, upload_id)
    sheet_id = sheet_of(version)
    for kind, features in layers.items():
        maps.write_layer(sheet_id, kind, features, filename=upload.filename)
    db.session.delete(upload)


def throw_away(version_id: int, upload_id: int) -> None:
    """Forget a file that waits."""
    db.session.delete(get_upload(version_id, upload_id))


def prune(*, now: datetime) -> int:
    """Forget the files that nobody looked at for a day."""
    gone = db.session.execute(delete(LayerUpload).where(LayerUpload.given_at < now - WAITS))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a delete has it
