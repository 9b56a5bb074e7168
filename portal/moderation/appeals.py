"""What authors appeal, and who decides it. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from portal.core.access import Part
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.moderation import appeals_rules, ports, sanctions, service
from portal.moderation.appeals_models import ModerationAppeal
from portal.moderation.appeals_rules import Outcome, Refusal
from portal.moderation.events import AppealAnswered
from portal.moderation.models import ModerationCase, ModerationDecision
from portal.moderation.rules import Action, Code
from portal.moderation.sanctions_models import KIND as SANCTION
from portal.moderation.sanctions_models import ModerationSanction

AGAINST = (Action.HIDE, Action.MUTE)
"""What can be appealed."""


@dataclass(frozen=True)
class Held:
    """A decision against somebody, its case, perhaps its appeal, and the sanction if it is one."""

    decision: ModerationDecision
    case: ModerationCase
    appeal: ModerationAppeal | None
    sanction: ModerationSanction | None

    @property
    def name(self) -> str:
        """Return what readers call the thing."""
        return ports.name_of(self.case.subject_kind, self.case.subject_number)

    @property
    def code(self) -> Code | None:
        """Return the reason."""
        return self.sanction.code if self.sanction else self.decision.code

    @property
    def words_of(self) -> tuple[str, int]:
        """Return the kind and id of what was written."""
        subject = self.sanction or self.case
        return subject.subject_kind, subject.subject_id

    @property
    def is_latest(self) -> bool:
        """Tell whether no later decision was taken about the thing."""
        return self.decision.revision == self.case.revision

    @property
    def answer_by(self) -> datetime | None:
        """Return until when the appeal is to be decided, while it waits."""
        if self.appeal is None or self.appeal.outcome is not None:
            return None
        return appeals_rules.answer_by(self.appeal.appealed_at)


def find_against(kind: str, subject_id: int, *, resident_id: int | None) -> Held:
    """Return the last decision against what this resident wrote; NoResultFound for another's."""
    query = _helds().where(
        ModerationCase.author_resident_id == (resident_id or 0),
        ModerationCase.subject_kind == kind,
        ModerationCase.subject_id == subject_id,
        ModerationDecision.action.in_(AGAINST),
    )
    last = query.order_by(ModerationDecision.revision.desc()).limit(1)
    return Held(*db.session.execute(last).one())


def list_of(resident_id: int, *, limit: int = 50) -> list[Held]:
    """Return the decisions against what this resident wrote, newest first."""
    query = _helds().where(
        ModerationCase.author_resident_id == resident_id, ModerationDecision.action.in_(AGAINST)
    )
    rows = db.session.execute(query.order_by(ModerationDecision.number.desc()).limit(limit))
    return [Held(*row) for row in rows]


def count_of(resident_id: int) -> int:
    """Count the decisions against what this resident wrote."""
    query = (
        select(func.count())
        .select_from(ModerationDecision)
        .join(ModerationCase, ModerationCase.id == ModerationDecision.case_id)
        .where(
            ModerationCase.author_resident_id == resident_id, ModerationDecision.action.in_(AGAINST)
        )
    )
    return db.session.scalar(query) or 0


def why_not_appeal(held: Held, *, now: datetime) -> Refusal | None:
    """Return why the author cannot appeal this decision now, or None."""
    return appeals_rules.why_not_appeal(
        is_in_force=held.is_latest and (held.sanction is None or held.sanction.is_in_force(now)),
        has_appealed=held.appeal is not None,
        decided_at=held.decision.decided_at,
        now=now,
    )


def appeal(
    kind: str, subject_id: int, *, line: str, resident_id: int | None, now: datetime
) -> ModerationAppeal:
    """Take the author's appeal against the decision that holds, once, or raise Refused."""
    held = find_against(kind, subject_id, resident_id=resident_id)
    reason = why_not_appeal(held, now=now) or appeals_rules.why_not_line(line)
    if reason or resident_id is None:
        raise Refused(reason or Refusal.NOT_HELD_AGAINST)
    row = ModerationAppeal(
        decision_id=held.decision.id, resident_id=resident_id, line=line, appealed_at=now
    )
    return keep_once(row, twice=Refusal.TWICE)


def get_appeal(appeal_id: int) -> Held:
    """Return one appeal with what it is about, or raise NoResultFound."""
    return Held(*db.session.execute(_helds().where(ModerationAppeal.id == appeal_id)).one())


def list_open() -> list[Held]:
    """Return the appeals that wait, the oldest first."""
    query = _helds().where(ModerationAppeal.id.is_not(None), ModerationAppeal.outcome.is_(None))
    rows = db.session.execute(query.order_by(ModerationAppeal.appealed_at, ModerationAppeal.id))
    return [Held(*row) for row in rows]


def count_open(*, now: datetime) -> tuple[int, int]:
    """Count the appeals that wait, and those of them that are overdue."""
    overdue = ModerationAppeal.appealed_at <= now - appeals_rules.ANSWER_WITHIN
    query = select(func.count(), func.count().filter(overdue)).select_from(ModerationAppeal)
    waiting, late = db.session.execute(query.where(ModerationAppeal.outcome.is_(None))).one()
    return waiting, late


