"""The accounts behind posts: closed, opened, begun anew, given a printed code. Never commits."""

from datetime import datetime

from sqlalchemy.exc import NoResultFound

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import village_scope
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account, Region
from portal.people.rules import Role
from portal.people.service import Village
from portal.sign_in import factors, slips
from portal.sign_in.events import FactorsReset
from portal.villages import rules, staffing
from portal.villages.staffing import Giver


def get_account(account_id: int) -> Account:
    """Return an account that is at home here and holds or held a post, wherever that is.

    Raises NoResultFound for any other: villagers' accounts are nobody's to look up.
    """
    account = db.session.get_one(Account, account_id)
    if account.erased_at is not None or not posts.posts_of(account_id):
        raise NoResultFound(f"account {account_id} never held a post")
    return account


def home_of(account: Account) -> Village:
    """Return the place where an account is at home."""
    region = db.session.get_one(Region, account.village_id)
    return Village(region.id, region.code, region.name, region.is_synthetic, region.level)


def why_not_manage(
    place: Village, account_id: int, *, giver: Giver, closes: bool, now: datetime
) -> rules.Refusal | None:
    """Return why this account is not closed or begun anew by whoever is asking, or None."""
    account, home_code = staffing.locked_account(account_id)
    day = clock.today(now)
    lines = [p for p in posts.posts_of(account.id) if p.state_on(day) != "done"]
    is_last = False
    for line in lines if closes else ():
        there = people.find_place(line.region_code)
        if there is not None and line.role in (*rules.LOOK_AFTER, Role.COMMITTEE, Role.HEAD):
            is_last |= staffing.is_last(there, line, day=day)
    return rules.why_not_manage(
        roles=giver.roles,
        level=place.level,
        held={line.role for line in lines},
        is_of_this_place=home_code == place.code
        and all(line.region_code.startswith(place.code) for line in lines),
        is_oneself=staffing.is_same_person(account, giver.account_id),
        is_last=is_last,
    )


def set_active(
    place: Village,
    account_id: int,
    *,
    is_active: bool,
    reason: str,
    giver: Giver,
    now: datetime,
) -> Account:
    """Close an account, or open it again; its sessions end here. Raises Refused."""
    account = _managed(place, account_id, giver=giver, closes=not is_active, now=now)
    account.is_active = is_active
    posts.end_sessions(account.id, now=now)
    staffing.note_change(account, "account", reason=reason, now=now)
    return account


def print_slip(place: Village, account_id: int, *, giver: Giver, now: datetime) -> str:
    """Make a new printed code for an account, good where it is at home. Raises Refused."""
    account = _managed(place, account_id, giver=giver, closes=False, now=now)
    staffing.note_change(account, "slip", reason="", now=now)
    return _make_slip(account, now=now)


def reset(
    place: Village, account_id: int, *, reason: str, giver: Giver, now: datetime
) -> tuple[Account, str]:
    """Begin an account's ways in anew: no session, no second proof; return its new printed code.

    Raises Refused.
    """
    account = _managed(place, account_id, giver=giver, closes=False, now=now)
    staffing.note_change(account, "account", reason=reason, now=now)
    code = begin_anew(account, now=now)
    publish(
        FactorsReset(
            account_id=account_id,
            by_account_id=giver.account_id,
            by_name=staffing.locked_account(giver.account_id)[0].name,
            reason=reason,
        ),
        now=now,
    )
    return account, code


def begin_anew(account: Account, *, now: datetime) -> str:
    """End an account's sessions, take its proofs and its PIN away; return its new printed code."""
    factors.clear(account, now=now)
    return _make_slip(account, now=now)


def _make_slip(account: Account, *, now: datetime) -> str:
    with village_scope(account.village_id):
        return slips.make_slip(account_id=account.id, now=now)


def _managed(
    place: Village, account_id: int, *, giver: Giver, closes: bool, now: datetime
) -> Account:
    staffing.lock(place)
    reason = why_not_manage(place, account_id, giver=giver, closes=closes, now=now)
    if reason:
        raise Refused(reason)
    return get_account(account_id)
