"""An opinion is answered by two people, in time, once and perhaps once more; all of it is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError, NoResultFound

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.discussion import answer_lists, answering, hearings, service
from portal.discussion.answer_lists import Show
from portal.discussion.answer_models import AnswerCase, AnswerDoubt, AnswerMove, AnswerReply
from portal.discussion.answer_rules import AnswerState, AnswerStep, Decision, Form, Refusal
from portal.discussion.answering import Said
from portal.discussion.for_plans import VersionOpinions
from portal.moderation.rules import Code, Hold
from tests.tampering import drop_key

ADOPTED = {
    "decision": Decision.ADOPTED, "reason": "", "place": "项目3", "before": "4处", "after": "8处",
}  # fmt: skip


def state_of(comment_id):
    return answering.get_work(comment_id).state


def refused(fn):
    with pytest.raises(Refused) as why, transaction():
        fn()
    return why.value.reason


def test_an_answer_goes_through_two_hands(version, cast, say, as_, told):
    one, now = say(version, cast.vera), clock.now()
    assert state_of(one) is AnswerState.WAITING
    with transaction():
        answering.assign(
            one, owner_id=cast.paula.id, due=clock.today(now), seen=0, actor=as_("max"), now=now
        )
    assert state_of(one) is AnswerState.ASSIGNED
    said = Said(**ADOPTED, expert="路基够宽，可以做。")
    with transaction():
        answering.draft({one: 1}, said, note="先这样", actor=as_("paula"), now=now)
    assert state_of(one) is AnswerState.DRAFTED
    assert service.get_opinion(one).answer is None
    assert refused(lambda: answering.reply({one: 2}, actor=as_("paula"), now=now)) is (
        Refusal.OWN_DRAFT
    )
    with transaction():
        answering.send_back({one: 2}, note="改哪一处写清楚", actor=as_("max"), now=now)
    with transaction():
        answering.draft({one: 3}, said, actor=as_("paula"), now=now)
    with transaction():
        answering.reply({one: 4}, actor=as_("max"), now=now)
    shown = service.get_opinion(one).answer
    assert (shown.reply.decision, shown.reply.place, shown.reply.before, shown.reply.after) == (
        Decision.ADOPTED, "项目3", "4处", "8处",
    )  # fmt: skip
    assert (shown.reply.expert, shown.earlier, shown.is_open_again) == (
        "路基够宽，可以做。", None, False,
    )  # fmt: skip
    moves = answer_lists.list_moves(answering.get_work(one).case.id)
    assert [(m.number, m.step, m.account_id, m.note) for m in moves] == [
        (1, AnswerStep.ASSIGN, cast.max.id, ""),
        (2, AnswerStep.DRAFT, cast.paula.id, "先这样"),
        (3, AnswerStep.SEND_BACK, cast.max.id, "改哪一处写清楚"),
        (4, AnswerStep.DRAFT, cast.paula.id, ""),
        (5, AnswerStep.REPLY, cast.max.id, ""),
    ]
    heard = told()
    assert [(name, path) for name, _, path in heard] == [
        ("paula", f"/v/330523102201/answers/{one}"),
        ("vera", f"/v/330523102201/discussion/opinions/{one}"),
    ]
    assert "采纳" in heard[1][1]


def test_only_a_planner_says_what_the_planner_thinks(version, cast, say, draft):
    one = say(version, cast.vera)
    draft(one, expert="规划师的话")
    draft(one, by="max", expert="村委会的话")
    assert answering.get_work(one).case.expert == "规划师的话"


def test_the_planner_says_what_they_think_in_any_state(version, cast, say, draft, as_):
    one, two, now = say(version, cast.vera), say(version, cast.wang), clock.now()

    def advise(comment_id, words, seen):
        answering.advise(comment_id, words=words, seen=seen, actor=as_("paula"), now=now)

    with transaction():
        advise(one, "路基够宽。", 0)
    work = answering.get_work(one)
    assert (work.state, work.case.expert) == (AnswerState.WAITING, "路基够宽。")
    draft(one, two, by="max")
    assert together_with(one) == [one]  # the planner spoke about one of them only
    with transaction():
        advise(one, "路基不够宽。", 2)
    assert refused(lambda: answering.reply({one: 2}, actor=as_("ada"), now=now)) is Refusal.STALE
    with transaction():
        answering.reply({one: 3}, actor=as_("paula"), now=now)
    assert service.get_opinion(one).answer.reply.expert == "路基不够宽。"
    assert refused(lambda: advise(one, "再说一句。", 4)) is Refusal.ANSWERED
    steps = [(m.step, m.reason) for m in answer_lists.list_moves(answering.get_work(one).case.id)]
    assert steps == [
        (AnswerStep.ADVISE, "路基够宽。"), (AnswerStep.DRAFT, "见第三章。"),
        (AnswerStep.ADVISE, "路基不够宽。"), (AnswerStep.REPLY, ""),
    ]  # fmt: skip


def test_who_drafts_checks_and_answers_nobody_of_their_own(version, cast, say, draft, as_):
    one, own = say(version, cast.vera), say(version, cast.max)
    now = clock.now()
    said = Said(decision=Decision.EXPLAINED, reason="见第三章。")
    assert refused(lambda: answering.draft({own: 0}, said, actor=as_("max"), now=now)) is (
        Refusal.OWN_OPINION
    )
    draft(own)
    assert refused(lambda: answering.reply({own: 1}, actor=as_("max"), now=now)) is (
        Refusal.OWN_OPINION
    )
    assert refused(lambda: answering.reply({one: 0}, actor=as_("max"), now=now)) is (
        Refusal.NOT_DRAFTED
    )
    draft(one, by="max")
    with transaction():
        answering.reply({one: 1}, actor=as_("paula"), now=now)
    assert state_of(one) is AnswerState.REPLIED
    assert refused(lambda: answering.draft({one: 2}, said, actor=as_("max"), now=now)) is (
        Refusal.ANSWERED
    )


def test_an_older_state_is_refused(version, cast, say, draft, as_):
    one, now = say(version, cast.vera), clock.now()
    draft(one)
    said = Said(decision=Decision.EXPLAINED, reason="又见第三章。")
    for deed in (
        lambda: answering.draft({one: 0}, said, actor=as_("max"), now=now),
        lambda: answering.reply({one: 0}, actor=as_("max"), now=now),
        lambda: answering.send_back({one: 2}, note="改", actor=as_("max"), now=now),
    ):
        assert refused(deed) is Refusal.STALE
    assert answering.get_work(one).case.reason == "见第三章。"


def test_a_hidden_opinion_is_owed_no_answer(version, cast, say, as_):
    one = say(version, cast.vera)
    with transaction():
        service.set_standing(one, held_for=None, hidden_code=Code.INSULT)
    said = Said(decision=Decision.EXPLAINED, reason="见第三章。")
    assert refused(lambda: answering.draft({one: 0}, said, actor=as_("max"), now=clock.now())) is (
        Refusal.NOT_OWED
    )
    assert VersionOpinions().count_open(version) == 0


def test_one_answer_to_many_tells_each_author(version, cast, say, draft, as_, told):
    ids = [say(version, person) for person in (cast.vera, cast.wang, cast.sun)]
    draft(*ids, **ADOPTED)
    works = answering.list_together(answering.get_work(ids[1]))
    assert [work.comment.id for work in works] == ids
    with transaction():
        answering.reply({one: 1 for one in ids}, actor=as_("max"), now=clock.now())
    assert {service.get_opinion(one).answer.reply.after for one in ids} == {"8处"}
    assert len({service.get_opinion(one).answer.reply.together for one in ids}) == 1
    assert [name for name, _, _ in told()] == ["sun", "vera", "wang"]


def together_with(comment_id):
    return [work.comment.id for work in answering.list_together(answering.get_work(comment_id))]


def test_whoever_is_drafted_anew_with_others_leaves_the_first_draft(version, cast, say, draft, as_):
    one, two, three = [say(version, person) for person in (cast.vera, cast.wang, cast.sun)]
    draft(one, two), draft(one, three, **ADOPTED)
    assert (together_with(one), together_with(two)) == ([one, three], [two])
    now = clock.now()
    assert refused(lambda: answering.reply({one: 2, two: 1}, actor=as_("max"), now=now)) is (
        Refusal.STALE
    )
    with transaction():
        answering.reply({one: 2, three: 1}, actor=as_("max"), now=now)
    assert state_of(two) is AnswerState.DRAFTED


def test_one_that_was_hidden_meanwhile_holds_nobody_up(version, cast, say, draft):
    ids = [say(version, person) for person in (cast.vera, cast.wang, cast.sun)]
    draft(*ids)
    with transaction():
        service.set_standing(ids[1], held_for=Hold.WORDS, hidden_code=None)
    assert together_with(ids[0]) == [ids[0], ids[2]]


def test_of_many_none_is_drafted_if_one_was_touched(version, cast, say, draft, as_):
    ids = [say(version, cast.vera), say(version, cast.wang)]
    draft(ids[1])
    said = Said(decision=Decision.EXPLAINED, reason="一起答复。")
    assert refused(
        lambda: answering.draft(dict.fromkeys(ids, 0), said, actor=as_("max"), now=clock.now())
    ) is (Refusal.STALE)
    db.session.expire_all()
    assert state_of(ids[0]) is AnswerState.WAITING


def ask_again(one, person, now=None, words="会车道还是不够。"):
    answering.doubt(
        one, words=words, resident_id=person.resident_id, account_id=person.id,
        now=now or clock.now(),
    )  # fmt: skip


def test_the_author_asks_once_and_the_second_answer_is_the_last(version, cast, say, reply, told):
    one = say(version, cast.vera)
    reply(one)
    assert VersionOpinions().count_open(version) == 0
    assert refused(lambda: ask_again(one, cast.wang)) is Refusal.NOT_YOURS
    later = clock.now() + timedelta(days=15, hours=1)
    assert refused(lambda: ask_again(one, cast.vera, later)) is Refusal.TOO_LATE
    told()
    with transaction():
        ask_again(one, cast.vera)
    assert [name for name, _, _ in told()] == ["max"]
    assert (state_of(one), VersionOpinions().count_open(version)) == (AnswerState.REOPENED, 1)
    assert service.get_opinion(one).answer.is_open_again
    assert refused(lambda: ask_again(one, cast.vera)) is Refusal.DOUBTED_ALREADY
    reply(one, **ADOPTED)
    shown = service.get_opinion(one).answer
    assert (state_of(one), shown.reply.number, shown.is_open_again) == (
        AnswerState.FINAL, 2, False,
    )  # fmt: skip
    assert shown.earlier.decision is Decision.EXPLAINED
    assert refused(lambda: ask_again(one, cast.vera)) is Refusal.DOUBTED_ALREADY


def test_a_reopened_opinion_is_taken_on_until_its_own_day(version, cast, say, reply, as_):
    one, now = say(version, cast.vera), clock.now()
    reply(one)
    later = now + timedelta(days=9)
    with transaction():
        ask_again(one, cast.vera, later)
    due, actor = answering.get_work(one).due_on, as_("max")
    assert due == clock.today(later) + timedelta(days=15)

    def take(due):
        seen = answering.get_work(one).revision
        answering.assign(one, owner_id=cast.paula.id, due=due, seen=seen, actor=actor, now=later)

    with transaction():
        take(due - timedelta(days=1))
    with transaction():
        take(due)
    assert answering.get_work(one).due_on == due
    assert refused(lambda: take(due + timedelta(days=1))) is Refusal.DUE_TOO_LATE


def test_lists_and_deadlines(version, cast, say, draft, reply):
    ids = [say(version, cast.vera) for _ in range(4)]
    now, late = clock.now(), clock.now() + timedelta(days=16)
    draft(ids[1]), reply(ids[2])
    with transaction():
        service.set_standing(ids[3], held_for=None, hidden_code=Code.SPAM)

    def listed(show, when=now):
        lines = answer_lists.list_lines(version, show, account_id=cast.paula.id, now=when, limit=9)
        return [line.comment_id for line in lines]

    assert listed(Show.OPEN) == ids[:2]
    assert (listed(Show.OVERDUE), listed(Show.OVERDUE, late)) == ([], ids[:2])
    assert (listed(Show.DRAFTED), listed(Show.ANSWERED)) == ([ids[1]], [ids[2]])
    assert listed(Show.ALL) == ids
    counts = answer_lists.count_lines(version, account_id=cast.paula.id, now=late)
    assert counts == {
        Show.OPEN: 2, Show.OVERDUE: 2, Show.MINE: 0, Show.DRAFTED: 1, Show.ANSWERED: 1, Show.ALL: 4,
    }  # fmt: skip
    assert answer_lists.count_open(now=late) == (2, 2)
    assert answer_lists.count_by_version(now=late) == {version: (4, 2, 2)}
    on_the_day = clock.midnight_after(clock.today(now) + timedelta(days=15)) - timedelta(seconds=9)
    assert listed(Show.OVERDUE, on_the_day) == []


def test_the_law_judges_what_is_late_and_no_day_that_the_office_set(version, cast, say, draft, as_):
    now, actor = clock.now(), as_("max")
    ids = [say(version, cast.vera), say(version, cast.wang)]
    soon, late = clock.today(now) + timedelta(days=1), now + timedelta(days=40)

    def assign(one, due, when):
        seen = answering.get_work(one).revision
        with transaction():
            answering.assign(one, owner_id=cast.paula.id, due=due, seen=seen, actor=actor, now=when)

    def overdue(when):
        lines = answer_lists.list_lines(version, Show.OVERDUE, account_id=0, now=when, limit=9)
        counts = answer_lists.count_lines(version, account_id=0, now=when)
        assert counts[Show.OVERDUE] == answer_lists.count_open(now=when)[1] == len(lines)
        assert all(line.is_late for line in lines)
        return [(line.comment_id, line.due_on) for line in lines]

    assign(ids[0], soon, now)
    assert overdue(now + timedelta(days=5)) == []
    everything = answer_lists.list_lines(version, Show.ALL, account_id=0, now=now, limit=9)
    last = clock.today(now) + timedelta(days=15)
    assert [line.due_on for line in everything] == [soon, last]
    with pytest.raises(Refused, match=Refusal.DUE_TOO_LATE):
        assign(ids[1], clock.today(late), late)
    assign(ids[0], soon, late)
    assert overdue(late) == [(one, last) for one in ids]
    with transaction():
        answering.get_work(ids[0]).case.due_on = clock.today(late)  # as could be set once
    assert overdue(late) == [(one, last) for one in ids]


def test_what_plans_hear_of_opinions(version, cast, say, draft, reply):
    known = VersionOpinions()
    ids = [say(version, cast.vera, f"第{n}条意见") for n in range(3)]
    assert (known.count_open(version), known.titles(version)) == (3, {})
    reply(ids[0], **ADOPTED), draft(ids[1], **ADOPTED), reply(ids[2])
    assert known.count_open(version) == 1
    assert known.titles(version) == {1: "第0条意见", 2: "第1条意见"}
    assert known.adopted(version) == {1}
    with transaction():
        service.set_standing(ids[0], held_for=None, hidden_code=Code.SPAM)
    assert (known.adopted(version), known.titles(version)) == ({1}, {2: "第1条意见"})


def enter(version, cast, key="key-00000001", **facts):
    facts = {
        "form": Form.TALK, "held_on": clock.today(clock.now()), "place": "文化礼堂", "people": 23,
        "said": "大家谈了路和水。", "client_key": key, "account_id": cast.max.id,
        "now": clock.now(),
    } | facts  # fmt: skip
    return hearings.enter(version, **facts).id


def test_other_ways_are_counted_once(version, cast):
    assert hearings.count(version) == 0
    with transaction():
        first = enter(version, cast)
    with transaction():
        assert enter(version, cast) == first
    with transaction():
        enter(version, cast, "key-00000002", form=Form.VISIT)
    assert VersionOpinions().other_hearings(version) == 2
    tomorrow = clock.today(clock.now()) + timedelta(days=1)
    assert refused(lambda: enter(version, cast, "key-00000003", held_on=tomorrow)) is (
        Refusal.DAY_AHEAD
    )


def test_a_neighbour_finds_nothing(version, cast, say, as_, neighbour):
    one = say(version, cast.vera)
    with village_scope(neighbour.id), pytest.raises(NoResultFound):
        answering.get_work(one)


@pytest.mark.parametrize(
    ("model", "values"),
    [(AnswerMove, {"note": "x"}), (AnswerReply, {"reason": "x"})],
)
def test_what_was_said_stays(version, cast, say, reply, model, values):
    reply(say(version, cast.vera))
    row = db.session.scalars(select(model)).first()
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        for name, value in values.items():
            setattr(row, name, value)
        db.session.flush()


def kinds(results):
    return sorted(r.reason.value if isinstance(r, Refused) else type(r).__name__ for r in results)


def test_of_four_drafts_at_once_one_is_kept(version, cast, say, as_, race):
    one, now = say(version, cast.vera), clock.now()
    actors = [as_("max"), as_("paula"), as_("ada"), as_("max")]

    def deed(n):
        said = Said(decision=Decision.EXPLAINED, reason=f"第{n}人")
        return answering.draft({one: 0}, said, actor=actors[n], now=now)

    assert kinds(race(4, deed)) == ["NoneType", "stale", "stale", "stale"]
    assert db.session.scalar(select(func.count()).select_from(AnswerMove)) == 1
    assert db.session.scalar(select(func.count()).select_from(AnswerCase)) == 1


def test_of_four_checks_at_once_one_sends(version, cast, say, draft, as_, race):
    one, now = say(version, cast.vera), clock.now()
    draft(one)
    actors = [as_("max"), as_("ada"), as_("max"), as_("ada")]
    results = race(4, lambda n: answering.reply({one: 1}, actor=actors[n], now=now))
    assert sum(isinstance(r, list) for r in results) == 1
    assert {r.reason for r in results if isinstance(r, Refused)} <= {
        Refusal.STALE, Refusal.ANSWERED,
    }  # fmt: skip
    assert db.session.scalar(select(func.count()).select_from(AnswerReply)) == 1


def nobody_looks(monkeypatch):
    """Let everybody think that nobody asked yet: only the key is left."""
    monkeypatch.setattr(answering.rules, "why_not_doubt", lambda **_facts: None)
    monkeypatch.setattr(answering, "step", lambda *_args, **_facts: None)


def doubts(version, cast, say, reply, race, monkeypatch):
    one = say(version, cast.vera)
    reply(one)
    nobody_looks(monkeypatch)
    results = race(4, lambda n: ask_again(one, cast.vera, words=f"第{n}次"))
    return kinds(results), db.session.scalar(select(func.count()).select_from(AnswerDoubt))


def test_the_key_is_the_last_judge_of_a_second_look(version, cast, say, reply, race, monkeypatch):
    found = doubts(version, cast, say, reply, race, monkeypatch)
    assert found == (["NoneType", *["doubted-already"] * 3], 1)


@pytest.mark.last_judge
def test_a_second_look_stands_on_its_key(version, cast, say, reply, race, monkeypatch):
    drop_key("answer_doubt", "comment_id")
    assert doubts(version, cast, say, reply, race, monkeypatch)[1] > 1


def test_of_four_entries_at_once_one_is_kept(version, cast, race):
    results = race(4, lambda _: enter(version, cast))
    assert len(set(results)) == 1
    assert hearings.count(version) == 1
