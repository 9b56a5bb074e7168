"""Sessions: begun, found at every page, listed and ended by their owner. Never commits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import g
from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from portal.core import clock, secrets
from portal.core.access import Part, Viewer
from portal.core.db import UtcDateTime, db
from portal.core.many import each, pack
from portal.core.outbox import publish
from portal.core.scope import all_villages
from portal.people.behalf import Sitting
from portal.people.models import Account, AssistedSitting, Post, Region, Resident
from portal.people.rules import NEEDS_SECOND_FACTOR, Role, lineage
from portal.people.service import Village
from portal.sign_in.events import NewBrowser
from portal.sign_in.models import AccountSession, SecondFactor
from portal.sign_in.rules import Door, FactorKind, is_own_door

Asked = tuple[str, int, str]
"""The digest of a session's token, and the id and code of the place in which it is asked about."""


def start_session(
    account_id: int,
    *,
    now: datetime,
    days: int,
    door: Door | None = None,
    is_strong: bool = False,
    phone: str | None = None,
    household_id: int | None = None,
    label: str = "",
) -> str:
    """Keep a new session of this account and return its token, which only the browser has.

    `phone` or `household_id` is whose door it came in by; `is_strong`: a second factor was shown.
    """
    token = secrets.token()
    if label and _is_strange(account_id, label[:80]):
        publish(NewBrowser(account_id=account_id, label=label[:80]), now=now)
    g.session_began_for = account_id  # whoever answers this request may lead them somewhere first
    db.session.add(
        AccountSession(
            account_id=account_id,
            token_digest=secrets.digest("session", token),
            door=door,
            phone=phone,
            household_id=household_id,
            label=label[:80],
            began_at=now,
            strong_at=now if is_strong else None,
            expires_at=now + timedelta(days=days),
        )
    )
    db.session.flush()
    return token


def _is_strange(account_id: int, label: str) -> bool:
    """Tell whether the account has sessions, open or over, and none of them with this browser."""
    with all_villages("a session is good in every place where its account plays a part"):
        sessions, alike = db.session.execute(
            select(
                func.count(AccountSession.id),
                func.count(AccountSession.id).filter(AccountSession.label == label),
            ).where(AccountSession.account_id == account_id, AccountSession.label != "")
        ).one()
    return bool(sessions and not alike)


def end_session(token: str, *, now: datetime) -> None:
    """End the session on the server, and its sitting; the token opens nothing any more."""
    _end(AccountSession.token_digest == secrets.digest("session", token), now=now)


def strengthen(session_id: int, *, now: datetime) -> str:
    """Note that a second factor was shown in this session; return its new token.

    The token changes, so that whoever may have got hold of the old one gains nothing.
    """
    token = secrets.token()
    with all_villages("a session is good in every place where its account plays a part"):
        db.session.execute(
            update(AccountSession)
            .where(AccountSession.id == session_id, AccountSession.ended_at.is_(None))
            .values(strong_at=now, token_digest=secrets.digest("session", token))
        )
    return token


@dataclass(frozen=True)
class SessionLine:
    """A signed-in browser as its owner sees it. `label` is the browser and the system."""

    id: int
    label: str
    door: Door | None
    began_at: datetime
    is_strong: bool


def came_by_own_door(session_id: int) -> bool:
    """Tell whether a session came in by a door that is its owner's alone."""
    query = select(AccountSession.door, AccountSession.household_id).where(
        AccountSession.id == session_id
    )
    with all_villages("a session is good in every place where its account plays a part"):
        door, household_id = db.session.execute(query).one()
    return is_own_door(door, household_id=household_id)


def list_sessions(account_id: int, *, now: datetime) -> list[SessionLine]:
    """Return the sessions of an account that still open something, the latest first."""
    query = (
        select(AccountSession)
        .join(Account, Account.id == AccountSession.account_id)
        .where(AccountSession.account_id == account_id, *_is_open(now))
        .order_by(AccountSession.began_at.desc(), AccountSession.id.desc())
    )
    with all_villages("a session is good in every place where its account plays a part"):
        return [
            SessionLine(s.id, s.label, s.door, s.began_at, s.strong_at is not None)
            for s in db.session.scalars(query)
        ]


def end_sessions(
    account_id: int, *, now: datetime, only: int | None = None, but: int | None = None
) -> int:
    """End sessions of an account: this one only, or all, or all but one; return how many."""
    which = [AccountSession.account_id == account_id]
    if only is not None:
        which.append(AccountSession.id == only)
    if but is not None:
        which.append(AccountSession.id != but)
    return _end(*which, now=now)


