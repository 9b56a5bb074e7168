"""How often one may knock: every cap of the sign-in, counted in the database (trust.md T4)."""

from datetime import datetime, timedelta

from portal.core import limits
from portal.core.limits import Limit, Per
from portal.sign_in import rules
from portal.sign_in.rules import Refusal

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODES_PER_HOUR = Limit("sign-in code", Per.PHONE, rules.CODES_PER_HOUR, HOUR)
CODES_PER_DAY = Limit("sign-in code of the day", Per.PHONE, rules.CODES_PER_DAY, DAY)
CODES_PER_ADDRESS = Limit("sign-in code", Per.ADDRESS, 30, HOUR)
SLIPS_PER_ADDRESS = Limit("wrong slip", Per.ADDRESS, 20, HOUR)
SLIPS_PER_VILLAGE = Limit("wrong slip", Per.VILLAGE, 500, DAY)
FACTOR_TRIES = Limit("second factor", Per.PERSON, 20, DAY)
PASSKEYS_PER_ADDRESS = Limit("passkey", Per.ADDRESS, 60, HOUR)


def take_code(phone: str, address: str, *, now: datetime) -> Refusal | None:
    """Count one more code for this phone from this address; return why none is sent, or None.

    Counted alike whether we know the number or not. Opens a transaction of its own.
    """
    passed = limits.take_all(
        ((CODES_PER_ADDRESS, address), (CODES_PER_HOUR, phone), (CODES_PER_DAY, phone)), now=now
    )
    if passed is None:
        budget = limits.sms_per_village()
        left = limits.used(budget, "all", now=now) < budget.count
        return None if left else Refusal.NO_MESSAGES_LEFT
    return {
        CODES_PER_ADDRESS: Refusal.BUSY_ADDRESS,
        CODES_PER_HOUR: Refusal.TOO_MANY_CODES,
        CODES_PER_DAY: Refusal.TOO_MANY_TODAY,
    }[passed]


def take_sms(*, now: datetime) -> bool:
    """Count one message that leaves the house; tell whether the budget of the day allows it.

    Writes in the transaction that is open. Whoever sends messages asks here first.
    """
    return limits.take(limits.sms_per_village(), "all", now=now)


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
