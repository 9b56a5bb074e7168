"""Somebody may not write for a while: for broken rules only, by a person, and it ends by itself."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import g
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.moderation import (
    appeals,
    rules,
    sanctions,
    sanctions_rules,
    service,
    words,
    writers,
    writing,
)
from portal.moderation.appeals_rules import Outcome
from portal.moderation.rules import Action, Code
from portal.moderation.sanctions_forms import SPANS
from portal.moderation.sanctions_models import ModerationSanction
from portal.moderation.sanctions_rules import LENGTHS, Refusal, Span
from portal.moderation.sanctions_views import REFUSALS
from portal.rooms import service as rooms
from portal.transparency import service as record

NOW = clock.now()
DAY = timedelta(days=1)


@pytest.fixture
def hidden(cast, write, decide):
    """A message of Vera that Max has hidden."""
    message = write(cast.vera)
    with transaction():
        decide(message)
    return message


@pytest.fixture
def mute(cast):
    """Stop the author of a message from writing, as Max; return the sanction's id."""

    def _mute(message_id, *, by=None, span=Span.DAY, everywhere=True, note="", now=None):
        by = by or cast.max
        return sanctions.mute(
            "message",
            message_id,
            span=span,
            is_everywhere=everywhere,
            note=note,
            words="辱骂他人,1天",
            account_id=by.id,
            resident_id=by.resident_id,
            now=now or clock.now(),
        ).id

    return _mute


@pytest.fixture
def lift(cast):
    """Lift a sanction early, as Max."""

    def _lift(sanction_id, *, by=None, seen=1, note="说清楚了", now=None):
        by = by or cast.max
        return sanctions.lift(
            sanction_id,
            note=note,
            seen_revision=seen,
            account_id=by.id,
            resident_id=by.resident_id,
            part=Part.COMMITTEE,
            now=now or clock.now(),
        ).number

    return _lift


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"is_muted_for_it": True, "code": None}, Refusal.TWICE),
        ({"code": None}, Refusal.NOT_HIDDEN),
        ({"code": Code.OFF_TOPIC}, Refusal.NO_GROUNDS),
        ({"code": Code.DUPLICATE}, Refusal.NO_GROUNDS),
        ({"has_author": False}, Refusal.NO_AUTHOR),
        ({"is_own": True}, Refusal.OWN_WORDS),
        ({"has_place": False}, Refusal.NO_PLACE),
        ({"note": "话" * 500}, None),
        ({"note": "话" * 501}, Refusal.NOTE_TOO_LONG),
    ],
)
def test_why_nobody_is_stopped(facts, reason):
    fine = {
        "code": Code.INSULT,
        "has_author": True,
        "is_own": False,
        "is_muted_for_it": False,
        "note": "",
    }
    assert sanctions_rules.why_not_mute(**(fine | facts)) == reason


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"is_own": True}, Refusal.OWN_WORDS),
        ({"is_in_force": False}, Refusal.OVER),
        ({"note": "话" * 501}, Refusal.NOTE_TOO_LONG),
    ],
)
def test_why_it_is_not_lifted(facts, reason):
    fine = {"is_in_force": True, "is_own": False, "note": ""}
    assert sanctions_rules.why_not_lift(**(fine | facts)) == reason


@pytest.mark.parametrize(
    ("earlier", "span"),
    [
        (0, Span.DAY),
        (1, Span.THREE_DAYS),
        (2, Span.WEEK),
        (3, Span.MONTH),
        (9, Span.MONTH),
    ],
)
def test_the_suggestion_grows(earlier, span):
    assert sanctions_rules.suggest(earlier) is span


def test_everything_has_words():
    assert set(REFUSALS) == set(Refusal)
    assert set(SPANS) == set(Span) == set(LENGTHS)


def test_it_ends_by_itself_and_nothing_has_to_run(cast, hidden, room, mute, write):
    place = rooms.place_of(room)
    with transaction():
        mute(hidden, now=NOW)

    def refusal(moment, place=place, person=cast.vera):
        return writers.why_not(person.resident_id, place=place, now=moment)

    assert refusal(NOW) is writing.Refusal.MUTED
    assert refusal(NOW, place="plan:1") is writing.Refusal.MUTED
    assert refusal(NOW + DAY - timedelta(seconds=1)) is writing.Refusal.MUTED
    assert refusal(NOW + DAY) is None
    assert refusal(NOW - timedelta(seconds=1)) is writing.Refusal.MUTED  # who had begun before it
    assert refusal(NOW, person=cast.wang) is None
    with pytest.raises(Refused) as refused:
        write(cast.vera, "还要说")
    assert refused.value.reason is writing.Refusal.MUTED


