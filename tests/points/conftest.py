"""A scheme in force, a second committee member, and a way to award in one line."""

from datetime import UTC, date, datetime
from itertools import count
from types import SimpleNamespace

import pytest

from portal.core.db import db, transaction
from portal.people import service as people
from portal.people.rules import Role
from portal.points import service
from portal.points.catalogue import PLANNING_POINTS

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
TODAY = date(2026, 3, 10)


@pytest.fixture
def items(cast):
    """The default catalogue in force since New Year: item ids by code."""
    with transaction():
        scheme = service.adopt_scheme(
            items=PLANNING_POINTS,
            adopted_on=date(2025, 12, 20),
            in_force_from=date(2025, 12, 31),
            adopted_by="村民代表会议2025年第4次会议",
        )
        ids = {item.code: item.id for item in scheme.items}
    db.session.remove()
    return ids


@pytest.fixture
def lin(cast):
    """Another committee member, of no household here."""
    with transaction():
        account = people.add_account(name="Lin", role=Role.COMMITTEE, phone="13800000008")
        found = SimpleNamespace(account_id=account.id, village_id=account.village_id)
    db.session.remove()
    return found


@pytest.fixture
def wish(cast, items):
    """Return a wish for an award to Vera, other facts as given."""
    numbers = count(1)

    def _wish(code="clean-up", *, who=None, times=1, on=TODAY, reason="清理村口河道", key=None):
        return service.Award(
            resident_id=(who or cast.vera).resident_id,
            item_id=items[code],
            times=times,
            done_on=on,
            reason=reason,
            key=key or f"key-{next(numbers):016d}",
        )

    return _wish


@pytest.fixture
def give(cast):
    """Award a wish as somebody of the committee without a household; return the transfer's id."""

    def _give(wish, *, by=None, own=None, now=NOW):
        return service.award(
            wish, account_id=(by or cast.paula).account_id, own_household_id=own, now=now
        ).id

    return _give
