"""The monthly table: right, without few people, and the very file that the record knows."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db, transaction
from portal.core.jobs import run_chores
from portal.moderation import appeals, months, months_rules, reports, service
from portal.moderation.appeals_rules import Outcome
from portal.moderation.months_models import ModerationMonth
from portal.moderation.months_rules import FEW, HIDDEN_FOR, NONE, Counted, Figure
from portal.moderation.months_words import FIGURES, words_of
from portal.moderation.rules import Action, Code
from portal.transparency import service as record
from portal.transparency.models import RecordEntry
from portal.transparency.rules import Fault

OCTOBER = date(2026, 10, 1)
DURING = datetime(2026, 10, 20, 4, tzinfo=UTC)
OVER = datetime(2026, 10, 31, 17, tzinfo=UTC)  # 01:00 of 1 November in the village
HOUR = timedelta(hours=1)
NOTHING = Counted(
    written=0,
    written_and_hidden=0,
    hidden={},
    restored=0,
    approved=0,
    muted=0,
    lifted=0,
    appeals=(),
    granted=0,
    confirmed=0,
    took=(),
    reports={},
)


def figures(lines):
    return dict(lines)


def counted(**facts):
    return figures(months_rules.table(Counted(**(vars(NOTHING) | facts))))


def test_every_line_has_words():
    assert set(FIGURES) == set(Figure)
    assert all(words_of(key) != key for key in counted())
    assert words_of("of-another-time") == "of-another-time"


def test_an_empty_month():
    found = counted()
    assert found[Figure.RATE] == NONE and found[Figure.APPEALS_HOURS] == NONE
    assert {found[key] for key in found if key not in (Figure.RATE, Figure.APPEALS_HOURS)} == {"0"}


def test_the_rate_is_of_what_was_written():
    found = counted(written=400, written_and_hidden=4, hidden={Code.INSULT: 3, Code.SPAM: 1})
    assert found[Figure.RATE] == "1.0"
    assert (found[Figure.HIDDEN], found[HIDDEN_FOR + "insult"]) == ("4", "3")
    assert found[HIDDEN_FOR + "rumor"] == "0"


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, FEW), (4, FEW), (5, "5")])
def test_few_appeals_stay_few(count, shown):
    assert counted(appeals=range(count))[Figure.APPEALS] == shown


def test_who_does_it_often_is_still_one_person():
    often = [1, 2, 3, 4] * 5
    found = counted(appeals=often, reports={"kept": often, "hidden": [5, 6, 7, 8, 9]})
    assert (found[Figure.APPEALS], found[Figure.REPORTS]) == (FEW, "25")
    assert found[Figure.REPORTS_KEPT] == found[Figure.REPORTS_HIDDEN] == NONE
    assert counted(reports={"kept": often, "hidden": often})[Figure.REPORTS] == FEW
    assert counted(took=[(person, HOUR) for person in often])[Figure.APPEALS_HOURS] == NONE


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([0, 0, 0], ["0", "0", "0", "0"]),
        ([3, 0, 0], [FEW, NONE, NONE, NONE]),
        ([6, 4, 0], ["10", NONE, NONE, NONE]),
        ([6, 5, 0], ["11", "6", "5", "0"]),
    ],
)
def test_a_small_part_of_the_reports_takes_the_others_along(counts, shown):
    assert months_rules.parts([range(count) for count in counts]) == shown


def test_the_median_is_of_five_at_least():
    took = [HOUR, HOUR, 2 * HOUR, 9 * HOUR, 9 * HOUR]
    assert months_rules.hours(list(enumerate(took[:4]))) == NONE
    assert months_rules.hours(list(enumerate(took))) == "2.0"


@pytest.fixture
def busy(cast, write, monkeypatch):
    """In October: two of three messages hidden, one shown again on appeal, one reported."""
    monkeypatch.setattr(clock, "now", lambda: DURING)
    first, second, third = (write(cast.vera) for _ in range(3))
    facts = {"kind": "message", "note": "", "part": Part.COMMITTEE, "now": DURING}
    facts |= {"account_id": cast.max.id, "resident_id": cast.max.resident_id, "seen_revision": 0}
    with transaction():
        service.decide(subject_id=first, action=Action.HIDE, code=Code.INSULT, **facts)
        service.decide(subject_id=second, action=Action.HIDE, code=Code.SPAM, **facts)
        reports.report(
            "message",
            third,
            code=Code.RUMOR,
            line="",
            resident_id=cast.wang.resident_id,
            now=DURING,
        )
        appeal = appeals.appeal(
            "message", first, line="不对", resident_id=cast.vera.resident_id, now=DURING
        ).id
    with transaction():
        appeals.answer(
            appeal,
            Outcome.RESTORED,
            reason="对",
            account_id=cast.sun.id,
            resident_id=cast.sun.resident_id,
            part=Part.SUPERVISOR,
            now=DURING + HOUR,
        )
    monkeypatch.undo()
    return first


def test_what_happened_is_counted_in_its_month(busy):
    found = figures(months.gather(OCTOBER, now=OVER))
    told = {key: figure for key, figure in found.items() if figure not in ("0", NONE)}
    assert told == {
        "written": "3",
        "hidden": "2",
        "hidden-for-insult": "1",
        "hidden-for-spam": "1",
        "hidden-percent": "66.7",
        "restored": "1",
        "appeals": FEW,
        "appeals-granted": "1",
        "reports": FEW,
    }
    before, after = date(2026, 9, 1), date(2026, 11, 1)
    for month in (before, after):
        assert set(figures(months.gather(month, now=OVER)).values()) == {"0", NONE}


def test_what_is_hidden_again_counts_once_and_what_is_older_in_no_share(busy, cast, write):
    """The log counts every line; the share of what was written never passes the whole."""
    facts = {"kind": "message", "code": Code.SPAM, "note": "", "part": Part.COMMITTEE}
    facts |= {"account_id": cast.max.id, "resident_id": cast.max.resident_id}
    old = write(cast.vera)  # in another month than October
    with transaction():
        for message, seen in ((busy, 2), (old, 0)):
            service.decide(
                subject_id=message, action=Action.HIDE, seen_revision=seen, now=DURING, **facts
            )
    found = figures(months.gather(OCTOBER, now=OVER))
    shown = [found[figure] for figure in (Figure.WRITTEN, Figure.HIDDEN, Figure.RATE)]
    assert shown == ["3", "4", "66.7"]


def test_a_month_that_is_over_is_published_once(app, busy):
    run_chores(app, (months.close_over,), now=OVER - HOUR)  # within the grace: not yet
    assert months.list_months() == []
    for _ in range(2):
        run_chores(app, (months.close_over,), now=OVER + HOUR)
    db.session.rollback()
    assert [m.begins_on for m in months.list_months()] == [OCTOBER]
    run_chores(app, (months.close_over,), now=OVER + timedelta(days=62))
    db.session.rollback()
    assert [m.begins_on.month for m in months.list_months()] == [12, 11, 10]


def test_the_file_is_what_the_record_says_and_stays_so(app, busy, cast, decide, browse, at):
    run_chores(app, (months.close_over,), now=OVER + HOUR)
    db.session.rollback()
    client = browse(None)
    file = client.get(at("/moderation/months/2026-10.csv"))
    entry = db.session.scalars(select(RecordEntry).order_by(RecordEntry.number.desc())).first()
    assert hashlib.sha256(file.data).hexdigest() == entry.file_sha256
    assert entry.subject == "2026-10 内容管理月报"
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert rows[0] == ["代号", "内容", "数字"]
    assert ["hidden", "已隐藏", "2"] in rows
    assert record.files_broken() == []
    page = client.get(at("/moderation/months?month=2026-10")).text
    assert "66.7" in page and at("/moderation/months/2026-10.csv") in page
    with transaction():  # what is decided later changes no closed month
        decide(busy, seen=2)
    assert client.get(at("/moderation/months/2026-10.csv")).data == file.data
    assert record.files_broken() == []


def test_a_changed_file_is_found(app, busy):
    run_chores(app, (months.close_over,), now=OVER + HOUR)
    db.session.rollback()
    with transaction():
        months.list_months()[0].content += "x"
    assert [broken.fault for broken in record.files_broken()] == [Fault.FILE_CHANGED]


def test_a_month_is_published_once_in_a_village(app, busy):
    run_chores(app, (months.close_over,), now=OVER + HOUR)
    db.session.rollback()
    with pytest.raises(IntegrityError), transaction():
        db.session.add(ModerationMonth(begins_on=OCTOBER, content="x", record_number=77))
        db.session.flush()


def test_everybody_reads_it_and_no_name_stands_in_it(cast, busy, browse, at):
    for person in (None, cast.vera, cast.nora, cast.max):
        page = browse(person).get(at("/moderation/months"))
        assert page.status_code == 200
        main = page.text[page.text.index("<main") : page.text.index("</main>")]
        assert "Vera" not in main and "Wang" not in main
        assert "“&lt;5”" in main


@pytest.mark.parametrize("month", ["2026-09", "2026-13", "x", "2026-10-01"])
def test_what_is_not_closed_has_no_file(busy, browse, at, month):
    assert browse(None).get(at(f"/moderation/months/{month}.csv")).status_code == 404
    assert browse(None).get(at(f"/moderation/months?month={month}")).status_code == 404


def test_the_page_asks_the_same_whatever_its_length(app, busy, browse, at, count_queries):
    counts = []
    for days in (2, 70):
        run_chores(app, (months.close_over,), now=OVER + timedelta(days=days))
        client = browse(None)
        with count_queries() as counted:
            assert client.get(at("/moderation/months")).status_code == 200
        counts.append(counted.n)
    assert counts[0] == counts[1] <= 12, counts
