"""Lists bring words before the committee; a place's name passes, and nothing is lost silently."""

import csv
import io

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.moderation import items, remembered, word_files
from portal.moderation import word_lists as lists
from portal.moderation.built_in import LISTS
from portal.moderation.rules import Action, Hold, Listed, Why
from portal.moderation.screening_models import AllowedWord, WordHit, WordList, WordListEntry
from portal.moderation.word_files import Fault, Wrong
from portal.moderation.word_views import FAULTS
from portal.moderation.writing import Refusal
from portal.people.models import Region
from portal.rooms import service as rooms

INSULT = "你这个傻 逼"


@pytest.fixture
def keep(cast, village):
    """Keep a list of the village's own, as Max."""

    def _keep(*words, action=Listed.HOLD, name="村里的词"):
        with transaction():
            return lists.add_list(
                name, action, words, account_id=cast.max.account_id, now=clock.now()
            ).key

    return _keep


@pytest.fixture
def switch(cast):
    """Let a list do something else, as Max."""

    def _switch(key, action, is_on=True):
        with transaction():
            return lists.set_list(
                key, action=action, is_on=is_on, account_id=cast.max.account_id, now=clock.now()
            )

    return _switch


def status(message_id):
    message = rooms.get_message(message_id).message
    item = items.find_open("message", message_id)
    hits = lists.find_hits([item.id]).get(item.id, []) if item else []
    return message.body, message.held_for, item and item.why, [(h.list_key, h.words) for h in hits]


def test_everything_has_words():
    assert set(FAULTS) == set(Fault)


def test_each_list_does_one_of_four_things(cast, write, switch):
    found = [("insults", "傻逼")]
    assert status(write(cast.vera, INSULT)) == (INSULT, Hold.WORDS, Why.HELD, found)
    switch("insults", Listed.FLAG)
    assert status(write(cast.vera, INSULT)) == (INSULT, None, Why.FLAGGED, found)
    switch("insults", Listed.MASK)
    assert status(write(cast.vera, INSULT)) == ("你这个＊ ＊", None, Why.FLAGGED, found)
    switch("insults", Listed.REFUSE)
    with pytest.raises(Refused) as refused:
        write(cast.vera, INSULT)
    assert refused.value.reason is Refusal.REFUSED_WORDS
    db.session.rollback()
    switch("insults", Listed.REFUSE, is_on=False)
    assert status(write(cast.vera, INSULT)) == (INSULT, None, None, [])


def test_no_list_of_ours_refuses_anything():
    assert {ours.action for ours in LISTS} <= {Listed.HOLD, Listed.FLAG}


def test_criticism_is_shown_at_once(cast, write):
    text = "村委会这个规划不公平,村长只顾自己,我坚决反对!"
    assert status(write(cast.vera, text)) == (text, None, None, [])


def test_identity_numbers_are_covered(cast, write):
    assert status(write(cast.vera, "他是11010519491231002X")) == (
        "他是＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊",
        None,
        Why.FLAGGED,
        [("private", "")],  # the number itself is kept nowhere
    )


def test_a_list_of_the_villages_own(cast, write, keep, switch, neighbour):
    key = keep("外来户", "外 来 户", "滚出村")
    assert db.session.scalar(select(func.count()).select_from(WordListEntry)) == 2
    assert status(write(cast.vera, "你是外來戶!"))[1:] == (
        Hold.WORDS,
        Why.HELD,
        [(key, "外来户")],
    )
    switch(key, Listed.FLAG)
    assert status(write(cast.vera, "你是外来户!"))[2] is Why.FLAGGED
    with village_scope(neighbour.id):
        assert key not in remembered.read().actions
    with transaction():
        lists.remove_list(db.session.scalars(select(WordList)).one().id)
    assert status(write(cast.vera, "你是外来户!!"))[2] is None
    assert not switch("nothing", Listed.FLAG)


def test_names_of_villages_and_groups_pass(cast, write, keep, village):
    keep("大麻", "盘古")
    assert status(write(cast.vera, "大麻村的路"))[1] is Hold.WORDS
    with transaction():
        db.session.get_one(Region, village.id).name = "大麻村村民委员会"
    assert status(write(cast.vera, "大麻村修路"))[1] is None
    assert status(write(cast.vera, "盘古山那边"))[1] is Hold.WORDS
    with transaction():
        lists.allow("盘古山", account_id=cast.max.account_id)
    assert status(write(cast.vera, "盘古山那边修路"))[1] is None
    assert status(write(cast.vera, "卖盘古"))[1] is Hold.WORDS
    with transaction():
        lists.disallow(lists.list_allowed()[0].id)
    assert status(write(cast.vera, "在盘古山"))[1] is Hold.WORDS


def test_how_good_a_list_is_its_decisions_show(cast, write, decide):
    ids = [write(cast.vera, f"{INSULT}{n}") for n in "一二三四"]
    with transaction():
        decide(ids[0])
        decide(ids[1])
        decide(ids[2], Action.APPROVE, code=None)
    insults = next(s for s in lists.list_standing() if s.key == "insults")
    assert (insults.hidden, insults.let_through) == (2, 1)
    assert insults.measured == LISTS[0].measured
    assert [s.hidden + s.let_through for s in lists.list_standing()[1:]] == [0, 0]