def _end(*which: ColumnElement[bool], now: datetime) -> int:
    which = (*which, AccountSession.ended_at.is_(None))
    with all_villages("a session is ended by its owner, from any page"):
        bound_to = select(AccountSession.sitting_id).where(*which)
        db.session.execute(
            update(AssistedSitting)
            .where(AssistedSitting.id.in_(bound_to), AssistedSitting.expires_at > now)
            .values(expires_at=now)  # whoever keeps the sittings ends it, and tells the person
            .execution_options(synchronize_session=False)
        )
        ended = db.session.execute(
            update(AccountSession)
            .where(*which)
            .values(ended_at=now)
            .returning(AccountSession.id)
            .execution_options(synchronize_session=False)
        )
        return len(ended.all())


def _is_open(now: Any) -> list[ColumnElement[bool]]:
    return [
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > now,
        Account.is_active.is_(True),
        or_(Account.sessions_from.is_(None), AccountSession.began_at >= Account.sessions_from),
    ]


_APP = literal(FactorKind.APP, SecondFactor.kind.type, literal_execute=True)
"""A plain word: where an index is made for a parameter, SQLite plans the query anew each time."""
_HOLDER = (  # asked on every page of somebody signed in: built once
    select(
        Account.id,
        Account.village_id,
        Account.resident_id,
        Account.name,
        Account.language,
        AccountSession.id.label("session_id"),
        AccountSession.strong_at,
        exists()
        .where(
            SecondFactor.account_id == Account.id,
            SecondFactor.kind == _APP,
            SecondFactor.confirmed_at.is_not(None),
        )
        .label("has_app"),
        Resident.household_id,
        Resident.group_id,
        Resident.is_representative,
        Post.role,
        AccountSession.sitting_id.label("bound_to"),
        AssistedSitting.id.label("sitting_id"),
        AssistedSitting.resident_id.label("for_resident_id"),
        AssistedSitting.witness_id,
        AssistedSitting.channel,
    )
    .join(AccountSession, AccountSession.account_id == Account.id)
    .outerjoin(Resident, (Resident.id == Account.resident_id) & Resident.left_on.is_(None))
    .outerjoin(
        Post,
        (Post.account_id == Account.id)
        & (Post.begins_on <= bindparam("today", type_=Date))
        & or_(Post.ends_on.is_(None), Post.ends_on >= bindparam("today", type_=Date))
        & Post.village_id.in_(
            select(Region.id).where(Region.code.in_(bindparam("lineage", expanding=True)))
        ),
    )
    .outerjoin(
        AssistedSitting,
        (AssistedSitting.id == AccountSession.sitting_id)
        & (AssistedSitting.village_id == bindparam("place_id"))
        & (AssistedSitting.expires_at > bindparam("now", type_=UtcDateTime))
        & AssistedSitting.began_at.is_not(None)
        & AssistedSitting.ended_at.is_(None),
    )
    .where(*_is_open(bindparam("now", type_=UtcDateTime)))
)
_ONE = AccountSession.token_digest == bindparam("digest")
_MANY = (  # asked for all readers of a process: each with the codes of the places of the posts
    _HOLDER.add_columns(AccountSession.token_digest, Region.code, literal(0).label("unread"))
    .outerjoin(Region, Region.id == Post.village_id)
    .where(AccountSession.token_digest.in_(each("digests")))
)


@cache
def _holder(unread: ScalarSelect[int] | None) -> Select[*tuple[Any, ...]]:
    """Return the statement that finds whoever is asking, with one more number: built once."""
    more = (literal(0) if unread is None else unread).label("unread")
    return _HOLDER.where(_ONE).add_columns(more)


def find_viewer(
    token: str,
    *,
    place: Village | None,
    now: datetime,
    is_factor_required: bool,
    unread: ScalarSelect[int] | None = None,
) -> Viewer | None:
    """Return who holds this session, with the parts they play in that place.

    `unread` is the subquery that counts their messages, so that no page asks for them by itself.

    Posts of the place and of the regions above it count while their term runs. Where a second
    factor is required, the posts of `NEEDS_SECOND_FACTOR` open nothing before it was shown. Whoever
    set up an authenticator app, whatever they are, plays no part before it was shown.
    """
    facts = {
        "digest": digest_of(token),
        "now": now,
        "today": clock.today(now),
        "lineage": lineage(place.code) if place else (),
        "place_id": place.id if place else 0,
    }
    with all_villages("who is asking is found before the village's door is reached"):
        rows = db.session.execute(_holder(unread), facts).all()
    if not rows:
        return None
    row = rows[0]
    place_id = place.id if place else None
    viewer = _viewer(row, rows, place_id, is_factor_required=is_factor_required)
    if viewer.is_shut or row.bound_to is None:
        return viewer
    return _put_off(viewer) if row.sitting_id is None else _behind(viewer, row)