def test_it_can_be_of_one_place_only(cast, hidden, room, mute):
    with transaction():
        mute(hidden, everywhere=False)
    now, vera = clock.now(), cast.vera.resident_id
    assert writers.why_not(vera, place=rooms.place_of(room), now=now) is writing.Refusal.MUTED
    assert writers.why_not(vera, place="plan:1", now=now) is None


def test_asking_whether_somebody_may_write_takes_one_statement_more(
    cast, hidden, room, mute, count_queries
):
    with transaction():
        mute(hidden)
    db.session.rollback()
    db.session.connection()
    with count_queries() as counted:
        sanctions.find_end(cast.vera.resident_id, place=rooms.place_of(room), now=clock.now())
    assert counted.n == 1


def test_the_person_hears_why_and_until_when_and_log_and_record_name_nobody(
    cast, hidden, mute, told, browse, at
):
    with transaction():
        mute(hidden, note="只给作者的话")
    heard = told()
    assert {name for name, _, _ in heard} == {"vera"}
    assert any("辱骂他人" in words and "您可以申诉一次" in words for _, words, _ in heard)
    entry = service.list_log(limit=9)[0]
    assert (entry.decision.action, entry.decision.number) == (Action.MUTE, 2)
    assert (entry.name, entry.code) == ("暂停发言第 1 号", Code.INSULT)
    line = record.list_entries().items[0]
    assert line.subject == "管理记录第2号：暂停发言，暂停发言第 1 号 辱骂他人,1天"
    assert record.files_broken() == []
    log = browse(None).get(at("/moderation/log")).text
    assert "暂停发言第 1 号" in log
    for secret in ("只给作者的话", "Vera", "V*a"):
        assert secret not in log and secret not in record.canonical(line)


def test_lifted_early_with_a_reason(cast, hidden, room, mute, lift, told):
    with transaction():
        number = mute(hidden)
    told()
    with transaction():
        lift(number)
    place, now = rooms.place_of(room), clock.now()
    assert writers.why_not(cast.vera.resident_id, place=place, now=now) is None
    assert [name for name, words, _ in told() if "提前解除" in words] == ["vera"]
    assert service.list_log(limit=1)[0].decision.action is Action.LIFT
    with pytest.raises(Refused) as refused, transaction():
        lift(number, seen=2)
    assert refused.value.reason is Refusal.OVER


def test_a_stale_page_lifts_nothing(cast, hidden, mute, lift):
    with transaction():
        number = mute(hidden)
    with pytest.raises(Refused) as refused, transaction():
        lift(number, seen=4)
    assert refused.value.reason is rules.Refusal.STALE
    assert sanctions.get_stop(number).sanction.is_in_force(clock.now())


def test_once_for_each_thing(cast, hidden, mute):
    with transaction():
        mute(hidden)
    with pytest.raises(Refused) as refused, transaction():
        mute(hidden)
    assert refused.value.reason is Refusal.TWICE


def test_of_eight_at_once_one_is_taken(hidden, mute, race):
    results = race(8, lambda _: mute(hidden))
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.TWICE] * 7
    assert len(sanctions.list_stops()) == 1


def test_four_who_stop_different_people_at_once_all_do(cast, write, decide, mute, race):
    messages = [write(cast.vera) for _ in range(4)]
    with transaction():
        for message in messages:
            decide(message)
    results = race(4, lambda i: mute(messages[i]))
    assert len({r for r in results if isinstance(r, int)}) == 4, results
    assert sorted(stop.sanction.number for stop in sanctions.list_stops()) == [1, 2, 3, 4]


