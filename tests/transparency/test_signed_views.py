"""What was signed, on the screen, for machines and on paper; whoever checks it has nothing of ours."""

import hashlib
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, select

from portal.core.db import db, transaction
from portal.transparency import checkpoints, logs, service, slip
from portal.transparency.models import CheckpointSlip
from tests.disclosure.test_print import text_of
from tests.tampering import without_triggers
from tests.transparency.test_checkpoints import NOW, URN, fill, plain_root, record, sign

PEOPLE = [None, "vera", "max", "sun", "paula", "ada", "otto", "nora"]
PAGES = [
    "/record/",
    "/record/2",
    "/record/2.json",
    "/record/5",
    "/record/5.json",
    "/record/signed/",
    "/record/signed.json",
    "/record/signed/3",
    "/record/signed/3.json",
    "/record/signed/3/normal.pdf",
    "/record/signed/3/large.pdf",
    "/record/compare",
    "/record/signed/?log=urn:7",
    "/record/signed/100?log=urn:7",
    "/record/signed/100/normal.pdf?log=urn:7",
]


@pytest.fixture
def signed(village):
    """Lines 1 to 3 and 4 are signed, 5 is not yet; a log of 100 leaves."""
    record("一号", "二号", "三号")
    sign(logs.RECORD)
    record("四号")
    sign(logs.RECORD)
    record("五号")
    fill(100)
    sign()
    return village


def tamper(table, statement):
    with transaction(), without_triggers(table):
        db.session.connection().exec_driver_sql(statement)


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_reads_what_was_signed(cast, signed, browse, at, who):
    client = browse(who and getattr(cast, who))
    for path in PAGES:
        assert client.get(at(path)).status_code == 200, path


@pytest.mark.parametrize("path", ["/record/signed/2", "/record/signed/5", "/record/9.json"])
def test_what_is_not_there(signed, browse, at, path):
    assert browse().get(at(path)).status_code == 404


# --- an outsider's own verifier: thirty lines, nothing of the portal -----------------------------


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def climb(leaf, index, size, path):
    """RFC 6962, section 2.1.1."""
    if size == 1:
        return leaf if not path else b""
    k = 1 << (size - 1).bit_length() - 1
    if index < k:
        return node(climb(leaf, index, k, path[:-1]), path[-1])
    return node(path[-1], climb(leaf, index - k, size - k, path[:-1]))


def continued(old, new, path, old_root, is_whole=True):
    """RFC 6962, section 2.1.2: the roots of the old and the new tree that the proof leads to."""
    if old == new:
        return (old_root, old_root) if is_whole else (path[0], path[0])
    k = 1 << (new - 1).bit_length() - 1
    if old <= k:
        before, after = continued(old, k, path[:-1], old_root, is_whole)
        return before, node(after, path[-1])
    before, after = continued(old - k, new - k, path[:-1], old_root, is_whole=False)
    return node(path[-1], before), node(path[-1], after)


def read(answer):
    """Check the signature of a checkpoint with the key of the answer; return its size and root."""

    def check(one):
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(answer["keys"][0]))
        key.verify(bytes.fromhex(one["signature"]), one["text"].encode())
        _origin, _log, size, root, end = one["text"].split("\n")
        assert end == ""
        return int(size), bytes.fromhex(root)

    return check


def test_a_line_is_proved_to_an_outsider(signed, browse, at):
    for number in (1, 2, 3, 4):
        answer = browse().get(at(f"/record/{number}.json")).json
        leaf = hashlib.sha256(b"\x00" + answer["entry"].encode()).digest()
        size, root = read(answer)(answer["checkpoint"])
        path = [bytes.fromhex(one) for one in answer["inclusion"]]
        assert (size, json.loads(answer["entry"])["number"]) == (4, number)
        assert climb(leaf, number - 1, size, path) == root
        assert climb(leaf, number % 4, size, path) != root
    answer = browse().get(at("/record/5.json")).json
    assert (answer["checkpoint"], answer["inclusion"]) == (None, None)


def test_what_was_signed_is_proved_to_continue(signed, browse, at):
    with transaction():
        checkpoints.make(logs.RECORD, now=NOW)
    client = browse()
    for old, to in ((3, 4), (3, 5), (4, 5), (5, 5)):
        answer = client.get(at(f"/record/signed/{old}.json?to={to}")).json
        check = read(answer)
        (old_size, old_root), (size, root) = check(answer["old"]), check(answer["new"])
        path = [bytes.fromhex(one) for one in answer["consistency"]]
        assert (old_size, size) == (old, to)
        assert continued(old, to, path, old_root) == (old_root, root)
    back = client.get(at("/record/signed/5.json?to=3")).json
    assert (back["old"]["size"], back["new"]["size"]) == (3, 5)
    everything = client.get(at("/record/signed.json")).json
    assert [read(everything)(one)[0] for one in everything["checkpoints"]] == [3, 4, 5]


