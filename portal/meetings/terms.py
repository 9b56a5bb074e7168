"""Entering whoever a form names for a term: councillors and representatives alike."""

from datetime import date, datetime
from typing import Protocol

from flask import g

from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.meetings import listing
from portal.meetings.forms import TermForm
from portal.meetings.rules import Refusal
from portal.meetings.words import REFUSALS


class Enter(Protocol):
    """Lets a resident serve from one day to another. Raises Refused."""

    def __call__(
        self, who: int, /, *, begins_on: date, ends_on: date, account_id: int | None, now: datetime
    ) -> object: ...


def enter_term(form: TermForm, enter: Enter) -> int:
    """Return 0 when it is done; else the status of the refusal, which is told at its field."""
    if not form.validate_on_submit() or not form.begins_on.data or not form.ends_on.data:
        return 422
    resident_id = listing.find_named(form.who.data or "")
    if resident_id is None:
        form.who.errors = [REFUSALS[Refusal.WITNESS_UNKNOWN]]
        return 422
    try:
        with transaction():
            enter(
                resident_id,
                begins_on=form.begins_on.data,
                ends_on=form.ends_on.data,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        is_backwards = refused.reason == Refusal.TERM_BACKWARDS
        field = form.ends_on if is_backwards else form.who
        field.errors = [REFUSALS[refused.reason]]
        return 409
    return 0
