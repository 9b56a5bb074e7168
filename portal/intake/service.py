"""A plan comes in: handed in, looked at, agreed to, or thrown away. Never commits."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import NoResultFound

from portal.core import work
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import all_villages
from portal.core.work import Unit
from portal.intake import rules
from portal.intake.assembling import EMPTY
from portal.intake.layers import Choice
from portal.intake.models import PlanImport
from portal.intake.reading import Reading, read_bundle
from portal.intake.rules import ImportState, Refusal, Target
from portal.intake.telling import tell
from portal.maps import service as maps
from portal.people.models import Account
from portal.plans import service as plans
from portal.plans.content import Content, sha256
from portal.plans.models import PlanVersion
from portal.plans.rules import BEFORE_NOTICE

WORK = "intake.read"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file goes, as the form offers it."""

    target: Target
    version_id: int | None
    title: str
    number: int

    @property
    def key(self) -> str:
        """Return what the form sends."""
        return self.target.value if self.version_id is None else f"{self.target}-{self.version_id}"


def list_places(*, now: datetime) -> list[Place]:
    """Return the drafts that can be replaced, and the plans that can have a next version."""
    lines = plans.list_versions(public_only=False, now=now)
    drafts = [line for line in lines if line.state in BEFORE_NOTICE]
    busy = {line.plan_id for line in drafts}
    newest = {line.plan_id: line for line in sorted(lines, key=lambda line: line.number)}
    places = [Place(Target.DRAFT, line.id, line.title, line.number) for line in drafts]
    places += [
        Place(Target.NEXT, line.id, line.title, line.number + 1)
        for plan_id, line in newest.items()
        if plan_id not in busy
    ]
    return places