# --- pages ---------------------------------------------------------------------------------------


def test_a_line_says_that_it_was_signed(signed, browse, at):
    client = browse()
    assert "这一条在平台签过名的内容里" in client.get(at("/record/4")).text
    waiting = client.get(at("/record/5")).text
    assert "还未签名" in waiting
    assert "这一条在平台签过名的内容里" not in waiting
    tamper("record_entry", f"UPDATE record_entry SET leaf_sha256 = '{'0' * 64}' WHERE number = 2")
    for number in (1, 2, 4):
        page = client.get(at(f"/record/{number}")).text
        assert "现在的内容和签名时不一样" in page
        assert "这一条在平台签过名的内容里" not in page


def test_the_record_shows_what_was_signed_last(signed, browse, at):
    client = browse()
    page = client.get(at("/record/")).text
    assert "4条，一个总指纹" in page
    assert checkpoints.latest(logs.RECORD).root[:8] in page
    tamper("checkpoint", f"UPDATE checkpoint SET signature = '{'0' * 128}'")
    page = client.get(at("/record/")).text
    assert "这个签名不是本平台的" in page
    assert "4条，一个总指纹" not in page


def test_a_checkpoint_that_does_not_hold_says_so(signed, browse, at):
    client = browse()
    good = client.get(at("/record/signed/3")).text
    assert "仍然就是这个结果" in good
    assert "共4条)的开头，正是这些内容" in good
    tamper("checkpoint", f"UPDATE checkpoint SET root = '{'0' * 64}' WHERE size = 4")
    page = client.get(at("/record/signed/3")).text
    assert "仍然就是这个结果" in page
    assert "接不上" in page
    assert "这个签名不是本平台的" in client.get(at("/record/signed/4")).text


def test_the_pages_ask_the_same_for_a_short_and_a_long_record(signed, browse, at, count_queries):
    client, counts = browse(), []
    paths = ("/record/", "/record/2", "/record/2.json", "/record/signed/", "/record/signed/4")
    for more in (130, 260):
        record(*(f"第{number}" for number in range(more)))
        sign(logs.RECORD)
        counts.append([])
        for path in paths:
            client.get(at(path))
            with count_queries() as counted:
                assert client.get(at(path)).status_code == 200
            counts[-1].append(counted.n)
    assert counts[0] == counts[1]


# --- paper ---------------------------------------------------------------------------------------

HOLDS, CHANGED = "纸上印的，公开记录里一条不少", "公开记录和纸上印的不一样"


def ask(client, at, size, root, **more):
    return client.get(at("/record/compare"), query_string={"size": size, "root": root} | more)


def test_a_slip_is_compared(signed, browse, at):
    client, one = browse(), checkpoints.get(logs.RECORD, 3)
    spaced = " ".join(one.root[n : n + 8] for n in range(0, 64, 8)).upper()
    for root in (one.root, spaced, one.root[:16]):
        page = ask(client, at, 3, root).text
        assert HOLDS in page
        assert "之后又增加了2条" in page
    for size, root in ((4, one.root), (2, one.root), (3, "0" * 64), (3, one.root[:15] + "x0")):
        assert HOLDS not in ask(client, at, size, root).text
    assert CHANGED in ask(client, at, 2, one.root).text
    gone = ask(client, at, 9, one.root).text
    assert "纸上写的是9条，现在只剩5条" in gone
    urn = checkpoints.latest(URN)
    assert HOLDS in ask(client, at, 100, urn.root, log=URN).text
    assert CHANGED in ask(client, at, 100, one.root, log=URN).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"size": "", "root": "0" * 64}, "请填写存证条上的条数"),
        ({"size": "x", "root": "0" * 64}, "Not a valid integer"),
        ({"size": "0", "root": "0" * 64}, "请填写存证条上的条数"),
        ({"size": "99999999999", "root": "0" * 64}, "请填写存证条上的条数"),
        ({"size": "3", "root": ""}, "请填写存证条上的总指纹"),
        ({"size": "3", "root": "abc"}, "至少前16位"),
        ({"size": "3", "root": "g" * 64}, "至少前16位"),
        ({"size": "3", "root": "0" * 65}, "至少前16位"),
    ],
)
def test_what_cannot_be_a_slip(signed, browse, at, fields, words):
    page = browse().get(at("/record/compare"), query_string=fields)
    assert page.status_code == 422
    assert words in page.text or words == "Not a valid integer"
    assert HOLDS not in page.text
    assert CHANGED not in page.text


