"""What moderators can do: gather facts, ask the rules, write down. Never commits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core.access import Part
from portal.core.db import db, insert_or
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import require_village
from portal.moderation import items, ports, recording, rules
from portal.moderation.events import (
    WritingHidden,
    WritingKept,
    WritingLetThrough,
    WritingShown,
)
from portal.moderation.models import ModerationCase, ModerationCounter, ModerationDecision
from portal.moderation.sanctions_models import KIND as SANCTION
from portal.moderation.sanctions_models import ModerationSanction


@dataclass(frozen=True)
class Waiting:
    """One thing in the moderators' queue: the words, and how often they were decided about."""

    name: str
    subject: ports.Subject
    revision: int


@dataclass(frozen=True)
class Entry:
    """One line of the public log, with what its readers call the thing it is about."""

    decision: ModerationDecision
    name: str
    code: rules.Code | None = None


def get_waiting(kind: str, subject_id: int) -> Waiting:
    """Return one thing written with its revision, or raise NoResultFound."""
    writings = _writings(kind)
    subject = writings.get_subject(subject_id)
    revision = find_revisions(kind, [subject_id]).get(subject_id, 0)
    return Waiting(writings.name(subject.number), subject, revision)


def list_newest(*, limit: int = 50) -> list[Waiting]:
    """Return the newest of everything written here, newest first: two statements per kind."""
    found: list[Waiting] = []
    for kind in ports.kinds():
        writings = _writings(kind)
        subjects = writings.list_newest(limit=limit)
        revisions = find_revisions(kind, [s.subject_id for s in subjects])
        found += [
            Waiting(writings.name(s.number), s, revisions.get(s.subject_id, 0)) for s in subjects
        ]
    return sorted(found, key=lambda w: w.subject.posted_at, reverse=True)[:limit]


def list_these(kind: str, revisions: Mapping[int, int]) -> list[Waiting]:
    """Return these, whose revisions are known, at once where their keeper can fetch many."""
    writings = _writings(kind)
    subjects = (
        writings.list_subjects(revisions)
        if isinstance(writings, ports.Shelf)
        else [writings.get_subject(subject_id) for subject_id in revisions]
    )
    return [Waiting(writings.name(s.number), s, revisions[s.subject_id]) for s in subjects]


def find_revisions(kind: str, subject_ids: Collection[int]) -> dict[int, int]:
    """Return how often each of these was decided about; one never decided about is left out."""
    if not subject_ids:
        return {}
    rows = db.session.execute(
        select(ModerationCase.subject_id, ModerationCase.revision).where(
            ModerationCase.subject_kind == kind, ModerationCase.subject_id.in_(subject_ids)
        )
    )
    return {subject_id: revision for subject_id, revision in rows}


def find_last_decision(kind: str, subject_id: int) -> ModerationDecision | None:
    """Return the decision that holds now, with the note to the author, or None."""
    return db.session.scalar(
        select(ModerationDecision)
        .join(ModerationCase, ModerationCase.id == ModerationDecision.case_id)
        .where(
            ModerationCase.subject_kind == kind,
            ModerationCase.subject_id == subject_id,
            ModerationDecision.revision == ModerationCase.revision,
        )
    )


def decide(
    *,
    kind: str,
    subject_id: int,
    action: rules.Action,
    code: rules.Code | None,
    note: str,
    seen_revision: int,
    account_id: int,
    resident_id: int | None,
    part: Part,
    now: datetime,
    seen_wording: int | None = None,
    seen_report: int | None = None,
) -> ModerationDecision:
    """Hide something with a reason, show it again or let it through, and write that into the log.

    Raises Refused, also when somebody else decided since `seen_revision` was read, or the author
    put it differently since `seen_wording`, or somebody reported it since `seen_report`; these are
    left out where it makes no difference.
    """
    queue_up()
    writings = _writings(kind)
    subject = writings.get_subject(subject_id)
    newest_report = items.find_newest_report(kind, subject_id)
    reason = rules.why_not_decide(
        action=action,
        code=code,
        note=note,
        is_hidden=subject.hidden_code is not None,
        is_waiting=subject.held_for is not None or items.find_open(kind, subject_id) is not None,
        revision=find_revisions(kind, [subject_id]).get(subject_id, 0),
        seen_revision=seen_revision,
        is_author=subject.is_by(resident_id=resident_id, account_id=account_id),
        is_reworded=seen_wording not in (None, subject.wording),
        is_reported=seen_report is not None and newest_report > seen_report,
    )
    if reason:
        raise Refused(reason)
    code = code if action is rules.Action.HIDE else None
    decision = write_down(
        kind,
        subject_id,
        number=subject.number,
        author_resident_id=subject.author_resident_id,
        action=action,
        code=code,
        note=note,
        seen_revision=seen_revision,
        account_id=account_id,
        part=part,
        now=now,
    )
    hidden = subject.hidden_code if action is rules.Action.CONFIRM else code
    if hidden != subject.hidden_code or subject.held_for:
        writings.set_standing(
            subject_id, held_for=None, hidden_code=hidden, wording=subject.wording
        )
    items.close(kind, subject_id, decision_id=decision.id, now=now)
    looked: Any = {
        "subject_kind": kind,
        "subject_id": subject_id,
        "newest_report": newest_report,
    }
    if code:
        publish(WritingHidden(**looked, code=code.value), now=now)
    elif action is rules.Action.RESTORE:
        publish(WritingShown(subject_kind=kind, subject_id=subject_id), now=now)
    elif subject.held_for:
        publish(WritingLetThrough(**looked), now=now)
    elif action is rules.Action.APPROVE:  # what was only looked at was never away
        publish(WritingKept(**looked), now=now)
    return decision


