"""Pages of documents: who may see, prepare and publish; files as they were published."""

import hashlib
from urllib.parse import quote

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.disclosure import service
from portal.disclosure.rules import Edition
from portal.disclosure.views import REFUSALS
from portal.notices import service as notices
from portal.plans.reading import SUBJECT
from tests.core.test_pdf_frame import text_of
from tests.disclosure.conftest import (
    NOTICE,
    VOTE,
    lead_through,
    make_notice,
    make_vote,
    publish_whole,
)

PEOPLE = [None, "vera", "max", "sun", "paula", "ada", "otto", "nora"]
STAFF = {"max", "sun", "paula", "ada"}


@pytest.fixture
def doc(office, vote, press) -> int:
    with transaction():
        return publish_whole(VOTE, vote, press).id


def status_of(response) -> str:
    """Return what somebody meets: the page, the sign-in, or a refusal."""
    if response.status_code == 302:
        return "sign-in" if "sign-in" in response.location else "moved"
    return {200: "page", 401: "sign-in", 403: "refused", 404: "missing"}[response.status_code]


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_reads_what_is_published(cast, doc, browse, at, who) -> None:
    client = browse(who and getattr(cast, who))
    for path in ("/disclosure/", f"/disclosure/{doc}", f"/disclosure/{doc}/normal.pdf",
                 f"/disclosure/{doc}/large.pdf"):  # fmt: skip
        assert status_of(client.get(at(path))) == "page", path


@pytest.mark.parametrize("who", PEOPLE)
def test_staff_pages(cast, office, vote, browse, at, who) -> None:
    client = browse(who and getattr(cast, who))
    refused = "sign-in" if who is None else "refused"
    expected = "page" if who in STAFF else refused
    for path in ("/disclosure/desk", f"/disclosure/prepare/vote-result/{vote}",
                 f"/disclosure/preview/vote-result/{vote}/normal.pdf"):  # fmt: skip
        assert status_of(client.get(at(path))) == expected, path
    expected = "page" if who in {"max", "ada"} else refused
    assert status_of(client.get(at("/disclosure/office"))) == expected


@pytest.mark.parametrize("who", PEOPLE)
def test_only_the_committee_publishes(cast, office, vote, press, browse, at, who) -> None:
    client = browse(who and getattr(cast, who))
    with transaction():
        case = lead_through(VOTE, vote, press, until="approve").id
    answer = client.post(at(f"/disclosure/case/{case}/publish"))
    published = service.list_docs().total
    if who == "max":
        assert (answer.status_code, published) == (303, 1)
        assert service.get_doc(service.get_case(case).doc_id).published_by == cast.max.id
    else:
        refused = "sign-in" if who is None else "refused"
        assert (status_of(answer), published) == (refused, 0)


def test_a_day_too_far_ahead_is_said_at_its_field(cast, office, vote, press, browse, at) -> None:
    with transaction():
        case_id = lead_through(VOTE, vote, press, until="begin").id
    page = browse(cast.max).post(
        at(f"/disclosure/case/{case_id}/generate"), data={"publish_on": "2099-01-01"}
    )
    assert page.status_code == 422
    assert "请选择从今天起一年以内的日期" in page.text


def test_the_neighbours_documents_stay_there(cast, doc, browse, at, neighbour) -> None:
    client = browse(cast.nora)
    for path in (f"/disclosure/{doc}", f"/disclosure/{doc}/normal.pdf"):
        assert client.get(at(path, neighbour)).status_code == 404
    assert "规公示" not in client.get(at("/disclosure/", neighbour)).text


def test_a_file_is_handed_out_as_it_was_published(doc, browse, at) -> None:
    address = at(f"/disclosure/{doc}/normal.pdf")
    first = browse().get(address)
    assert first.data == service.get_file(doc, Edition.NORMAL).content
    assert first.mimetype == "application/pdf"
    assert quote("表决结果") not in first.headers["Content-Disposition"]
    assert quote("意见征询结果公告.pdf") in first.headers["Content-Disposition"]
    assert first.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    again = browse().get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_page_behind_the_printed_code_knows_the_document(doc, browse, at) -> None:
    digest = service.get_doc(doc).content_sha256
    page = browse().get(at(f"/verify/{digest[:16]}"))
    assert page.status_code == 200
    assert "大字版" in page.text
    assert page.text.count("生成后未改动") == 2


