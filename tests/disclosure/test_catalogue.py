"""The catalogue: periods, days, what is planned and overdue, extra items, and the one figure."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope
from portal.disclosure import (
    calendar_rules,
    catalogue_editing,
    catalogue_keeping,
    chores,
    county,
    service,
)
from portal.disclosure.calendar_rules import Item, Period, Rhythm
from portal.disclosure.rules import Refusal
from tests.disclosure.conftest import AFFAIRS, publish_whole

BODY = [{"title": "收支", "text": "见表。", "rows": [["项目", "元"], ["保洁", "1,200"]]}]


@pytest.mark.parametrize(
    ("day", "rhythm", "name", "start", "end", "due"),
    [
        ("2026-03-15", Rhythm.MONTHLY, "2026-02", "2026-02-01", "2026-02-28", "2026-03-20"),
        ("2026-01-01", Rhythm.MONTHLY, "2025-12", "2025-12-01", "2025-12-31", "2026-01-20"),
        ("2026-03-31", Rhythm.QUARTERLY, "2025-Q4", "2025-10-01", "2025-12-31", "2026-01-20"),
        ("2026-04-01", Rhythm.QUARTERLY, "2026-Q1", "2026-01-01", "2026-03-31", "2026-04-20"),
        ("2026-12-31", Rhythm.QUARTERLY, "2026-Q3", "2026-07-01", "2026-09-30", "2026-10-20"),
        ("2026-07-09", Rhythm.YEARLY, "2025", "2025-01-01", "2025-12-31", "2026-01-20"),
    ],
)
def test_periods_and_their_days(day, rhythm, name, start, end, due) -> None:
    period = calendar_rules.period_before(date.fromisoformat(day), rhythm)
    assert period == Period(name, date.fromisoformat(start), date.fromisoformat(end))
    assert calendar_rules.due_on(period, 20) == date.fromisoformat(due)


def test_a_day_that_the_month_has_not_is_its_last() -> None:
    january = calendar_rules.period_before(date(2026, 2, 3), Rhythm.MONTHLY)
    assert calendar_rules.due_on(january, 31) == date(2026, 2, 28)
    assert county.month_of("2026-01") == january
    assert county.month_of("2025-12").end == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("villagers", "adults", "representatives", "of", "refusal"),
    [
        (10, 100, None, None, None),
        (9, 100, None, None, Refusal.TOO_FEW_ASK),
        (11, 101, None, None, None),
        (10, 101, None, None, Refusal.TOO_FEW_ASK),
        (None, 100, 4, 20, None),
        (None, 100, 4, 21, Refusal.TOO_FEW_ASK),
        (None, 100, 4, None, Refusal.TOO_FEW_ASK),
        (1, 0, None, None, Refusal.TOO_FEW_ASK),
        (None, 100, None, None, Refusal.TOO_FEW_ASK),
        (9, 100, 5, 20, None),
    ],
)
def test_who_may_ask_for_more(villagers, adults, representatives, of, refusal) -> None:
    found = calendar_rules.why_not_extra(
        villagers=villagers, adults=adults, representatives=representatives,
        all_representatives=of,
    )  # fmt: skip
    assert found is refusal


def test_every_default_names_its_rule() -> None:
    assert all(item.citation and 1 <= item.due_day <= 31 for item in calendar_rules.DEFAULTS)
    assert len({item.code for item in calendar_rules.DEFAULTS}) == len(calendar_rules.DEFAULTS)
    own = Item(code="x", title="自定", rhythm=Rhythm.MONTHLY, due_day=5, citation="规")
    merged = calendar_rules.merged({"x": own, "monthly": own})
    assert [item.code for item in merged][:2] == ["x", "finance"]
    assert merged[-1] is own


DAY = date(2026, 4, 2)


def plan(day=DAY) -> int:
    with transaction():
        return catalogue_keeping.plan(today=day)


def test_it_is_planned_once(village) -> None:
    assert (plan(), plan(), plan(DAY + timedelta(days=27))) == (5, 0, 0)
    assert [(due.code, due.period) for due in catalogue_keeping.list_open()] == [
        ("monthly", "2026-03"), ("finance", "2026-03"), ("resolutions", "2026-Q1"),
        ("assistance", "2026-Q1"), ("consultation", "2026-Q1"),
    ]  # fmt: skip
    assert {due.due_on for due in catalogue_keeping.list_open()} == {date(2026, 4, 20)}
    assert plan(date(2026, 5, 1)) == 2  # the two monthly ones


def test_what_was_due_before_the_village_began_was_never_due(village) -> None:
    assert plan(date(2026, 11, 21)) == 0  # October's day was the 20th, the quarter's in October
    set_item("own", due_day=21)
    assert plan(date(2026, 11, 21)) == 1  # an item of its own, due this very day
    assert plan(date(2026, 12, 1)) == 3
    assert catalogue_keeping.count_overdue(today=date(2026, 12, 20)) == 1  # its own, of November
    assert plan(date(2027, 2, 25)) == 3  # the process slept over a day: what was begun stays due
    assert catalogue_keeping.timeliness(start=date.min, end=date(2027, 2, 24)).due == 7


def test_two_plan_at_once(village, race) -> None:
    results = race(3, lambda _index: catalogue_keeping.plan(today=DAY))
    assert results.count(5) == 1
    assert all(one in (0, 5) or isinstance(one, IntegrityError) for one in results)
    assert len(catalogue_keeping.list_open()) == 5


def set_item(code, **facts) -> None:
    base = {
        "title": "月报", "rhythm": Rhythm.MONTHLY, "due_day": 5, "citation": "县规〔2026〕1号",
        "is_active": True, "account_id": None, "now": clock.now(),
    }  # fmt: skip
    with transaction():
        catalogue_editing.set_item(code, **(base | facts))


def test_a_village_has_its_own_form_of_an_item(village, neighbour) -> None:
    set_item("monthly")
    set_item("finance", is_active=False)
    plan()
    by_code = {due.code: due for due in catalogue_keeping.list_open()}
    assert "finance" not in by_code
    assert (by_code["monthly"].due_on, by_code["monthly"].citation) == (
        date(2026, 4, 5), "县规〔2026〕1号",
    )  # fmt: skip
    with village_scope(neighbour.id):
        assert catalogue_editing.get_item("monthly").due_day == 20


def test_two_change_an_item_at_once(village, race) -> None:
    def run(index):
        return catalogue_editing.set_item(
            "monthly", title=f"第{index}版", rhythm=Rhythm.MONTHLY, due_day=5, citation="规",
            is_active=True, account_id=None, now=clock.now(),
        ).title  # fmt: skip

    results = race(3, run)
    assert all(isinstance(one, str | IntegrityError) for one in results)
    assert len(catalogue_keeping.own_items()) == 1


def test_extra_items_need_enough_who_ask(cast) -> None:
    adults = catalogue_editing.count_adults(clock.today(clock.now()))
    assert adults == 4
    facts = {
        "rhythm": Rhythm.QUARTERLY, "due_day": 20, "citation": "村民要求", "account_id": None,
        "representatives": None, "all_representatives": None, "now": clock.now(),
    }  # fmt: skip
    with pytest.raises(Refused) as refused, transaction():
        catalogue_editing.add_extra(title="食堂账目", villagers=None, **facts)
    assert refused.value.reason is Refusal.TOO_FEW_ASK
    with transaction():
        catalogue_editing.add_extra(title="食堂账目", villagers=1, **facts)
    extra = catalogue_keeping.list_items()[-1]
    assert (extra.title, extra.is_extra) == ("食堂账目", True)


def test_what_is_overdue_is_told_once(app, cast, office, told) -> None:
    plan(date(2027, 4, 2))
    told()
    for moment, count in (
        (clock.midnight_after(date(2027, 4, 20)) - timedelta(seconds=1), 0),
        (clock.midnight_after(date(2027, 4, 20)), 5),
        (clock.midnight_after(date(2027, 4, 22)), 0),
    ):
        with all_villages("a chore"), transaction():
            assert catalogue_keeping.raise_alarm(now=moment) == count
        heard = told(moment)
        assert sorted({who for who, _words, _path in heard}) == (["max", "sun"] if count else [])
        assert len(heard) == 2 * count


def test_two_chores_alarm_once(cast, office, race) -> None:
    plan()
    moment = clock.midnight_after(date(2026, 4, 20))

    def run(_index):
        with all_villages("a chore"):
            return catalogue_keeping.raise_alarm(now=moment)

    assert sorted(race(3, run)) == [0, 0, 5]


def test_the_figure_counts_what_came_in_time(office, press) -> None:
    today = clock.today(clock.now())
    with transaction():
        dues = [
            catalogue_keeping.add_due(
                Item(code=f"c{n}", title="事项", rhythm=Rhythm.MONTHLY, due_day=1, citation="规"),
                Period("2026-01", today, today),
                due_on=today + timedelta(days=shift),
            ).id
            for n, shift in enumerate((0, 0, -1, -1, 3))
        ]
    for due_id in (dues[0], dues[2]):
        with transaction():
            publish_whole(AFFAIRS, due_id, press, body=BODY)
    figure = catalogue_keeping.timeliness(start=today - timedelta(days=9), end=today)
    assert (figure.in_time, figure.due) == (1, 4)
    everything = catalogue_keeping.timeliness(start=today - timedelta(days=9), end=date.max)
    assert (everything.in_time, everything.due) == (1, 5)
    assert catalogue_keeping.timeliness(start=date.min, end=date.min).due == 0
    assert catalogue_keeping.count_overdue(today=today) == 1
    assert [due.id for due in catalogue_keeping.list_done(limit=9)] == [dues[0], dues[2]]


def test_an_item_says_what_was_written_and_what_happened(office, press) -> None:
    plan(clock.today(clock.now()).replace(day=1))
    due = next(due for due in catalogue_keeping.list_open() if due.code == "finance")
    with pytest.raises(Refused) as refused, transaction():
        publish_whole(AFFAIRS, due.id, press)
    assert refused.value.reason is Refusal.NOTHING_WRITTEN
    with transaction():
        doc = publish_whole(AFFAIRS, due.id, press, body=BODY)
        title, content = doc.title, doc.content
    assert title == f"村级财务收支（{due.period}）"
    assert '"rows":[["项目","元"],["保洁","1,200"]]' in content
    db.session.expire_all()
    done = catalogue_keeping.get_due(due.id)
    assert (done.published_on, done.doc_id) == (clock.today(clock.now()), doc.id)
    assert service.list_docs().items[0].title == title


def test_the_chore_plans_for_villages_that_disclose(village, neighbour, office) -> None:
    with all_villages("a chore"), transaction():
        chores.look_after(now=clock.midnight_after(DAY))
    assert len(catalogue_keeping.list_open()) == 5
    with village_scope(neighbour.id):
        assert catalogue_keeping.list_open() == []


def test_the_pages_of_the_catalogue(cast, office, browse, at) -> None:
    plan(clock.today(clock.now()).replace(day=1))
    client = browse(cast.max)
    page = client.get(at("/disclosure/catalogue")).text
    assert "村级财务收支" in page
    assert "期满后首月20日" in page
    form = {
        "title": "村级财务收支",
        "rhythm": "monthly",
        "due_day": "9",
        "citation": "",
        "is_active": "y",
    }
    bad = client.post(at("/disclosure/catalogue/finance"), data=form)
    assert bad.status_code == 422
    good = client.post(at("/disclosure/catalogue/finance"), data=form | {"citation": "县规"})
    assert good.status_code == 303
    db.session.rollback()
    assert catalogue_editing.get_item("finance").due_day == 9
    assert client.get(at("/disclosure/catalogue/none")).status_code == 404
    extra = form | {
        "title": "食堂",
        "citation": "规",
        "representatives": "1",
        "all_representatives": "9",
    }
    assert client.post(at("/disclosure/catalogue/extra"), data=extra).status_code == 409
    assert (
        client.post(at("/disclosure/catalogue/extra"), data=extra | {"villagers": "2"}).status_code
        == 303
    )
    day = clock.today(clock.now()).isoformat()
    planned = {"title": "道路工程追加5万元", "due_on": day}
    done = client.post(at("/disclosure/catalogue/plan"), data=planned)
    assert (done.status_code, "/prepare/affairs/" in done.location) == (303, True)
    assert client.post(at("/disclosure/catalogue/plan"), data=planned).status_code == 409
