"""One step of a document: judged by the rules, written down, never taken twice."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core import clock, scope
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import all_villages
from portal.disclosure import states
from portal.disclosure.life_models import DisclosureCase, DisclosureStep
from portal.disclosure.rules import Refusal
from portal.disclosure.states import State, Step
from portal.notices import service as notices
from portal.notices.rules import IsRestDay
from portal.people import service as people
from portal.people.models import Account, Region, Resident


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does a step, and in which part; the clock is nobody."""

    account_id: int | None
    part: str


CLOCK = Actor(account_id=None, part="clock")


def is_rest_day() -> IsRestDay:
    """Return the calendar of the village: the one that its public notices go by."""
    return notices.rest_days()


def lock_village() -> int:
    """Wait until nobody else gives numbers in this village; return its id."""
    village_id = scope.require_village()
    db.session.execute(
        select(Region.id).where(Region.id == village_id).with_for_update(key_share=True)
    )
    return village_id


def locked(case_id: int) -> DisclosureCase:
    """Return the document as it is now, held until the transaction ends. Raises NoResultFound."""
    query = select(DisclosureCase).where(DisclosureCase.id == case_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def take(
    case: DisclosureCase,
    step: Step,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    digest: str = "",
) -> None:
    """Take a step and write it down. Raises Refused; the key of the row is the last judge."""
    if refusal := states.why_not_step(case.state, step, reason=reason):
        raise Refused(refusal)
    before, after = case.state, states.ROADS[case.state, step]
    case.steps += 1
    db.session.add(
        DisclosureStep(
            case_id=case.id,
            position=case.steps,
            step=step,
            before=before,
            after=after,
            account_id=actor.account_id,
            part=actor.part,
            reason=reason.strip()[:500],
            digest=digest,
            done_at=now,
        )
    )
    if after is not before or step is Step.GENERATE:
        case.state, case.since = after, now
        case.due_on = states.due_in(
            after,
            clock.today(now),
            is_sent_back=step is Step.SEND_BACK,
            is_rest_day=is_rest_day(),
        )
    db.session.flush()


@dataclass(frozen=True)
class StepLine:
    """A step as lists show it, with the name of who took it."""

    position: int
    step: Step
    before: State
    after: State
    name: str
    part: str
    reason: str
    digest: str
    done_at: datetime


def list_steps(case_id: int) -> list[StepLine]:
    """Return what was done with a document, the first first; who works above is named too."""
    with all_villages("whoever works for the village may be at home in a region above"):
        rows = db.session.execute(
            select(DisclosureStep, Account.name)
            .outerjoin(Account, Account.id == DisclosureStep.account_id)
            .where(DisclosureStep.case_id == case_id)
            .order_by(DisclosureStep.position)
        ).all()
    return [
        StepLine(
            row.position, row.step, row.before, row.after, name or "", row.part,
            row.reason, row.digest, row.done_at,
        )
        for row, name in rows
    ]  # fmt: skip


def drafters(case_id: int) -> list[states.Person]:
    """Return everybody who drafted, generated or handed in a document: each with all accounts."""
    query = select(DisclosureStep.account_id).where(
        DisclosureStep.case_id == case_id,
        DisclosureStep.account_id.is_not(None),
        DisclosureStep.step.in_((Step.BEGIN, Step.GENERATE, Step.HAND_IN)),
    )
    return [person_of(account_id) for account_id in set(db.session.scalars(query)) if account_id]


def person_of(account_id: int) -> states.Person:
    """Return the person behind an account: all accounts that are theirs, and their household."""
    with all_villages("one person can have accounts in several places"):
        account = db.session.get_one(Account, account_id)
        ids = frozenset(people.accounts_of(account)) | {account_id}
        resident = aliased(Resident)
        household_id = db.session.scalar(
            select(resident.household_id)
            .join(Account, Account.resident_id == resident.id)
            .where(Account.id == account_id)
        )
    return states.Person(account_ids=ids, household_id=household_id)


def refuse(reason: Refusal | None) -> None:
    """Raise Refused where there is a reason."""
    if reason is not None:
        raise Refused(reason)
