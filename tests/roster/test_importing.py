"""A roster is looked at before it goes in: added, changed, left, likely the same; then all or none."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DataError, IntegrityError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.outbox import OutboxEvent
from portal.people.models import Household, Resident, VillagerGroup
from portal.roster import imports, known, service, staging, writing
from portal.roster.comparing import compare
from portal.roster.labels import REFUSALS
from portal.roster.models import RosterChange, RosterImport
from portal.roster.person import Person
from portal.roster.rules import ImportState, Refusal
from portal.roster.writing import Source, write

from .conftest import EVERYBODY, HEADS, LI, MAX, SUN, VERA, WANG, but, xlsx


def counts():
    db.session.rollback()
    return [
        db.session.scalar(select(func.count()).select_from(t))
        for t in (VillagerGroup, Household, Resident)
    ]


def figures(page) -> list[int]:
    """Return added, changed, leaving and unchanged as a page says them."""
    return [int(n) for n in re.findall(r'<p class="figure"><span><b>(\d+)</b>', page.text)]


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("名册.xlsx", xlsx(HEADS, but(LI, name="张𬭚"))),
        ("名册.csv", ("\n".join(map(",".join, [HEADS, but(LI, name="张𬭚")]))).encode("gb18030")),
        ("名册.csv", ("\ufeff" + "\n".join(map(",".join, [HEADS, but(LI, name="张𬭚")]))).encode()),
    ],
    ids=["xlsx", "gb18030", "utf-8"],
)
def test_the_committee_imports_a_file(cast, browse, hand_in, put_in, filename, content):
    before, client = counts(), browse(cast.max)
    page = hand_in(client, content=content, filename=filename)
    assert page.status_code == 200
    assert figures(page) == [1, 0, 0, 0]
    assert "张𬭚" in page.text
    assert counts() == before  # nothing is written before somebody agrees
    page = put_in(client, page)
    assert figures(page) == [1, 0, 0]
    assert counts() == [n + 1 for n in before]


def test_a_file_with_one_bad_row_goes_in_not_at_all(cast, browse, hand_in):
    before = counts()
    bad = but(LI, household="10", sex="<script>alert(1)</script>")
    page = hand_in(browse(cast.max), LI, bad)
    assert page.status_code == 422
    assert '<td>Sheet</td><td class="num">3</td><td>D</td>' in page.text
    assert "请写“男”或“女”" in page.text
    assert "<script>alert" not in page.text
    assert counts() == before
    assert db.session.scalar(select(func.count(RosterImport.id))) == 0


@pytest.mark.parametrize(
    ("filename", "content", "words"),
    [
        ("名册.doc", b"x", "这不是表格文件。"),
        ("名册.xlsx", b"PK\x03\x04 broken", "文件已损坏。"),
        ("名册.csv", b"\x81\x20\xff", "这个文本文件的文字编码读不出来。"),
    ],
)
def test_what_is_no_table_is_refused_in_words(cast, browse, hand_in, filename, content, words):
    page = hand_in(browse(cast.max), content=content, filename=filename)
    assert page.status_code == 422
    assert words in page.text


def test_without_a_file_or_a_choice_nothing_is_taken(cast, browse, at):
    page = browse(cast.max).post(at("/desk/roster/import"))
    assert page.status_code == 422
    assert "请选择文件" in page.text
    assert "请二选一" in page.text


def test_the_same_file_twice_changes_nobody(cast, browse, hand_in):
    page = hand_in(browse(cast.max), *EVERYBODY)
    assert figures(page) == [0, 0, 0, 4]
    assert "没有任何变化" in page.text
    assert "/put-in" not in page.text


def test_the_template_can_be_filled_in_and_imported(cast, browse, at, hand_in):
    client = browse(cast.max)
    book = openpyxl.load_workbook(io.BytesIO(client.get(at("/desk/roster/template.xlsx")).data))
    book["名册"].append(["1", "077", "赵六", "户主", "男", "", "1975-06-07"])
    memory = io.BytesIO()
    book.save(memory)
    page = hand_in(client, content=memory.getvalue())
    assert figures(page) == [1, 0, 0, 0]
    assert "文件里需要留意的" in page.text


def test_changes_show_before_and_after_and_no_phone(cast, browse, hand_in, put_in):
    client = browse(cast.max)
    page = hand_in(client, but(VERA, phone="13811112222", away="是"), MAX)
    assert figures(page) == [0, 1, 0, 1]
    assert "<del>138****0001</del>" in page.text
    assert "<ins>138****2222</ins>" in page.text
    assert "13811112222" not in page.text
    assert "13800000001" not in page.text
    put_in(client, page)
    (entry,), total = service.list_changes(per_page=9, resident_id=cast.vera.resident_id)[0][:1], 2
    assert service.list_changes(per_page=9, resident_id=cast.vera.resident_id)[1] == total
    assert dict(entry.fields) == {
        "phone": ("138****0001", "138****2222"),
        "is_away": (False, True),
    }
    assert (entry.by, entry.kind, entry.filename) == ("Max", "changed", "名册.xlsx")
    told = db.session.scalars(select(OutboxEvent).where(OutboxEvent.kind == "roster.changed")).all()
    assert [e.facts for e in told] == [
        {
            "resident_id": cast.vera.resident_id,
            "account_id": cast.vera.id,
            "change": "changed",
            "fields": ["is_away", "phone"],
        }
    ]


def test_who_is_missing_stays_or_has_left_as_it_was_chosen(cast, browse, hand_in, put_in):
    client = browse(cast.max)
    assert figures(hand_in(client, VERA, MAX)) == [0, 0, 0, 2]
    page = hand_in(client, VERA, MAX, SUN, missing="left")
    assert figures(page) == [0, 0, 1, 3]
    refused = put_in(client, page)
    assert refused.status_code == 409
    assert str(REFUSALS[Refusal.REMOVES]) in refused.text
    assert figures(put_in(client, page, removed="1")) == [0, 0, 1]
    wang = db.session.get_one(Resident, cast.wang.resident_id)
    assert wang.left_on == clock.today(clock.now())
    assert not wang.is_representative


def test_who_left_and_stands_in_a_file_again_is_here_again(cast, browse, hand_in, put_in):
    client = browse(cast.max)
    put_in(client, hand_in(client, VERA, MAX, SUN, missing="left"), removed="1")
    page = hand_in(client, *EVERYBODY)
    assert figures(page) == [0, 1, 0, 3]
    put_in(client, page)
    assert db.session.get_one(Resident, cast.wang.resident_id).left_on is None


@pytest.mark.parametrize(
    ("line", "missing", "proposed"),
    [
        (but(WANG, household="001", head="否", group="1"), "keep", "same"),
        (but(WANG, born_on="", away="否"), "keep", "same"),
        (but(WANG, born_on="1991-07-01"), "keep", "other"),
        (but(WANG, name="王五"), "keep", "other"),
        (but(WANG, name="王五"), "left", "same"),
    ],
    ids=["moved", "no-date", "date", "renamed", "renamed-in-a-whole-roster"],
)
def test_likely_the_same_is_asked(cast, browse, hand_in, put_in, line, missing, proposed):
    client = browse(cast.max)
    page = hand_in(client, VERA, MAX, SUN, line, missing=missing)
    assert "/put-in" not in page.text
    assert f'name="same-3" value="{proposed}" checked' in page.text
    here = page.request.path
    with transaction(), pytest.raises(Refused) as refused:
        review = staging.review(int(here.rsplit("/", 1)[1]), now=clock.now())
        staging.put_in(
            review.handed.id,
            stamp=review.stamp,
            agreed_removed=review.removed,
            account_id=cast.max.id,
            now=clock.now(),
        )
    assert refused.value.reason is Refusal.UNANSWERED
    page = client.post(here + "/answer", data={"same-3": "same"}, follow_redirects=True)
    assert figures(page)[0] == 0
    page = client.post(here + "/answer", data={"same-3": "other"}, follow_redirects=True)
    assert figures(page)[0] == 1
    page = client.post(here + "/answer", data={"same-3": "same"}, follow_redirects=True)
    put_in(client, page)
    assert counts()[2] == 4
    wang = db.session.get_one(Resident, cast.wang.resident_id)
    assert wang.name == line[2]
    assert wang.born_on == (date(1991, 7, 1) if "1991" in line[4] else date(1990, 7, 1))


def test_an_answer_names_no_other_resident(cast, browse, hand_in):
    client = browse(cast.max)
    page = hand_in(client, but(WANG, name="王五"), LI)
    data = {"same-1": "same", "same-99": "same", "same-x": "same"}
    client.post(page.request.path + "/answer", data=data)
    (staged,) = db.session.scalars(select(RosterImport))
    assert staged.decided == {}


def test_a_roster_that_changed_meanwhile_is_compared_again(cast, browse, hand_in, put_in):
    client = browse(cast.max)
    page = hand_in(client, but(VERA, away="是"))
    with transaction():
        db.session.get_one(Resident, cast.sun.resident_id).phone = "13811110000"
    refused = put_in(client, page)
    assert refused.status_code == 409
    assert str(REFUSALS[Refusal.ROSTER_CHANGED]) in refused.text
    again = client.post(page.request.path + "/again", follow_redirects=True)
    assert figures(put_in(client, again)) == [0, 1, 0]


def test_a_page_that_was_seen_before_the_last_answer_puts_nothing_in(cast, browse, hand_in, put_in):
    client = browse(cast.max)
    page = hand_in(client, but(WANG, household="001", head="否", group="1"))
    here = page.request.path
    old = client.post(here + "/answer", data={"same-0": "same"}, follow_redirects=True)
    client.post(here + "/answer", data={"same-0": "other"})
    assert put_in(client, old).status_code == 409


def test_what_is_over_is_over(cast, browse, hand_in, put_in):
    client = browse(cast.max)
    page = hand_in(client, LI)
    put_in(client, page)
    here = page.request.path
    for verb in ("put-in", "agree", "again", "drop", "answer"):
        assert client.post(f"{here}/{verb}", data={"stamp": "x"}).status_code == 409, verb
    (staged,) = db.session.scalars(select(RosterImport))
    assert (staged.rows, staged.state) == ([], ImportState.DONE)


def test_what_is_thrown_away_leaves_nothing(cast, browse, hand_in):
    client = browse(cast.max)
    page = hand_in(client, LI)
    client.post(page.request.path + "/drop")
    (staged,) = db.session.scalars(select(RosterImport))
    assert (staged.rows, staged.state) == ([], ImportState.DROPPED)
    assert counts()[2] == 4


def test_what_lies_too_long_is_dropped(cast, browse, hand_in):
    hand_in(browse(cast.max), LI)
    now = clock.now()
    with transaction():
        assert imports.prune(now=now + timedelta(days=6)) == 0
        assert imports.prune(now=now + timedelta(days=8)) == 1
    db.session.expire_all()
    (staged,) = db.session.scalars(select(RosterImport))
    assert (staged.rows, staged.state, staged.ended_at is None) == ([], ImportState.DROPPED, False)


def test_two_at_once_put_one_import_in_once(cast, browse, hand_in, race):
    hand_in(browse(cast.max), but(VERA, away="是"))
    (staged,) = db.session.scalars(select(RosterImport))
    stamp = staging.review(staged.id, now=clock.now()).stamp
    import_id = staged.id
    db.session.rollback()

    def put_in(_):
        return staging.put_in(
            import_id, stamp=stamp, agreed_removed=None, account_id=cast.max.id, now=clock.now()
        )

    done = race(4, put_in)
    assert [d for d in done if d is ImportState.DONE] == [ImportState.DONE]
    others = [d for d in done if d is not ImportState.DONE]
    assert all(isinstance(d, Refused) for d in others), others
    assert {d.reason for d in others} <= {Refusal.OVER, Refusal.ROSTER_CHANGED}
    changes = select(func.count()).where(RosterChange.import_id == import_id)
    assert db.session.scalar(changes) == 1


def test_a_new_head_takes_the_place_of_the_old(cast, browse, hand_in, put_in):
    client = browse(cast.max)
    put_in(client, hand_in(client, but(LI, household="001", group="1", name="Vera Zwei")))
    heads = db.session.scalars(
        select(Resident.name)
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.is_representative, Household.number == "001")
    )
    assert heads.all() == ["Vera Zwei"]


def test_two_can_swap_what_must_stand_once(cast):
    """Two of a household whose names and ID numbers stood the wrong way round are put right."""
    a, b = (
        Person("001", 1, name, id_digest=letter * 64, id_last4="0001", is_representative=False)
        for name, letter in (("A", "a"), ("B", "b"))
    )
    now = clock.now()
    with transaction():
        write(compare(known.read_known(), [a, b], day=clock.today(now)), Source(now=now))
    ids = {p.name: i for i, p in known.read_known().items()}
    with transaction():
        rows = [replace(a, name="B"), replace(b, name="A")]
        found = compare(known.read_known(), rows, day=clock.today(now))
        assert [sorted(c.fields) for c in found.changed] == [["name"], ["name"]]
        write(found, Source(now=now))
    roster = known.read_known()
    assert (roster[ids["A"]].name, roster[ids["B"]].name) == ("B", "A")
    with transaction():
        rows = [replace(a, name="B", household="002"), replace(b, name="A", household="002")]
        write(compare(known.read_known(), rows, day=clock.today(now)), Source(now=now))
    assert [known.read_known()[ids[name]].household for name in "AB"] == ["002", "002"]


def test_pages_take_as_many_queries_for_three_as_for_one(cast, browse, hand_in, count_queries):
    client = browse(cast.max)
    counted = []
    for lines in (
        [LI],
        [LI, but(LI, household="10", name="甲"), but(LI, household="11", name="乙")],
    ):
        page = hand_in(client, *lines)
        with count_queries() as count:
            assert client.get(page.request.path).status_code == 200
        counted.append(count.n)
    assert counted[0] == counted[1]


@pytest.mark.parametrize("who", ["vera", "nora", "otto", "paula", "sun"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/desk/roster"),
        ("GET", "/desk/roster/import"),
        ("POST", "/desk/roster/import"),
        ("GET", "/desk/roster/template.xlsx"),
        ("GET", "/desk/roster/template.csv"),
        ("GET", "/desk/roster/log"),
        ("GET", "/desk/roster/export"),
        ("POST", "/desk/roster/export"),
        ("GET", "/desk/roster/imports/1"),
        ("POST", "/desk/roster/imports/1/answer"),
        ("POST", "/desk/roster/imports/1/put-in"),
        ("POST", "/desk/roster/imports/1/agree"),
        ("POST", "/desk/roster/imports/1/again"),
        ("POST", "/desk/roster/imports/1/drop"),
        ("GET", "/desk/roster/residents/new"),
        ("POST", "/desk/roster/residents/new"),
        ("GET", "/desk/roster/residents/1"),
        ("POST", "/desk/roster/residents/1/open"),
        ("POST", "/desk/roster/residents/1/correct"),
        ("GET", "/desk/roster/residents/1/leave"),
        ("POST", "/desk/roster/residents/1/move"),
        ("GET", "/desk/slips"),
    ],
)
def test_nobody_else_reaches_the_roster(cast, browse, at, who, method, path):
    assert browse(getattr(cast, who)).open(at(path), method=method).status_code == 403


def test_strangers_are_led_to_the_sign_in(cast, browse, at):
    page = browse(None).get(at("/desk/roster"))
    assert page.status_code == 302
    assert page.location.startswith(at("/sign-in"))


def test_nothing_of_the_neighbour_is_here(cast, browse, at, neighbour, hand_in):
    """An import and a resident of another village are not found, whoever keeps the roster here."""
    page = hand_in(browse(cast.max), LI)
    import_id = page.request.path.rsplit("/", 1)[1]
    assert browse(cast.max).get(page.request.path).status_code == 200
    ada = browse(cast.ada)
    assert ada.get(at(f"/desk/roster/residents/{cast.vera.resident_id}")).status_code == 200
    nora = cast.nora.resident_id
    assert ada.get(at(f"/desk/roster/residents/{nora}")).status_code == 404
    assert (
        ada.post(at(f"/desk/roster/residents/{nora}/open"), data={"reason": "x"}).status_code == 404
    )
    elsewhere = at(f"/desk/roster/imports/{import_id}", neighbour)
    assert ada.get(elsewhere).status_code == 403


def test_every_refusal_has_words():
    assert set(REFUSALS) == set(Refusal)


def test_the_empty_roster_is_handed_out_as_csv_too(cast, browse, at):
    page = browse(cast.max).get(at("/desk/roster/template.csv"))
    assert page.data.startswith("\ufeff组,户号,姓名,与户主关系,性别,身份证号,".encode())
    assert page.headers["Content-Disposition"].endswith(".csv")


def test_rows_are_added_as_the_database_allows_and_not_without_a_column(cast, village):
    group = db.session.scalars(select(VillagerGroup.id)).first()
    row = {"village_id": village.id, "group_id": group, "number": "9001"}
    for rows, error in (
        ([row, row], IntegrityError),
        ([row, row | {"number": None}], IntegrityError),
        ([row, {"village_id": village.id, "number": "9002"}], Exception),
    ):
        with pytest.raises(error), transaction():
            writing._insert(Household.__table__, rows)
    with transaction():
        writing._insert(Household.__table__, [row, row | {"number": "9002\t\\N"}])
    found = select(Household.number).where(Household.number.startswith("900"))
    assert sorted(db.session.scalars(found)) == ["9001", "9002\t\\N"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_postgresql_cannot_keep_is_told_as_everywhere(cast, village):
    group = db.session.scalars(select(VillagerGroup.id)).first()
    row = {"village_id": village.id, "group_id": group, "number": "a\0b"}
    with pytest.raises(DataError), transaction():
        writing._insert(Household.__table__, [row])
