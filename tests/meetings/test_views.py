"""From convening to the list of those present, as the people of the village go through it."""

import hashlib
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, outbox
from portal.core.db import db, transaction
from portal.core.masking import mask_name
from portal.core.pdf.reading import read_words
from portal.inbox.models import InboxMessage
from portal.meetings import attending, convening, correcting, representing, service
from portal.meetings.models import Attendance, AttendanceSheet, Meeting
from portal.meetings.rules import Channel, Kind
from portal.people import service as people
from portal.people.models import Household, Resident
from portal.people.rules import Role

DAY = timedelta(days=1)


@pytest.fixture
def gridy(cast):
    """Gridy works in the grid and lives in no household here."""
    with transaction():
        account = people.add_account(name="Gridy", role=Role.GRID_WORKER, phone="13800000021")
    db.session.rollback()
    return type("Person", (), {"account_id": account.id, "village_id": account.village_id})


def sheet(**changes):
    day = clock.today(clock.now()) + 12 * DAY
    return {
        "kind": "village-meeting",
        "title": "讨论老年食堂",
        "agenda": "一、说明\n二、表决",
        "place": "文化礼堂",
        "held_on": day.isoformat(),
        "hour": "14:30",
        "group_id": "0",
        "version_id": "0",
    } | changes


def test_convening_is_read_once_more_then_told(app, cast, browse, at):
    with transaction():
        people.account_of(cast.vera.resident_id)
    client = browse(cast.max)
    asked = client.post(at("/meetings/desk/new"), data=sheet())
    assert asked.status_code == 200
    assert db.session.scalar(select(func.count(Meeting.id))) == 0
    db.session.rollback()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    again = client.post(at("/meetings/desk/new"), data=fields | {"back": "yes"})
    assert 'value="文化礼堂"' in again.text
    assert 'name="is_sure" value="yes"' not in again.text
    done = client.post(at("/meetings/desk/new"), data=fields | {"is_sure": "yes"})
    assert done.status_code == 303
    meeting = db.session.scalars(select(Meeting)).one()
    assert (meeting.place, meeting.agenda) == ("文化礼堂", "一、说明\r\n二、表决".replace("\r", ""))
    assert f"{meeting.held_at.astimezone(clock.SHANGHAI):%H:%M}" == "14:30"
    db.session.rollback()
    outbox.handle_waiting(app, now=clock.now())
    told = db.session.scalars(select(InboxMessage).where(InboxMessage.kind == "meetings.convened"))
    assert {m.account_id for m in told} == {cast.vera.id, cast.max.id, cast.sun.id, cast.wang.id}
    home = browse(cast.vera).get(at("/take-part")).text
    assert "讨论老年食堂" in home


def test_too_early_a_day_names_the_first_one(cast, browse, at):
    early = (clock.today(clock.now()) + 10 * DAY).isoformat()
    answer = browse(cast.max).post(at("/meetings/desk/new"), data=sheet(held_on=early))
    assert answer.status_code == 422
    assert "held_on-error" in answer.text
    assert "10 个整天" in answer.text


def test_called_off_is_told_with_the_reason(app, make_meeting, cast, browse, at):
    meeting = make_meeting(held=2 * DAY, opened=False)
    client = browse(cast.max)
    path = at(f"/meetings/desk/{meeting.id}/cancel")
    assert client.post(path, data={"reason": " "}).status_code == 422
    assert client.post(path, data={"reason": "台风"}).status_code == 303
    db.session.rollback()
    outbox.handle_waiting(app, now=clock.now())
    kinds = db.session.scalars(
        select(InboxMessage.kind).where(InboxMessage.account_id == cast.vera.id)
    ).all()
    assert kinds == ["meetings.cancelled"]  # of the convening it was too late to tell
    assert "台风" in browse(None).get(at(f"/meetings/{meeting.id}")).text


def test_the_eve_tells_once_more_unless_it_was_called_off(app, make_meeting, cast):
    meeting = make_meeting(held=3 * DAY, opened=False)
    off = make_meeting(held=3 * DAY, opened=False)
    with transaction():
        convening.cancel(off.id, reason="x", account_id=cast.max.id, now=clock.now())
    outbox.handle_waiting(app, now=clock.now() + 2 * DAY + timedelta(minutes=1))
    near = db.session.scalars(select(InboxMessage).where(InboxMessage.kind == "meetings.nears"))
    assert {m.path.rsplit("/", 1)[1] for m in near} == {str(meeting.id)}


def test_the_code_at_the_door_and_one_tap(meeting, cast, gridy, browse, at):
    page = browse(gridy).get(at(f"/meetings/{meeting.id}/door"))
    assert page.status_code == 200
    assert int(page.headers["Refresh"]) < 60
    assert "no-store" in page.headers["Cache-Control"]
    here = at(f"/meetings/{meeting.id}/here")
    code = attending.door_code(meeting.id, now=clock.now())
    stranger = browse(None).get(here, query_string={"c": code})
    assert "/sign-in" in stranger.location
    assert code in stranger.location  # it leads back with the code
    client = browse(cast.vera)
    asked = client.get(here, query_string={"c": code}).text
    assert f'name="c" value="{code}"' in asked
    assert service.attendees(meeting.id) == frozenset()  # a look is no presence
    for _ in range(2):
        assert client.post(here, data={"c": code}).status_code == 303
    old = attending.door_code(meeting.id, now=clock.now() - timedelta(minutes=9))
    assert browse(cast.sun).post(here, data={"c": old}).status_code == 409
    assert service.attendees(meeting.id) == {cast.vera.resident_id}
    assert browse(cast.nora).post(here, data={"c": code}).status_code == 403


