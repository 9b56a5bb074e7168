"""What can be done with points: adopt a scheme, award, take back. Never commits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.people import service as people
from portal.people.models import Resident
from portal.people.rules import age_on
from portal.points import ledger, rules
from portal.points.catalogue import StartingItem
from portal.points.events import PointsAwarded, PointsReversed
from portal.points.models import PointsItem, PointsScheme, PointsTransfer
from portal.points.rules import ItemRules, Refusal, TransferKind

DEED_COLUMNS = (
    "resident_id",
    "household_id",
    "group_id",
    "sex",
    "age_band",
    "is_away",
    "channel",
    "done_at",
)


@dataclass(frozen=True)
class Award:
    """What somebody is to be given points for. `key` names this wish, however often sent."""

    resident_id: int
    item_id: int
    times: int
    done_on: date
    reason: str
    key: str


def adopt_scheme(
    *,
    items: Iterable[StartingItem],
    adopted_on: date,
    in_force_from: date,
    adopted_by: str,
) -> PointsScheme:
    """Keep the next version of the village's rules, as its meeting adopted them."""
    last = db.session.scalar(select(func.max(PointsScheme.number))) or 0
    scheme = PointsScheme(
        number=last + 1,
        adopted_on=adopted_on,
        in_force_from=in_force_from,
        adopted_by=adopted_by,
        items=[
            PointsItem(
                code=item.code,
                name=item.name,
                unit=item.unit,
                points=item.rules.points,
                times_per_day=item.rules.times_per_day,
                points_per_year=item.rules.points_per_year,
            )
            for item in items
        ],
    )
    db.session.add(scheme)
    db.session.flush()
    return scheme


def find_scheme(day: date) -> PointsScheme | None:
    """Return the scheme in force on this day, or None where none was adopted yet."""
    return db.session.scalar(
        select(PointsScheme)
        .where(PointsScheme.in_force_from <= day)
        .order_by(PointsScheme.number.desc())
        .limit(1)
    )


def get_award(transfer_id: int) -> PointsTransfer:
    """Return the award, or raise NoResultFound, which the app shows as 404."""
    return db.session.scalars(
        select(PointsTransfer).where(
            PointsTransfer.id == transfer_id, PointsTransfer.kind == TransferKind.EARN
        )
    ).one()


def get_item(item_id: int) -> PointsItem:
    """Return the catalogue item, or raise NoResultFound, which the app shows as 404."""
    return db.session.scalars(select(PointsItem).where(PointsItem.id == item_id)).one()


def award(
    wish: Award, *, account_id: int, own_household_id: int | None, now: datetime
) -> PointsTransfer:
    """Give points to a resident's household for a deed, or raise Refused.

    The same key with the same wish returns the award there is; with another wish it is refused
    (trust.md I5).
    """
    issue = ledger.lock_issue_account()
    if done := _find_by_key(wish.key):
        return _same_or_refused(done, wish)
    resident = people.get_resident(wish.resident_id)
    item = get_item(wish.item_id)
    if reason := _why_not_award(wish, item, resident, own_household_id, now=now):
        raise Refused(reason, item=item.name, points=item.points * wish.times)
    points = item.points * wish.times
    end_of_day = clock.midnight_after(wish.done_on) - timedelta(seconds=1)
    transfer = PointsTransfer(
        kind=TransferKind.EARN,
        idempotency_key=wish.key,
        item_id=item.id,
        times=wish.times,
        points=points,
        reason=wish.reason.strip(),
        done_on=wish.done_on,
        honour_year=wish.done_on.year,
        posted_by_id=account_id,
        posted_at=now,
        **people.deed_facts(resident.id, now=min(now, end_of_day)),
    )
    household = ledger.household_account(resident.household_id)
    try:
        ledger.post(transfer, {household.id: points, issue.id: -points})
    except IntegrityError as twice:  # the key is the last judge
        raise Refused(Refusal.KEY_USED) from twice
    publish(PointsAwarded(transfer_id=transfer.id), now=now)
    return transfer


def why_not_award(wish: Award, *, own_household_id: int | None, now: datetime) -> Refusal | None:
    """Ask the rules about this award, before anything is locked or written."""
    return _why_not_award(
        wish,
        get_item(wish.item_id),
        people.get_resident(wish.resident_id),
        own_household_id,
        now=now,
    )


