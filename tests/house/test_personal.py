"""Whatever is kept about a person is told to them: every column that refers to somebody.

Red here? Offer the rows in a pile of your feature's `personal.py` (`core/personal.py`), or name the
column in its `untold` with the reason. A feature with a new `personal.py` is joined in `app.py`.
"""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import Column
from sqlalchemy.sql import visitors

from portal.core.db import Base
from portal.core.personal import Person
from portal.privacy.words import THINGS

PORTAL = Path(__file__).parents[2] / "portal"
PEOPLE = {"account", "resident", "household"}
SOMEBODY = Person(
    account_id=1, village_id=1, resident_id=2, household_id=3, group_id=4, phone="1", name="x"
)


def columns_of_people() -> set[str]:
    """Return every column that refers to an account, a resident or a household."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name in PEOPLE for key in column.foreign_keys)
    }


def told_columns(keepers) -> set[str]:
    """Return the columns by which the piles of the house find a person's rows."""
    found = set()
    for keeper in keepers:
        for pile in keeper.piles:
            for element in visitors.iterate(pile.whose(SOMEBODY)):
                if isinstance(element, Column):
                    found.add(f"{element.table.name}.{element.name}")
    return found


@pytest.fixture
def keepers(make_app):
    return make_app(create=False).extensions["keepers"]


def test_every_column_that_refers_to_a_person_is_told_or_has_a_reason(keepers):
    told = told_columns(keepers)
    untold = {column: reason for keeper in keepers for column, reason in keeper.untold.items()}
    forgotten = columns_of_people() - told - set(untold)
    assert forgotten == set()
    assert [column for column, reason in untold.items() if len(reason) < 15] == []


def test_no_reason_outlives_its_column(keepers):
    untold = {column for keeper in keepers for column in keeper.untold}
    assert untold - columns_of_people() == set()
    assert untold & told_columns(keepers) == set()


def test_a_forgotten_table_is_found(keepers):
    without = [keeper for keeper in keepers if keeper.key != "inbox"]
    forgotten = columns_of_people() - told_columns(without)
    assert {"inbox_message.account_id", "push_subscription.account_id"} <= forgotten


def test_each_feature_keeps_its_own_pile(keepers):
    names = [f"{keeper.key}.{pile.name}" for keeper in keepers for pile in keeper.piles]
    assert len(names) == len(set(names))
    offered = sorted(path.parent.name for path in PORTAL.glob("*/personal.py"))
    assert sorted(["core", *(keeper.key for keeper in keepers)]) == offered


SECRET = re.compile(
    r"digest|secret|token|password|public_key|credential|p256dh|auth$|endpoint|codes$"
)


def test_nothing_secret_is_handed_out(keepers):
    guilty = [
        f"{keeper.key}: {element.table.name}.{element.name}"
        for keeper in keepers
        for pile in keeper.piles
        for fact in pile.facts
        for element in visitors.iterate(
            fact.value(SOMEBODY) if type(fact.value).__name__ == "function" else fact.value
        )
        if isinstance(element, Column) and SECRET.search(element.name)
    ]
    assert guilty == ["people: account.pin_digest"]  # only whether there is one


def test_each_choice_has_words_on_the_page(keepers):
    silent = [
        f"{keeper.key}.{pile.name}.{fact.key}: {member}"
        for keeper in keepers
        for pile in keeper.piles
        for fact in pile.facts
        for member in getattr(getattr(fact.value, "type", None), "enum_class", None) or ()
        if member not in fact.words
    ]
    assert silent == []


def test_each_thing_that_is_looked_at_has_words():
    noted = {
        match[1]
        for path in PORTAL.rglob("*.py")
        for match in re.finditer(
            r'audit\.note\(\s*(?:audit\.)?Look\.\w+,\s*"([^"]+)"', path.read_text()
        )
    }
    assert noted - set(THINGS) == set(), "say in portal/privacy/words.py what was looked at"
    assert json.dumps(sorted(noted))
