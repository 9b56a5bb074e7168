"""Accounts as whoever helps with signing in sees them. Never commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import NoResultFound

from portal.core import clock
from portal.core.db import db
from portal.core.masking import mask_phone
from portal.core.scope import all_villages
from portal.people.models import Account, Post
from portal.people.posts import in_force
from portal.people.rules import Role, plain_phone
from portal.sign_in.models import SecondFactor
from portal.sign_in.rules import FactorKind

MOST = 20


@dataclass(frozen=True)
class AccountLine:
    """An account that is at home here, and which proofs it has."""

    account_id: int
    name: str
    phone: str
    roles: tuple[Role, ...]
    is_active: bool
    factor_count: int
    has_pin: bool


def find_accounts(search: str, *, now: datetime) -> list[AccountLine]:
    """Return the accounts at home here with this name, or part of it, or this very phone."""
    phone = plain_phone(search)
    if phone is not None:
        return _lines(Account.phone == phone, now=now)
    return _lines(Account.name.contains(search, autoescape=True), now=now)


def get_account(account_id: int, *, now: datetime) -> AccountLine:
    """Return an account at home here; raises NoResultFound for any other."""
    db.session.get_one(Account, account_id, populate_existing=True)
    found = _lines(Account.id == account_id, now=now)
    if not found:
        raise NoResultFound(f"account {account_id} was erased")
    return found[0]


def _lines(which: ColumnElement[bool], *, now: datetime) -> list[AccountLine]:
    query = select(Account).where(which, Account.erased_at.is_(None))
    accounts = list(db.session.scalars(query.order_by(Account.name, Account.id).limit(MOST)))
    ids = [a.id for a in accounts]
    proofs = (
        select(SecondFactor.account_id, func.count())
        .where(
            SecondFactor.account_id.in_(ids),
            SecondFactor.kind != FactorKind.RECOVERY,
            SecondFactor.confirmed_at.is_not(None),
        )
        .group_by(SecondFactor.account_id)
    )
    held = (
        select(Post.account_id, Post.role)
        .where(Post.account_id.in_(ids), in_force(clock.today(now)))
        .order_by(Post.id)
    )
    roles: dict[int, tuple[Role, ...]] = {}
    with all_villages("one person can hold posts in many villages"):
        counts = {account_id: count for account_id, count in db.session.execute(proofs)}
        for account_id, role in db.session.execute(held):
            roles[account_id] = (*roles.get(account_id, ()), role)
    return [
        AccountLine(
            a.id,
            a.name,
            mask_phone(a.phone) if a.phone else "",
            roles.get(a.id, ()),
            a.is_active,
            counts.get(a.id, 0),
            a.pin_digest is not None,
        )
        for a in accounts
    ]