def _why_not_award(
    wish: Award,
    item: PointsItem,
    resident: Resident,
    own_household_id: int | None,
    *,
    now: datetime,
) -> Refusal | None:
    scheme = find_scheme(wish.done_on)
    has_left = resident.left_on is not None and resident.left_on <= wish.done_on
    return rules.why_not_award(
        item=ItemRules(item.points, item.times_per_day, item.points_per_year),
        is_in_force=scheme is not None and scheme.id == item.scheme_id,
        is_villager=not has_left,
        age=age_on(resident.born_on, wish.done_on),
        is_own_household=resident.household_id == own_household_id,
        reason=wish.reason,
        times=wish.times,
        done_on=wish.done_on,
        today=clock.today(now),
        times_that_day=_standing(
            PointsTransfer.times,
            item,
            PointsTransfer.resident_id == resident.id,
            PointsTransfer.done_on == wish.done_on,
        ),
        points_that_year=_standing(
            PointsTransfer.points,
            item,
            PointsTransfer.household_id == resident.household_id,
            PointsTransfer.honour_year == wish.done_on.year,
        ),
    )


def _standing(
    column: InstrumentedAttribute[int], item: PointsItem, *about: ColumnElement[bool]
) -> int:
    """Return the sum of what was awarded for this item, under any version, and not taken back."""
    total = db.session.scalar(
        select(func.coalesce(func.sum(column), 0))
        .join(PointsItem, PointsItem.id == PointsTransfer.item_id)
        .where(PointsTransfer.kind == TransferKind.EARN, PointsItem.code == item.code, *about)
        .where(not_reversed())
    )
    return int(total or 0)


def not_reversed() -> ColumnElement[bool]:
    """Return the condition that a transfer was not taken back."""
    reversal = aliased(PointsTransfer)
    return ~select(reversal.id).where(reversal.reverses_id == PointsTransfer.id).exists()


def _find_by_key(key: str) -> PointsTransfer | None:
    return db.session.scalar(select(PointsTransfer).where(PointsTransfer.idempotency_key == key))


def _same_or_refused(done: PointsTransfer, wish: Award) -> PointsTransfer:
    kept = Award(
        done.resident_id, done.item_id, done.times, done.done_on, done.reason, done.idempotency_key
    )
    asked = replace(wish, reason=wish.reason.strip())
    if done.kind is not TransferKind.EARN or kept != asked:
        raise Refused(Refusal.KEY_USED)
    return done


def why_not_reverse(
    original: PointsTransfer, *, reason: str, account_id: int, own_household_id: int | None
) -> Refusal | None:
    """Ask the rules about taking this award back."""
    account = ledger.find_household_account(original.household_id)
    return rules.why_not_reverse(
        is_reversed=_is_reversed(original.id),
        is_awarder=original.posted_by_id == account_id,
        is_own_household=original.household_id == own_household_id,
        reason=reason,
        points=original.points,
        available=account.balance if account else 0,
    )


def _is_reversed(transfer_id: int) -> bool:
    found = db.session.scalar(
        select(PointsTransfer.id).where(PointsTransfer.reverses_id == transfer_id)
    )
    return found is not None


def reverse(
    transfer_id: int,
    *,
    reason: str,
    key: str,
    account_id: int,
    own_household_id: int | None,
    now: datetime,
) -> PointsTransfer:
    """Take an award back, once, for a reason, or raise Refused."""
    issue = ledger.lock_issue_account()
    if done := _find_by_key(key):
        if done.reverses_id != transfer_id or done.reason != reason.strip():
            raise Refused(Refusal.KEY_USED)
        return done
    original = get_award(transfer_id)
    if refusal := why_not_reverse(
        original, reason=reason, account_id=account_id, own_household_id=own_household_id
    ):
        raise Refused(refusal)
    household = ledger.household_account(original.household_id)
    transfer = PointsTransfer(
        kind=TransferKind.REVERSE,
        idempotency_key=key,
        item_id=original.item_id,
        times=original.times,
        points=original.points,
        reason=reason.strip(),
        done_on=original.done_on,
        honour_year=original.honour_year,
        posted_by_id=account_id,
        posted_at=now,
        reverses_id=original.id,
        **{column: getattr(original, column) for column in DEED_COLUMNS},
    )
    try:
        ledger.post(transfer, {household.id: -original.points, issue.id: original.points})
    except IntegrityError as twice:  # two at once: the key is the last judge
        raise Refused(Refusal.ALREADY_REVERSED) from twice
    publish(PointsReversed(transfer_id=transfer.id), now=now)
    return transfer
