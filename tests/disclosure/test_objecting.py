"""Objections: one for each resident, masked outside, answered in time, the second level noted."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.ballots import service as ballots
from portal.ballots.rules import State as Stage
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.personal import Person, Wish
from portal.core.scope import all_villages
from portal.disclosure import objecting, personal, service
from portal.disclosure.life_models import DisclosureAnswer
from portal.disclosure.rules import Refusal
from portal.disclosure.states import State
from portal.people.models import Resident
from tests.disclosure.conftest import VOTE, publish_whole

WORDS = "票数和现场唱票的不一样。"


@pytest.fixture
def doc(cast, office, vote, press) -> int:
    with transaction():
        return publish_whole(VOTE, vote, press).id


def object_to(doc, person, *, words=WORDS, now=None) -> int:
    with transaction():
        return service.object_to(
            service.case_of(doc).id, resident_id=person.resident_id, account_id=person.id,
            words=words, now=now or clock.now(),
        ).id  # fmt: skip


def answer(objection_id, words="已复核。", *, level=1, now=None, who=None):
    with transaction():
        service.answer(
            objection_id, words, level=level, account_id=who.id if who else 1,
            now=now or clock.now(),
        )  # fmt: skip


def refusal_of(deed, *args, **facts):
    with pytest.raises(Refused) as refused:
        deed(*args, **facts)
    return refused.value.reason


def test_once_for_each_resident_while_the_period_runs(cast, doc) -> None:
    end = clock.midnight_after(service.get_doc(doc).period_end)
    object_to(doc, cast.vera, now=end - timedelta(seconds=1))
    assert refusal_of(object_to, doc, cast.vera) is Refusal.OBJECTED_ALREADY
    assert refusal_of(object_to, doc, cast.wang, now=end) is Refusal.NO_OBJECTION_NOW
    assert [line.words for line in service.list_objections(service.case_of(doc).id)] == [WORDS]


def test_one_objects_twice_at_once(cast, doc, race) -> None:
    case_id = service.case_of(doc).id

    def run(_index):
        return service.object_to(
            case_id, resident_id=cast.vera.resident_id, account_id=cast.vera.id, words=WORDS,
            now=clock.now(),
        ).number  # fmt: skip

    results = race(4, run)
    assert results.count(1) == 1
    assert {getattr(one, "reason", one) for one in results} == {1, Refusal.OBJECTED_ALREADY}
    with pytest.raises(IntegrityError), transaction():  # the key, where nobody holds the document
        row = objecting.get_objection(service.list_objections(case_id)[0].id)
        columns = {c.name: getattr(row, c.name) for c in row.__table__.columns if c.name != "id"}
        db.session.add(type(row)(**columns | {"number": 2}))


def test_an_objection_holds_the_result_of_the_vote_up(cast, doc, vote) -> None:
    ballot = ballots.get_ballot(vote)
    assert ballots.state_of(ballot, now=clock.now()) is Stage.DISCLOSED
    object_to(doc, cast.vera)
    db.session.rollback()
    assert ballots.state_of(ballots.get_ballot(vote), now=clock.now()) is Stage.OBJECTED


def test_two_answer_at_once(cast, doc, race) -> None:
    objection_id = object_to(doc, cast.vera)

    def run(index):
        return service.answer(
            objection_id, f"第{index}人答复", level=1, account_id=cast.max.id, now=clock.now()
        ).level

    results = race(3, run)
    assert {getattr(one, "reason", one) for one in results} == {1, Refusal.ANSWERED_ALREADY}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            DisclosureAnswer(objection_id=objection_id, level=1, words="x", done_at=clock.now())
        )


def test_its_life_goes_on_with_the_answers(cast, doc) -> None:
    case_id, now = service.case_of(doc).id, clock.now()
    over = clock.midnight_after(service.get_doc(doc).period_end)
    first, second = object_to(doc, cast.vera), object_to(doc, cast.wang)
    answer(first)
    with all_villages("a chore"), transaction():
        objecting.move_all(now=over)
    assert service.get_case(case_id).state is State.OBJECTION  # one has no answer yet
    answer(second, now=over)
    assert service.get_case(case_id).state is State.ANSWERED
    assert refusal_of(answer, second, now=over) is Refusal.ANSWERED_ALREADY
    answer(second, "镇政府：维持答复。", level=2, now=over)
    with all_villages("a chore"), transaction():
        objecting.move_all(now=over + timedelta(days=7))
    assert service.get_case(case_id).state is State.ENDED
    assert service.list_objections(case_id)[1].second.words == "镇政府：维持答复。"
    assert now < over


def test_the_second_level_comes_second(cast, doc) -> None:
    objection_id = object_to(doc, cast.vera)
    assert refusal_of(answer, objection_id, level=2) is Refusal.NOT_ANSWERED_YET


def test_a_complicated_matter_takes_fifteen_days(cast, doc) -> None:
    objection_id = object_to(doc, cast.vera)
    row = service.get_objection(objection_id)
    made = clock.today(row.done_at)
    assert 5 <= (row.answer_by - made).days <= 12  # no rest day ends it

    def extend(reason, now=None):
        with transaction():
            service.extend(objection_id, reason=reason, now=now or clock.now())

    assert refusal_of(extend, " ") is Refusal.NO_REASON
    late = clock.midnight_after(row.answer_by)
    assert refusal_of(extend, "要调阅档案", now=late) is Refusal.TOO_LATE_TO_EXTEND
    extend("要调阅档案")
    assert 15 <= (service.get_objection(objection_id).answer_by - made).days <= 24
    assert refusal_of(extend, "再来一次") is Refusal.TOO_LATE_TO_EXTEND


@pytest.mark.parametrize("who", [None, "vera", "wang", "paula", "otto", "nora"])
def test_outside_the_name_is_masked(cast, doc, browse, at, who) -> None:
    with transaction():
        db.session.get_one(Resident, cast.vera.resident_id).name = "欧阳明月"
    object_to(doc, cast.vera)
    page = browse(who and getattr(cast, who)).get(at(f"/disclosure/{doc}")).text
    assert WORDS in page
    assert "欧阳明月" not in page
    assert "欧*月" in page


@pytest.mark.parametrize("who", ["max", "sun"])
def test_inside_it_is_known(cast, doc, browse, at, who) -> None:
    with transaction():
        db.session.get_one(Resident, cast.vera.resident_id).name = "欧阳明月"
    object_to(doc, cast.vera)
    assert "欧阳明月" in browse(getattr(cast, who)).get(at(f"/disclosure/{doc}")).text


def test_who_forgets_takes_words_and_name_along(cast, doc) -> None:
    objection_id = object_to(doc, cast.vera)
    person = Person(
        account_id=cast.vera.id, village_id=cast.vera.village_id,
        resident_id=cast.vera.resident_id, household_id=None, group_id=None, phone=None,
    )  # fmt: skip
    with transaction():
        keep = Wish(takes_words_back=False, clears_roster=False)
        assert personal.forget(person, keep, now=clock.now()) == 0
        take = Wish(takes_words_back=True, clears_roster=False)
        assert personal.forget(person, take, now=clock.now()) == 1
        assert personal.forget(person, take, now=clock.now()) == 0
    assert service.get_objection(objection_id).words == "*"


@pytest.mark.parametrize("who", ["vera", "wang", "otto", "nora", "paula", "ada", None])
def test_the_form_is_for_residents(cast, doc, browse, at, who) -> None:
    client = browse(who and getattr(cast, who))
    answer_ = client.post(at(f"/disclosure/{doc}/object"), data={"words": WORDS})
    expected = 303 if who in {"vera", "wang"} else 401 if who is None else 403
    assert answer_.status_code == expected
    count = len(service.list_objections(service.case_of(doc).id))
    assert count == (1 if expected == 303 else 0)


def test_the_committee_hears_and_answers_and_the_objector_is_told(
    cast, doc, browse, at, told
) -> None:
    told()
    client = browse(cast.vera)
    assert client.post(at(f"/disclosure/{doc}/object"), data={"words": ""}).status_code == 422
    assert client.post(at(f"/disclosure/{doc}/object"), data={"words": WORDS}).status_code == 303
    assert client.post(at(f"/disclosure/{doc}/object"), data={"words": WORDS}).status_code == 409
    heard = told()
    assert {who for who, _words, _path in heard} >= {"max", "sun"}
    assert all("Vera" not in words and WORDS not in words for _who, words, _path in heard)
    path = next(path for who, _words, path in heard if who == "max")
    desk = browse(cast.max)
    assert "Vera" in desk.get(path).text
    sent = desk.post(f"{path}/answer", data={"words": "已复核，票数无误。"})
    assert sent.status_code == 303
    assert desk.post(f"{path}/answer", data={"words": "再答"}).status_code == 409
    assert [(who, path) for who, _words, path in told()] == [("vera", at(f"/disclosure/{doc}"))]
    assert browse(cast.sun).post(f"{path}/second", data={"words": "x"}).status_code == 403
    assert desk.post(f"{path}/second", data={"words": "镇政府：维持。"}).status_code == 303
    page = browse().get(at(f"/disclosure/{doc}")).text
    assert "已复核，票数无误。" in page
    assert "镇政府：维持。" in page
