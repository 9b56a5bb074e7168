"""The public record on the screen, and the page behind the QR code."""

import hashlib
import io
from datetime import UTC, datetime

import pytest

from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.transparency import service, views
from portal.transparency.rules import Fault, Refusal
from portal.transparency.views import FAULTS, REFUSALS

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
FILE = b"%PDF-1.4 the file of the village"
CONTENT = hashlib.sha256(b"content").hexdigest()
SHA = hashlib.sha256(FILE).hexdigest()


def append(count=1, *, subject="〔2026〕村规公示 001号 结果") -> None:
    with transaction():
        for _ in range(count):
            service.append(
                kind="disclosure", subject=subject, content_sha256=CONTENT, file_sha256=SHA, now=NOW
            )


@pytest.fixture
def entry(village):
    append()


def test_every_reason_has_words() -> None:
    assert set(REFUSALS) == set(Refusal)
    assert set(FAULTS) == set(Fault)


PEOPLE = [None, "vera", "max", "sun", "paula", "ada", "otto", "nora"]


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_reads_the_record(cast, entry, browse, at, who) -> None:
    client = browse(who and getattr(cast, who))
    for path in ("/record/", "/record/1", "/verify/", "/verify/1", f"/verify/{CONTENT[:16]}"):
        page = client.get(at(path))
        assert page.status_code == 200, path
    assert "〔2026〕村规公示 001号 结果" in client.get(at("/record/")).text


def test_the_neighbour_has_a_record_of_its_own(entry, neighbour, browse, at) -> None:
    client = browse()
    assert "〔2026〕" not in client.get(at("/record/", neighbour)).text
    assert client.get(at("/record/1", neighbour)).status_code == 404
    assert client.get(at(f"/verify/{SHA}", neighbour)).status_code == 404


def test_the_page_behind_the_code_confirms_the_digest(entry, browse, at) -> None:
    for what in ("1", CONTENT, CONTENT[:16], SHA[:12], CONTENT[:16].upper()):
        page = browse().get(at(f"/verify/{what}"))
        assert page.status_code == 200, what
        assert "村里公布过带有这个指纹的文件" in page.text
        assert CONTENT[:8] in page.text


@pytest.mark.parametrize("what", ["2", "f" * 16, CONTENT[:11], "x", "%27--", "99999999999"])
def test_an_unknown_digest_is_not_confirmed(entry, browse, at, what) -> None:
    page = browse().get(at(f"/verify/{what}"))
    assert page.status_code == 404
    assert "村里公布过带有这个指纹的文件" not in page.text


def send(client, address, **fields):
    return client.post(address, data=fields, content_type="multipart/form-data")


def test_a_file_is_compared_and_thrown_away(entry, browse, at) -> None:
    client = browse()
    good = send(client, at("/verify/"), file=(io.BytesIO(FILE), "a.pdf"))
    assert good.status_code == 200
    assert "村里公布的正是这一份" in good.text
    bad = send(client, at("/verify/"), file=(io.BytesIO(FILE + b"x"), "a.pdf"))
    assert "公开记录里没有这一份" in bad.text
    assert "村里公布的正是这一份" not in bad.text
    assert service.count_entries() == 1


def test_a_digest_is_compared(entry, browse, at) -> None:
    spaced = " ".join(SHA[n : n + 8] for n in range(0, 64, 8)).upper()
    assert "村里公布的正是这一份" in send(browse(), at("/verify/"), digest=spaced).text
    assert "公开记录里没有这一份" in send(browse(), at("/verify/"), digest="0" * 64).text


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({}, Refusal.NOTHING_GIVEN),
        ({"digest": "  "}, Refusal.NOTHING_GIVEN),
        ({"digest": "abc"}, Refusal.NOT_A_DIGEST),
        ({"file": b"x" * 100_001}, Refusal.FILE_TOO_LARGE),
    ],
)
def test_what_cannot_be_compared(village, browse, at, monkeypatch, fields, refusal) -> None:
    monkeypatch.setattr(views, "MOST_BYTES", 100_000)
    if "file" in fields:
        fields = {"file": (io.BytesIO(fields["file"]), "big.pdf")}
    page = send(browse(), at("/verify/"), **fields)
    assert page.status_code == 422
    assert str(REFUSALS[refusal]) in page.text


def test_words_of_others_are_shown_as_words(village, browse, at) -> None:
    append(subject="<script>alert(1)</script>")
    for path in ("/record/", "/record/1", "/verify/1"):
        page = browse().get(at(path)).text
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_one_and_three_lines_cost_the_same(village, browse, at, count_queries) -> None:
    counts = []
    for more in (1, 2):
        append(more)
        client = browse()
        client.get(at("/record/"))
        with count_queries() as counted:
            assert client.get(at("/record/")).status_code == 200
        counts.append(counted.n)
    assert counts[0] == counts[1]


def test_anybody_can_hash_a_line_again(entry, browse, at) -> None:
    with village_scope(service.get_entry(1).village_id):
        entry = service.get_entry(1)
        text = service.canonical(entry)
    assert hashlib.sha256(b"\x00" + text.encode()).hexdigest() == entry.leaf_sha256
    assert entry.leaf_sha256[:8] in browse().get(at("/record/1")).text
