"""The pages of proposals, as residents, strangers and the committee go through them."""

import html
import re

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.moderation.rules import Code, Hold
from portal.proposals import service
from portal.proposals.models import Proposal, ProposalDraft
from tests.proposals.conftest import PAPER

FORM = {"title": PAPER.title, "place": PAPER.place, "body": PAPER.body, "key": "a-first-key"}


@pytest.fixture
def village_of_80(crowd):
    return crowd(76)


def seen_on(answer):
    """Return the mark of the draft that the paper was begun from."""
    return html.unescape(re.search(r'name="seen" value="([^"]*)"', answer.text)[1])


def kept_words():
    """Return what is kept as a draft."""
    found = [(row.title, row.body) for row in db.session.scalars(select(ProposalDraft))]
    db.session.rollback()
    return found


def test_a_draft_waits_on_the_server_until_it_is_handed_in(village_of_80, cast, browse, at):
    client, path = browse(cast.vera), at("/proposals/new")
    kept = client.post(path, data={"save": "1", "title": "", "body": "先记一下" + "长" * 5000})
    assert kept.status_code == 303
    assert "先记一下" in browse(cast.vera).get(path).text  # another phone
    assert "先记一下" not in browse(cast.sun).get(path).text
    assert "先记一下" in client.get(at("/proposals/mine")).text
    done = client.post(path, data=FORM | {"seen": seen_on(client.get(path))})
    assert done.status_code == 303
    assert db.session.scalars(select(ProposalDraft)).all() == []
    db.session.rollback()
    page = browse(None).get(done.location).text
    assert PAPER.title in page
    assert "Vera" not in page
    again = client.post(path, data=FORM)
    assert again.location == done.location


def test_what_another_phone_kept_is_not_lost_by_keeping(village_of_80, cast, browse, at):
    path = at("/proposals/new")
    first, second = browse(cast.vera), browse(cast.vera)
    begun = seen_on(first.get(path))
    lamp = {"save": "1", "title": "路灯", "body": "桥头太黑。"}
    market = {"save": "1", "title": "赶集", "body": "逢五恢复集市。"}
    assert second.post(path, data=lamp | {"seen": seen_on(second.get(path))}).status_code == 303
    answer = first.post(path, data=market | {"seen": begun})
    assert answer.status_code == 409
    assert "逢五恢复集市。" in answer.text  # his own words, and those of the other phone
    assert "桥头太黑。" in answer.text
    assert kept_words() == [("路灯", "桥头太黑。")]
    assert first.post(path, data=market | {"seen": seen_on(answer)}).status_code == 303
    assert first.post(path, data=market | {"seen": begun}).status_code == 303  # they are the same
    assert kept_words() == [("赶集", "逢五恢复集市。")]


def test_handing_in_leaves_what_another_phone_kept(village_of_80, cast, browse, at):
    path = at("/proposals/new")
    first, second = browse(cast.vera), browse(cast.vera)
    begun = seen_on(first.get(path))
    other = {"save": "1", "title": "赶集", "body": "逢五恢复集市。"}
    assert second.post(path, data=other).status_code == 303
    assert first.post(path, data=FORM | {"seen": begun}).status_code == 303
    assert kept_words() == [("赶集", "逢五恢复集市。")]
    same = FORM | {
        "title": "赶集",
        "place": "",
        "body": " 逢五恢复集市。\r\n",
        "key": "another-key",
    }
    assert second.post(path, data=same).status_code == 303
    assert kept_words() == []


def test_what_is_wrong_comes_back_with_what_was_written(village_of_80, cast, browse, at):
    client, path = browse(cast.vera), at("/proposals/new")
    for change in ({"title": ""}, {"title": "长" * 61}, {"body": ""}, {"body": "长" * 2001}):
        answer = client.post(path, data=FORM | change)
        assert answer.status_code == 422
        assert PAPER.place in answer.text
    assert db.session.scalars(select(Proposal)).all() == []
    db.session.rollback()
    assert browse(cast.nora).get(path).status_code == 403
    assert "/sign-in" in browse(None).get(path).location