def write_down(
    kind: str,
    subject_id: int,
    *,
    number: int,
    author_resident_id: int | None,
    action: rules.Action,
    code: rules.Code | None,
    note: str,
    seen_revision: int,
    account_id: int,
    part: Part,
    now: datetime,
    words: str = "",
) -> ModerationDecision:
    """Write a decision about a thing of this number into the log and the public record.

    `words` say more of it in the record. Raises Refused if somebody else decided in between.
    """
    log_number = queue_up(step=1)  # before the case: whoever holds one never waits for the other
    decision = ModerationDecision(
        case_id=_step_case(kind, subject_id, number, author_resident_id, seen_revision),
        number=log_number,
        revision=seen_revision + 1,
        action=action,
        code=code,
        note=note,
        account_id=account_id,
        part=part,
        decided_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    recording.enter(decision, kind=kind, subject_number=number, now=now, words=words)
    return decision


def count_since(since: datetime) -> int:
    """Return how much was written since then, of all kinds."""
    return sum(_writings(kind).count_since(since) for kind in ports.kinds())


def list_log(*, limit: int, before: int | None = None) -> list[Entry]:
    """Return the newest lines of the log, those under number `before` if it is given."""
    query = (
        select(ModerationDecision, ModerationCase)
        .join(ModerationCase, ModerationCase.id == ModerationDecision.case_id)
        .order_by(ModerationDecision.number.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(ModerationDecision.number < before)
    rows = db.session.execute(query).all()
    muted = [case.subject_id for _decision, case in rows if case.subject_kind == SANCTION]
    codes = _codes_of(muted)
    return [
        Entry(
            decision,
            ports.name_of(case.subject_kind, case.subject_number),
            codes.get(case.subject_id) if case.subject_kind == SANCTION else decision.code,
        )
        for decision, case in rows
    ]


def count_log() -> dict[rules.Action, int]:
    """Return how many decisions of each kind were ever taken in this village."""
    rows = db.session.execute(
        select(ModerationDecision.action, func.count()).group_by(ModerationDecision.action)
    )
    counted = {action: count for action, count in rows}
    return {action: counted.get(action, 0) for action in rules.Action}


def _codes_of(sanction_ids: Collection[int]) -> dict[int, rules.Code]:
    """Return why these sanctions were decided: one statement."""
    query = select(ModerationSanction).where(ModerationSanction.id.in_(sanction_ids))
    return {sanction.id: sanction.code for sanction in db.session.scalars(query)}


def _writings(kind: str) -> ports.Writings:
    writings = ports.ask(kind)
    if writings is None:
        raise NoResultFound(f"nobody keeps writings of the kind {kind!r}")
    return writings


def _step_case(
    kind: str, subject_id: int, number: int, author_resident_id: int | None, seen_revision: int
) -> int:
    """Count one more decision about the subject; only one of two at once gets through."""
    if seen_revision == 0:
        case = ModerationCase(
            subject_kind=kind,
            subject_id=subject_id,
            subject_number=number,
            author_resident_id=author_resident_id,
            revision=1,
        )
        try:
            with db.session.begin_nested():
                db.session.add(case)
        except IntegrityError as twice:  # somebody else was first: the key is the last judge
            raise Refused(rules.Refusal.STALE) from twice
        return case.id
    case_id = db.session.scalar(
        update(ModerationCase)
        .where(
            ModerationCase.subject_kind == kind,
            ModerationCase.subject_id == subject_id,
            ModerationCase.revision == seen_revision,
        )
        .values(revision=seen_revision + 1, author_resident_id=author_resident_id)
        .returning(ModerationCase.id)
        .execution_options(synchronize_session=False)
    )
    if case_id is None:
        raise Refused(rules.Refusal.STALE)
    return case_id


def queue_up(*, step: int = 0) -> int:
    """Return the last number of the log, so many steps further, and keep it without gaps.

    The counter's row lock lets one person after the other decide, report or stop somebody in this
    village: what is read from here on stays as it is until the transaction ends.
    """
    counted = (
        update(ModerationCounter)
        .values(last_number=ModerationCounter.last_number + step)
        .returning(ModerationCounter.last_number)
        .execution_options(synchronize_session=False)
    )
    number = db.session.scalar(counted)
    if number is None:
        first = insert_or(ModerationCounter).values(village_id=require_village(), last_number=0)
        db.session.execute(first.on_conflict_do_nothing())
        return queue_up(step=step)
    return number
