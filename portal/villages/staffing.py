"""Giving and ending posts, and the accounts behind them. Never commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import all_villages, require_village, village_scope
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, Post, Region, Resident
from portal.people.posts import PostLine
from portal.people.rules import Role, lineage, plain_phone
from portal.people.service import Village
from portal.sign_in import slips
from portal.sign_in.models import OutsideIdentity, SecondFactor
from portal.villages import rules
from portal.villages.rules import Refusal, Term


@dataclass(frozen=True)
class Giver:
    """Who gives or ends: the account, and the posts they hold in the place of the deed."""

    account_id: int
    roles: frozenset[Role]
    region_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What goes with a post: its role and days, and what the public is told about it."""

    role: Role
    begins_on: date
    ends_on: date | None = None
    organisation: str = ""
    duties: str = ""
    office_hours: str = ""

    @property
    def term(self) -> Term:
        """Return what the rules ask."""
        return Term(role=self.role, begins_on=self.begins_on, ends_on=self.ends_on)


def place_of(region: Region) -> Village:
    """Return a region as the plain values of a page's place."""
    return Village(region.id, region.code, region.name, region.is_synthetic, region.level)


def find_person(*, name: str, phone_text: str) -> Account:
    """Return the account of a named person with a phone in this place; make it if there is none.

    Somebody on the roster with that name and phone is that person, so that nobody gets a second
    self. Raises Refused.
    """
    name, phone = name.strip(), plain_phone(phone_text)
    if not name:
        raise Refused(Refusal.NO_NAME)
    if phone is None:
        raise Refused(Refusal.BAD_PHONE)
    resident_id = db.session.scalar(
        select(Resident.id)
        .where(Resident.name == name, Resident.phone == phone, Resident.left_on.is_(None))
        .order_by(Resident.id)
        .limit(1)
    )
    if resident_id is not None:
        return people.account_of(resident_id)
    account = db.session.scalar(
        select(Account)
        .where(Account.name == name, Account.phone == phone, Account.resident_id.is_(None))
        .order_by(Account.id)
        .limit(1)
    )
    return account or people.add_account(name=name, phone=phone)


def list_lendable(place: Village, *, region_code: str) -> list[Account]:
    """Return the accounts of the regions from the giver's own down to the place itself."""
    homes = [code for code in lineage(place.code)[:-1] if code.startswith(region_code)]
    query = select(Account).join(Region, Region.id == Account.village_id)
    query = query.where(Region.code.in_(homes), Account.is_active).order_by(Account.name)
    with all_villages("whoever works in many villages is at home in the region above"):
        return list(db.session.scalars(query))


def give(place: Village, account_id: int, terms: Terms, *, giver: Giver, now: datetime) -> Post:
    """Give a post in the place that we are in. Raises Refused, with the reason.

    The account's row is locked first, so that two posts which exclude each other, given at once,
    wait for each other.
    """
    account, home_code = _locked_account(account_id)
    reason = rules.why_not_give(
        roles=giver.roles,
        level=place.level,
        term=terms.term,
        held=_held_here(account, place.code),
        is_oneself=_is_same_person(account, giver.account_id),
        is_of_this_place=_is_of(place, home_code, region_code=giver.region_code),
        is_active=account.is_active,
        has_head=has_head(day=clock.today(now)),
    )
    if reason:
        raise Refused(reason)
    try:
        with db.session.begin_nested():
            return posts.give_post(
                account.id,
                terms.role,
                now=now,
                begins_on=terms.begins_on,
                ends_on=terms.ends_on,
                organisation=terms.organisation,
                duties=terms.duties,
                office_hours=terms.office_hours,
                given_by_id=giver.account_id,
            )
    except IntegrityError as taken:
        raise Refused(Refusal.SAME_DAY) from taken


def end(place: Village, post_id: int, *, reason: str, giver: Giver, now: datetime) -> PostLine:
    """End a post of this very place. Raises Refused; NoResultFound for another place's post."""
    day = clock.today(now)
    post = db.session.get_one(Post, post_id)
    others = set(_locked_holders(post.role, day=day)) - {post.account_id}
    db.session.refresh(post)
    line = next(p for p in posts.list_posts(place.code) if p.id == post_id)
    refusal = rules.why_not_end(
        roles=giver.roles,
        role=post.role,
        level=place.level,
        is_oneself=post.account_id == giver.account_id,
        is_over=line.state_on(day) == "done",
        is_last=line.state_on(day) == "now" and not others,
    )
    if refusal:
        raise Refused(refusal)
    posts.end_post(post_id, now=now, ended_by_id=giver.account_id, reason=reason)
    return line


def has_head(*, day: date) -> bool:
    """Tell whether the committee of this village has a head."""
    return bool(posts.holders([Role.HEAD], day=day))