def test_the_poster_is_confirmed_by_the_staff(meeting, cast, gridy, browse, at):
    here = at(f"/meetings/{meeting.id}/here")
    assert browse(cast.vera).post(here).status_code == 303
    assert service.count_present(meeting.id) == 0
    db.session.rollback()
    client = browse(gridy)
    assert "Vera" in client.get(at(f"/meetings/{meeting.id}/door")).text
    db.session.rollback()
    data = {"resident_id": cast.vera.resident_id, "back": "door"}
    seen = client.post(at(f"/meetings/{meeting.id}/roll"), data=data)
    db.session.rollback()
    assert seen.location == at(f"/meetings/{meeting.id}/door")
    assert service.attendees(meeting.id) == {cast.vera.resident_id}
    db.session.rollback()
    assert "Vera" not in client.get(at(f"/meetings/{meeting.id}/door")).text


def test_the_list_is_searched_and_ticked_but_not_for_oneself(meeting, cast, browse, at):
    client, path = browse(cast.max), at(f"/meetings/{meeting.id}/roll")
    assert re.findall(r"<b>(\w+)</b><small>", client.get(path, query_string={"q": "Ver"}).text) == [
        "Vera"
    ]
    assert "Wang" in client.get(path, query_string={"q": "0004"}).text  # of the phone
    where = client.post(f"{path}?q=Ver&page=1", data={"resident_id": cast.vera.resident_id})
    assert where.location.endswith("q=Ver&page=1")
    own = client.post(path, data={"resident_id": cast.max.resident_id})
    assert own.status_code == 409
    db.session.rollback()
    assert service.attendees(meeting.id) == {cast.vera.resident_id}


def test_online_only_where_it_was_said(meeting, make_meeting, cast, browse, at):
    client, other = browse(cast.vera), make_meeting()
    assert client.post(at(f"/meetings/{other.id}/online")).status_code == 409
    assert "/online" not in client.get(at(f"/meetings/{other.id}")).text
    assert "/online" in client.get(at(f"/meetings/{meeting.id}")).text
    assert client.post(at(f"/meetings/{meeting.id}/online")).status_code == 303
    assert service.present_by_channel(meeting.id)[Channel.ONLINE] == 1
    assert service.count_present(other.id) == 0


def test_the_signed_sheet_is_printed_and_entered(meeting, cast, browse, at):
    client = browse(cast.max)
    pdf = client.get(at(f"/meetings/desk/{meeting.id}/sheet.pdf"))
    places = {run.words.removeprefix("◆ "): run.page for run in read_words(pdf.data)}
    assert (places["Vera"], places["Wang"]) == (1, 2)  # a page for each group
    group = people.list_groups()[0].id
    path = at(f"/meetings/desk/{meeting.id}/paper?group={group}")
    assert "Vera" in client.get(path).text

    def enter(first, second, photo=b"a photo"):
        return client.post(
            path,
            data={
                "there": [cast.vera.resident_id],
                "first_witness": first,
                "second_witness": second,
                "photo": (io.BytesIO(photo), "sheet.jpg"),
            },
        )

    assert enter("Sun", "Nobody").status_code == 422
    assert enter("Sun", "Sun").status_code == 409
    assert enter("Sun", "Max").status_code == 409  # he enters it
    assert enter("Sun", "Wang  004").status_code == 303
    db.session.rollback()
    kept = db.session.scalars(select(AttendanceSheet.file_sha256)).one()
    assert kept == hashlib.sha256(b"a photo").hexdigest()
    agree = at(f"/meetings/{meeting.id}/witness")
    sheet = {"sheet": db.session.scalars(select(AttendanceSheet.id)).one()}
    assert "Wang" in client.get(at(f"/meetings/desk/{meeting.id}")).text  # waited for
    assert browse(cast.vera).post(agree, data=sheet).status_code == 409
    for person in (cast.sun, cast.wang):
        db.session.rollback()
        assert service.present_by_channel(meeting.id)[Channel.PAPER] == 0
        witness = browse(person)
        page = witness.get(at(f"/meetings/{meeting.id}")).text
        assert (agree in page, "Vera" in page) == (True, True)
        assert witness.post(agree, data=sheet).status_code == 303
        assert agree not in witness.get(at(f"/meetings/{meeting.id}")).text
    db.session.rollback()
    assert service.present_by_channel(meeting.id)[Channel.PAPER] == 1
    assert "Vera" not in re.findall(r"<b>(\w+)</b>", client.get(path).text)


