"""How often one may knock: every cap of the sign-in, counted in the database (trust.md T4)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.core import limits
from portal.core.db import db
from portal.core.limits import Limit, Per
from portal.core.scope import require_village, village_scope
from portal.people.models import Region
from portal.sign_in import rules
from portal.sign_in.rules import Refusal

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODES_PER_HOUR = Limit("sign-in code", Per.PHONE, rules.CODES_PER_HOUR, HOUR)
CODES_PER_DAY = Limit("sign-in code of the day", Per.PHONE, rules.CODES_PER_DAY, DAY)
CODES_PER_ADDRESS = Limit("sign-in code", Per.ADDRESS, 30, HOUR)
SLIPS_PER_ADDRESS = Limit("wrong slip", Per.ADDRESS, 20, HOUR)
# So many that no ten lines of some mischief-maker shut the slips' door for a whole village.
SLIPS_PER_VILLAGE = Limit("wrong slip", Per.VILLAGE, 20_000, DAY)
FACTOR_TRIES = Limit("second factor", Per.PERSON, 20, DAY)
WECHATS_PER_ADDRESS = Limit("wechat", Per.ADDRESS, 200, HOUR)
PASSKEYS_PER_ADDRESS = Limit("passkey", Per.ADDRESS, 60, HOUR)


def take_code(phone: str, address: str, *, now: datetime) -> Refusal | None:
    """Count one more code for this phone from this address; return why none is sent, or None.

    Counted alike whether we know the number or not. A phone is counted over all villages of the
    house: somebody known in many has no more guesses against them than anybody else. Opens
    transactions of its own.
    """
    passed = limits.take_all(((CODES_PER_ADDRESS, address),), now=now)
    if passed is None:
        with village_scope(_whole_house()):
            passed = limits.take_all(((CODES_PER_HOUR, phone), (CODES_PER_DAY, phone)), now=now)
    if passed is None:
        budget = limits.sms_per_village()
        left = limits.used(budget, "all", now=now) < budget.count
        return None if left else Refusal.NO_MESSAGES_LEFT
    return {
        CODES_PER_ADDRESS: Refusal.BUSY_ADDRESS,
        CODES_PER_HOUR: Refusal.TOO_MANY_CODES,
        CODES_PER_DAY: Refusal.TOO_MANY_TODAY,
    }[passed]


def _whole_house() -> int:
    """Return the province above the place that we are in: there the house's counts are kept."""
    code = select(Region.code).where(Region.id == require_village()).scalar_subquery()
    query = select(Region.id).where(Region.code == func.substr(code, 1, 2))
    return db.session.scalars(query).one()


def take_factor_try(account_id: int, home_id: int, *, now: datetime) -> bool:
    """Count one try of a second factor where the account is at home; tell whether it is allowed.

    Opens a transaction of its own, so that a try is counted before it is judged.
    """
    with village_scope(home_id):
        return limits.take_all(((FACTOR_TRIES, account_id),), now=now) is None


def forgive_factor_try(account_id: int, home_id: int, *, now: datetime) -> None:
    """Take back the count of a try that was right; in the transaction that is open."""
    with village_scope(home_id):
        limits.give_back(FACTOR_TRIES, account_id, taken_at=now)


def take_passkey(address: str, *, now: datetime) -> Refusal | None:
    """Count one more passkey that is asked for; return why it is not, or None."""
    passed = limits.take_all(((PASSKEYS_PER_ADDRESS, address),), now=now)
    return Refusal.BUSY_ADDRESS if passed else None


def take_wechat(address: str, *, now: datetime) -> Refusal | None:
    """Count one more question to WeChat; return why it is not asked, or None."""
    passed = limits.take_all(((WECHATS_PER_ADDRESS, address),), now=now)
    return Refusal.BUSY_ADDRESS if passed else None


def take_sms(*, now: datetime, is_known: bool = True) -> bool:
    """Count one message that leaves the house; tell whether the budget of the day allows it.

    Writes in the transaction that is open. Whoever sends messages asks here first. What is asked
    for by numbers that nobody has is counted too, apart, and never sent: by the same statement, so
    that no time tells which numbers we know.
    """
    return (
        limits.take(limits.sms_per_village(), "all" if is_known else "nobody", now=now) and is_known
    )


def why_no_slip(address: str, *, now: datetime) -> Refusal | None:
    """Return why no more printed codes are tried from this address, or in this village, or None.

    Only wrong ones count: a whole meeting may sign in over one line.
    """
    tried = (
        limits.used(SLIPS_PER_ADDRESS, address, now=now) >= SLIPS_PER_ADDRESS.count
        or limits.used(SLIPS_PER_VILLAGE, "all", now=now) >= SLIPS_PER_VILLAGE.count
    )
    return Refusal.TOO_MANY_SLIPS if tried else None


def note_wrong_slip(address: str, *, now: datetime) -> None:
    """Count a printed code that opened nothing, in a transaction of its own."""
    limits.take_all(((SLIPS_PER_ADDRESS, address), (SLIPS_PER_VILLAGE, "all")), now=now)