def prepare(
    place: str, filename: str, data: bytes, *, account_id: int | None, now: datetime
) -> PlanImport:
    """Keep a file until somebody has looked at what it would do. A large one is read later.

    It takes the place of what the same person handed in for the same plan and has faults.
    Raises Refused for a place that is not there, and when too many files wait.
    """
    found = _place_of(place, now=now)
    _drop_faulty(found, account_id=account_id, now=now)
    waiting = db.session.scalar(
        select(func.count()).select_from(PlanImport).where(PlanImport.state.in_(rules.OPEN))
    )
    if (waiting or 0) >= rules.MOST_OPEN:
        raise Refused(Refusal.TOO_MANY_OPEN)
    handed = PlanImport(
        target=found.target,
        version_id=found.version_id,
        state=ImportState.WAITING,
        filename=filename[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        data=data,
        prepared_by_id=account_id,
        prepared_at=now,
    )
    db.session.add(handed)
    db.session.flush()
    if len(data) < rules.LARGE:
        read(handed)
    else:
        unit = (handed.village_id, {"import_id": handed.id})
        work.begin(WORK, str(handed.id), [unit], facts={}, account_id=account_id, now=now)
    return handed


def _drop_faulty(place: Place, *, account_id: int | None, now: datetime) -> None:
    query = select(PlanImport).where(
        PlanImport.state == ImportState.PREPARED,
        PlanImport.target == place.target,
        PlanImport.version_id == place.version_id,
        PlanImport.prepared_by_id == account_id,
    )
    for handed in db.session.scalars(query):
        if handed.said.get("fault_count"):
            _end(handed, ImportState.DROPPED, account_id=account_id, now=now)
    db.session.flush()


def _place_of(key: str, *, now: datetime) -> Place:
    if key == Target.NEW:
        return Place(Target.NEW, None, "", 1)
    found = next((place for place in list_places(now=now) if place.key == key), None)
    if found is None:
        raise Refused(Refusal.NO_SUCH_TARGET)
    return found


def get(import_id: int) -> PlanImport:
    """Return a file of this village, or raise NoResultFound."""
    return db.session.get_one(PlanImport, import_id)


def list_imports(*, limit: int = 20) -> list[PlanImport]:
    """Return what was handed in, the newest first."""
    query = select(PlanImport).order_by(PlanImport.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def names_of(account_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names of accounts by id; one may be at home in a region above."""
    with all_villages("whoever works for the village may be at home in a region above"):
        rows = db.session.execute(
            select(Account.id, Account.name).where(Account.id.in_(set(account_ids) - {None}))
        )
        return {account_id: name for account_id, name in rows}


def _base(handed: PlanImport) -> Content:
    """Return what is there now: the draft, or the version that the next one follows."""
    if handed.version_id is None:
        return EMPTY
    return plans.content_of(plans.get_version(handed.version_id))


def _read(handed: PlanImport, base: Content, *, taken: Collection[str] = ()) -> Reading:
    return read_bundle(
        handed.filename,
        handed.data or b"",
        base=base,
        is_new=handed.target is Target.NEW,
        choices={key: Choice(**choice) for key, choice in handed.choices.items()},
        taken=taken,
    )


def read(handed: PlanImport) -> None:
    """Read a file and keep what was understood; what is there now is what it is compared with."""
    base = _base(handed)
    taken = plans.list_names() if handed.target is Target.NEW else ()
    handed.said = tell(_read(handed, base, taken=taken))
    handed.seen = sha256(base)
    handed.state = ImportState.PREPARED
    db.session.flush()


def is_fresh(handed: PlanImport) -> bool:
    """Tell whether nobody has changed the draft since the file was looked at."""
    try:
        return handed.seen == sha256(_base(handed))
    except NoResultFound:
        return False


def choose(import_id: int, choices: Mapping[str, Choice], *, now: datetime) -> None:
    """Keep what layers show and in which system they are, and look again. Raises Refused."""
    handed = _open(import_id)
    known = {layer["key"] for layer in handed.said.get("layers", [])}
    kept = {
        key: {"kind": choice.kind, "crs": choice.crs}
        for key, choice in choices.items()
        if key in known
    }
    handed.choices = {**handed.choices, **kept}
    read(handed)


def look_again(import_id: int, *, now: datetime) -> None:
    """Compare with the draft as it is now. Raises Refused."""
    read(_open(import_id))


def _open(import_id: int) -> PlanImport:
    """Return a file that waits, and hold its row until the transaction ends. Raises Refused."""
    handed = db.session.execute(
        select(PlanImport)
        .where(PlanImport.id == import_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    if handed.state not in rules.OPEN:
        raise Refused(Refusal.OVER)
    return handed


def put_in(import_id: int, *, account_id: int | None, now: datetime) -> PlanVersion:
    """Write everything that the file says, or nothing: the draft that it became. Raises Refused.

    The draft is held from the comparison to the end, so that of two files only one goes in.
    """
    handed = _open(import_id)
    if handed.target is Target.DRAFT and handed.version_id is not None:
        plans.open_draft(handed.version_id, now=now)
    fresh = is_fresh(handed)
    layers = handed.said.get("layers", [])
    refusal = rules.why_not_put_in(
        state=handed.state,
        is_fresh=fresh,
        faults=handed.said.get("fault_count", 0),
        unsettled=sum(not layer["is_settled"] for layer in layers),
    )
    if refusal:
        raise Refused(refusal)
    reading = _read(handed, _base(handed))
    if reading.findings.faults:
        raise Refused(Refusal.HAS_FAULTS)
    version = _write(handed, reading, now=now)
    _end(handed, ImportState.DONE, account_id=account_id, now=now)
    handed.made_id = version.id
    db.session.flush()
    return version


def _write(handed: PlanImport, reading: Reading, *, now: datetime) -> PlanVersion:
    version = _draft(handed, reading.content, now=now)
    wanted = [layer for layer in reading.layers if layer.kind and not layer.is_left_out]
    if wanted and version.map_sheet_id is None:
        years = f"{version.base_year}–{version.target_year}"
        version.map_sheet_id = maps.add_sheet(title=version.title, source=years).id
    for layer in wanted:
        if version.map_sheet_id is not None and layer.kind is not None:
            maps.write_layer(version.map_sheet_id, layer.kind, layer.features, filename=layer.file)
    db.session.flush()
    return version


def _draft(handed: PlanImport, content: Content, *, now: datetime) -> PlanVersion:
    """Return the draft with the content in it: a new plan's, the next version's, or the same."""
    if handed.version_id is None:
        version = plans.create_plan(
            name=content.title,
            kind=content.kind,
            base_year=content.base_year,
            target_year=content.target_year,
            compiled_by=content.compiled_by,
            now=now,
        )
        return plans.replace_content(version.id, replace(content, map=None), now=now)
    if handed.target is Target.NEXT:
        version = plans.start_new_version(handed.version_id, now=now)
        return plans.replace_content(version.id, content, now=now)
    return plans.replace_content(handed.version_id, content, now=now)


def drop(import_id: int, *, account_id: int | None, now: datetime) -> None:
    """Throw a file away; nothing of it goes in. Raises Refused."""
    _end(_open(import_id), ImportState.DROPPED, account_id=account_id, now=now)
    db.session.flush()


def _end(handed: PlanImport, state: ImportState, *, account_id: int | None, now: datetime) -> None:
    handed.state, handed.ended_at, handed.ended_by_id = state, now, account_id
    handed.data = None


def read_in_job(unit: Unit, *, now: datetime) -> str:
    """Read a large file that waits; for the process that does the long works."""
    handed = get(unit.facts["import_id"])
    if handed.state is ImportState.WAITING:
        read(handed)
    return handed.filename


def prune(*, now: datetime) -> int:
    """Drop files that lay too long: the file goes, what it was called stays."""
    ended = db.session.execute(
        update(PlanImport)
        .where(
            PlanImport.state.in_(rules.OPEN),
            PlanImport.prepared_at < now - timedelta(days=rules.KEPT_DAYS),
        )
        .values(state=ImportState.DROPPED, ended_at=now, data=None)
        .returning(PlanImport.id)
    )
    return len(ended.all())
