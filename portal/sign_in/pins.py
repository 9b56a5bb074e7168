"""PINs: persons behind one phone or one slip take turns. Never commits."""

from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import ColumnElement, and_, or_, select, update

from portal.core import secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import all_villages, require_village
from portal.people.models import Account, Resident
from portal.sign_in import factors, rules, service, sessions
from portal.sign_in.events import PinChanged
from portal.sign_in.models import AccountSession
from portal.sign_in.rules import Door, Refusal

_HASHER = PasswordHasher()
BEHIND = "who holds a post in the regions above can stand behind a phone here too"


@dataclass(frozen=True)
class Neighbour:
    """Somebody behind the same door, who has a PIN."""

    account_id: int
    name: str
    is_locked: bool


def has_pin(account_id: int) -> bool:
    """Tell whether an account has a PIN."""
    query = select(Account.pin_digest).where(Account.id == account_id)
    with all_villages(factors.OWN):
        return db.session.scalar(query) is not None


def set_pin(account_id: int, pin: str, *, session_id: int, now: datetime) -> None:
    """Give an account a PIN. Where it replaces one, all other sessions end. Raises Refused."""
    pin = rules.plain_digits(pin)
    if refusal := rules.why_not_pin(pin):
        raise Refused(refusal)
    account = factors.lock(account_id)
    had_one = account.pin_digest is not None
    account.pin_digest, account.pin_tries = _HASHER.hash(_pepper(account_id, pin)), 0
    _tell(account_id, had_one=had_one, is_set=True, session_id=session_id, now=now)


def remove_pin(account_id: int, *, session_id: int, now: datetime) -> None:
    """Take the PIN off an account; all other sessions end."""
    account = factors.lock(account_id)
    had_one = account.pin_digest is not None
    account.pin_digest, account.pin_tries = None, 0
    _tell(account_id, had_one=had_one, is_set=False, session_id=session_id, now=now)


def _tell(account_id: int, *, had_one: bool, is_set: bool, session_id: int, now: datetime) -> None:
    db.session.flush()
    if had_one:
        sessions.end_sessions(account_id, but=session_id, now=now)
    publish(PinChanged(account_id=account_id, is_set=is_set), now=now)


def others_behind(session_id: int, *, now: datetime) -> list[Neighbour]:
    """Return who else may take a turn in this browser: behind the phone or slip it came in by."""
    mine = db.session.get(AccountSession, session_id, populate_existing=True)
    if mine is None:
        return []
    ways = []
    if mine.phone is not None:
        ways += [and_(_at_home(), Resident.phone == mine.phone)]
        ways += [service.staff_on(mine.phone, now=now)]
    if mine.household_id is not None:
        ways += [and_(_at_home(), Resident.household_id == mine.household_id)]
    if not ways:
        return []
    query = (
        select(Account)
        .outerjoin(Resident, Resident.id == Account.resident_id)
        .where(
            or_(*ways),
            Account.is_active,
            Account.pin_digest.is_not(None),
            Account.id != mine.account_id,
        )
        .order_by(Account.name, Account.id)
    )
    with all_villages(BEHIND):
        found = list(db.session.scalars(query.execution_options(populate_existing=True)))
    return [
        Neighbour(a.id, a.name, a.pin_tries >= rules.PIN_TRIES)
        for a in found
        if service.why_not_admit(a, now=now) is None
    ]


def try_pin(session_id: int, account_id: int, pin: str, *, now: datetime) -> Refusal | None:
    """Try somebody's PIN in a browser that came in by their door too. Every try counts.

    The try is taken by one UPDATE that demands one left, so that parallel guesses share five.
    """
    if account_id not in {n.account_id for n in others_behind(session_id, now=now)}:
        return Refusal.NOT_BEHIND_THIS_DOOR
    with all_villages(BEHIND):
        digest = db.session.execute(
            update(Account)
            .where(Account.id == account_id, Account.pin_tries < rules.PIN_TRIES)
            .values(pin_tries=Account.pin_tries + 1)
            .returning(Account.pin_digest)
        ).scalar_one_or_none()
    if digest is None:
        return Refusal.PIN_LOCKED
    try:
        _HASHER.verify(digest, _pepper(account_id, rules.plain_digits(pin)))
    except VerifyMismatchError:
        return Refusal.WRONG_PIN
    with all_villages(BEHIND):
        db.session.execute(update(Account).where(Account.id == account_id).values(pin_tries=0))
    return None


def take_turn(session_id: int, account_id: int, *, now: datetime, days: int) -> str:
    """End this session and begin one of whoever showed their PIN; return its token.

    The same browser, by the same door. Raises Refused.
    """
    mine = db.session.get(AccountSession, session_id)
    if mine is None or not sessions.end_sessions(mine.account_id, only=session_id, now=now):
        raise Refused(Refusal.NOT_BEHIND_THIS_DOOR)
    return service.admit(
        account_id,
        door=Door.PIN,
        now=now,
        days=days,
        label=mine.label,
        phone=mine.phone,
        household_id=mine.household_id,
    )


def _at_home() -> ColumnElement[bool]:
    return and_(Resident.village_id == require_village(), Resident.left_on.is_(None))


def _pepper(account_id: int, pin: str) -> str:
    """Mix in our key: four digits alone would be guessed from a stolen database."""
    return secrets.digest(f"pin {account_id}", pin)
