"""Giving and ending posts, with every fact that the rules ask for. Never commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import audit, clock
from portal.core.access import Viewer
from portal.core.audit import Look
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, Post, Region
from portal.people.posts import PostLine
from portal.people.rules import Role, lineage
from portal.people.service import Village
from portal.villages import rules
from portal.villages.rules import LOOK_AFTER, Refusal, Term


@dataclass(frozen=True)
class Giver:
    """Who gives or ends: the account, and the posts they hold for the place of the deed.

    `region_code` is the uppermost region that they look after; "" for somebody of the village only.
    """

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


def giver_of(viewer: Viewer, place: Village, *, day: date) -> Giver:
    """Return what whoever is asking may give here; a post whose second proof is missing is none."""
    roles = frozenset(Role(part.value) for part in viewer.parts if part.value in set(Role))
    looked_after = [
        p.region_code
        for p in posts.list_posts(place.code, day=day)
        if p.account_id == viewer.account_id
        and p.role in LOOK_AFTER & roles
        and p.region_code != (place.code if place.is_village else "")
    ]
    return Giver(viewer.account_id, roles, min(looked_after, key=len, default=""))


def has_head(place: Village, *, day: date) -> bool:
    """Tell whether the committee of this village has a head, or will have one."""
    return bool(_heads(place, day=day))


# --- deeds -------------------------------------------------------------------------------------


def give(place: Village, account_id: int, terms: Terms, *, giver: Giver, now: datetime) -> Post:
    """Give a post in the place that we are in. Raises Refused, with the reason.

    The region tree above and the account are locked first, so that two posts which exclude each
    other, given at once, wait for each other.
    """
    lock(place)
    account, home_code = locked_account(account_id)
    held = posts.posts_of(*people.accounts_of(account))
    reason = rules.why_not_give(
        roles=giver.roles,
        level=place.level,
        term=terms.term,
        today=clock.today(now),
        held=_terms(p for p in held if place.code.startswith(p.region_code)),
        below=_terms(p for p in held if _is_under(p.region_code, place.code)),
        heads=_heads(place, day=clock.today(now)),
        is_oneself=is_same_person(account, giver.account_id),
        is_of_this_place=_is_of(place, home_code, region_code=giver.region_code),
        is_active=account.is_active,
    )
    if reason:
        raise Refused(reason)
    try:
        with db.session.begin_nested():
            post = posts.give_post(
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
    note_change(account, "post", reason=terms.role.value, now=now)
    return post


def get_post(post_id: int, place: Village) -> PostLine:
    """Return a post of this very place; raises NoResultFound for another place's."""
    post = db.session.get_one(Post, post_id)
    return next(p for p in posts.list_posts(place.code) if p.id == post.id)


def end(place: Village, post_id: int, *, reason: str, giver: Giver, now: datetime) -> PostLine:
    """End a post of this very place. Raises Refused; NoResultFound for another place's post."""
    lock(place)
    day = clock.today(now)
    line = get_post(post_id, place)
    refusal = rules.why_not_end(
        roles=giver.roles,
        role=line.role,
        level=place.level,
        reason=reason,
        is_oneself=line.account_id == giver.account_id,
        is_over=line.state_on(day) == "done",
        is_last=is_last(place, line, day=day),
    )
    if refusal:
        raise Refused(refusal)
    posts.end_post(post_id, now=now, ended_by_id=giver.account_id, reason=reason)
    account, _ = locked_account(line.account_id)
    note_change(account, "post", reason=reason, now=now)
    return line


def is_last(place: Village, line: PostLine, *, day: date) -> bool:
    """Tell whether nobody but this holder does what the post is for, on that day, in that place.

    A place is looked after from above too; the committee is the village's own.
    """
    if line.state_on(day) != "now":
        return False
    group = LOOK_AFTER if line.role in LOOK_AFTER else frozenset({Role.COMMITTEE, Role.HEAD})
    others = [
        p
        for p in posts.list_posts(place.code, day=day)
        if p.role in group and p.is_active and p.account_id != line.account_id
    ]
    return not others


def note_change(account: Account, what: str, *, reason: str, now: datetime) -> None:
    """Let a resident see who changed what about them; it is kept where they are at home."""
    if account.resident_id is not None:
        with village_scope(account.village_id):
            audit.note(
                Look.CHANGED,
                what,
                now=now,
                resident_ids=[account.resident_id],
                reason=reason,
            )
            db.session.flush()


def lock(place: Village) -> None:
    """Let nobody else change posts of this place, or of the regions above it, meanwhile.

    A lock that does not hurt those who only refer to the region (PostgreSQL's NO KEY UPDATE).
    """
    query = select(Region.id).where(Region.code.in_(lineage(place.code))).order_by(Region.code)
    db.session.execute(query.with_for_update(key_share=True)).all()


def locked_account(account_id: int) -> tuple[Account, str]:
    """Return an account, wherever it is at home, with that place's code; nobody changes it now."""
    query = select(Account, Region.code).join(Region, Region.id == Account.village_id)
    query = query.where(Account.id == account_id)
    query = query.with_for_update(of=Account, key_share=True)
    with all_villages("whose village an account belongs to is judged by the rules"):
        row = db.session.execute(query.execution_options(populate_existing=True)).one()
    return row[0], row[1]


def _heads(place: Village, *, day: date) -> list[Term]:
    """Return the terms of the committee's head that are not over."""
    return _terms(
        p
        for p in posts.list_posts(place.code)
        if p.role is Role.HEAD and p.state_on(day) != "done" and p.is_active
    )


def _terms(lines: Iterable[PostLine]) -> list[Term]:
    return [Term(role=p.role, begins_on=p.begins_on, ends_on=p.ends_on) for p in lines]


def _is_under(code: str, region_code: str) -> bool:
    return code != region_code and code.startswith(region_code)


def _is_of(place: Village, home_code: str, *, region_code: str) -> bool:
    """Tell whether an account at home there may work here.

    At home in the place itself, or, where the giver looks after a region, between that and here.
    """
    if home_code == place.code:
        return True
    return (
        bool(region_code) and place.code.startswith(home_code) and home_code.startswith(region_code)
    )


def is_same_person(account: Account, other_id: int) -> bool:
    """Tell whether another account is the same person's."""
    return other_id in people.accounts_of(account)