@pytest.mark.last_judge
def test_that_stands_on_the_key(cast, hidden, mute, race, monkeypatch):
    monkeypatch.setattr(sanctions, "why_not_mute", lambda *_, **__: None)
    results = race(4, lambda _: mute(hidden))
    assert [r.reason for r in results if isinstance(r, Refused)] == [Refusal.TWICE] * 3
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            ModerationSanction(
                number=9,
                resident_id=cast.wang.resident_id,
                code=Code.SPAM,
                subject_kind="message",
                subject_id=hidden,
                begins_at=NOW,
                ends_at=NOW + DAY,
            )
        )
        db.session.flush()


def test_only_for_what_is_hidden_and_not_by_oneself(cast, write, decide, mute, neighbour):
    shown, own = write(cast.vera), write(cast.max)
    with transaction():
        decide(own, by=cast.wang)
    for message, reason in ((shown, Refusal.NOT_HIDDEN), (own, Refusal.OWN_WORDS)):
        with pytest.raises(Refused) as refused, transaction():
            mute(message)
        assert refused.value.reason is reason
    with village_scope(neighbour.id), pytest.raises(NoResultFound), transaction():
        mute(own, by=cast.nora)


def test_earlier_ones_count_for_the_suggestion_but_not_lifted_ones(cast, write, decide, mute, lift):
    vera = cast.vera.resident_id
    assert sanctions.suggest(vera, now=NOW) is Span.DAY
    for days_ago in (200, 20):
        message = write(cast.vera)
        with transaction():
            decide(message)
            number = mute(message, now=NOW - timedelta(days=days_ago))
    assert sanctions.suggest(vera, now=NOW) is Span.THREE_DAYS
    with transaction():
        lift(number, now=NOW - timedelta(days=20) + timedelta(hours=1))
    assert sanctions.suggest(vera, now=NOW) is Span.DAY


@pytest.mark.parametrize("outcome", Outcome)
def test_it_is_appealed_once_and_somebody_else_decides(
    cast, hidden, room, mute, told, browse, at, outcome
):
    with transaction():
        mute(hidden, note="先冷静一下")
    vera, sun = browse(cast.vera), browse(cast.sun)
    number = sanctions.list_stops()[0].sanction.id
    mine = vera.get(at("/appeals/mine")).text
    assert "先冷静一下" in mine and at(f"/appeals/sanction/{number}") in mine
    assert "骂人的话" in vera.get(at(f"/appeals/sanction/{number}")).text
    answer = vera.post(at(f"/appeals/sanction/{number}"), data={"line": "我没有骂人"})
    assert answer.location == at("/appeals/mine")
    assert vera.post(at(f"/appeals/sanction/{number}"), data={"line": "再"}).status_code == 409
    db.session.rollback()
    appeal = appeals.list_open()[0].appeal.id
    assert "暂停发言第 1 号" in sun.get(at("/appeals")).text
    data = {"outcome": outcome.value, "reason": "看过了"}
    assert browse(cast.max).post(at(f"/appeals/{appeal}"), data=data).status_code == 403
    assert sun.get(at(f"/appeals/{appeal}")).status_code == 200
    assert sun.post(at(f"/appeals/{appeal}"), data=data).location == at("/appeals")
    db.session.rollback()
    is_free = writers.why_not(cast.vera.resident_id, place=rooms.place_of(room), now=clock.now())
    assert (is_free is None) is (outcome is Outcome.RESTORED)
    assert any("申诉" in words for name, words, _ in told() if name == "vera")
    assert "看过了" in vera.get(at("/appeals/mine")).text
    assert browse(None).get(at("/moderation/log")).status_code == 200
    assert record.files_broken() == []


def test_an_appeal_is_granted_after_the_end_too_and_the_stop_counts_no_more(
    cast, hidden, mute, told
):
    vera, sun = cast.vera.resident_id, cast.sun
    with transaction():
        number = mute(hidden, now=NOW)
        facts = {"line": "我没有骂人", "resident_id": vera, "now": NOW}
        appeal = appeals.appeal("sanction", number, **facts).id
    told()
    late = NOW + 2 * DAY
    with transaction():
        appeals.answer(
            appeal,
            Outcome.RESTORED,
            reason="说得有理",
            account_id=sun.id,
            resident_id=sun.resident_id,
            part=Part.SUPERVISOR,
            now=late,
        )
    assert service.list_log(limit=1)[0].decision.action is Action.LIFT
    assert sanctions.get_stop(number).sanction.lifted_at == late
    assert sanctions.suggest(vera, now=late) is Span.DAY
    assert [(name, "提前解除" in words) for name, words, _ in told(late)] == [("vera", False)]


