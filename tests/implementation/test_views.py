"""The pages of what follows a plan: who sees what, wrong input, statements that do not grow."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.implementation import concerned, duties, idle
from portal.implementation.models import Duty, InterestedParty, PlannerVisit
from portal.implementation.rules import AssetKind, DutyKind


def today():
    """Return the village's day: a run may go past midnight."""
    return clock.today(clock.now())


PUBLIC = ("/implementation/", "/implementation/idle", "/implementation/planner")


@pytest.mark.parametrize("path", PUBLIC)
def test_everybody_reads_what_is_public(followed, browse, at, cast, path):
    for person in (None, cast.vera, cast.otto, cast.nora):
        assert browse(person).get(at(path)).status_code == 200


def test_an_indicator_is_read_on_the_desk_and_shown_to_all(followed, ids, browse, at, cast):
    page = at(f"/implementation/desk/indicators/{ids['sewage']}")
    facts = {"read_on": today().isoformat(), "value": "50", "source": "乡镇"}
    assert browse(cast.vera).post(page, data=facts).status_code == 403
    assert browse(cast.nora).post(page, data=facts).status_code == 403
    wrong = browse(cast.max).post(page, data={**facts, "value": "很多"})
    assert wrong.status_code == 422
    assert browse(cast.max).post(page, data=facts).status_code == 303
    again = browse(cast.max).post(page, data=facts)
    assert again.status_code == 409
    assert "这一天已经填过了" in again.text
    shown = browse(None).get(at("/implementation/"))
    assert "50 %" in shown.text


def test_a_project_of_another_version_is_not_there(followed, ids, browse, at, cast):
    assert browse(cast.max).get(at("/implementation/desk/projects/999999")).status_code == 404
    assert browse(cast.max).get(at("/implementation/desk/indicators/999999")).status_code == 404


def test_a_duty_goes_from_the_form_to_done(followed, browse, at, cast):
    max_ = browse(cast.max)
    empty = max_.post(at("/implementation/desk/duties"), data={})
    assert empty.status_code == 422
    facts = {
        "what": "贴公示",
        "owner": "村委会",
        "due_on": (today() - timedelta(days=1)).isoformat(),
    }
    assert max_.post(at("/implementation/desk/duties"), data=facts).status_code == 303
    desk = max_.get(at("/implementation/desk")).text
    assert "贴公示" in desk
    assert "超期" in desk
    assert "件事已超期" in max_.get(at("/desk")).text
    duty_id = db.session.query(Duty.id).scalar()
    page = at(f"/implementation/desk/duties/{duty_id}")
    assert browse(cast.sun).get(page).status_code == 200
    assert browse(cast.sun).post(page, data={"note": "x"}).status_code == 403
    assert max_.post(page, data={"note": "贴好了"}).status_code == 303
    assert max_.post(page, data={"note": "贴好了"}).status_code == 409


def test_a_draft_evaluation_is_not_for_everybody(followed, browse, at, cast):
    max_ = browse(cast.max)
    year = today().year - 1
    begun = max_.post(at("/implementation/desk/evaluations"), data={"year": year})
    assert begun.status_code == 303
    page = at("/implementation/evaluations/1")
    assert browse(None).get(page).status_code == 404
    assert max_.get(page).status_code == 200
    unfinished = max_.post(at("/implementation/desk/evaluations/1/finish"))
    assert unfinished.status_code == 303
    assert browse(None).get(page).status_code == 404
    words = {"findings": "总体平稳", "outlook": "继续"}
    assert max_.post(at("/implementation/desk/evaluations/1"), data=words).status_code == 303
    assert max_.post(at("/implementation/desk/evaluations/1/finish")).status_code == 303
    assert "总体平稳" in browse(None).get(page).text


def test_a_suggestion_is_public_with_a_masked_name(browse, at, cast):
    with transaction():
        asset_id = idle.save_asset(
            None,
            entered_by=None,
            now=clock.now(),
            kind=AssetKind.HOUSE,
            name="老粮站",
            place="村口",
        ).id
    page = at(f"/implementation/idle/{asset_id}")
    assert browse(cast.otto).post(page + "/suggest", data={"text": "x"}).status_code == 403
    assert browse(cast.nora).post(page + "/suggest", data={"text": "x"}).status_code == 403
    assert browse(cast.vera).post(page + "/suggest", data={"text": " "}).status_code == 422
    assert browse(cast.vera).post(page + "/suggest", data={"text": "办食堂"}).status_code == 303
    seen = browse(None).get(page).text
    assert "办食堂" in seen
    assert cast.vera.name not in seen
    assert cast.vera.name in browse(cast.vera).get(page).text


