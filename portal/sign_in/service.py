"""Signing in and out: codes by phone, printed codes, sessions on the server. Never commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from portal.core import secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.scope import all_villages, require_village
from portal.people import service as people
from portal.people.models import Account, Post, Region, Resident
from portal.people.rules import Role, lineage, plain_phone
from portal.sign_in import rules
from portal.sign_in.models import AccessCode, AccountSession, SignInChallenge
from portal.sign_in.rules import Refusal
from portal.sign_in.sessions import start_session


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
    if phone is None:
        raise Refused(Refusal.BAD_PHONE)
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
