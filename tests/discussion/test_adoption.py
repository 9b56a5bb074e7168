"""The adoption table says what became of every opinion, and gives nobody away."""

from datetime import timedelta

from portal.core import clock
from portal.core.db import transaction
from portal.discussion import adoption, service
from portal.discussion.answer_rules import Decision
from portal.moderation.rules import Code

ADOPTED = {"decision": Decision.ADOPTED, "place": "项目3", "before": "4处", "after": "8处"}


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
    assert [(r.numbers, r.author, r.people, r.words, r.hidden) for r in table.rows] == [
        ((1,), "第1组 V*a", 1, "路太窄", ""),
        ((2, 3), "", 2, "水沟", ""),
        ((4,), "第1组 V*a", 1, "", "insult"),
    ]
    assert [part.people for part in table.by_group] == [None]


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