def test_only_the_committee_names_people_and_planners_see_masks(followed, ids, browse, at, cast):
    page = at("/implementation/desk/parties")
    facts = {
        "anchor": f"project-{ids['1']}",
        "resident_id": cast.vera.resident_id,
        "reason": "紧挨着院子",
    }
    assert browse(cast.paula).post(page, data=facts).status_code == 403
    assert browse(cast.max).post(page, data=facts).status_code == 303
    assert browse(cast.max).post(page, data=facts).status_code == 409
    parcel = {**facts, "anchor": "parcel-", "parcel": 999}
    refused = browse(cast.max).post(page, data=parcel)
    assert refused.status_code == 422 and "图上没有这个编号的地块。" in refused.text
    assert cast.vera.name in browse(cast.max).get(page).text
    assert cast.vera.name not in browse(cast.paula).get(page).text
    mine = browse(cast.vera).get(at("/implementation/mine"))
    assert "紧挨着院子" in mine.text
    party_id = db.session.query(InterestedParty.id).scalar()
    say = at(f"/implementation/mine/{party_id}")
    assert browse(cast.max).post(say, data={"opinion": "我说"}).status_code in (403, 404)
    assert browse(cast.vera).post(say, data={"opinion": ""}).status_code == 422
    assert browse(cast.vera).post(say, data={"opinion": "别占院子"}).status_code == 303
    assert "别占院子" in browse(cast.paula).get(page).text


def test_the_planner_writes_down_visits_and_hours(browse, at, cast):
    paula = browse(cast.paula)
    facts = {
        "kind": "visit", "on_day": today().isoformat(), "minutes": 60, "place": "溪口",
        "people_met": 3, "notes": "看堤",
    }  # fmt: skip
    assert browse(cast.max).post(at("/implementation/desk/visits"), data=facts).status_code == 403
    late = {**facts, "on_day": (today() + timedelta(days=1)).isoformat()}
    assert paula.post(at("/implementation/desk/visits"), data=late).status_code == 409
    assert paula.post(at("/implementation/desk/visits"), data=facts).status_code == 303
    assert db.session.query(PlannerVisit).count() == 1
    hour = {"on_day": today().isoformat(), "begins": "14:00", "ends": "13:00", "place": "村委会"}
    wrong = paula.post(at("/implementation/desk/hours"), data=hour)
    assert wrong.status_code == 422
    assert "结束时间要晚于开始时间" in wrong.text
    hour["ends"] = "16:00"
    assert paula.post(at("/implementation/desk/hours"), data=hour).status_code == 303
    assert paula.post(at("/implementation/desk/hours"), data=hour).status_code == 409
    assert "14:00–16:00" in browse(None).get(at("/implementation/planner")).text


def test_pages_ask_the_same_number_of_statements_for_one_and_for_many(
    followed, browse, at, cast, count_queries
):
    def fill(first, last):
        with transaction():
            for number in range(first, last):
                duties.assign(
                    DutyKind.OTHER, subject_id=None, what=f"事{number}", owner=f"甲{number}",
                    due_on=today(), now=clock.now(),
                )  # fmt: skip
                asset = idle.save_asset(
                    None, entered_by=None, now=clock.now(), kind=AssetKind.LAND, name=f"地{number}",
                    place="村口",
                )  # fmt: skip
                idle.suggest(
                    asset.id, resident_id=cast.vera.resident_id, text="好", now=clock.now()
                )
                concerned.name_party(
                    followed, anchor=f"project-{number}", anchor_words="堤",
                    resident_id=cast.vera.resident_id, reason="挨着", named_by=None, now=clock.now(),
                )  # fmt: skip

    max_ = browse(cast.max)
    pages = ("/implementation/", "/implementation/desk", "/implementation/idle",
             "/implementation/desk/parties")  # fmt: skip
    fill(0, 1)
    once = []
    for page in pages:
        max_.get(at(page))
        with count_queries() as counted:
            assert max_.get(at(page)).status_code == 200
        once.append(counted.n)
    fill(1, 5)
    many = []
    for page in pages:
        with count_queries() as counted:
            assert max_.get(at(page)).status_code == 200
        many.append(counted.n)
    assert many == once
