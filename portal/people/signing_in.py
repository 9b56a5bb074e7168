"""Signing in and out: codes by phone, printed codes, sessions on the server. Never commits."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, or_, select, update

from portal.core import secrets
from portal.core.access import Part, Viewer
from portal.core.db import UtcDateTime, db
from portal.core.errors import Refused
from portal.core.scope import all_villages
from portal.people import rules
from portal.people.models import (
    AccessCode,
    Account,
    AccountSession,
    Household,
    Resident,
    SignInChallenge,
)
from portal.people.rules import Refusal, Role

_PARTS = {
    Role.COMMITTEE: Part.COMMITTEE,
    Role.PLANNER: Part.PLANNER,
    Role.SUPERVISOR: Part.SUPERVISOR,
    Role.ADMIN: Part.ADMIN,
}


@dataclass(frozen=True)
class Candidate:
    """Somebody whom an opened door may be for. `key` is "r12" (resident) or "a7" (account)."""

    key: str
    name: str
    role: Role


def ask_for_code(phone_text: str, *, now: datetime) -> tuple[str, str, str | None]:
    """Begin a sign-in by phone. Return the browser's token, the phone, and the code to send.

    The code is None where nobody of this village has the phone: the page must look the same.
    Raises Refused.
    """
    phone = rules.plain_phone(phone_text)
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
        return [Candidate(f"a{account.id}", account.name, account.role)]
    members = select(Resident).where(
        Resident.household_id == slip.household_id, Resident.left_on.is_(None)
    )
    return _residents(list(db.session.scalars(members.order_by(Resident.id))))


def begin_session(token: str, key: str, *, now: datetime, days: int) -> str:
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
    account_id = int(key[1:]) if key[0] == "a" else account_of(int(key[1:])).id
    return start_session(account_id, now=now, days=days)


def account_of(resident_id: int) -> Account:
    """Return the resident's account; the first sign-in makes it."""
    account = db.session.scalar(select(Account).where(Account.resident_id == resident_id))
    if account is None:
        resident = db.session.get_one(Resident, resident_id)
        account = Account(resident_id=resident.id, name=resident.name, phone=resident.phone)
        db.session.add(account)
        db.session.flush()
    return account


def start_session(account_id: int, *, now: datetime, days: int) -> str:
    """Keep a new session of this account and return its token, which only the browser has."""
    token = secrets.token()
    db.session.add(
        AccountSession(
            account_id=account_id,
            token_digest=secrets.digest("session", token),
            began_at=now,
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
        Account.role,
        Resident.household_id,
        Resident.is_representative,
    )
    .join(AccountSession, AccountSession.account_id == Account.id)
    .outerjoin(Resident, (Resident.id == Account.resident_id) & Resident.left_on.is_(None))
    .where(
        AccountSession.token_digest == bindparam("digest"),
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > bindparam("now", type_=UtcDateTime),
        Account.is_active,
    )
)


def find_viewer(token: str, *, village_id: int | None, now: datetime) -> Viewer | None:
    """Return who holds this session, with the parts they play in that village."""
    with all_villages("who is asking is found before the village's door is reached"):
        row = db.session.execute(
            _HOLDER, {"digest": secrets.digest("session", token), "now": now}
        ).one_or_none()
    if row is None:
        return None
    stranger = Viewer(row.id, row.village_id, None, None, row.name, frozenset())
    if row.village_id != village_id:
        return stranger
    parts: set[Part] = set()
    if row.household_id is not None:
        parts.add(Part.VILLAGER)
    if row.is_representative:
        parts.add(Part.HOUSEHOLD_REP)
    if row.role in _PARTS:
        parts.add(_PARTS[row.role])
    return replace(
        stranger,
        resident_id=row.resident_id if row.household_id is not None else None,
        household_id=row.household_id,
        parts=frozenset(parts),
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
    code = code or secrets.letters(rules.CODE_LETTERS, rules.CODE_LENGTH)
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
    staff = select(Account).where(
        Account.phone == phone, Account.resident_id.is_(None), Account.is_active
    )
    return found + [
        Candidate(f"a{account.id}", account.name, account.role)
        for account in db.session.scalars(staff.order_by(Account.id))
    ]


def _residents(residents: list[Resident]) -> list[Candidate]:
    query = select(Account.resident_id, Account.role).where(
        Account.resident_id.in_([r.id for r in residents])
    )
    roles = {resident_id: role for resident_id, role in db.session.execute(query)}
    return [Candidate(f"r{r.id}", r.name, roles.get(r.id, Role.VILLAGER)) for r in residents]


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