def test_signing_by_name_and_taking_it_back(village_of_80, propose, cast, browse, at):
    path = at(f"/proposals/{propose()}")
    client = browse(cast.sun)
    assert f'action="{path}/sign"' in client.get(path).text
    assert client.post(f"{path}/sign", data={"show_name": "y"}).status_code == 303
    page = client.get(path).text
    assert "Sun" in page
    assert f'action="{path}/unsign"' in page
    assert client.post(f"{path}/sign").status_code == 409
    assert client.post(f"{path}/unsign").status_code == 303
    assert client.post(f"{path}/unsign").status_code == 409
    assert "Sun" not in browse(None).get(path).text
    assert browse(cast.nora).post(f"{path}/sign").status_code == 403


def test_only_the_author_takes_a_proposal_back(village_of_80, propose, cast, browse, at):
    path = at(f"/proposals/{propose()}")
    assert browse(cast.sun).post(f"{path}/withdraw", data={"seen": 1}).status_code == 409
    client = browse(cast.vera)
    assert client.post(f"{path}/withdraw", data={"seen": 9}).status_code == 409
    assert client.post(f"{path}/withdraw", data={"seen": 1}).status_code == 303
    assert PAPER.title in browse(None).get(at("/proposals?which=over")).text


def test_words_held_or_hidden_are_read_by_author_and_committee(
    village_of_80, propose, cast, browse, at, village
):
    number = propose()
    path = at(f"/proposals/{number}")
    for held, hidden in ((Hold.FIRST, None), (None, Code.INSULT)):
        with village_scope(village.id), transaction():
            service.set_standing(number, held_for=held, hidden_code=hidden)
        for person, reads in (
            (cast.vera, True),
            (cast.max, True),
            (cast.sun, False),
            (None, False),
        ):
            page = browse(person).get(path)
            assert page.status_code == 200
            assert (PAPER.body in page.text, PAPER.title in page.text) == (reads, reads)
        assert PAPER.title not in browse(cast.sun).get(at("/proposals")).text
        assert PAPER.title in browse(cast.vera).get(at("/proposals/mine")).text


@pytest.mark.parametrize("where", ["/proposals", "/proposals/mine", "/take-part", "/discussion"])
def test_pages_ask_the_same_of_one_and_of_many(
    village_of_80, propose, cast, browse, at, count_queries, where
):
    propose(cast.sun)
    client = browse(cast.sun)
    client.get(at(where))
    with count_queries() as one:
        assert client.get(at(where)).status_code == 200
    propose(cast.sun, key="another-key-1")
    propose(cast.sun, key="another-key-2")
    with count_queries() as three:
        client.get(at(where))
    assert three.n == one.n


def test_one_proposal_asks_the_same_whoever_signed(
    village_of_80, propose, sign, cast, browse, at, count_queries
):
    path = at(f"/proposals/{propose()}")
    client = browse(cast.wang)
    client.get(path)
    with count_queries() as none:
        client.get(path)
    sign(1, cast.sun.resident_id, cast.max.resident_id, show_name=True)
    with count_queries() as some:
        client.get(path)
    assert some.n == none.n <= 10, some.statements


def test_the_list_has_its_parts_and_no_others(village_of_80, propose, browse, at):
    propose()
    assert browse(None).get(at("/proposals?which=planted")).status_code == 404
    for which, there in (("open", True), ("council", False), ("over", False)):
        page = browse(None).get(at(f"/proposals?which={which}")).text
        assert (PAPER.title in page) is there
        assert re.search(rf'which={which}" aria-current="page"', page)


def test_author_and_signers_hear_that_enough_have_signed(village_of_80, propose, sign, told, cast):
    first = propose()
    told()
    sign(first, cast.sun.resident_id, *village_of_80[:2])
    heard = [who for who, words, _path in told(clock.now()) if "附议人数已够" in words]
    assert heard == ["sun", "vera"]
