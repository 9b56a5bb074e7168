"""A draft is on every phone of its author, nobody else reads it, and no word of it is lost."""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock, personal
from portal.core.db import db, transaction
from portal.core.personal import Wish
from portal.discussion import drafting, service
from portal.discussion import personal as own
from portal.discussion.draft_models import OpinionDraft
from portal.discussion.models import Comment
from portal.discussion.rules import LONGEST_OTHER, put_aside

KEY, NEXT_KEY = "key-00000001", "key-00000002"
SECRET = "还没想好的话"


@pytest.mark.parametrize(
    ("others", "body", "instead", "kept"),
    [
        ("", "", "新", ""),
        ("", "旧", "新", "旧"),
        ("", "旧", "旧的加新的", ""),
        ("甲", "乙", "新", "甲\n\n乙"),
        ("甲\n\n乙", "乙", "新", "甲\n\n乙"),
        ("甲" * LONGEST_OTHER, "乙", "新", "甲" * (LONGEST_OTHER - 3) + "\n\n乙"),
    ],
)
def test_what_is_put_aside(others, body, instead, kept):
    assert put_aside(others, body, instead=instead) == kept


@pytest.fixture(autouse=True)
def from_one(monkeypatch):
    """Let a draft begin to count with the lowest number."""
    monkeypatch.setattr(drafting, "MOST_FIRST", 1)


def keep(version, person, body, *, seen=0, key=KEY):
    with transaction():
        draft = drafting.keep_draft(
            version,
            about="goal-1",
            body=body,
            client_key=key,
            seen_revision=seen,
            resident_id=person.resident_id,
            now=clock.now(),
        )
        return draft and (draft.revision, draft.body, draft.other_body)


def test_one_device_goes_on_writing(version, cast):
    assert keep(version, cast.vera, " 路 ") == (1, "路", "")
    assert keep(version, cast.vera, "路太窄", seen=1) == (2, "路太窄", "")
    assert keep(version, cast.vera, "", seen=2) is None
    assert keep(version, cast.vera, "") is None


def test_a_draft_that_is_gone_is_taken_for_no_other(version, cast, monkeypatch):
    monkeypatch.setattr(drafting, "MOST_FIRST", 2**30)
    stale, _, _ = keep(version, cast.vera, "旧的话")
    assert keep(version, cast.vera, "", seen=stale) is None
    first, _, _ = keep(version, cast.vera, "新写的一大段话", key=NEXT_KEY)
    assert 0 < first != stale
    with transaction():
        drafting.end_draft(
            version, client_key=KEY, seen_revision=stale, resident_id=cast.vera.resident_id
        )
    assert keep(version, cast.vera, "旧的话。", seen=stale)[1:] == ("旧的话。", "新写的一大段话")


def test_of_two_devices_the_newest_wins_and_the_other_is_offered(version, cast, browse, at):
    keep(version, cast.vera, "在手机上写的")
    assert keep(version, cast.vera, "在平板上写的") == (2, "在平板上写的", "在手机上写的")
    assert keep(version, cast.vera, "") == (2, "在平板上写的", "在手机上写的")
    assert (
        keep(version, cast.vera, "在手机上写的,再加一句", seen=1)[2]
        == "在手机上写的\n\n在平板上写的"
    )
    client = browse(cast.vera)
    page = client.get(at(f"/discussion/plans/{version}")).text
    assert "在另一部手机上写的" in page and "在平板上写的" in page
    assert client.post(at(f"/discussion/plans/{version}/draft/other")).status_code == 303
    draft = drafting.find_draft(version, resident_id=cast.vera.resident_id)
    assert draft.body == "在手机上写的\n\n在平板上写的"
    assert draft.other_body == "在手机上写的,再加一句"
    db.session.rollback()
    assert client.post(at(f"/discussion/plans/{version}/draft/drop")).status_code == 303
    draft = drafting.find_draft(version, resident_id=cast.vera.resident_id)
    assert (draft.body, draft.other_body) == ("在手机上写的\n\n在平板上写的", "")


def test_a_draft_is_kept_without_a_script_and_found_on_another_phone(version, cast, browse, at):
    here = at(f"/discussion/plans/{version}")
    page = browse(cast.vera).get(here).text
    action = re.search(r'formaction="([^"]+)"', page)[1]
    answer = browse(cast.vera).post(action, data={"key": KEY, "about": "plan", "body": SECRET})
    assert (answer.status_code, answer.location) == (303, f"{here}#say")
    other = browse(cast.vera).get(here).text
    assert re.search(rf"<textarea[^>]*>\s*{SECRET}</textarea>", other)
    assert 'name="seen" value="1"' in other


def test_a_script_is_told_the_revision(version, cast, browse, at):
    client, address = browse(cast.vera), at(f"/discussion/plans/{version}/draft")
    headers = {"Accept": "application/json"}
    data = {"key": KEY, "about": "plan", "body": SECRET, "seen": "0"}
    assert client.post(address, data=data, headers=headers).json == {
        "revision": 1, "other": False, "whole": True,
    }  # fmt: skip
    long = client.post(address, data=data | {"body": "路" * 2001, "seen": "x"}, headers=headers)
    assert long.json == {"revision": 2, "other": True, "whole": False}


@pytest.mark.parametrize("person", ["wang", "max", "paula", "sun", "otto", "nora", "ada", None])
def test_nobody_else_ever_reads_it(version, cast, browse, at, person):
    keep(version, cast.vera, SECRET)
    keep(version, cast.vera, "另一段")
    client = browse(person and getattr(cast, person))
    for path in ("/discussion", f"/discussion/plans/{version}", "/discussion/mine", "/moderation/"):
        page = client.get(at(path)).text
        assert SECRET not in page and "另一段" not in page


