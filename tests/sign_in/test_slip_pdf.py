"""The paper: eight slips a page, readable by people and by cameras, printed once and noted."""

import re
import subprocess
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AccessLog, Look
from portal.core.db import db, transaction
from portal.core.outbox import OutboxEvent
from portal.core.scope import village_scope
from portal.people.models import Account, Household, Resident, VillagerGroup
from portal.people.rules import Sex
from portal.roster import service as roster
from portal.roster.reading import RosterRow
from portal.sign_in import slip_pdf, slips
from portal.sign_in.models import AccountSession
from tests.sign_in.qr import codes_of_page

FAR = 4_000_000_000_000_000


def text_of(pdf):
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, check=True, capture_output=True
    )
    return done.stdout.decode()


def home_of(person):
    return db.session.scalar(select(Resident.household_id).where(Resident.id == person.resident_id))


def group_of(person):
    return db.session.scalar(select(Resident.group_id).where(Resident.id == person.resident_id))


def print_all(client, at, *, whose=0, seen=FAR, sure="y"):
    return client.post(at("/desk/slips"), data={"whose": whose, "seen": seen, "is_sure": sure})


def printed_codes(pdf):
    return re.findall(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", text_of(pdf))


def test_the_committee_prints_and_a_household_signs_in_with_the_paper(app, cast, browse, at):
    answer = print_all(browse(cast.max), at)
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    text = text_of(answer.data)
    codes = printed_codes(answer.data)
    assert len(codes) == len(set(codes)) == 4
    assert text.count("青溪村 登录条") == 4
    assert "V*a 家" in text
    assert "Vera" not in text  # a slip found in the street does not say whose it is
    assert "第1组 · 第 001 户" in text
    assert f"{app.config['SETTINGS'].public_url}{at('/sign-in')}" in text
    assert "本户以前的登录条已作废" in text
    year = clock.today(clock.now()) + timedelta(days=364)
    assert f"{year.year}年{year.month}月{year.day}日前有效" in text
    opened = [browse(None).post(at("/sign-in/slip"), data={"slip": code}) for code in codes]
    assert {answer.status_code for answer in opened} == {303}


def test_the_square_says_the_address_of_the_code(app, cast, browse, at, village):
    answer = print_all(browse(cast.max), at, whose=group_of(cast.vera))
    codes = printed_codes(answer.data)
    assert len(codes) == 2
    addresses = codes_of_page(answer.data, places=slip_pdf.PER_PAGE)
    plain = [code.replace("-", "") for code in codes]
    origin = app.config["SETTINGS"].public_url
    assert sorted(addresses) == sorted(f"{origin}/v/{village.code}/slip/{code}" for code in plain)
    page = browse(None).get(addresses[0].removeprefix(origin))
    assert f'value="{codes[plain.index(addresses[0][-12:])]}"' in page.text


def test_nothing_printed_is_kept(app, cast, browse, at):
    codes = printed_codes(print_all(browse(cast.max), at).data)
    db.session.rollback()
    rows = db.session.execute(
        select(*slips.AccessCode.__table__.c).where(
            slips.AccessCode.village_id == cast.max.village_id
        )
    ).all()
    assert len(rows) == 4
    for code in codes:
        assert not any(code.replace("-", "") in str(tuple(row)) for row in rows)


def test_printing_is_noted_for_the_group_and_for_each_of_a_household(cast, browse, at):
    client = browse(cast.max)
    group_id, home = group_of(cast.vera), home_of(cast.vera)
    print_all(client, at, whose=group_id)
    print_all(client, at)
    client.post(at(f"/desk/slips/households/{home}"), data={"seen": FAR, "is_sure": "y"})
    db.session.rollback()  # look at what is there now
    looks = db.session.execute(
        select(AccessLog.look, AccessLog.what, AccessLog.group_id, AccessLog.resident_id)
        .where(AccessLog.account_id == cast.max.id)
        .order_by(AccessLog.id)
    ).all()
    assert looks == [
        (Look.PRINTED, "slips", group_id, None),
        (Look.PRINTED, "slips", None, None),
        (Look.PRINTED, "slips", None, cast.vera.resident_id),
    ]


def test_the_page_says_first_that_older_slips_end_and_asks(cast, browse, at):
    client = browse(cast.max)
    page = client.get(at("/desk/slips")).text
    assert "新的一印，旧的作废" in page
    answer = print_all(client, at, sure="")
    assert answer.status_code == 422
    assert "请确认旧登录条作废" in answer.text
    db.session.rollback()
    assert slips.list_homes(household_id=home_of(cast.vera))[0].made_at is None


def test_nobody_chosen_prints_nothing(cast, browse, at):
    client = browse(cast.max)
    for whose in ("", "999999", "x"):
        assert print_all(client, at, whose=whose).status_code == 422


def test_a_second_click_does_not_end_the_first_paper(cast, browse, at):
    client = browse(cast.max)
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', client.get(at("/desk/slips")).text)[1]
    first = print_all(client, at, seen=seen)
    second = print_all(client, at, seen=seen)
    assert second.status_code == 409
    assert "已经打印过新的登录条" in second.text
    code = printed_codes(first.data)[0]
    assert browse(None).post(at("/sign-in/slip"), data={"slip": code}).status_code == 303
    again = re.search(r'name="seen"[^>]*value="(\d+)"', second.text)[1]
    assert print_all(client, at, seen=again).status_code == 200


@pytest.mark.parametrize("seen", ["-1", "9" * 30, "x", ""])
def test_a_time_that_is_none_prints_nothing_new(cast, browse, at, seen):
    client = browse(cast.max)
    assert print_all(client, at).status_code == 200
    assert print_all(client, at, seen=seen).status_code in (409, 422)


def test_one_household_gets_a_new_slip(cast, browse, at):
    client = browse(cast.max)
    others = printed_codes(print_all(client, at).data)
    home = home_of(cast.vera)
    page = client.get(at(f"/desk/slips/households/{home}")).text
    assert "Vera" in page
    answer = client.post(at(f"/desk/slips/households/{home}"), data={"seen": FAR, "is_sure": "y"})
    (code,) = printed_codes(answer.data)
    assert text_of(answer.data).count("青溪村 登录条") == 1
    assert browse(None).post(at("/sign-in/slip"), data={"slip": code}).status_code == 303
    statuses = [
        browse(None).post(at("/sign-in/slip"), data={"slip": other}).status_code for other in others
    ]
    assert sorted(statuses) == [303, 303, 303, 422]


def test_a_lost_slip_is_taken_back_on_its_page(cast, browse, at):
    client = browse(cast.max)
    home = home_of(cast.vera)
    path = at(f"/desk/slips/households/{home}")
    assert "作废登录条" not in client.get(path).text
    code = printed_codes(client.post(path, data={"seen": FAR, "is_sure": "y"}).data)[0]
    assert "作废登录条" in client.get(path).text
    assert client.post(path + "/lost").location == path
    assert browse(None).post(at("/sign-in/slip"), data={"slip": code}).status_code == 422
    db.session.rollback()  # look at what is there now
    looks = db.session.scalars(select(AccessLog.look).order_by(AccessLog.id)).all()
    assert looks[-1] is Look.CHANGED


def test_a_slip_for_one_person_opens_for_them_alone(cast, browse, at, village):
    with transaction():
        home, group = home_of(cast.vera), group_of(cast.vera)
        other = Resident(household_id=home, group_id=group, name="Vinzenz")
        db.session.add(other)
        db.session.flush()
        resident_id = other.id
    client = browse(cast.max)
    path = at(f"/desk/slips/residents/{resident_id}")
    household = printed_codes(print_all(client, at, whose=group).data)
    assert "Vinzenz" in client.get(path).text
    assert "Vinzenz" in client.get(at(f"/desk/slips/households/{home}")).text
    assert client.post(path, data={"seen": FAR}).status_code == 422
    answer = client.post(path, data={"seen": FAR, "is_sure": "y"})
    (code,) = printed_codes(answer.data)
    text = text_of(answer.data)
    assert "V*z 本人" in text
    assert "只能登录您本人的账号" in text
    visitor = browse(None)
    assert visitor.post(at("/sign-in/slip"), data={"slip": code}).status_code == 303
    assert db.session.get_one(Account, whose(visitor)).resident_id == resident_id
    for opened in household:  # the household's own slips still open
        assert browse(None).post(at("/sign-in/slip"), data={"slip": opened}).status_code != 422
    db.session.rollback()
    last = select(AccessLog.resident_id).order_by(AccessLog.id.desc())
    assert db.session.scalars(last).first() == resident_id
    early = client.post(path, data={"seen": 0, "is_sure": "y"})
    assert early.status_code == 409
    assert client.post(path, data={"seen": FAR, "is_sure": "y"}).status_code == 200
    assert browse(None).post(at("/sign-in/slip"), data={"slip": code}).status_code == 422


def whose(client):
    """Return the account that is signed in last."""
    db.session.rollback()
    return db.session.scalars(
        select(AccountSession.account_id).order_by(AccountSession.id.desc())
    ).first()


def test_those_whose_slip_it_is_are_told(cast, browse, at):
    client = browse(cast.max)
    client.post(
        at(f"/desk/slips/households/{home_of(cast.vera)}"), data={"seen": FAR, "is_sure": "y"}
    )
    db.session.rollback()
    facts = db.session.scalars(
        select(OutboxEvent.facts).where(OutboxEvent.kind == "sign-in.slips-printed")
    ).all()
    assert facts == [{"resident_ids": [cast.vera.resident_id], "by_name": "Max"}]


@pytest.mark.parametrize("who", ["vera", "wang", "sun", "paula", "otto", "nora", None])
def test_nobody_but_the_committee_prints(cast, browse, at, who):
    person = who and getattr(cast, who)
    home = home_of(cast.vera)
    client = browse(person)
    answers = [
        client.get(at("/desk/slips")),
        print_all(client, at),
        client.get(at(f"/desk/slips/groups/{group_of(cast.vera)}")),
        client.get(at(f"/desk/slips/households/{home}")),
        client.post(at(f"/desk/slips/households/{home}"), data={"seen": FAR, "is_sure": "y"}),
        client.post(at(f"/desk/slips/households/{home}/lost")),
        client.get(at(f"/desk/slips/residents/{cast.vera.resident_id}")),
        client.post(
            at(f"/desk/slips/residents/{cast.vera.resident_id}"),
            data={"seen": FAR, "is_sure": "y"},
        ),
    ]
    assert {answer.status_code for answer in answers} <= {302, 401, 403}
    assert not any("application/pdf" in answer.mimetype for answer in answers)
    db.session.rollback()
    assert db.session.scalars(select(slips.AccessCode)).all() == []


def test_a_household_of_the_neighbour_is_none_of_ours(cast, browse, at, neighbour):
    with village_scope(neighbour.id):
        home, group = home_of(cast.nora), group_of(cast.nora)
    client = browse(cast.max)
    assert client.get(at(f"/desk/slips/households/{home}")).status_code == 404
    assert client.get(at(f"/desk/slips/groups/{group}")).status_code == 404
    answer = client.post(at(f"/desk/slips/households/{home}"), data={"seen": FAR, "is_sure": "y"})
    assert answer.status_code == 404
    assert client.post(at(f"/desk/slips/households/{home}/lost")).status_code == 404
    nora = at(f"/desk/slips/residents/{cast.nora.resident_id}")
    assert client.get(nora).status_code == 404
    assert client.post(nora, data={"seen": FAR, "is_sure": "y"}).status_code == 404
    assert print_all(client, at, whose=group).status_code == 422


def test_the_lists_ask_as_often_for_three_households_as_for_one(
    cast, browse, at, village, count_queries
):
    client = browse(cast.max)
    path = at(f"/desk/slips/groups/{group_of(cast.vera)}")
    client.get(path)
    with count_queries() as few:
        client.get(path)
    with transaction():
        group = db.session.get_one(VillagerGroup, group_of(cast.vera))
        for number in ("101", "102"):
            home = Household(group_id=group.id, number=number)
            db.session.add(home)
            db.session.flush()
            for name in ("甲", "乙"):
                db.session.add(Resident(household_id=home.id, group_id=group.id, name=name))
    with count_queries() as many:
        page = client.get(path).text
    assert "甲、乙" in page or "乙、甲" in page
    assert many.n == few.n


# --- the paper itself --------------------------------------------------------------------------

WORDS = slip_pdf.Words(
    village="青溪村",
    title="登录条",
    until="2026年3月1日印",
    older_end="旧的作废",
    use=("扫码。", "点名字。", "不给外人。"),
    address="https://village.example/v/330523102201/sign-in",
    english="Scan it.",
    language="zh-CN",
)


def sheet(number, name="王*明"):
    return slip_pdf.SlipSheet(
        place=f"第1组 · {number:03d}号户",
        home=f"{name} 家",
        code="ABCD-2345-WXYZ",
        address="https://village.example/v/330523102201/slip/ABCD2345WXYZ",
    )


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (8, 1), (9, 2), (16, 2), (17, 3)])
def test_eight_stand_on_a_page(count, pages):
    pdf = slip_pdf.render([sheet(n) for n in range(1, count + 1)], WORDS)
    text = text_of(pdf)
    assert text.count("\f") == pages
    assert all(f"{n:03d}号户" in text for n in range(1, count + 1))


