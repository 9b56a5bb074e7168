"""Who may not write for a while: decided by a person, ended by time or early. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update

from portal.core.access import Part
from portal.core.db import UtcDateTime, db, keep_once
from portal.core.errors import Refused
from portal.core.masking import mask_name
from portal.core.outbox import publish
from portal.core.scope import all_villages, prepared, require_village
from portal.moderation import ports, sanctions_rules, service
from portal.moderation.events import MuteEnded, PersonMuted
from portal.moderation.models import ModerationCase, ModerationDecision
from portal.moderation.rules import Action
from portal.moderation.sanctions_models import KIND, ModerationSanction
from portal.moderation.sanctions_rules import Refusal, Span
from portal.people.models import Resident


@dataclass(frozen=True)
class Stop:
    """One sanction as the committee sees it: the person by masked name."""

    sanction: ModerationSanction
    person: str
    revision: int

    @property
    def name(self) -> str:
        """Return what readers of the log call it."""
        return ports.name_of(KIND, self.sanction.number)


ENDS = (
    select(ModerationSanction.ends_at)
    .where(
        ModerationSanction.village_id == bindparam("village_id"),
        ModerationSanction.resident_id == bindparam("resident_id"),
        ModerationSanction.place.in_(("", bindparam("place"))),
        ModerationSanction.lifted_at.is_(None),
        ModerationSanction.ends_at > bindparam("now", type_=UtcDateTime()),
    )
    .order_by(ModerationSanction.ends_at.desc())
    .limit(1)
)
"""Until when somebody may not write; asks for `village_id`, `resident_id`, `place` and `now`.

A stop begins when it is decided: whoever asks with a moment from before sees it all the same.
"""
_END = prepared(ENDS)
_WRITER = select(Resident.born_on, ENDS.scalar_subquery()).where(
    Resident.id == bindparam("resident_id")
)


def find_end(resident_id: int, *, place: str, now: datetime) -> datetime | None:
    """Return until when this person may not write at a place, or None: one statement."""
    return db.session.scalar(_END, _facts(resident_id, place, now))


def find_writer(
    resident_id: int, *, place: str, now: datetime
) -> tuple[date | None, datetime | None]:
    """Return when this person was born, and what `find_end` does: one statement for both."""
    facts = _facts(resident_id, place, now)
    with all_villages("a person is as old, in whatever village they write"):
        row = db.session.execute(_WRITER, facts).one_or_none()
    return (None, None) if row is None else (row[0], row[1])


def _facts(resident_id: int, place: str, now: datetime) -> dict[str, Any]:
    village_id = require_village()
    return {"resident_id": resident_id, "village_id": village_id, "place": place, "now": now}


def find_last(resident_id: int, *, place: str, now: datetime) -> ModerationSanction | None:
    """Return what keeps this person from writing at a place longest, or None."""
    mine = select(ModerationSanction).where(
        ModerationSanction.resident_id == resident_id,
        ModerationSanction.place.in_(("", place)),
        ModerationSanction.lifted_at.is_(None),
        ModerationSanction.ends_at > now,
    )
    return db.session.scalar(mine.order_by(ModerationSanction.ends_at.desc()).limit(1))


def get_stop(sanction_id: int) -> Stop:
    """Return one sanction, or raise NoResultFound."""
    return _stop(*db.session.execute(_stops().where(ModerationSanction.id == sanction_id)).one())


def list_stops(*, limit: int = 50) -> list[Stop]:
    """Return the newest sanctions, newest first."""
    query = _stops().order_by(ModerationSanction.id.desc()).limit(limit)
    return [_stop(*row) for row in db.session.execute(query)]


def suggest(resident_id: int | None, *, now: datetime) -> Span:
    """Return the span that fits this person's earlier sanctions; those lifted do not count."""
    earlier = select(func.count()).select_from(ModerationSanction)
    count = db.session.scalar(
        earlier.where(
            ModerationSanction.resident_id == resident_id,
            ModerationSanction.lifted_at.is_(None),
            ModerationSanction.begins_at > now - sanctions_rules.LOOK_BACK,
        )
    )
    return sanctions_rules.suggest(count or 0)


def why_not_mute(
    subject: ports.Subject, *, resident_id: int | None, note: str = "", is_everywhere: bool = True
) -> Refusal | None:
    """Return why the author of this thing is not stopped from writing, or None."""
    known = select(ModerationSanction.id).where(
        ModerationSanction.subject_kind == subject.kind,
        ModerationSanction.subject_id == subject.subject_id,
    )
    return sanctions_rules.why_not_mute(
        code=subject.hidden_code,
        has_author=subject.author_resident_id is not None,
        is_own=resident_id is not None and resident_id == subject.author_resident_id,
        is_muted_for_it=db.session.scalar(known) is not None,
        note=note,
        has_place=is_everywhere or bool(subject.place),
    )