def test_a_correction_needs_a_second_person(meeting, cast, browse, at):
    path = at(f"/meetings/{meeting.id}/corrections")
    data = {"who": "Vera", "how": "on-site", "reason": "桌上漏勾了"}
    first, second = browse(cast.max), browse(cast.sun)
    assert first.post(path, data=data | {"who": "Nobody"}).status_code == 422
    assert first.post(path, data=data).status_code == 303
    found = correcting.list_corrections(meeting.id)[0].row.id
    db.session.rollback()
    yes = at(f"/meetings/corrections/{found}/yes")
    assert "/yes" not in first.get(path).text
    assert first.post(yes).status_code == 409
    assert service.count_present(meeting.id) == 0
    db.session.rollback()
    assert second.post(yes).status_code == 303
    assert service.count_present(meeting.id) == 1
    db.session.rollback()
    assert second.post(yes).status_code == 409


def test_the_public_reads_numbers_and_no_name(meeting, cast, browse, at):
    page = at(f"/meetings/{meeting.id}")
    with transaction():
        for person in (cast.vera, cast.sun, cast.wang):
            attending.tick(meeting.id, person.resident_id, account_id=cast.max.id, now=clock.now())
    while_open = browse(None).get(page).text
    assert "figure" not in while_open  # nobody counts along who comes in
    with transaction():
        convening.close_meeting(meeting.id, account_id=cast.max.id, now=clock.now())
    closed = browse(None).get(page).text
    assert "figure" not in closed  # three people are too few
    for name in ("Vera", "Sun", "Wang", "Max"):
        assert name not in closed
    assert browse(None).get(f"{page}/names").status_code == 302
    assert browse(cast.paula).get(f"{page}/names").status_code == 403
    names = browse(cast.vera).get(f"{page}/names").text
    assert mask_name("Wang") in names  # whoever is called may check the list, masked
    assert "Wang" not in names and "13800000004" not in names
    assert "Wang" in browse(cast.max).get(f"{page}/names").text


def test_enough_people_are_counted_in_public(make_meeting, cast, browse, at):
    group, born_on = people.list_groups()[0].id, clock.today(clock.now()) - 12000 * DAY
    with transaction():
        homes = [Household(group_id=group, number=f"1{n:02}") for n in range(6)]
        db.session.add_all(homes)
        db.session.flush()
        facts = {"group_id": group, "born_on": born_on}
        db.session.add_all(
            Resident(household_id=home.id, name=f"P{home.id}", **facts) for home in homes
        )
    meeting = make_meeting()
    path = at(f"/meetings/{meeting.id}")
    came = sorted(service.members_of(meeting.id) - {cast.max.resident_id})[:8]
    with transaction():
        for resident_id in came:
            attending.tick(meeting.id, resident_id, account_id=cast.max.id, now=clock.now())
        convening.close_meeting(meeting.id, account_id=cast.max.id, now=clock.now())
    assert re.findall(r"<b>(\d+)</b>", browse(None).get(path).text) == ["8", "8", "8"]


def test_who_is_not_called_does_not_read_the_names(make_meeting, cast, browse, at):
    group = people.list_groups()[1].id
    meeting = make_meeting(Kind.VG, held=2 * DAY, opened=False, group_id=group)
    path = at(f"/meetings/{meeting.id}/names")
    assert browse(cast.vera).get(path).status_code == 403
    assert browse(cast.wang).get(path).status_code == 200
    assert browse(cast.nora).get(path).status_code == 403


def test_the_neighbours_meeting_is_not_there(meeting, cast, browse, at, neighbour):
    nora = browse(cast.nora)
    assert nora.get(at(f"/meetings/{meeting.id}", of=neighbour)).status_code == 404
    answer = nora.post(
        at(f"/meetings/{meeting.id}/here", of=neighbour),
        data={"c": attending.door_code(meeting.id, now=clock.now())},
    )
    assert answer.status_code == 404
    assert db.session.scalar(select(func.count(Attendance.id))) == 0


def test_representatives_are_entered_with_hints_and_no_hindrance(cast, browse, at):
    client, path = browse(cast.max), at("/meetings/representatives")
    today = clock.today(clock.now())
    term = {"begins_on": today.isoformat(), "ends_on": (today + 900 * DAY).isoformat()}
    assert client.post(path, data=term | {"who": "Nobody"}).status_code == 422
    assert client.post(path, data=term | {"who": "Vera"}).status_code == 303
    assert client.post(path, data=term | {"who": "Vera"}).status_code == 409
    backwards = {"who": "Wang", "begins_on": term["ends_on"], "ends_on": term["begins_on"]}
    assert client.post(path, data=backwards).status_code == 409
    assert "lacking" in client.get(path).text
    line = representing.list_on(today)[0]
    db.session.rollback()
    assert client.post(at(f"/meetings/representatives/{line.id}/end")).status_code == 303
    assert representing.list_on(today) == []


def test_a_list_takes_no_more_statements_for_more_names(meeting, cast, browse, at, count_queries):
    client, path = browse(cast.max), at(f"/meetings/{meeting.id}/roll")
    client.get(path)
    with count_queries() as few:
        client.get(path, query_string={"q": "Vera"})
    with count_queries() as many:
        client.get(path)
    assert many.n == few.n