def test_whoever_is_stopped_hears_until_when_of_the_place_where_he_is(
    cast, hidden, write, decide, mute, room, village
):
    other = write(cast.vera)
    with transaction():
        decide(other, code=Code.SPAM)
        mute(hidden, span=Span.DAY)
        number = mute(other, span=Span.MONTH)
    with transaction():
        sanctions.get_stop(number).sanction.place = "plan:1"
    g.viewer = SimpleNamespace(resident_id=cast.vera.resident_id)

    def heard(place):
        now = clock.now()
        reason = writers.why_not(cast.vera.resident_id, place=place, now=now)
        return str(words.REFUSALS[reason])

    assert "辱骂他人" in heard(rooms.place_of(room))
    assert "广告刷屏" in heard("plan:1")
    assert "辱骂他人" in heard("proposal:all")


@pytest.mark.parametrize("by", ["an appeal", "the committee"])
def test_it_falls_with_the_decision_that_it_rests_on(
    cast, hidden, room, mute, decide, browse, at, by
):
    with transaction():
        mute(hidden)
    vera = cast.vera.resident_id
    assert writers.why_not(vera, place=rooms.place_of(room), now=clock.now()) is not None
    if by == "an appeal":
        with transaction():
            appeal = appeals.appeal(
                "message", hidden, line="我没有骂人", resident_id=vera, now=clock.now()
            ).id
        data = {"outcome": "restored", "reason": "说得有理"}
        assert browse(cast.sun).post(at(f"/appeals/{appeal}"), data=data).status_code == 302
    else:
        data = {"action": "restore", "seen_revision": "1"}
        path = at(f"/moderation/message/{hidden}")
        assert browse(cast.max).post(path, data=data).status_code == 302
    db.session.rollback()
    assert writers.why_not(vera, place=rooms.place_of(room), now=clock.now()) is None
    log = [e.decision.action for e in service.list_log(limit=9)]
    assert log == [Action.LIFT, Action.RESTORE, Action.MUTE, Action.HIDE]


def test_as_the_committee_does(cast, hidden, room, browse, at):
    client, path = browse(cast.max), at(f"/sanctions/message/{hidden}")
    assert path in client.get(at(f"/moderation/message/{hidden}")).text
    page = client.get(path).text
    assert 'value="day"' in page and "批评从来不是理由" in page
    assert client.post(path, data={"span": "for-ever", "where": "here"}).status_code == 422
    done = client.post(path, data={"span": "day", "where": "village", "note": ""})
    assert done.location == at("/sanctions")
    assert client.post(path, data={"span": "day", "where": "here"}).status_code == 409
    number = sanctions.list_stops()[0].sanction.id
    assert "生效中" in client.get(at("/sanctions")).text
    own = browse(cast.vera).get(at(f"/rooms/{room}")).text
    assert "村委会已暂停您在这里发言" in own and "辱骂他人" in own
    assert "村委会已暂停" not in browse(cast.wang).get(at(f"/rooms/{room}")).text
    assert client.post(at(f"/sanctions/{number}"), data={"seen_revision": "1"}).status_code == 422
    stale = client.post(at(f"/sanctions/{number}"), data={"seen_revision": "7", "note": "好"})
    assert stale.status_code == 409
    lifted = client.post(at(f"/sanctions/{number}"), data={"seen_revision": "1", "note": "好"})
    assert lifted.location == at("/sanctions")
    assert "已提前解除" in client.get(at("/sanctions")).text


def test_the_list_asks_the_same_whatever_its_length(
    cast, write, decide, mute, browse, at, count_queries
):
    counts, messages = {}, [write(cast.vera) for _ in range(3)]
    for rows in (1, 3):
        for message in messages[len(sanctions.list_stops()) : rows]:
            with transaction():
                decide(message)
                mute(message)
        for path, person in (
            ("/sanctions", cast.max),
            ("/appeals/mine", cast.vera),
            ("/moderation/log", None),
        ):
            client = browse(person)
            with count_queries() as counted:
                assert client.get(at(path)).status_code == 200
            counts.setdefault(path, []).append(counted.n)
    assert all(one == three <= 10 for one, three in counts.values()), counts