def test_what_is_sent_is_no_draft_any_more(version, cast, browse, at):
    client, here = browse(cast.vera), at(f"/discussion/plans/{version}")
    keep(version, cast.vera, "路太窄")
    answer = client.post(here, data={"key": KEY, "about": "plan", "body": "路太窄"})
    assert answer.status_code == 302
    assert db.session.scalar(select(func.count()).select_from(OpinionDraft)) == 0
    db.session.rollback()
    assert keep(version, cast.vera, "路太窄", seen=1) is None  # a late word of the phone
    assert keep(version, cast.vera, "还有一件事", key=NEXT_KEY) == (1, "还有一件事", "")


def test_the_other_draft_survives_the_sending(version, cast, browse, at):
    keep(version, cast.vera, "平板上的另一件事")
    keep(version, cast.vera, "路太窄")
    browse(cast.vera).post(
        at(f"/discussion/plans/{version}"), data={"key": KEY, "about": "plan", "body": "路太窄"}
    )
    draft = drafting.find_draft(version, resident_id=cast.vera.resident_id)
    assert (draft.body, draft.other_body) == ("平板上的另一件事", "")


def test_a_newer_draft_of_another_phone_survives_the_sending(version, cast, browse, at):
    client, here = browse(cast.vera), at(f"/discussion/plans/{version}")
    keep(version, cast.vera, "路太窄")
    keep(version, cast.vera, "再种几棵树", seen=1, key=NEXT_KEY)
    sent = {"key": KEY, "about": "plan", "body": "路太窄", "seen": "1"}
    for _again in range(2):
        assert client.post(here, data=sent).status_code == 302
        draft = drafting.find_draft(version, resident_id=cast.vera.resident_id)
        assert (draft.revision, draft.body) == (2, "再种几棵树")
        db.session.rollback()
    client.post(here, data=sent | {"key": "key-00000003", "body": "种树", "seen": "2"})
    assert drafting.find_draft(version, resident_id=cast.vera.resident_id) is None


def test_the_other_draft_survives_a_sending_that_is_repeated(version, cast, browse, at):
    keep(version, cast.vera, "平板上的另一件事")
    keep(version, cast.vera, "路太窄")
    for _again in range(2):
        browse(cast.vera).post(
            at(f"/discussion/plans/{version}"), data={"key": KEY, "about": "plan", "body": "路太窄"}
        )
        draft = drafting.find_draft(version, resident_id=cast.vera.resident_id)
        assert (draft.body, draft.other_body) == ("平板上的另一件事", "")
        db.session.rollback()


def test_another_deed_ends_no_draft(version, cast):
    keep(version, cast.vera, SECRET)
    with transaction():
        service.post_comment(
            version,
            body="在群里说的话",
            about="",
            about_title="",
            show_name=False,
            client_key="room-message-1",
            resident_id=cast.vera.resident_id,
            now=clock.now(),
        )
    assert drafting.find_draft(version, resident_id=cast.vera.resident_id).body == SECRET


def test_a_page_forgets_what_was_sent_with_its_key_and_nothing_else(version, cast, browse, at):
    sent = {"key": KEY, "about": "plan", "body": "路太窄"}
    here = browse(cast.vera).post(at(f"/discussion/plans/{version}"), data=sent).location
    assert f'data-sent="{KEY}"' in browse(cast.vera).get(here).text
    for person in (cast.wang, cast.max, None):
        assert KEY not in browse(person).get(here).text


def test_a_refused_opinion_keeps_its_draft(version, cast, browse, at):
    keep(version, cast.vera, SECRET)
    answer = browse(cast.vera).post(
        at(f"/discussion/plans/{version}"), data={"key": KEY, "about": "plan", "body": "路" * 2001}
    )
    assert answer.status_code == 422
    assert drafting.find_draft(version, resident_id=cast.vera.resident_id).body == SECRET


def test_it_is_told_to_its_author_and_goes_with_the_account(version, cast):
    keep(version, cast.vera, SECRET)
    keep(version, cast.wang, "别人的")
    person = personal.Person(
        account_id=cast.vera.id, village_id=1, resident_id=cast.vera.resident_id,
        household_id=None, group_id=None, phone=None,
    )  # fmt: skip
    told = next(t for t in personal.tell(own.KEEPER, person) if t.pile.table is OpinionDraft)
    assert [row["body"] for row in told.rows] == [SECRET]
    with transaction():
        own.forget(person, Wish(takes_words_back=False, clears_roster=False), now=clock.now())
    assert db.session.scalars(select(OpinionDraft.body)).all() == ["别人的"]


@pytest.mark.last_judge
def test_two_devices_that_begin_at_once_lose_nothing(version, cast, race):
    def begin(i):
        draft = drafting.keep_draft(
            version, about="plan", body=f"第{i}段话", client_key=f"key-0000000{i}",
            seen_revision=0, resident_id=cast.vera.resident_id, now=clock.now(),
        )  # fmt: skip
        return draft.revision

    assert sorted(race(4, begin)) == [1, 2, 3, 4]
    draft = db.session.scalars(select(OpinionDraft)).one()
    assert sorted([draft.body, *draft.other_body.split("\n\n")]) == [f"第{i}段话" for i in range(4)]


def test_the_database_refuses_a_second_draft(version, cast):
    keep(version, cast.vera, SECRET)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            OpinionDraft(
                resident_id=cast.vera.resident_id,
                version_id=version,
                body="x",
                revision=1,
                saved_at=clock.now(),
            )
        )
        db.session.flush()


def test_a_draft_gives_no_number(version, cast):
    keep(version, cast.vera, SECRET)
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0
