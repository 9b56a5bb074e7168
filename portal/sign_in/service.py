"""Signing in and out: codes by phone, printed codes, sessions on the server. Never commits."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import g
from sqlalchemy import Date, bindparam, delete, func, or_, select, update

from portal.core import clock, secrets
from portal.core.access import Part, Viewer
from portal.core.db import UtcDateTime, db
from portal.core.errors import Refused
from portal.core.scope import all_villages, require_village
from portal.people import service as people
from portal.people.behalf import Sitting
from portal.people.models import Account, AssistedSitting, Household, Post, Region, Resident
from portal.people.rules import NEEDS_SECOND_FACTOR, Role, lineage, plain_phone
from portal.people.service import Village
from portal.sign_in import rules
from portal.sign_in.models import AccessCode, AccountSession, SignInChallenge
from portal.sign_in.rules import Refusal


@dataclass(frozen=True)
class Candidate:
    """Somebody whom an opened door may be for. `key` is "r12" (resident) or "a7" (account)."""

    key: str
    name: str
    roles: tuple[Role, ...] = ()


def ask_for_code(phone_text: str, *, now: datetime) -> tuple[str, str, str | None]:
    """Begin a sign-in by phone. Return the browser's token, the phone, and the code to send.

    The code is None where nobody of this village has the phone: the page must look the same.
    Raises Refused.
    """
    phone = plain_phone(phone_text)
    sent = db.session.scalar(
        select(func.count())
        .select_from(SignInChallenge)
        .where(SignInChallenge.phone == phone, SignInChallenge.made_at > now - timedelta(hours=1))
    )
    if reason := rules.why_not_send(phone=phone, sent_last_hour=sent or 0):
        raise Refused(reason)
    assert phone is not None  # noqa: S101 -- the rule above refused it
    token, code = secrets.token(), secrets.digits(6)
    db.session.add(
        SignInChallenge(
            token_digest=secrets.digest("challenge", token),
            phone=phone,
            code_digest=secrets.digest(f"phone-code {token}", code),
            made_at=now,
            expires_at=rules.code_expires_at(now),
        )
    )
    db.session.flush()
    return token, phone, code if _on_phone(phone) else None


def try_code(token: str, code: str, *, now: datetime) -> Refusal | None:
    """Try a code on the sign-in that this browser began. Every try counts, right or wrong.

    The try is taken by one UPDATE that demands one left, so that parallel guesses share five.
    """
    challenge = _challenge(token)
    if challenge is None or challenge.passed_at is not None or challenge.phone is None:
        return Refusal.CODE_EXPIRED
    taken = db.session.execute(
        update(SignInChallenge)
        .where(SignInChallenge.id == challenge.id, SignInChallenge.tries < rules.CODE_TRIES)
        .values(tries=SignInChallenge.tries + 1)
        .returning(SignInChallenge.tries)
    ).scalar_one_or_none()
    right = secrets.same(challenge.code_digest, secrets.digest(f"phone-code {token}", code))
    refusal = rules.why_not_pass(
        now=now,
        expires_at=challenge.expires_at,
        tries=rules.CODE_TRIES if taken is None else taken - 1,
        is_right=right,
    )
    if refusal is None:
        challenge.passed_at = now
        db.session.flush()
    return refusal


def open_with_slip(code: str, *, now: datetime) -> str:
    """Begin a sign-in with a printed code; return the browser's token. Raises Refused."""
    plain = rules.plain_slip(code)
    slip = db.session.scalar(
        select(AccessCode).where(AccessCode.digest == secrets.digest("slip", plain))
    )
    if slip is None:
        raise Refused(Refusal.UNKNOWN_SLIP)
    token = secrets.token()
    db.session.add(
        SignInChallenge(
            token_digest=secrets.digest("challenge", token),
            access_code_id=slip.id,
            made_at=now,
            expires_at=rules.code_expires_at(now),
            passed_at=now,
        )
    )
    db.session.flush()
    return token


def candidates(token: str, *, now: datetime) -> list[Candidate]:
    """Return whom the opened door may be for; nobody while it is not open."""
    challenge = _open_challenge(token, now=now)
    if challenge is None:
        return []
    if challenge.phone is not None:
        return _on_phone(challenge.phone)
    slip = db.session.get_one(AccessCode, challenge.access_code_id)
    if slip.account_id is not None:
        account = db.session.get_one(Account, slip.account_id)
        return [
            Candidate(f"a{account.id}", account.name, _roles_of([account.id]).get(account.id, ()))
        ]
    members = select(Resident).where(
        Resident.household_id == slip.household_id, Resident.left_on.is_(None)
    )
    return _residents(list(db.session.scalars(members.order_by(Resident.id))))