# --- accounts ----------------------------------------------------------------------------------


def get_account(account_id: int) -> Account:
    """Return an account that is at home in this place; raises NoResultFound for any other."""
    return db.session.get_one(Account, account_id)


def set_active(
    place: Village, account_id: int, *, is_active: bool, giver: Giver, now: datetime
) -> Account:
    """Close an account, or open it again; its sessions end here. Raises Refused."""
    account = _managed(place, account_id, giver=giver, closes=not is_active, now=now)
    account.is_active = is_active
    posts.end_sessions(account.id, now=now)
    return account


def reset(place: Village, account_id: int, *, giver: Giver, now: datetime) -> tuple[Account, str]:
    """Begin an account's ways in anew: no session, no second factor; return its new printed code.

    Raises Refused.
    """
    account = _managed(place, account_id, giver=giver, closes=False, now=now)
    for kind in (SecondFactor, OutsideIdentity):
        with all_villages("proofs are kept where they were given"):
            db.session.execute(delete(kind).where(kind.account_id == account.id))
    posts.end_sessions(account.id, now=now)
    return account, print_slip(account, now=now)


def print_slip(account: Account, *, now: datetime) -> str:
    """Make a new printed code for an account, good where it is at home."""
    with village_scope(account.village_id):
        return slips.make_slip(account_id=account.id, now=now)


def home_of(account: Account) -> Village:
    """Return the place where an account is at home."""
    return place_of(db.session.get_one(Region, account.village_id))


def may_manage(
    place: Village, line: PostLine, *, giver: Giver, now: datetime, region_id: int
) -> bool:
    """Tell whether the page offers to close or reset the account behind a post."""
    return line.home_id == region_id and line.account_id != giver.account_id


def _managed(
    place: Village, account_id: int, *, giver: Giver, closes: bool, now: datetime
) -> Account:
    account, home_code = _locked_account(account_id)
    day = clock.today(now)
    lines = [p for p in posts.posts_of(account.id) if p.state_on(day) != "done"]
    is_last = False
    for line in lines if closes else ():
        if line.role in (Role.ADMIN, Role.OPERATOR) and line.state_on(day) == "now":
            place_id = people.find_place(line.region_code)
            with village_scope(place_id.id if place_id else require_village()):
                is_last |= not set(_locked_holders(line.role, day=day)) - {account.id}
    reason = rules.why_not_manage(
        roles=giver.roles,
        level=place.level,
        held={line.role for line in lines},
        is_of_this_place=home_code == place.code
        and all(line.region_code.startswith(place.code) for line in lines),
        is_oneself=_is_same_person(account, giver.account_id),
        is_last=is_last,
    )
    if reason:
        raise Refused(reason)
    return account


def _locked_account(account_id: int) -> tuple[Account, str]:
    query = select(Account, Region.code).join(Region, Region.id == Account.village_id)
    query = query.where(Account.id == account_id).with_for_update(of=Account)
    with all_villages("whose village an account belongs to is judged by the rules"):
        row = db.session.execute(query.execution_options(populate_existing=True)).one()
    return row[0], row[1]


def _locked_holders(role: Role, *, day: date) -> Sequence[int]:
    """Return who holds a post here on that day, and let nobody end any of them meanwhile."""
    locked = select(Post).where(Post.role == role).order_by(Post.id).with_for_update()
    for post in db.session.scalars(locked.execution_options(populate_existing=True)):
        assert post.role is role  # noqa: S101 -- reading the rows is what locks them
    return posts.holders([role], day=day)


def _is_of(place: Village, home_code: str, *, region_code: str) -> bool:
    """Tell whether an account at home there may work here.

    At home in the place itself, or, where the giver operates a region, between that and here.
    """
    if home_code == place.code:
        return True
    return (
        bool(region_code) and place.code.startswith(home_code) and home_code.startswith(region_code)
    )


def _same_person(account: Account) -> list[int]:
    """Return the accounts behind which the same person stands: same name and same phone."""
    if account.phone is None:
        return [account.id]
    query = select(Account.id).where(
        or_(
            Account.id == account.id,
            (Account.name == account.name) & (Account.phone == account.phone),
        )
    )
    with all_villages("a person can have an account here and one in the region above"):
        return list(db.session.scalars(query))


def _is_same_person(account: Account, other_id: int) -> bool:
    return other_id in _same_person(account)


def _held_here(account: Account, place_code: str) -> list[Term]:
    ids: Collection[int] = set(_same_person(account))
    return [
        Term(role=p.role, begins_on=p.begins_on, ends_on=p.ends_on)
        for p in posts.list_posts(place_code)
        if p.account_id in ids
    ]