def test_a_tail_written_anew_contradicts_the_paper(signed, browse, at):
    """Everything in the database fits again, checkpoints and all; the paper does not."""
    root = checkpoints.get(logs.RECORD, 4).root
    tamper("record_entry", "DELETE FROM record_entry WHERE number > 2")
    tamper("checkpoint", "DELETE FROM checkpoint WHERE log = 'record'")
    record("三号改了", "四号")
    sign(logs.RECORD)
    assert service.why_broken() is None
    assert CHANGED in ask(browse(), at, 4, root).text


def test_a_line_changed_under_its_hash_is_found_by_the_paper_too(signed, browse, at):
    paper = checkpoints.get(logs.RECORD, 4)
    tamper("record_entry", "UPDATE record_entry SET subject = '改了' WHERE number = 2")
    page = ask(browse(), at, 4, paper.root).text
    assert CHANGED in page
    assert HOLDS not in page


@pytest.mark.parametrize("edition", ["normal", "large"])
def test_the_slip_carries_what_the_page_compares(signed, browse, at, monkeypatch, edition):
    """The code leads to the comparison, and what it leads to holds."""
    drawn = []
    monkeypatch.setattr(slip, "draw_code", lambda _canvas, address, *_rest: drawn.append(address))
    client, one = browse(), checkpoints.get(logs.RECORD, 3)
    answer = client.get(at(f"/record/signed/3/{edition}.pdf"))
    text = text_of(answer.data).replace("\n", "").replace(" ", "")
    for words in (one.root, one.signature, "2026年3月1日16:30", "第1条到第3条", "青溪村"):
        assert words in text, words
    assert len(drawn) == (2 if edition == "normal" else 1)
    asked = parse_qs(urlsplit(drawn[0]).query)
    assert asked == {"size": ["3"], "root": [one.root]}
    assert HOLDS in client.get(urlsplit(drawn[0]).path, query_string=asked).text


@pytest.mark.parametrize("who", ["max", "sun", "ada"])
def test_signing_at_once_notes_the_slip(cast, signed, browse, at, who):
    client = browse(getattr(cast, who))
    page = client.get(at("/record/signed/")).text
    assert "马上签名并打印存证条" in page
    assert "已打印" not in page
    for _twice in range(2):
        answer = client.post(at("/record/signed/"))
        assert answer.location.endswith("/record/signed/5")
    db.session.rollback()
    one = checkpoints.latest(logs.RECORD)
    leaves = [service.get_entry(number).leaf_sha256 for number in range(1, 6)]
    assert (one.size, one.root) == (5, plain_root(leaves))
    assert checkpoints.printed_at(one) is not None
    assert db.session.scalar(select(func.count()).select_from(CheckpointSlip)) == 1
    assert "打印，用于张贴" in client.get(at("/record/signed/5")).text
    assert "已打印" in client.get(at("/record/signed/")).text


@pytest.mark.parametrize("who", [None, "vera", "paula", "otto", "nora"])
def test_nobody_else_signs(cast, signed, browse, at, who):
    client = browse(who and getattr(cast, who))
    assert "马上签名" not in client.get(at("/record/signed/")).text
    assert client.post(at("/record/signed/")).status_code in (401, 403)
    db.session.rollback()
    assert checkpoints.latest(logs.RECORD).size == 4


def test_nothing_is_signed_over_a_changed_record(cast, signed, browse, at):
    tamper("record_entry", f"UPDATE record_entry SET leaf_sha256 = '{'0' * 64}' WHERE number = 2")
    client = browse(cast.max)
    page = client.post(at("/record/signed/"), follow_redirects=True).text
    assert "接不上，因此不再往上签名" in page
    db.session.rollback()
    assert checkpoints.latest(logs.RECORD).size == 4


def test_an_empty_log_has_nothing_to_sign(cast, village, browse, at):
    client = browse(cast.max)
    assert client.post(at("/record/signed/")).status_code == 404
    assert "还没有签名" in client.get(at("/record/signed/")).text
