"""The page of a resident: masked, opened with a reason, changed by rule, and every change listed."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AccessLog, Look
from portal.core.db import db
from portal.people import electorate
from portal.people.models import Resident
from portal.roster import known, service
from portal.roster.labels import REFUSALS
from portal.roster.models import RosterChange
from portal.roster.rules import Refusal

VERA_PHONE = "13800000001"
ID_NUMBER = "330523198505011229"
LAST4 = ID_NUMBER[-4:]


@pytest.fixture
def vera_at(cast, at):
    return at(f"/desk/roster/residents/{cast.vera.resident_id}")


def read(resident_id):
    db.session.rollback()
    return known.read_one(resident_id)


def looks():
    db.session.rollback()
    rows = db.session.scalars(select(AccessLog).order_by(AccessLog.id))
    return [(r.look, r.what, r.account_name, r.resident_id, r.reason) for r in rows]


def correction(client, vera_at, **facts):
    """Open the page and send its form back with other entries."""
    page = client.post(vera_at + "/open", data={"reason": "核对"})
    stamp = page.text.split('name="stamp" type="hidden" value="')[1].split('"')[0]
    data = {
        "name": "Vera",
        "sex": "female",
        "born_on": "1985-05-01",
        "phone": VERA_PHONE,
        "second_contact": "",
        "id_number": "",
        "is_representative": "y",
        "is_registered": "y",
        "stamp": stamp,
        "reason": "更正",
    }
    data = {k: v for k, v in (data | facts).items() if v is not None}
    return client.post(vera_at + "/correct", data=data, follow_redirects=True)


def test_the_list_and_the_page_are_masked(cast, browse, at, vera_at):
    client = browse(cast.max)
    for page in (client.get(at("/desk/roster")), client.get(vera_at)):
        assert "Vera" in page.text
        assert "138****0001" in page.text
        assert VERA_PHONE not in page.text
        assert "1985" in page.text
        assert "1985-05-01" not in page.text
    assert looks() == []


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("Ver", ["Vera"]),
        ("001", ["Vera"]),
        ("0003", ["Sun"]),
        (VERA_PHONE, ["Vera"]),
        ("%", []),
        ("____", []),
        ("1380", []),
    ],
)
def test_somebody_is_found_by_name_household_or_last_four(cast, browse, at, search, names):
    page = browse(cast.max).get(at("/desk/roster"), query_string={"q": search})
    found = [name for name in ("Vera", "Max</a>", "Sun", "Wang") if f">{name}" in page.text]
    assert found == names


def test_opening_asks_why_and_is_written_down(cast, browse, vera_at):
    client = browse(cast.max)
    assert client.post(vera_at + "/open", data={"reason": " "}).status_code == 422
    assert looks() == []
    page = client.post(vera_at + "/open", data={"reason": "核对手机号"})
    assert VERA_PHONE in page.text
    assert "1985-05-01" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert looks() == [(Look.OPENED, "roster", "Max", cast.vera.resident_id, "核对手机号")]


def test_a_correction_is_in_the_record(cast, browse, vera_at):
    client = browse(cast.max)
    page = correction(client, vera_at, phone="139 1111 2222", id_number=ID_NUMBER)
    assert page.status_code == 200
    assert "139****2222" in page.text
    vera = db.session.get_one(Resident, cast.vera.resident_id)
    db.session.rollback()
    db.session.refresh(vera)
    assert (vera.phone, vera.id_last4) == ("13911112222", LAST4)
    assert vera.id_digest == known.digest_id(ID_NUMBER)
    change = db.session.scalars(select(RosterChange).order_by(RosterChange.id.desc())).first()
    assert change.fields == {
        "phone": ["138****0001", "139****2222"],
        "id_number": [None, None],
    }
    assert (change.account_id, change.reason) == (cast.max.id, "更正")


def test_an_empty_correction_changes_nothing(cast, browse, vera_at):
    page = correction(browse(cast.max), vera_at)
    assert page.status_code == 422
    assert str(REFUSALS[Refusal.NOTHING_TO_CHANGE]) in page.text


def test_an_id_number_stays_where_none_is_written(cast, browse, vera_at):
    client = browse(cast.max)
    correction(client, vera_at, id_number=ID_NUMBER)
    correction(client, vera_at, phone="")
    person = read(cast.vera.resident_id)
    assert (person.phone, person.id_last4) == (None, LAST4)


def test_a_correction_of_a_page_that_is_old_is_refused(cast, browse, vera_at):
    page = correction(browse(cast.max), vera_at, name="Vera Eins", stamp="0" * 64)
    assert page.status_code == 422
    assert str(REFUSALS[Refusal.ROSTER_CHANGED]) in page.text
    assert read(cast.vera.resident_id).name == "Vera"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"name": ""}, "姓名"),
        ({"phone": "1380000"}, "不是 11 位手机号"),
        ({"id_number": "330523198505011220"}, "身份证号"),
        ({"id_number": "3305231985"}, "身份证号"),
        ({"born_on": "1899-12-31"}, "出生日期"),
        ({"born_on": "2099-01-01"}, "出生日期"),
        ({"reason": ""}, "请写明原因"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast, browse, vera_at, facts, words):
    page = correction(browse(cast.max), vera_at, **facts)
    assert page.status_code == 422
    assert words in page.text
    assert read(cast.vera.resident_id).phone == VERA_PHONE


def test_an_id_number_belongs_to_one_person(cast, browse, at, vera_at):
    client = browse(cast.max)
    correction(client, vera_at, id_number=ID_NUMBER)
    sun_at = at(f"/desk/roster/residents/{cast.sun.resident_id}")
    page = correction(client, sun_at, name="Sun", born_on="1955-02-28", id_number=ID_NUMBER)
    assert page.status_code == 422
    assert str(REFUSALS[Refusal.ID_OF_ANOTHER]) in page.text


def newcomer(**facts):
    data = {
        "household": "001",
        "group": "",
        "name": "新人",
        "sex": "male",
        "born_on": "2000-01-01",
        "is_registered": "y",
        "reason": "婚入",
    }
    return {k: v for k, v in (data | facts).items() if v is not None}


@pytest.mark.parametrize(
    ("facts", "household", "group"),
    [
        ({}, "001", 1),
        ({"group": "2"}, "001", 1),
        ({"household": "77", "group": "2"}, "77", 2),
    ],
    ids=["of-a-household", "its-group-counts", "new-household"],
)
def test_somebody_is_added(cast, browse, at, facts, household, group):
    client = browse(cast.max)
    page = client.post(
        at("/desk/roster/residents/new"), data=newcomer(**facts), follow_redirects=True
    )
    assert page.status_code == 200
    resident_id = db.session.scalar(select(Resident.id).where(Resident.name == "新人"))
    person = read(resident_id)
    assert (person.household, person.group, person.is_representative) == (household, group, False)
    (entry,), _ = service.list_changes(resident_id=resident_id, per_page=9)
    assert (entry.kind, entry.by, entry.reason) == ("added", "Max", "婚入")


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"household": "77"}, Refusal.NEW_HOUSEHOLD),
        ({"name": "Vera", "born_on": "1985-05-01"}, Refusal.CLASH),
    ],
)
def test_somebody_is_not_added(cast, browse, at, facts, refusal):
    page = browse(cast.max).post(at("/desk/roster/residents/new"), data=newcomer(**facts))
    assert page.status_code == 422
    assert str(REFUSALS[refusal]) in page.text


def do(client, vera_at, action, **data):
    return client.post(f"{vera_at}/{action}", data={"reason": "属实"} | data, follow_redirects=True)


@pytest.mark.parametrize(("how", "kind"), [("moved", "removed"), ("died", "died")])
def test_who_leaves_or_dies_is_kept_and_can_no_longer_take_part(
    cast, browse, at, vera_at, how, kind
):
    client, vera = browse(cast.max), browse(cast.vera)
    assert vera.get(at("/me")).status_code == 200
    assert do(client, vera_at, "leave", how=how, day="2026-01-02").status_code == 200
    person = read(cast.vera.resident_id)
    assert (person.left_on, person.is_representative) == (date(2026, 1, 2), False)
    (entry, _), _n = service.list_changes(resident_id=cast.vera.resident_id, per_page=9)
    assert entry.kind == kind
    assert "Vera" not in client.get(at("/desk/roster")).text
    assert "Vera" in client.get(at("/desk/roster?left=1")).text
    again = do(client, vera_at, "leave", how=how, day="2026-01-02")
    assert str(REFUSALS[Refusal.NOT_HERE]) in again.text
    assert do(client, vera_at, "return").status_code == 200
    assert read(cast.vera.resident_id).left_on is None
    assert str(REFUSALS[Refusal.STILL_HERE]) in do(client, vera_at, "return").text


def test_a_day_must_have_come_and_must_be_in_a_life(cast, browse, vera_at):
    client = browse(cast.max)
    tomorrow = clock.today(clock.now()) + timedelta(days=1)
    page = do(client, vera_at, "leave", how="moved", day=tomorrow.isoformat())
    assert str(REFUSALS[Refusal.DAY_TO_COME]) in page.text
    page = do(client, vera_at, "leave", how="died", day="1985-04-30")
    assert str(REFUSALS[Refusal.BEFORE_BIRTH]) in page.text


def test_the_meeting_admits_who_is_registered_elsewhere(cast, browse, vera_at):
    client, today = browse(cast.max), clock.today(clock.now())
    page = do(client, vera_at, "admit", day="2026-01-02")
    assert str(REFUSALS[Refusal.REGISTERED]) in page.text
    correction(client, vera_at, is_registered=None)
    vera = db.session.get_one(Resident, cast.vera.resident_id)
    db.session.rollback()
    db.session.refresh(vera)
    assert not electorate.is_of_electorate(vera, day=today)
    assert do(client, vera_at, "admit", day="2026-01-02").status_code == 200
    db.session.rollback()
    db.session.refresh(vera)
    assert vera.admitted_on == date(2026, 1, 2)
    assert electorate.is_of_electorate(vera, day=today)
    assert not electorate.is_of_electorate(vera, day=date(2026, 1, 1))


def test_somebody_moves_to_another_household(cast, browse, vera_at):
    client = browse(cast.max)
    assert do(client, vera_at, "move", household="003").status_code == 200
    person = read(cast.vera.resident_id)
    assert (person.household, person.group, person.is_representative) == ("003", 2, False)
    page = do(client, vera_at, "move", household="88")
    assert str(REFUSALS[Refusal.NEW_HOUSEHOLD]) in page.text
    do(client, vera_at, "move", household="88", group="1")
    assert read(cast.vera.resident_id).group == 1


def test_the_roster_is_taken_out_with_a_purpose(cast, browse, at, vera_at):
    client = browse(cast.max)
    correction(client, vera_at, id_number=ID_NUMBER)
    before = len(looks())
    assert client.post(at("/desk/roster/export"), data={"kind": "csv"}).status_code == 422
    assert len(looks()) == before
    wish = {"reason": "发放通知", "kind": "csv"}
    answer = client.post(at("/desk/roster/export"), data=wish)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert ID_NUMBER not in answer.text
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["姓名"] for row in rows] == ["Vera", "Max", "Sun", "Wang"]
    assert LAST4 in rows[0].values()
    assert looks()[-1] == (Look.EXPORTED, "roster", "Max", None, "发放通知")
    answer = client.post(at("/desk/roster/export"), data=wish | {"kind": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [row[2] for row in book.active.iter_rows(values_only=True)][1:] == [
        "Vera",
        "Max",
        "Sun",
        "Wang",
    ]


def test_what_is_handed_out_can_be_handed_in_again(cast, browse, at, hand_in):
    client = browse(cast.max)
    for kind in ("csv", "xlsx"):
        answer = client.post(at("/desk/roster/export"), data={"reason": "核对", "kind": kind})
        page = hand_in(client, content=answer.data, filename=f"名册.{kind}", missing="left")
        assert "没有任何变化" in page.text, kind


def test_pages_take_as_many_queries_for_three_as_for_one(cast, browse, at, vera_at, count_queries):
    client = browse(cast.max)
    counted = {"/desk/roster/log": [], "": []}
    for number in range(3):
        correction(client, vera_at, phone=f"1391111000{number}")
        for path, found in counted.items():
            address = at(path) if path else vera_at
            with count_queries() as count:
                assert client.get(address).status_code == 200
            found.append(count.n)
    for path, found in counted.items():
        assert len(set(found)) == 1, (path, found)


def test_the_list_takes_as_many_queries_for_three_as_for_one(cast, browse, at, count_queries):
    client = browse(cast.max)
    counted = []
    for search in ("?q=Vera", ""):
        client.get(at("/desk/roster") + search)
        with count_queries() as count:
            assert client.get(at("/desk/roster") + search).status_code == 200
        counted.append(count.n)
    assert counted[0] == counted[1]


def test_the_list_shows_no_neighbour(cast, browse, at):
    page = browse(cast.max).get(at("/desk/roster"))
    assert "Vera" in page.text
    assert "Nora" not in page.text