def test_a_preview_says_that_it_is_one_and_leaves_nothing(cast, office, vote, browse, at) -> None:
    answer = browse(cast.paula).get(at(f"/disclosure/preview/vote-result/{vote}/large.pdf"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "预览未公布" in "".join(text_of(answer.data).split())
    assert service.list_docs().total == 0


@pytest.mark.parametrize("edition", Edition)
def test_it_can_be_read_in_english(cast, doc, browse, at, edition) -> None:
    address = at(f"/disclosure/{doc}/english/{edition.value}.pdf")
    assert address in browse().get(at(f"/disclosure/{doc}")).text
    copy = browse().get(address).data
    text = "".join(text_of(copy).split())
    assert "Objectionsuntil" in text
    assert "Translation" in text
    for said in (
        "村规公示001号",
        "青溪村",
        "是否同意本规划？",
        "/verify/",
    ):  # the facts are the same
        assert said in text, said
    digest = hashlib.sha256(copy).hexdigest()  # it is for reading: the record does not know it
    assert browse().get(at(f"/verify/{digest}")).status_code == 404


def test_a_document_of_a_void_notice_says_so(cast, on_notice, office, press, browse, at) -> None:
    with transaction():
        doc = publish_whole(NOTICE, on_notice, press)
    sheet = at(f"/disclosure/{doc.id}/normal.pdf")
    plain = browse(cast.vera).get(sheet).data
    page = browse(cast.vera).get(at(f"/disclosure/{doc.id}")).text
    numbers = [file.record_number for file in service.list_files(doc.id)]
    assert "已作废" not in text_of(plain) + page
    assert "作废" not in browse().get(at(f"/verify/{numbers[0]}")).text
    with transaction():
        notices.void(
            notices.find_latest(SUBJECT, on_notice).id,
            "图纸有误，重新公示",
            voided_by=None,
            now=clock.now(),
        )
    assert "本文件保留备查，不再有效" in browse(cast.vera).get(at(f"/disclosure/{doc.id}")).text
    notice = notices.find_latest(SUBJECT, on_notice)
    for number in (*numbers, notice.record_number):
        said = browse().get(at(f"/verify/{number}")).text
        assert "公示已于" in said and at(f"/notices/{notice.id}") in said
    digest = hashlib.sha256(plain).hexdigest()
    assert "公示已于" in browse().post(at("/verify/"), data={"digest": digest}).text
    assert "已作废" in text_of(browse(cast.vera).get(sheet).data)
    assert browse().get(at(f"/disclosure/{doc.id}/original/normal.pdf")).data == plain
    said = browse(cast.vera).post(at(f"/disclosure/{doc.id}/object"), data={"words": "不同意"})
    assert said.status_code == 409
    assert "这份文件的公示已经作废" in said.text


def test_why_nothing_is_published_is_said(cast, voters, office, browse, at) -> None:
    client = browse(cast.max)
    with transaction():
        open_vote = make_vote(voters, close=False)
        version = make_notice(sentences=["一。", "电话13812345678", "三。", "四。", "五。"])
    page = client.post(at(f"/disclosure/begin/vote-result/{open_vote}"))
    assert page.status_code == 409
    assert "投票还没有截止" in page.text
    assert 'action="/v/330523102201/disclosure/begin/' not in page.text
    page = client.get(at(f"/disclosure/prepare/draft-notice/{version}"))
    assert "概要里有手机号码：138****5678" in page.text
    assert "13812345678" not in page.text
    begun = client.post(at(f"/disclosure/begin/draft-notice/{version}"))
    day = clock.today(clock.now()).isoformat()
    page = client.post(f"{begun.location}/generate", data={"publish_on": day})
    assert page.status_code == 409
    assert "13812345678" not in page.text
    assert service.list_docs().total == 0


def test_the_office_must_be_told_first(cast, vote, browse, at) -> None:
    client = browse(cast.max)
    page = client.get(at(f"/disclosure/prepare/vote-result/{vote}"))
    assert "请先填写公示文件的责任单位和地址" in page.text
    bad = client.post(at("/disclosure/office"), data={"unit": "青溪村村民委员会"})
    assert bad.status_code == 422
    assert service.find_office() is None
    good = client.post(
        at("/disclosure/office"),
        data={"unit": "青溪村村民委员会", "address": "甲", "phone": "乙", "hours": "丙"},
    )
    assert good.status_code == 302
    db.session.rollback()
    assert service.find_office().unit == "青溪村村民委员会"
    assert "/disclosure/begin/" in client.get(at(f"/disclosure/prepare/vote-result/{vote}")).text


def test_unknown_subjects_are_missing(cast, office, browse, at) -> None:
    client = browse(cast.max)
    for path in ("/disclosure/prepare/vote-result/99", "/disclosure/prepare/draft-notice/99",
                 "/disclosure/prepare/other/1", "/disclosure/99", "/disclosure/99/normal.pdf"):  # fmt: skip
        assert client.get(at(path)).status_code == 404, path


def test_one_and_three_documents_cost_the_same(
    office, voters, press, browse, at, count_queries
) -> None:
    year = clock.today(clock.now()).year
    paths = ("/disclosure/", f"/disclosure/?kind=vote-result&year={year}&state=objection&q=结果")
    counts, found = [], []
    for questions in (("甲？",), ("乙？", "丙？")):
        for question in questions:
            with transaction():
                ballot = make_vote(voters, question=question)
                publish_whole(VOTE, ballot, press)
        client = browse()
        client.get(at("/disclosure/"))
        for path in paths:
            with count_queries() as counted:
                page = client.get(at(path))
            counts.append(counted.n)
            found.append(page.text.count("村规公示"))
    assert found == [1, 1, 3, 3]
    assert counts[:2] == counts[2:]
    assert browse().get(at("/disclosure/?q=丙")).text.count("村规公示") == 1


def test_every_refusal_is_words_not_a_code() -> None:
    assert all(" " in str(words) or len(str(words)) > 6 for words in REFUSALS.values())