def digest_of(token: str) -> str:
    """Return that by which a session is found, from what its browser holds."""
    return secrets.digest("session", token)


def find_viewers(
    asked: Collection[Asked], *, now: datetime, is_factor_required: bool
) -> dict[Asked, Viewer]:
    """Return who holds these sessions, in one query.

    As `find_viewer` does it, but for sessions that are bound to a sitting: they are left out.
    """
    above = {code: lineage(code) for code in {code for _, _, code in asked}}
    facts = {
        "digests": pack(digest for digest, _, _ in asked),
        "now": now,
        "today": clock.today(now),
        "lineage": sorted({code for codes in above.values() for code in codes}),
        "place_id": 0,
    }
    with all_villages("the readers of every village are asked about at once"):
        held = db.session.execute(_MANY, facts).all()
    by_session = defaultdict(list)
    for row in held:
        by_session[row.token_digest].append(row)
    found = {}
    for one in asked:
        digest, place_id, code = one
        rows = by_session.get(digest)
        if rows and rows[0].bound_to is None:
            posts = [row for row in rows if row.code is None or row.code in above[code]]
            found[one] = _viewer(rows[0], posts, place_id, is_factor_required=is_factor_required)
    return found


def _viewer(
    row: Any, posts: Iterable[Any], place_id: int | None, *, is_factor_required: bool
) -> Viewer:
    """Return the holder of a session, with the parts of these posts."""
    held = {Role(post.role) for post in posts if post.role is not None}
    is_weak = row.strong_at is None
    is_shut = is_weak and row.has_app
    asked = held & NEEDS_SECOND_FACTOR if is_weak and is_factor_required else frozenset[Role]()
    waiting, parts = _parts_of(asked), _parts_of(held - asked)
    is_home = row.village_id == place_id and row.household_id is not None
    if is_home:
        parts.add(Part.VILLAGER)
    if is_home and row.is_representative:
        parts.add(Part.HOUSEHOLD_REP)
    if is_shut:
        waiting, parts, is_home = waiting | parts, set(), False
    return Viewer(
        row.id,
        row.village_id,
        row.resident_id if is_home else None,
        row.household_id if is_home else None,
        row.name,
        frozenset(parts),
        group_id=row.group_id if is_home else None,
        session_id=row.session_id,
        language=row.language,
        is_strong=not is_weak,
        waits_for=frozenset(waiting),
        unread=0 if is_shut else row.unread,
        is_shut=is_shut,
    )


def _parts_of(roles: Set[Role]) -> set[Part]:
    """Return the parts that these posts play: the head is one of the committee."""
    parts = {Part(role.value) for role in roles}
    return parts | {Part.COMMITTEE} if Role.HEAD in roles else parts


def _put_off(helper: Viewer) -> Viewer:
    """Let the helper of a sitting that is over, or that is of another village, play no part."""
    return replace(
        helper,
        resident_id=None,
        household_id=None,
        group_id=None,
        parts=frozenset(),
        waits_for=frozenset(),
        unread=0,
        must_end_sitting=True,
    )


def _behind(helper: Viewer, row: Any) -> Viewer:
    """Let the helper of a sitting stand where the person stands: their rights, nothing more."""
    person = db.session.execute(
        select(Resident.household_id, Resident.group_id, Resident.is_representative).where(
            Resident.id == row.for_resident_id, Resident.left_on.is_(None)
        )
    ).one_or_none()
    if person is None:
        return _put_off(helper)
    g.sitting = Sitting(
        row.sitting_id, row.for_resident_id, helper.account_id, row.witness_id, row.channel
    )
    parts = {Part.VILLAGER} | ({Part.HOUSEHOLD_REP} if person.is_representative else set())
    return replace(
        helper,
        resident_id=row.for_resident_id,
        household_id=person.household_id,
        group_id=person.group_id,
        parts=frozenset(parts),
        waits_for=frozenset(),
        unread=0,
        sitting_id=row.sitting_id,
    )