def test_posting_asks_no_more_with_many_lists(cast, write, keep, count_queries, room):
    counts = []
    for n in (1, 3):
        for i in range(n):
            keep(f"词语{n}{i}", name=f"词表{n}{i}")
        write(cast.vera, "记住")
        with count_queries() as counted:
            write(cast.vera, "路灯坏了")
        counts.append(counted.n)
    assert counts[0] == counts[1]


def test_of_eight_at_once_one_key_stands(cast, write, race, keep):
    keep("某词")

    def put(index):
        lists.allow("盘古", account_id=cast.max.account_id)
        lists.set_list(
            "rough",
            action=list(Listed)[index % 4],
            is_on=True,
            account_id=cast.max.account_id,
            now=clock.now(),
        )

    assert race(8, put) == [None] * 8
    assert db.session.scalar(select(func.count()).select_from(AllowedWord)) == 1
    assert db.session.scalar(select(func.count()).where(WordList.key == "rough")) == 1
    held = items.find_open("message", write(cast.vera, INSULT))
    with pytest.raises(IntegrityError), transaction():
        db.session.add(WordHit(item_id=held.id, list_key="insults", words=""))


def table(*rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize(
    ("content", "is_csv", "words", "wrong"),
    [
        ("甲乙\n\n丙丁\n".encode(), False, ("甲乙", "丙丁"), ()),
        ("甲乙\r\n丙丁".encode("gb18030"), False, ("甲乙", "丙丁"), ()),
        ("\ufeff甲乙".encode(), False, ("甲乙",), ()),
        (
            table(("类", "词"), ("一", "甲乙"), ("二",), ("三", "丙,丁")).encode(),
            True,
            ("甲乙", "丙,丁"),
            (),
        ),
        (table(("类", "名"), ("一", "甲乙")).encode(), True, (), (Wrong(1, Fault.NO_COLUMN),)),
        (b"", True, (), (Wrong(1, Fault.NO_COLUMN),)),
        (b"\xff\xfe\x00\x01", False, (), (Wrong(0, Fault.NOT_TEXT),)),
        (b" \n ", False, (), (Wrong(0, Fault.EMPTY),)),
        (("甲乙\n" * 20_001).encode(), False, (), (Wrong(0, Fault.TOO_MANY),)),
        (
            "甲乙\n丙\n\n。。。\n甲 乙\n".encode() + ("长" * 61).encode(),
            False,
            ("甲乙",),
            (
                Wrong(2, Fault.TOO_SHORT, "丙"),
                Wrong(4, Fault.TOO_SHORT, "。。。"),
                Wrong(5, Fault.TWICE, "甲 乙"),
                Wrong(6, Fault.TOO_LONG, "长" * 60),
            ),
        ),
    ],
)
def test_a_file_is_read_or_says_where_it_is_wrong(content, is_csv, words, wrong):
    read = word_files.read(content, is_csv=is_csv)
    assert (tuple(read.words), tuple(read.wrong)) == (words, wrong)


def test_the_page_takes_a_list_whole_or_not_at_all(cast, room, write, browse, at):
    client = browse(cast.max)

    def upload(content, name="词.txt"):
        return client.post(
            at("/moderation/words"),
            data={"name": "村里的词", "action": "flag", "file": (io.BytesIO(content), name)},
        )

    answer = upload("外来户\n户\n".encode())
    assert answer.status_code == 422
    assert "词.txt，第2行" in answer.text
    assert lists.list_standing()[3:] == []
    assert upload("外来户\n".encode()).status_code == 302
    db.session.rollback()
    page = client.get(at("/moderation/words")).text
    assert "村里的词" in page
    assert "6.7 %" in page  # how good ours is, measured beforehand
    own = next(s for s in lists.list_standing() if s.list_id)
    assert (own.action, own.count) == (Listed.FLAG, 1)
    data = {"list": own.key, "action": "hold"}
    assert client.post(at("/moderation/words/set"), data=data).status_code == 302
    db.session.rollback()
    assert not next(s for s in lists.list_standing() if s.list_id).is_on
    for wrong, code in (({"action": "burn"}, 400), ({"list": "no"}, 404)):
        assert client.post(at("/moderation/words/set"), data=data | wrong).status_code == code
    page = client.get(at(f"/moderation/words/{own.list_id}")).text
    assert "外来户" in page
    assert client.post(at(f"/moderation/words/{own.list_id}/remove")).status_code == 302
    db.session.rollback()
    with pytest.raises(NoResultFound):
        lists.get_list(own.list_id)


def test_a_name_passes_and_passes_no_longer(cast, room, browse, at):
    client = browse(cast.max)
    assert client.post(at("/moderation/words/allowed"), data={"word": "盘"}).status_code == 422
    for _twice in range(2):
        client.post(at("/moderation/words/allowed"), data={"word": "盘古山"})
    (word,) = lists.list_allowed()
    assert "盘古山" in client.get(at("/moderation/words")).text
    client.post(at(f"/moderation/words/allowed/{word.id}/remove"))
    db.session.rollback()
    assert lists.list_allowed() == []


def test_the_queue_shows_what_was_found(cast, write, browse, at):
    write(cast.vera, INSULT)
    page = browse(cast.max).get(at("/moderation/queue")).text
    assert "辱骂" in page
    assert "傻逼" in page
