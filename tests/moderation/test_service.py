"""Hidden with a reason, never deleted, always logged; one of two at once decides."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.moderation import ports, service
from portal.moderation.models import ModerationCase, ModerationDecision
from portal.moderation.rules import Action, Code, Refusal
from portal.rooms import service as rooms


def test_hide_restore_and_hide_again(cast, write, decide):
    message = write(cast.vera)
    with transaction():
        decide(message, note="请不要骂人")
    assert service.get_waiting("message", message).revision == 1
    assert service.get_waiting("message", message).subject.hidden_code == Code.INSULT
    last = service.find_last_decision("message", message)
    assert (last.number, last.action, last.code, last.note, last.part) == (
        1,
        Action.HIDE,
        Code.INSULT,
        "请不要骂人",
        Part.COMMITTEE,
    )
    with transaction():
        decide(message, Action.RESTORE, seen=1)
    assert rooms.get_message(message).message.hidden_code is None
    with transaction():
        decide(message, seen=2, code=Code.SPAM)
    assert rooms.get_message(message).message.hidden_code is Code.SPAM
    assert rooms.get_message(message).message.body == "骂人的话"
    assert [
        (e.decision.number, e.decision.revision, e.decision.action, e.decision.code, e.name)
        for e in service.list_log(limit=9)
    ] == [
        (3, 3, Action.HIDE, Code.SPAM, "聊天第 1 条"),
        (2, 2, Action.RESTORE, None, "聊天第 1 条"),
        (1, 1, Action.HIDE, Code.INSULT, "聊天第 1 条"),
    ]
    counted = service.count_log()
    assert (counted[Action.HIDE], counted[Action.RESTORE], counted[Action.APPROVE]) == (2, 1, 0)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"seen": 1}, Refusal.STALE),
        ({"code": None}, Refusal.REASON_MISSING),
        ({"note": "话" * 501}, Refusal.NOTE_TOO_LONG),
    ],
)
def test_a_refused_decision_leaves_nothing(cast, write, decide, facts, reason):
    message = write(cast.vera)
    with pytest.raises(Refused) as refused, transaction():
        decide(message, **facts)
    assert refused.value.reason is reason
    assert rooms.get_message(message).message.hidden_code is None
    assert service.list_log(limit=9) == []


def test_nobody_decides_about_his_own_words(cast, write, decide):
    message = write(cast.max)
    with pytest.raises(Refused) as refused, transaction():
        decide(message)
    assert refused.value.reason is Refusal.OWN_WORDS


@pytest.mark.parametrize("decided_before", [0, 2])
def test_of_eight_moderators_at_once_one_decides(cast, write, decide, race, decided_before):
    message = write(cast.vera)
    for seen in range(decided_before):
        with transaction():
            decide(message, (Action.HIDE, Action.RESTORE)[seen % 2], seen=seen)
    results = race(8, lambda _: decide(message, seen=decided_before).number)
    assert [r for r in results if isinstance(r, int)] == [decided_before + 1]
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.STALE] * 7
    assert (
        db.session.scalar(select(func.count()).select_from(ModerationDecision))
        == decided_before + 1
    )


def test_parallel_decisions_are_numbered_without_gap(cast, write, decide, race):
    messages = [write(cast.vera) for _ in range(8)]
    numbers = race(8, lambda i: decide(messages[i]).number)
    assert sorted(numbers) == list(range(1, 9))


def test_the_database_refuses_what_two_could_break(cast, write, decide):
    first, second = write(cast.vera), write(cast.vera)
    with transaction():
        decide(first), decide(second)
    with pytest.raises(IntegrityError), transaction():
        a, b = db.session.scalars(select(ModerationDecision).order_by(ModerationDecision.number))
        b.number = a.number
        db.session.flush()
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            ModerationCase(subject_kind="message", subject_id=first, subject_number=1, revision=1)
        )
        db.session.flush()
    with pytest.raises(IntegrityError), transaction():  # hiding without a code
        db.session.scalars(select(ModerationDecision)).first().code = None
        db.session.flush()


def test_a_neighbours_words_are_not_there(cast, write, decide, neighbour):
    message = write(cast.vera)
    with village_scope(neighbour.id):
        with pytest.raises(NoResultFound), transaction():
            decide(message, by=cast.nora)
        assert service.list_newest() == []
        assert service.list_log(limit=9) == []


def test_about_what_nobody_keeps_nothing_is_decided(cast):
    with pytest.raises(NoResultFound):
        service.get_waiting("poem", 1)
    assert {"opinion", "message"} <= set(ports.kinds())


def test_the_queue_asks_the_same_whatever_its_length(cast, write, count_queries):
    counts = []
    for wanted in (1, 3):
        while len(service.list_newest()) < wanted:
            write(cast.vera)
        db.session.rollback()
        with count_queries() as counted:
            assert len(service.list_newest()) == wanted
        counts.append(counted.n)
    assert counts[0] == counts[1]
