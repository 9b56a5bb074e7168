"""The adoption table says what became of every opinion, and gives nobody away."""

from datetime import timedelta

from portal.core import clock
from portal.core.db import db, transaction
from portal.discussion import adoption, answering, reading, service
from portal.discussion.answer_rules import Decision
from portal.moderation.rules import Code

ADOPTED = {"decision": Decision.ADOPTED, "place": "项目3", "before": "4处", "after": "8处"}


def said(row):
    return [(voice.numbers, voice.words) for voice in row.voices]


def ask_again(comment_id, person):
    with transaction():
        answering.doubt(
            comment_id, words="还是不够。", resident_id=person.resident_id,
            account_id=person.account_id, now=clock.now(),
        )  # fmt: skip


def test_every_opinion_stands_in_the_table(version, cast, say, reply):
    first = say(version, cast.vera, "路太窄", show_name=True)
    same = [
        say(version, person, words) for person, words in ((cast.wang, "水沟"), (cast.sun, "沟"))
    ]
    hidden = say(version, cast.vera, "骂人的话")
    reply(first, **ADOPTED), reply(*same)
    with transaction():
        service.set_standing(hidden, held_for=None, hidden_code=Code.INSULT)
    table = adoption.table_of(version)
    assert (table.opinions, table.answered, table.hidden, table.taken_back) == (4, 3, 1, 0)
    assert (table.persons, table.households) == (3, 3)
    assert table.by_channel == (("self", 4),)
    assert dict(table.by_decision) == {
        "adopted": 1, "partial": 0, "rejected": 0, "explained": 2, "forwarded": 0,
    }  # fmt: skip
    assert [(r.numbers, r.author, r.people, said(r), r.hidden) for r in table.rows] == [
        ((1,), "第1组 V*a", 1, [((1,), "路太窄")], ""),
        ((2, 3), "", 2, [((2,), "水沟"), ((3,), "沟")], ""),
        ((4,), "第1组 V*a", 1, [((4,), "")], "insult"),
    ]
    assert [part.people for part in table.by_group] == [None]


def test_no_opinion_is_cut_off(version, cast, say, count_queries):
    def ask():
        db.session.rollback()
        with count_queries() as counted:
            table = adoption.table_of(version)
        assert not [one for one in counted.statements if "LIMIT" in one]
        return counted.n, [row.numbers for row in table.rows]

    say(version, cast.vera, "第一条")
    statements, rows = ask()
    assert rows == [(1,)]
    say(version, cast.wang, "第二条"), say(version, cast.sun, "第三条")
    assert ask() == (statements, [(1,), (2,), (3,)])


def test_a_line_of_many_is_of_those_that_share_one_answer(version, cast, say, reply):
    people = (cast.vera, cast.wang, cast.sun)
    one, two, three = [say(version, person, "沟") for person in people]
    reply(one, two)
    ask_again(one, cast.vera)
    reply(one, three, **ADOPTED)
    rows = adoption.table_of(version).rows
    assert [(r.numbers, said(r), r.decision, r.after) for r in rows] == [
        ((1, 3), [((1, 3), "沟")], "adopted", "8处"),
        ((2,), [((2,), "沟")], "explained", ""),
    ]


def test_an_opinion_that_is_looked_at_again_is_answered_nowhere(version, cast, say, reply):
    one = say(version, cast.vera)
    reply(one, **ADOPTED), reply(say(version, cast.wang))
    ask_again(one, cast.vera)
    found, table = adoption.figures_of(version), adoption.table_of(version)
    seen = reading.tallies_of_parts(version)[""]
    assert (found.owed, found.answered, found.adopted) == (2, 1, 0)
    assert (table.answered, dict(table.by_decision)["adopted"]) == (1, 0)
    assert (seen.answered, seen.changed) == (1, 0)
    assert [row.decision for row in table.rows] == ["", "explained"]


def test_an_answer_is_late_by_the_law_and_not_by_the_offices_own_day(
    version, cast, say, reply, as_
):
    now, (one, two) = clock.now(), [say(version, cast.vera), say(version, cast.wang)]
    for comment_id, due in ((one, clock.today(now)), (two, clock.today(now))):
        with transaction():
            answering.assign(
                comment_id, owner_id=cast.paula.id, due=due, seen=0, actor=as_("max"), now=now
            )
    reply(one, now=now + timedelta(days=15))
    assert adoption.figures_of(version).late == 0
    reply(two, now=now + timedelta(days=16))
    assert adoption.figures_of(version).late == 1
    with transaction():
        answering.doubt(
            two, words="还是不够。", resident_id=cast.wang.resident_id,
            account_id=cast.wang.account_id, now=now + timedelta(days=20),
        )  # fmt: skip
    reply(two, now=now + timedelta(days=35))
    assert adoption.figures_of(version).late == 0


def test_the_figures_of_answers(version, cast, say, reply):
    assert adoption.figures_of(version) == adoption.Figures(
        opinions=0, owed=0, answered=0, adopted=0, partly=0, late=0, median_days=None
    )
    ids = [say(version, cast.vera) for _ in range(5)]
    now = clock.now()
    reply(ids[0], now=now + timedelta(days=2), **ADOPTED)
    reply(ids[1], now=now + timedelta(days=4))
    reply(ids[2], now=now + timedelta(days=16))
    with transaction():
        service.set_standing(ids[4], held_for=None, hidden_code=Code.SPAM)
    found = adoption.figures_of(version)
    assert found == adoption.figures_of()
    assert (found.opinions, found.owed, found.answered) == (5, 4, 3)
    assert (found.adopted, found.partly, found.late, found.median_days) == (1, 0, 1, 4)