def mute(
    kind: str,
    subject_id: int,
    *,
    span: Span,
    is_everywhere: bool,
    note: str,
    words: str,
    account_id: int,
    resident_id: int | None,
    now: datetime,
) -> ModerationSanction:
    """Stop the author of something hidden from writing, and write that into log and record.

    `words` say for the record why and for how long. Raises Refused.
    """
    subject = service.get_waiting(kind, subject_id).subject
    reason = why_not_mute(subject, resident_id=resident_id, note=note, is_everywhere=is_everywhere)
    if reason or subject.author_resident_id is None or subject.hidden_code is None:
        raise Refused(reason or Refusal.NO_AUTHOR)
    service.queue_up()
    count = db.session.scalar(select(func.count()).select_from(ModerationSanction)) or 0
    sanction = ModerationSanction(
        number=count + 1,
        resident_id=subject.author_resident_id,
        place="" if is_everywhere else subject.place,
        code=subject.hidden_code,
        subject_kind=kind,
        subject_id=subject_id,
        begins_at=now,
        ends_at=now + sanctions_rules.LENGTHS[span],
    )
    keep_once(sanction, twice=Refusal.TWICE)
    _write_down(sanction, Action.MUTE, 0, note=note, account_id=account_id, now=now, words=words)
    publish(PersonMuted(sanction_id=sanction.id), now=now)
    return sanction


def lift(
    sanction_id: int,
    *,
    note: str,
    seen_revision: int,
    account_id: int,
    resident_id: int | None,
    part: Part,
    now: datetime,
    is_appealed: bool = False,
) -> ModerationDecision:
    """Let somebody write again before the time, or raise Refused.

    Where an appeal is granted it is lifted after its end too: it was wrong, and counts no more.
    """
    sanction = get_stop(sanction_id).sanction
    is_in_force = sanction.is_in_force(now)
    reason = sanctions_rules.why_not_lift(
        is_in_force=is_in_force or is_appealed,
        is_own=resident_id is not None and resident_id == sanction.resident_id,
        note=note,
    )
    if reason:
        raise Refused(reason)
    decision = _write_down(
        sanction, Action.LIFT, seen_revision, note=note, account_id=account_id, part=part, now=now
    )
    db.session.execute(
        update(ModerationSanction)
        .where(ModerationSanction.id == sanction_id)
        .values(lifted_at=now)
        .execution_options(synchronize_session="fetch")
    )
    if is_in_force:
        publish(MuteEnded(sanction_id=sanction_id), now=now)
    return decision


def lift_for(
    kind: str,
    subject_id: int,
    *,
    note: str,
    account_id: int,
    resident_id: int | None,
    part: Part,
    now: datetime,
) -> None:
    """Lift what rests on something that is shown again: its ground is gone. Raises Refused."""
    rests = _stops().where(
        ModerationSanction.subject_kind == kind, ModerationSanction.subject_id == subject_id
    )
    for stop in [_stop(*row) for row in db.session.execute(rests)]:
        if stop.sanction.is_in_force(now):
            lift(
                stop.sanction.id,
                note=note,
                seen_revision=stop.revision,
                account_id=account_id,
                resident_id=resident_id,
                part=part,
                now=now,
            )


def confirm(
    sanction_id: int,
    *,
    note: str,
    seen_revision: int,
    account_id: int,
    part: Part,
    now: datetime,
) -> ModerationDecision:
    """Write down that a sanction stays although it was appealed."""
    sanction = get_stop(sanction_id).sanction
    return _write_down(
        sanction,
        Action.CONFIRM,
        seen_revision,
        note=note,
        account_id=account_id,
        part=part,
        now=now,
    )


def _write_down(
    sanction: ModerationSanction,
    action: Action,
    seen_revision: int,
    *,
    note: str,
    account_id: int,
    now: datetime,
    part: Part = Part.COMMITTEE,
    words: str = "",
) -> ModerationDecision:
    return service.write_down(
        KIND,
        sanction.id,
        number=sanction.number,
        author_resident_id=sanction.resident_id,
        action=action,
        code=None,
        note=note,
        seen_revision=seen_revision,
        account_id=account_id,
        part=part,
        now=now,
        words=words,
    )


def _stops() -> Select[*tuple[Any, ...]]:
    return (
        select(ModerationSanction, Resident.name, ModerationCase.revision)
        .join(Resident, Resident.id == ModerationSanction.resident_id)
        .outerjoin(
            ModerationCase,
            (ModerationCase.subject_kind == KIND)
            & (ModerationCase.subject_id == ModerationSanction.id),
        )
        .execution_options(populate_existing=True)
    )


def _stop(sanction: ModerationSanction, name: str, revision: int | None) -> Stop:
    return Stop(sanction, mask_name(name), revision or 0)


def of(sanction_ids: Sequence[int]) -> dict[int, ModerationSanction]:
    """Return these sanctions by id: one statement, or none."""
    if not sanction_ids:
        return {}
    query = select(ModerationSanction).where(ModerationSanction.id.in_(sanction_ids))
    return {sanction.id: sanction for sanction in db.session.scalars(query)}
