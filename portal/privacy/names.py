"""Whose full name may stand beside what they wrote. The one answer for every feature.

A name is shown whole only if its bearer chose so for that writing, has not taken the consent back
since, and was not erased since (domain.md S3; PIPL Art. 15, 25). A minor cannot agree to it (S11).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, select

from portal.core.db import db
from portal.core.masking import mask_name
from portal.people import service as people
from portal.people.models import Account, Resident
from portal.privacy import service
from portal.privacy.models import Consent, Erasure
from portal.privacy.rules import Purpose

is_minor = service.is_minor


def agree_to_be_named(resident_id: int, *, now: datetime) -> bool:
    """Keep the consent of somebody who chose to show the full name with what they write.

    Return whether the name may stand there: not that of a minor.
    """
    if service.is_minor(resident_id, now=now):
        return False
    account = people.account_of(resident_id)
    service.say(account.id, Purpose.NAMED, is_given=True, now=now)
    return True


def agrees_to_be_named(resident_id: int) -> bool:
    """Tell whether the consent of a resident to be named is in force."""
    account_id = db.session.scalar(select(Account.id).where(Account.resident_id == resident_id))
    return account_id is not None and service.has_consent(account_id, Purpose.NAMED)


def author(
    resident_id: Any, shows_name: Any, written_at: Any
) -> tuple[ColumnElement[str], ColumnElement[bool], ColumnElement[bool]]:
    """Return three columns about the author of a writing.

    The name ("" once erased), whether it is shown whole, and whether the author took the words
    along when the account was erased. The query must have joined `Resident`. `signed` makes of the
    first two what readers see.
    """
    erased = _erased(resident_id, written_at)
    name = case((erased.exists(), ""), else_=Resident.name)
    is_whole = and_(shows_name, ~_is_taken_back(resident_id, written_at))
    return name, is_whole, erased.where(Erasure.took_words_back).exists()


def signed(name: str, is_whole: bool) -> str:
    """Return the name as it stands beside a writing."""
    return name if name and is_whole else mask_name(name)


def _is_taken_back(resident_id: Any, written_at: Any) -> ColumnElement[bool]:
    """Return the criterion that the author took back the consent to be named after writing.

    A later consent shows no earlier name: it was given for what comes after it.
    """
    return (
        select(Consent.id)
        .join(Account, Account.id == Consent.account_id)
        .where(
            Account.resident_id == resident_id,
            Consent.purpose == Purpose.NAMED,
            Consent.is_given.is_(False),
            Consent.done_at >= written_at,
        )
        .exists()
    )


def _erased(resident_id: Any, written_at: Any) -> Select[int]:
    """Return the query of the author's erasures after writing."""
    return select(Erasure.id).where(
        Erasure.resident_id == resident_id, Erasure.done_at >= written_at
    )