def test_the_same_slips_give_the_same_paper_and_it_tells_nothing_of_its_maker():
    pdf = slip_pdf.render([sheet(1)], WORDS)
    assert pdf == slip_pdf.render([sheet(1)], WORDS)
    done = subprocess.run(["pdfinfo", "-"], input=pdf, check=True, capture_output=True)
    info = done.stdout.decode()
    assert "ReportLab" not in info
    assert not re.search(r"(Author|Creator|Producer):[ \t]*\S", info)


def test_rare_and_long_names_stay_on_their_slip():
    pdf = slip_pdf.render(
        [sheet(1, "𬭚*䶮"), sheet(2, "买买提" * 12), sheet(3, "\U0003ffff")], WORDS
    )
    text = text_of(pdf)
    assert "𬭚*䶮 家" in text
    assert "买买提买" in text
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, check=True, capture_output=True
    )
    words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)"', done.stdout.decode())
    middle = slip_pdf.WIDTH
    assert words
    for left, _top, right in words:
        assert (float(left) < middle) == (float(right) < middle)  # none crosses the cut
        assert float(right) < 2 * middle - 15


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_1500_residents_are_printed_in_ten_seconds(cast, browse, at, village):
    rows = [
        RosterRow(
            f"{1000 + n // 3}", 1 + n // 300, f"村民{n}", Sex.UNKNOWN, date(1980, 1, 1),
            None, n % 3 == 0, True, False,
        )
        for n in range(1500)
    ]  # fmt: skip
    with transaction():
        roster.import_roster(rows, now=clock.now())
    client = browse(cast.max)
    began = time.process_time()  # of the processor: the machine may be busy with other tests
    answer = print_all(client, at)
    assert time.process_time() - began < 10
    assert len(printed_codes(answer.data)) == 504
    assert text_of(answer.data).count("\f") == 63