def begin_session(token: str, key: str, *, now: datetime, days: int, label: str = "") -> str:
    """Sign the chosen candidate in; return the session's token. The door opens once."""
    chosen = next((c for c in candidates(token, now=now) if c.key == key), None)
    challenge = _open_challenge(token, now=now)
    if chosen is None or challenge is None:
        raise Refused(Refusal.NOBODY)
    used = db.session.execute(
        update(SignInChallenge)
        .where(SignInChallenge.id == challenge.id, SignInChallenge.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInChallenge.id)
    ).scalar_one_or_none()
    if used is None:
        raise Refused(Refusal.CODE_EXPIRED)
    account_id = int(key[1:]) if key[0] == "a" else people.account_of(int(key[1:])).id
    slip = challenge.access_code_id and db.session.get(AccessCode, challenge.access_code_id)
    return start_session(
        account_id,
        now=now,
        days=days,
        phone=challenge.phone,
        household_id=(slip and slip.household_id) or None,
        label=label,
    )


def start_session(
    account_id: int,
    *,
    now: datetime,
    days: int,
    is_strong: bool = False,
    phone: str | None = None,
    household_id: int | None = None,
    label: str = "",
) -> str:
    """Keep a new session of this account and return its token, which only the browser has.

    `phone` or `household_id` is the door it came in by; `is_strong`: a second factor was shown.
    """
    token = secrets.token()
    db.session.add(
        AccountSession(
            account_id=account_id,
            token_digest=secrets.digest("session", token),
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


def end_session(token: str, *, now: datetime) -> None:
    """End the session on the server; the browser's token opens nothing any more."""
    with all_villages("a session is ended by whoever holds its token, from any page"):
        db.session.execute(
            update(AccountSession)
            .where(AccountSession.token_digest == secrets.digest("session", token))
            .where(AccountSession.ended_at.is_(None))
            .values(ended_at=now)
        )


_HOLDER = (  # asked on every page of somebody signed in: built once
    select(
        Account.id,
        Account.village_id,
        Account.resident_id,
        Account.name,
        Account.language,
        AccountSession.id.label("session_id"),
        AccountSession.strong_at,
        Resident.household_id,
        Resident.group_id,
        Resident.is_representative,
        Post.role,
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
        & AssistedSitting.witnessed_at.is_not(None)
        & AssistedSitting.ended_at.is_(None),
    )
    .where(
        AccountSession.token_digest == bindparam("digest"),
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > bindparam("now", type_=UtcDateTime),
        Account.is_active,
        or_(Account.sessions_from.is_(None), AccountSession.began_at >= Account.sessions_from),
    )
)


def find_viewer(
    token: str, *, place: Village | None, now: datetime, is_factor_required: bool
) -> Viewer | None:
    """Return who holds this session, with the parts they play in that place.

    Posts of the place and of the regions above it count while their term runs. Where a second
    factor is required, the posts of `NEEDS_SECOND_FACTOR` open nothing before it was shown.
    """
    facts = {
        "digest": secrets.digest("session", token),
        "now": now,
        "today": clock.today(now),
        "lineage": lineage(place.code) if place else (),
        "place_id": place.id if place else 0,
    }
    with all_villages("who is asking is found before the village's door is reached"):
        rows = db.session.execute(_HOLDER, facts).all()
    if not rows:
        return None
    row = rows[0]
    held = {Role(r.role) for r in rows if r.role is not None}
    is_weak = row.strong_at is None and is_factor_required
    waiting = held & NEEDS_SECOND_FACTOR if is_weak else frozenset()
    parts = {Part(role.value) for role in held - waiting}
    if Role.HEAD in held - waiting:
        parts.add(Part.COMMITTEE)  # the head is one of the committee
    is_home = place is not None and row.village_id == place.id and row.household_id is not None
    if is_home:
        parts.add(Part.VILLAGER)
    if is_home and row.is_representative:
        parts.add(Part.HOUSEHOLD_REP)
    viewer = Viewer(
        row.id,
        row.village_id,
        row.resident_id if is_home else None,
        row.household_id if is_home else None,
        row.name,
        frozenset(parts),
        group_id=row.group_id if is_home else None,
        session_id=row.session_id,
        language=row.language,
        is_strong=row.strong_at is not None,
        waits_for=frozenset(Part(role.value) for role in waiting),
    )
    return viewer if row.sitting_id is None else _behind(viewer, row)


def _behind(helper: Viewer, row: Any) -> Viewer:
    """Let the helper of a sitting stand where the person stands: their rights, nothing more."""
    person = db.session.execute(
        select(Resident.household_id, Resident.group_id, Resident.is_representative).where(
            Resident.id == row.for_resident_id, Resident.left_on.is_(None)
        )
    ).one_or_none()
    if person is None:
        return helper
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
        sitting_id=row.sitting_id,
    )


def make_slips(group_id: int, *, now: datetime) -> list[tuple[Household, str]]:
    """Make a new printed code for every household of a group; older ones open nothing any more."""
    households = list(
        db.session.scalars(
            select(Household).where(Household.group_id == group_id).order_by(Household.number)
        )
    )
    return [(household, make_slip(household_id=household.id, now=now)) for household in households]


def make_slip(
    *,
    now: datetime,
    household_id: int | None = None,
    account_id: int | None = None,
    code: str | None = None,
) -> str:
    """Make a printed code for a household or an account, in place of an older one; return it."""
    code = code or secrets.letters(secrets.LETTERS, rules.CODE_LENGTH)
    digest = secrets.digest("slip", code)
    slip = db.session.scalar(
        select(AccessCode).where(
            AccessCode.household_id == household_id
            if household_id is not None
            else AccessCode.account_id == account_id
        )
    )
    if slip is None:
        slip = AccessCode(household_id=household_id, account_id=account_id)
        db.session.add(slip)
    slip.digest, slip.made_at = digest, now
    db.session.flush()
    return code


def _challenge(token: str) -> SignInChallenge | None:
    return db.session.scalar(
        select(SignInChallenge).where(
            SignInChallenge.token_digest == secrets.digest("challenge", token)
        )
    )


def _open_challenge(token: str, *, now: datetime) -> SignInChallenge | None:
    challenge = _challenge(token)
    if challenge is None or challenge.passed_at is None or challenge.used_at is not None:
        return None
    return challenge if now < challenge.expires_at else None


def _on_phone(phone: str) -> list[Candidate]:
    residents = select(Resident).where(Resident.phone == phone, Resident.left_on.is_(None))
    found = _residents(list(db.session.scalars(residents.order_by(Resident.id))))
    here = require_village()
    place = db.session.get_one(Region, here)
    above = select(Region.id).where(Region.code.in_(lineage(place.code)))
    posts = select(Post.account_id).where(Post.village_id.in_(above))
    staff = select(Account).where(
        Account.phone == phone,
        Account.is_active,
        or_(
            (Account.village_id == here) & Account.resident_id.is_(None),
            (Account.village_id != here) & Account.id.in_(posts),
        ),
    )
    with all_villages("who holds a post in the regions above signs in here too"):
        accounts = list(db.session.scalars(staff.order_by(Account.id)))
    roles = _roles_of([account.id for account in accounts])
    return found + [Candidate(f"a{a.id}", a.name, roles.get(a.id, ())) for a in accounts]


def _residents(residents: list[Resident]) -> list[Candidate]:
    query = select(Account.resident_id, Account.id).where(
        Account.resident_id.in_([r.id for r in residents])
    )
    accounts = {resident_id: account_id for resident_id, account_id in db.session.execute(query)}
    roles = _roles_of(list(accounts.values()))
    return [Candidate(f"r{r.id}", r.name, roles.get(accounts.get(r.id, 0), ())) for r in residents]


def _roles_of(account_ids: list[int]) -> dict[int, tuple[Role, ...]]:
    if not account_ids:
        return {}
    with all_villages("one person can hold posts in many villages"):
        query = select(Post.account_id, Post.role).where(Post.account_id.in_(account_ids))
        found: dict[int, tuple[Role, ...]] = {}
        for account_id, role in db.session.execute(query.order_by(Post.id)):
            found[account_id] = (*found.get(account_id, ()), role)
    return found


def prune(*, now: datetime) -> int:
    """Forget sign-ins of yesterday and sessions that ended a month ago; return how many."""
    gone = db.session.execute(
        delete(SignInChallenge)
        .where(SignInChallenge.made_at < now - timedelta(days=1))
        .returning(SignInChallenge.id)
    )
    over = now - timedelta(days=30)
    ended = db.session.execute(
        delete(AccountSession)
        .where(or_(AccountSession.expires_at < over, AccountSession.ended_at < over))
        .returning(AccountSession.id)
    )
    return len(gone.all()) + len(ended.all())
