"""Signing in: codes by phone, whom an opened door is for, and who is let in. Never commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select

from portal.core import clock, retention, secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.retention import Kept, limit_of
from portal.core.scope import all_villages, require_village
from portal.people import service as people
from portal.people.models import Account, Post, Region, Resident
from portal.people.posts import in_force
from portal.people.rules import Role, lineage, plain_phone
from portal.sign_in import challenges, rules
from portal.sign_in.models import AccessCode, AccountSession, SignInChallenge
from portal.sign_in.rules import Door, Refusal
from portal.sign_in.sessions import start_session


@dataclass(frozen=True)
class Candidate:
    """Somebody whom an opened door may be for. `key` is "r12" (resident) or "a7" (account).

    `refusal`: why they are not let in, though they are of this household or phone.
    """

    key: str
    name: str
    roles: tuple[Role, ...] = ()
    refusal: Refusal | None = None


# --- codes by phone ----------------------------------------------------------------------------


def ask_for_code(phone_text: str, *, now: datetime, former: str = "") -> tuple[str, str, str]:
    """Begin a sign-in by phone. Return the browser's token, the phone, and its code.

    Nobody is looked up here: whoever sends the code asks `is_known` first. `former` is what this
    browser began before; its code opens nothing any more. Raises Refused.
    """
    phone = plain_phone(phone_text)
    if phone is None:
        raise Refused(Refusal.BAD_PHONE)
    challenges.drop(former, now=now)
    code = secrets.digits(6)
    token = challenges.begin(now=now, door=Door.PHONE, phone=phone, code=code)
    return token, phone, code


def is_known(phone: str, *, now: datetime) -> bool:
    """Tell whether anybody can sign in here with this phone: by one statement, known or not."""
    resident = exists().where(Resident.phone == phone, Resident.left_on.is_(None))
    resident = resident.where(Resident.village_id == require_village(), ~_is_closed())
    staff = exists().where(staff_on(phone, now=now), Account.is_active)
    with all_villages("who holds a post in the regions above signs in here too"):
        return bool(db.session.scalar(select(or_(resident, staff))))


# --- whom a door is for ------------------------------------------------------------------------


def candidates(token: str, *, now: datetime) -> list[Candidate]:
    """Return whom the opened door may be for; nobody while it is not open."""
    challenge = challenges.find_open(token, now=now)
    if challenge is None:
        return []
    if challenge.phone is not None:
        return _on_phone(challenge.phone, now=now)
    slip = db.session.get(AccessCode, challenge.access_code_id or 0)
    if slip is None:
        return []
    if slip.account_id is not None:
        return _accounts(select(Account).where(Account.id == slip.account_id), now=now)
    members = select(Resident).where(
        Resident.household_id == slip.household_id, Resident.left_on.is_(None)
    )
    return _residents(members, now=now)


def begin_session(token: str, key: str, *, now: datetime, days: int, label: str = "") -> str:
    """Sign the chosen candidate in; return the session's token. The door opens once.

    Raises Refused.
    """
    chosen = next((c for c in candidates(token, now=now) if c.key == key), None)
    challenge = challenges.find_open(token, now=now)
    if chosen is None or challenge is None:
        raise Refused(Refusal.NOBODY)
    if chosen.refusal:
        raise Refused(chosen.refusal)
    if not challenges.use(challenge, now=now):
        raise Refused(Refusal.CODE_EXPIRED)
    account_id = int(key[1:]) if key[0] == "a" else people.account_of(int(key[1:])).id
    return admit(
        account_id,
        door=challenge.door,
        now=now,
        days=days,
        label=label,
        phone=challenge.phone,
        household_id=challenge.household_id,
    )


def admit(
    account_id: int,
    *,
    door: Door,
    now: datetime,
    days: int,
    label: str = "",
    is_strong: bool = False,
    phone: str | None = None,
    household_id: int | None = None,
) -> str:
    """Let an account in by a door that it opened; return the token of its new session.

    Every door ends here. By any but the PIN's own, a PIN that was locked opens again.
    Raises Refused.
    """
    account = find_account(account_id, now=now)
    if account is None:
        raise Refused(Refusal.NOBODY)
    if refusal := why_not_admit(account, now=now):
        raise Refused(refusal)
    if door is not Door.PIN:
        account.pin_tries = 0
    return start_session(
        account_id,
        door=door,
        now=now,
        days=days,
        label=label,
        is_strong=is_strong,
        phone=phone,
        household_id=household_id,
    )


def find_account(account_id: int, *, now: datetime) -> Account | None:
    """Return an account by which one may sign in at this place, or None.

    It is at home here, or holds a post here or in a region above.
    """
    query = select(Account).where(
        Account.id == account_id,
        or_(Account.village_id == require_village(), works_here(now=now)),
    )
    with all_villages("who holds a post in the regions above signs in here too"):
        return db.session.scalar(query)


def why_not_admit(account: Account, *, now: datetime) -> Refusal | None:
    """Return why an account is let in by no door at all, or None."""
    if not account.is_active:
        return Refusal.NOBODY
    if account.resident_id is None:
        return None
    with all_villages("whoever holds a post here may live in another village"):
        born_on = db.session.scalar(
            select(Resident.born_on).where(Resident.id == account.resident_id)
        )
    return rules.why_no_account(born_on=born_on, today=clock.today(now))


def works_here(*, now: datetime) -> ColumnElement[bool]:
    """Return the criterion of accounts that hold a post here or in a region above."""
    place = db.session.get_one(Region, require_village())
    above = select(Region.id).where(Region.code.in_(lineage(place.code)))
    held = select(Post.account_id).where(Post.village_id.in_(above), in_force(clock.today(now)))
    return Account.id.in_(held)


def staff_on(phone: str, *, now: datetime) -> ColumnElement[bool]:
    """Return the criterion of the accounts here of nobody on the roster that have this phone."""
    here = require_village()
    on_roster = (
        exists()
        .where(Resident.id == Account.resident_id, Resident.phone == phone)
        .correlate(Account)
    )
    return or_(
        (Account.phone == phone)
        & Account.resident_id.is_(None)
        & ((Account.village_id == here) | works_here(now=now)),
        (Account.village_id != here) & on_roster & works_here(now=now),
    )


def _on_phone(phone: str, *, now: datetime) -> list[Candidate]:
    residents = select(Resident).where(Resident.phone == phone, Resident.left_on.is_(None))
    staff = select(Account).where(staff_on(phone, now=now))
    return _residents(residents, now=now) + _accounts(staff, now=now)


def _is_closed() -> ColumnElement[bool]:
    return exists().where(Account.resident_id == Resident.id, Account.is_active.is_(False))


def _residents(query: Select[Resident], *, now: datetime) -> list[Candidate]:
    """Return residents as candidates, but those whose account was closed."""
    residents = list(db.session.scalars(query.where(~_is_closed()).order_by(Resident.id)))
    known = select(Account.resident_id, Account.id).where(
        Account.resident_id.in_([r.id for r in residents])
    )
    accounts = {resident_id: account_id for resident_id, account_id in db.session.execute(known)}
    roles = _roles_of(list(accounts.values()))
    today = clock.today(now)
    return [
        Candidate(
            f"r{r.id}",
            r.name,
            roles.get(accounts.get(r.id, 0), ()),
            rules.why_no_account(born_on=r.born_on, today=today),
        )
        for r in residents
    ]


def _accounts(query: Select[Account], *, now: datetime) -> list[Candidate]:
    with all_villages("who holds a post in the regions above signs in here too"):
        query = query.where(Account.is_active)
        accounts = list(db.session.scalars(query.order_by(Account.id)))
    roles = _roles_of([account.id for account in accounts])
    return [
        Candidate(f"a{a.id}", a.name, roles.get(a.id, ()), why_not_admit(a, now=now))
        for a in accounts
    ]


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
    begun = SignInChallenge.made_at < limit_of(Kept.SIGN_INS, now=now)
    over = limit_of(Kept.SESSIONS, now=now)
    ended = or_(AccountSession.expires_at < over, AccountSession.ended_at < over)
    return retention.forget(SignInChallenge, begun) + retention.forget(AccountSession, ended)
