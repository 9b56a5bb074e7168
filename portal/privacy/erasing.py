"""Erasing a person at their own wish, and what the house forgets by itself. Never commits."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock, retention
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.personal import Person, Wish, keepers
from portal.core.retention import Kept, limit_of
from portal.core.scope import all_villages
from portal.people import posts
from portal.people.models import Account, Resident
from portal.privacy import rules
from portal.privacy.models import Erasure
from portal.privacy.rules import Refusal

ECHO = timedelta(days=7)


def person_of(account_id: int) -> Person:
    """Return who an account is, for those who tell and forget."""
    with all_villages("an account is one person, in whatever village it works"):
        account = db.session.get_one(Account, account_id)
        resident = account.resident_id and db.session.get(Resident, account.resident_id)
    return Person(
        account_id=account.id,
        village_id=account.village_id,
        resident_id=account.resident_id,
        household_id=resident.household_id if resident else None,
        group_id=resident.group_id if resident else None,
        phone=account.phone or (resident.phone if resident else None),
        name=resident.name if resident else account.name,
    )


def why_not_erase(account_id: int, *, now: datetime) -> Refusal | None:
    """Ask the rules whether this account can be erased now."""
    with all_villages("an account is one person, in whatever village it works"):
        account = db.session.get_one(Account, account_id)
    day = clock.today(now)
    return rules.why_not_erase(
        holds_a_post=any(
            post.ends_on is None or post.ends_on >= day for post in posts.posts_of(account_id)
        ),
        is_erased=account.erased_at is not None,
    )


def erase(account_id: int, wish: Wish, *, now: datetime) -> Erasure:
    """Erase a person's account; what the law has kept stays without their name. Raises Refused.

    Every keeper forgets, the highest feature first, so that nothing hangs on what is gone. The
    key of the erasure is the last judge between two taps.
    """
    if reason := why_not_erase(account_id, now=now):
        raise Refused(reason)
    person = person_of(account_id)
    erasure = Erasure(
        village_id=person.village_id,
        account_id=account_id,
        resident_id=person.resident_id,
        took_words_back=wish.takes_words_back,
        cleared_roster=wish.clears_roster,
        done_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(erasure)
    except IntegrityError as twice:
        raise Refused(Refusal.ERASED_ALREADY) from twice
    with all_villages("what is forgotten is forgotten in every village"):
        for keeper in reversed(keepers()):
            keeper.forget(person, wish, now=now)
        db.session.flush()
    return erasure


# --- chores ----------------------------------------------------------------------------------


def forget_departed(*, now: datetime) -> int:
    """Take phone, second contact and ID digits off the rows of those who left two years ago."""
    batch = (
        select(Resident.id)
        .where(
            Resident.left_on < clock.today(limit_of(Kept.DEPARTED, now=now)),
            or_(
                Resident.phone.is_not(None),
                Resident.second_contact.is_not(None),
                Resident.id_digest.is_not(None),
            ),
        )
        .limit(retention.BATCH)
    )
    gone = db.session.execute(
        update(Resident)
        .where(Resident.id.in_(batch))
        .values(phone=None, second_contact=None, id_digest=None, id_last4=None)
        .returning(Resident.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def forget_echoes(*, now: datetime) -> int:
    """Forget once more what reached an erased account late, such as a message under way."""
    erased = select(Account.id, Account.village_id).where(Account.erased_at > now - ECHO)
    wish = Wish(takes_words_back=False, clears_roster=False)
    count = 0
    for account_id, village_id in db.session.execute(erased).all():
        person = Person(
            account_id=account_id,
            village_id=village_id,
            resident_id=None,
            household_id=None,
            group_id=None,
            phone=None,
        )
        count += sum(keeper.forget(person, wish, now=now) for keeper in reversed(keepers()))
    return count
