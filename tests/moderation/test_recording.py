"""Every decision is a line of the public record, which tells what, when and why, never who."""

import pytest
from sqlalchemy.exc import IntegrityError

from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.moderation.models import ModerationDecision
from portal.moderation.rules import Action
from portal.transparency import service as record
from portal.transparency.rules import Break, Fault


@pytest.fixture
def decided(cast, write, decide):
    """One message hidden and shown again, another hidden."""
    first, second = write(cast.vera), write(cast.vera)
    with transaction():
        decide(first, note="请不要骂人")
    with transaction():
        decide(first, Action.RESTORE, seen=1)
    with transaction():
        decide(second)
    return first


def test_decisions_stand_in_the_record(decided):
    entries = record.list_entries().items
    assert [(e.number, e.kind, e.subject) for e in entries] == [
        (3, "moderation", "管理记录第3号：隐藏，聊天第 2 条"),
        (2, "moderation", "管理记录第2号：恢复，聊天第 1 条"),
        (1, "moderation", "管理记录第1号：隐藏，聊天第 1 条"),
    ]
    assert record.why_broken() is None
    assert record.files_broken() == []
    for entry in entries:
        assert "骂人" not in record.canonical(entry)
        assert "Max" not in record.canonical(entry)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE moderation_decision SET code = 'spam' WHERE number = 1", Fault.FILE_CHANGED),
        ("UPDATE moderation_decision SET part = 'supervisor' WHERE number = 1", Fault.FILE_CHANGED),
        ("UPDATE moderation_case SET subject_number = 77 WHERE subject_number = 2", None),
        (
            "UPDATE moderation_decision SET record_number = NULL WHERE number = 1",
            Fault.FILE_MISSING,
        ),
    ],
)
def test_a_changed_decision_is_found(decided, statement, fault):
    with transaction():
        db.session.connection().exec_driver_sql(statement)
    number = 1 if fault else 3
    assert record.files_broken() == [Break(number, fault or Fault.FILE_CHANGED)]


def test_a_refused_decision_leaves_no_line(cast, write, decide):
    message = write(cast.vera)
    with pytest.raises(Refused), transaction():
        decide(message, seen=4)
    db.session.rollback()
    assert record.count_entries() == 0


def test_a_line_is_of_one_decision(decided):
    with pytest.raises(IntegrityError), transaction():
        db.session.query(ModerationDecision).filter_by(number=2).update({"record_number": 1})


def test_four_decide_at_once(race, cast, write, decide):
    messages = [write(cast.vera) for _ in range(4)]
    db.session.rollback()
    numbers = race(4, lambda index: decide(messages[index]).record_number)
    assert sorted(numbers) == [1, 2, 3, 4]
    db.session.rollback()
    assert record.files_broken() == []
