"""What can be done with files: keep, bind to what they belong to, find, forget. Never commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from portal.core import retention
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import here, within
from portal.media import rules
from portal.media.making import Made
from portal.media.models import MediaFile


@dataclass(frozen=True)
class Shown:
    """A file as a page shows it. `number` counts the files of its kind that stand together."""

    id: int
    key: str
    kind: rules.Kind
    number: int
    width: int | None
    height: int | None
    seconds: int | None
    transcript: str
    has_place: bool


def find_kept(key: str, *, resident_id: int) -> MediaFile | None:
    """Return the file that this resident sent under this key, or None."""
    mine = (MediaFile.resident_id == resident_id, MediaFile.client_key == key)
    return db.session.scalar(select(MediaFile).where(*mine))


def keep(
    made: Made, *, key: str, transcript: str = "", resident_id: int, now: datetime
) -> MediaFile:
    """Keep a file until it is attached. The same key again gives the first one."""
    file = MediaFile(
        resident_id=resident_id,
        client_key=key,
        kind=made.kind,
        sha256=made.sha256,
        size=len(made.data),
        width=made.width,
        height=made.height,
        seconds=made.seconds,
        has_place=made.has_place,
        transcript=_one_line(transcript) if made.kind is rules.Kind.VOICE else "",
        uploaded_at=now,
        data=made.data,
        thumb=made.thumb,
    )
    try:
        with db.session.begin_nested():
            db.session.add(file)
    except IntegrityError:
        if known := find_kept(key, resident_id=resident_id):
            return known
        raise
    return file


def copy(owner_kind: str, owner_id: int, *, key: str, now: datetime) -> list[str]:
    """Keep the files of something a second time, for something else of the same author.

    Return their keys, which begin with `key`; the same key again gives the first ones.
    """
    query = (
        select(MediaFile)
        .where(MediaFile.owner_kind == owner_kind, MediaFile.owner_id == owner_id)
        .options(undefer(MediaFile.data), undefer(MediaFile.thumb))
        .order_by(MediaFile.position, MediaFile.id)
    )
    keys = []
    for file in db.session.scalars(query).all():
        keys.append(f"{key}-{file.id}")
        if find_kept(keys[-1], resident_id=file.resident_id) is None:
            made = Made(**{field.name: getattr(file, field.name) for field in fields(Made)})
            keep(
                made,
                key=keys[-1],
                transcript=file.transcript,
                resident_id=file.resident_id,
                now=now,
            )
    return keys


def waiting(keys: Sequence[str], *, resident_id: int) -> list[MediaFile]:
    """Return the files under these keys that are not attached yet, in the order of the keys.

    Raises Refused where one is not here, belongs to something already, or they are too many.
    """
    keys = list(dict.fromkeys(keys))
    found = {
        file.client_key: file
        for file in db.session.scalars(
            select(MediaFile).where(
                MediaFile.resident_id == resident_id,
                MediaFile.client_key.in_(keys[: rules.MOST_FILES]),
                MediaFile.owner_id.is_(None),
            )
        )
    }
    if reason := rules.why_not_attach(count=len(keys), found=len(found)):
        raise Refused(reason)
    return [found[key] for key in keys]


def attach(
    owner_kind: str,
    owner_id: int,
    keys: Sequence[str],
    *,
    resident_id: int,
    now: datetime,
    transcripts: Sequence[str] | None = None,
) -> None:
    """Bind files that this resident sent to what they belong to, once, or raise Refused.

    `transcripts` are those of the recordings, in order, where they were changed meanwhile.
    """
    if not keys:
        return
    files = waiting(keys, resident_id=resident_id)
    spoken = iter(transcripts or ())
    for position, file in enumerate(files):
        text = file.transcript
        if text and transcripts is not None:
            text = next(spoken, "")[: rules.LONGEST_TRANSCRIPT]
        bound = db.session.scalars(
            update(MediaFile)
            .where(MediaFile.id == file.id, MediaFile.owner_id.is_(None))
            .values(owner_kind=owner_kind, owner_id=owner_id, position=position, transcript=text)
            .returning(MediaFile.id)
        ).one_or_none()
        if bound is None:  # somebody else bound it in between
            raise Refused(rules.Refusal.NOT_HERE)


_OF_THESE = within(
    select(MediaFile)
    .where(
        MediaFile.owner_kind == bindparam("owner_kind"),
        MediaFile.owner_id.in_(bindparam("owner_ids", expanding=True)),
    )
    .order_by(MediaFile.owner_id, MediaFile.position, MediaFile.id)
)


def shown(owner_kind: str, owner_ids: Collection[int]) -> dict[int, list[Shown]]:
    """Return the files of these things, each thing's in its order; none for things without any."""
    if not owner_ids:
        return {}
    found: dict[int, list[Shown]] = {}
    whose = here(owner_kind=owner_kind, owner_ids=list(owner_ids))
    for file in db.session.scalars(_OF_THESE, whose):
        if file.owner_id is not None:
            beside = found.setdefault(file.owner_id, [])
            beside.append(as_shown(file, sum(one.kind is file.kind for one in beside) + 1))
    return found


def list_waiting(keys: Sequence[str], *, resident_id: int | None) -> list[Shown]:
    """Return what this resident sent under these keys and did not attach yet, for their form."""
    query = select(MediaFile).where(
        MediaFile.resident_id == resident_id,
        MediaFile.client_key.in_(list(keys)[: rules.MOST_FILES]),
        MediaFile.owner_id.is_(None),
    )
    return [as_shown(file, place) for place, file in enumerate(db.session.scalars(query), start=1)]


def get_file(file_id: int) -> MediaFile:
    """Return a file without its bytes, or raise NoResultFound, as also for another village's."""
    return db.session.get_one(MediaFile, file_id)


def drop(file_ids: Collection[int]) -> int:
    """Delete these files with their bytes; return how many there were."""
    return retention.delete_rows(MediaFile, list(file_ids))


def drop_of(owner_kind: str, owner_id: int) -> int:
    """Delete the files of one thing with their bytes; return how many there were."""
    query = select(MediaFile.id).where(
        MediaFile.owner_kind == owner_kind, MediaFile.owner_id == owner_id
    )
    return drop(db.session.scalars(query).all())


def sweep(*, now: datetime) -> int:
    """Forget files that were sent and never attached, a bounded number; return how many."""
    query = (
        select(MediaFile.id)
        .where(MediaFile.owner_id.is_(None), MediaFile.uploaded_at < now - rules.UNATTACHED)
        .order_by(MediaFile.id)
    )
    return drop(list(db.session.scalars(query.limit(retention.BATCH // 10))))


def as_shown(file: MediaFile, number: int = 1) -> Shown:
    """Return a file as pages show it."""
    return Shown(
        id=file.id,
        key=file.client_key,
        kind=file.kind,
        number=number,
        width=file.width,
        height=file.height,
        seconds=file.seconds,
        transcript=file.transcript,
        has_place=file.has_place,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[: rules.LONGEST_TRANSCRIPT]
