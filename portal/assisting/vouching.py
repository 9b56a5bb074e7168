"""Who is recognised as a resident, and who vouches for them. Pure, like `rules.py`."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from portal.assisting.rules import YOUNGEST

VOUCHERS = 2
REQUESTS_IN_SPAN = 3
REQUEST_TIME = timedelta(days=14)
VOUCH_SPAN = timedelta(days=30)
VOUCHES_IN_SPAN = 30


class RequestState(StrEnum):
    """Where a request to be recognised stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


class VouchRefusal(StrEnum):
    """Why somebody does not vouch or is not recognised; words.py has the words."""

    NOT_A_RESIDENT = "voucher-not-a-resident"
    OWN_HOUSEHOLD = "voucher-of-own-household"
    HIMSELF = "voucher-himself"
    VOUCHED_ALREADY = "vouched-already"
    SAME_GROUP = "voucher-of-same-group"
    SAME_HOUSEHOLD = "vouchers-of-one-household"
    TOO_MANY = "too-many-vouched"
    EXPIRED = "request-expired"
    CLOSED = "request-closed"
    NOBODY_NAMED = "nobody-named"
    HAS_LEFT = "resident-has-left"
    TOO_YOUNG = "resident-too-young"
    NAMED_ALREADY = "named-already"
    ASKED_ALREADY = "asked-already"
    KNOWN_ALREADY = "known-already"
    HAS_PHONE = "has-phone"
    REPLACES = "replaces-unconfirmed"
    HOLDS_POST = "holds-a-post"
    TOO_OFTEN = "asked-too-often"
    REASON_MISSING = "reason-missing"


def why_not_recognise(
    *,
    is_known: bool,
    has_left: bool,
    age: int | None,
    has_phone: bool,
    asked_lately: int,
) -> VouchRefusal | None:
    """Return why nobody can ask for this recognition now, or None.

    `is_known`: the account that asks is a resident already. `has_phone`: they can sign in by
    themselves. Under 14 nobody has an account (domain.md S11).
    """
    checks = (
        (is_known, VouchRefusal.KNOWN_ALREADY),
        (has_left, VouchRefusal.HAS_LEFT),
        (age is not None and age < YOUNGEST, VouchRefusal.TOO_YOUNG),
        (has_phone, VouchRefusal.HAS_PHONE),
        (asked_lately >= REQUESTS_IN_SPAN, VouchRefusal.TOO_OFTEN),
    )
    return next((refusal for failed, refusal in checks if failed), None)


def why_not_vouch(
    *,
    now: datetime,
    state: RequestState,
    expires_at: datetime,
    is_named: bool,
    has_left: bool,
    is_too_young: bool,
    voucher: int,
    voucher_resident_id: int | None,
    voucher_household_id: int | None,
    voucher_group_id: int | None,
    resident_id: int | None,
    household_id: int | None,
    earlier: Collection[tuple[int, int, int]],
    vouched_lately: int,
    replaces: bool,
    is_replacing: bool,
) -> VouchRefusal | None:
    """Return the first reason why this committee member does not vouch, or None.

    `earlier` are (account, household, group) of those who vouched before. Two of different groups
    and households are needed, none of the resident's own household (issue 3; trust.md T6, P23).
    `replaces`: the resident has a number already; `is_replacing`: the voucher confirmed that.
    """
    accounts = {account for account, _, _ in earlier}
    households = {household for _, household, _ in earlier}
    groups = {group for _, _, group in earlier}
    checks = (
        (state is not RequestState.OPEN, VouchRefusal.CLOSED),
        (now >= expires_at, VouchRefusal.EXPIRED),
        (not is_named, VouchRefusal.NOBODY_NAMED),
        (has_left, VouchRefusal.HAS_LEFT),
        (is_too_young, VouchRefusal.TOO_YOUNG),
        (voucher_resident_id is None, VouchRefusal.NOT_A_RESIDENT),
        (voucher_resident_id == resident_id, VouchRefusal.HIMSELF),
        (voucher_household_id == household_id, VouchRefusal.OWN_HOUSEHOLD),
        (voucher in accounts, VouchRefusal.VOUCHED_ALREADY),
        (voucher_household_id in households, VouchRefusal.SAME_HOUSEHOLD),
        (voucher_group_id in groups, VouchRefusal.SAME_GROUP),
        (vouched_lately >= VOUCHES_IN_SPAN, VouchRefusal.TOO_MANY),
        (replaces and not is_replacing, VouchRefusal.REPLACES),
    )
    return next((refusal for failed, refusal in checks if failed), None)