def why_not_answer(held: Held, *, account_id: int, resident_id: int | None) -> Refusal | None:
    """Return why this person does not decide this appeal, or None."""
    appeal = held.appeal
    return appeals_rules.why_not_answer(
        is_open=appeal is not None and appeal.outcome is None and held.is_latest,
        is_appellant=appeal is not None and appeal.resident_id == resident_id,
        is_decider=held.decision.account_id == account_id,
    )


def answer(
    appeal_id: int,
    outcome: Outcome,
    *,
    reason: str,
    account_id: int,
    resident_id: int | None,
    part: Part,
    now: datetime,
) -> ModerationDecision:
    """Decide an appeal: the decision goes back or stays, and that stands in the log.

    Raises Refused, also when somebody else decided in between.
    """
    held = get_appeal(appeal_id)
    if refusal := why_not_answer(held, account_id=account_id, resident_id=resident_id):
        raise Refused(refusal)
    if wrong := appeals_rules.why_not_line(reason):
        raise Refused(Refusal.ANSWER_MISSING if wrong is Refusal.LINE_MISSING else wrong)
    if not _settle(held.decision.id, outcome, reason=reason, account_id=account_id, now=now):
        raise Refused(Refusal.STALE)
    decide = _decide_sanction if held.sanction else _decide_writing
    decision = decide(
        held,
        outcome,
        note=reason,
        account_id=account_id,
        resident_id=resident_id,
        part=part,
        now=now,
    )
    publish(
        AppealAnswered(
            subject_kind=held.case.subject_kind,
            subject_id=held.case.subject_id,
            number=held.case.subject_number,
            resident_id=held.appeal.resident_id if held.appeal else 0,
            outcome=outcome.value,
        ),
        now=now,
    )
    return decision


def _decide_writing(held: Held, outcome: Outcome, *, note: str, **who: Any) -> ModerationDecision:
    """Show it again, with whatever rested on its being hidden, or leave it as it is."""
    kind, subject_id = held.words_of
    decision = service.decide(
        kind=kind,
        subject_id=subject_id,
        action=Action.RESTORE if outcome is Outcome.RESTORED else Action.CONFIRM,
        code=None,
        note=note,
        seen_revision=held.decision.revision,
        **who,
    )
    if decision.action is Action.RESTORE:
        sanctions.lift_for(kind, subject_id, note=note, **who)
    return decision


def _decide_sanction(
    held: Held,
    outcome: Outcome,
    *,
    note: str,
    account_id: int,
    resident_id: int | None,
    part: Part,
    now: datetime,
) -> ModerationDecision:
    sanction_id, seen = held.case.subject_id, held.decision.revision
    if outcome is Outcome.CONFIRMED:
        return sanctions.confirm(
            sanction_id, note=note, seen_revision=seen, account_id=account_id, part=part, now=now
        )
    return sanctions.lift(
        sanction_id,
        note=note,
        seen_revision=seen,
        account_id=account_id,
        resident_id=resident_id,
        part=part,
        now=now,
        is_appealed=True,
    )


def settle_overtaken(kind: str, subject_id: int, *, until: datetime, now: datetime) -> int:
    """Close the appeals about something that was shown again without them; return how many.

    Those against a decision that was taken after `until` are about another one: they wait.
    """
    open_here = (
        select(ModerationAppeal.decision_id)
        .join(ModerationDecision, ModerationDecision.id == ModerationAppeal.decision_id)
        .join(ModerationCase, ModerationCase.id == ModerationDecision.case_id)
        .where(
            ModerationCase.subject_kind == kind,
            ModerationCase.subject_id == subject_id,
            ModerationAppeal.outcome.is_(None),
            ModerationDecision.decided_at <= until,
        )
    )
    waiting: Sequence[int] = db.session.scalars(open_here).all()
    return sum(
        _settle(decision_id, Outcome.RESTORED, reason="", account_id=None, now=now)
        for decision_id in waiting
    )


def _settle(
    decision_id: int, outcome: Outcome, *, reason: str, account_id: int | None, now: datetime
) -> bool:
    """Give an appeal that waits its outcome; tell whether it still waited."""
    step = (
        update(ModerationAppeal)
        .where(ModerationAppeal.decision_id == decision_id, ModerationAppeal.outcome.is_(None))
        .values(outcome=outcome, answer=reason, answered_at=now, answered_by_id=account_id)
        .returning(ModerationAppeal.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(step) is not None


def _helds() -> Select[*tuple[Any, ...]]:
    return (
        select(ModerationDecision, ModerationCase, ModerationAppeal, ModerationSanction)
        .join(ModerationCase, ModerationCase.id == ModerationDecision.case_id)
        .outerjoin(ModerationAppeal, ModerationAppeal.decision_id == ModerationDecision.id)
        .outerjoin(
            ModerationSanction,
            (ModerationCase.subject_kind == SANCTION)
            & (ModerationSanction.id == ModerationCase.subject_id),
        )
        .execution_options(populate_existing=True)
    )
