"""Corrections: version n+1 with old and new wording; the old one stays, marked and checkable."""

import hashlib
import subprocess

import pytest
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.disclosure import service
from portal.disclosure.rules import DocKind, Edition, Refusal
from portal.disclosure.states import State
from tests.core.test_pdf_frame import text_of
from tests.disclosure.conftest import NOTICE, VOTE, actors, publish_whole

WRONG, RIGHT = "第3句大白话。", "第三句，更正后的大白话。"


def begin(case_id, wordings=((WRONG, RIGHT),), reason="文字有误", approver="村主任"):
    drafter, _reviewer = actors()
    return service.begin_correction(
        case_id, wordings=wordings, reason=reason, approver=approver, actor=drafter,
        now=clock.now(),
    )  # fmt: skip


def finish(case_id, press):
    drafter, reviewer = actors()
    now = clock.now()
    service.generate(case_id, publish_on=clock.today(now), press=press, actor=drafter, now=now)
    service.hand_in(case_id, actor=drafter, now=now)
    service.approve(case_id, actor=reviewer, is_committee=False, now=now)
    return service.publish(case_id, actor=drafter, now=now)


@pytest.fixture
def old(office, on_notice, press) -> int:
    with transaction():
        return publish_whole(NOTICE, on_notice, press).id


@pytest.fixture
def new(old, press) -> int:
    with transaction():
        return finish(begin(service.case_of(old).id).id, press).id


def squeezed(content: bytes) -> str:
    return "".join(text_of(content).split())


def test_a_correction_is_a_new_version_of_the_whole(old, new) -> None:
    doc = service.get_doc(new)
    assert (doc.kind, doc.number, doc.issue) == (DocKind.CORRECTION, 2, 2)
    assert doc.title == "更正公告：《青溪村村庄规划》草案公示"
    printed = squeezed(service.get_file(new, Edition.NORMAL).content)
    for words in (
        "原文更正后的文字", WRONG, RIGHT, "文字有误", "批准人村主任", "更正后的全文", "第2版",
        "耕地保有量", "村道拓宽", "图例", service.get_doc(old).content_sha256[:16],
    ):  # fmt: skip
        assert words in printed, words
    assert printed.count(WRONG) == 1  # in the table of wordings alone
    assert printed.count(RIGHT) == 2


def test_the_old_one_stays_readable_and_is_marked(old, new, browse, at) -> None:
    case = service.case_of(old)
    assert (case.state, case.replaced_by_id) == (State.CORRECTED, service.case_of(new).id)
    page = browse().get(at(f"/disclosure/{old}")).text
    assert "这份文件已更正，不再有效" in page
    assert at(f"/disclosure/{new}") in page
    assert "文字有误" in page
    assert at(f"/disclosure/{old}") in browse().get(at(f"/disclosure/{new}")).text


def test_a_new_copy_carries_the_mark_and_the_record_knows_the_original(
    old, new, browse, at, tmp_path
) -> None:
    year = clock.today(clock.now()).year
    for edition in Edition:
        file = service.get_file(old, edition)
        copy = browse().get(at(f"/disclosure/{old}/{edition.value}.pdf")).data
        assert copy != file.content
        assert copy.startswith(file.content)
        assert f"已更正见〔{year}〕村规公示002号" in squeezed(copy)
        assert "已更正" not in squeezed(file.content)
        (tmp_path / "copy.pdf").write_bytes(copy)
        done = subprocess.run(
            ["pdftotext", "-f", "2", "-l", "2", str(tmp_path / "copy.pdf"), "-"],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        assert "已更正" in done.stdout  # on every page
        assert done.stderr == ""
        original = browse().get(at(f"/disclosure/{old}/original/{edition.value}.pdf")).data
        assert hashlib.sha256(original).hexdigest() == file.sha256


def test_the_page_behind_the_printed_code_says_what_was_corrected(old, new, browse, at) -> None:
    def page(doc_id) -> str:
        return browse().get(at(f"/verify/{service.get_doc(doc_id).content_sha256[:16]}")).text

    assert page(old).count("它已更正，不再有效") == 2  # both editions
    assert at(f"/disclosure/{new}") in page(old)
    assert "不再有效" not in page(new)


def test_nobody_objects_to_what_was_corrected(cast, old, new, browse, at) -> None:
    page = browse(cast.vera).get(at(f"/disclosure/{old}")).text
    assert "请对更正后的文件提出" in page
    assert "期限已过" not in page


def test_what_was_not_corrected_has_no_mark(old, browse, at) -> None:
    for path in ("", "/original"):
        got = browse().get(at(f"/disclosure/{old}{path}/normal.pdf")).data
        assert got == service.get_file(old, Edition.NORMAL).content


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"wordings": (("没有的话", "x"),)}, Refusal.WORDING_NOT_FOUND),
        ({"wordings": ((WRONG, WRONG), ("", "x"))}, Refusal.NOTHING_CORRECTED),
        ({"reason": " "}, Refusal.NO_REASON),
        ({"approver": ""}, Refusal.NO_REASON),
        ({"wordings": (("村规公示", "x"),)}, Refusal.WORDING_NOT_FOUND),  # stands in the head
    ],
)
def test_what_is_no_correction(old, facts, refusal) -> None:
    with pytest.raises(Refused) as refused, transaction():
        begin(service.case_of(old).id, **facts)
    assert refused.value.reason is refusal


def test_a_corrected_one_is_corrected_by_its_successor(old, new, press) -> None:
    with pytest.raises(Refused) as refused, transaction():
        begin(service.case_of(old).id)
    assert refused.value.reason is Refusal.NOT_PUBLISHED
    with transaction():
        third = finish(begin(service.case_of(new).id, wordings=((RIGHT, "第三版。"),)).id, press)
        number, issue = third.number, third.issue
    assert (number, issue) == (3, 3)
    printed = squeezed(
        service.get_file(service.list_docs().items[0].doc_id, Edition.NORMAL).content
    )
    assert printed.count("第三版。") == 2
    assert service.case_of(new).state is State.CORRECTED


def test_two_begin_a_correction_at_once(old, race) -> None:
    case_id = service.case_of(old).id
    with transaction():
        actors()
    results = race(3, lambda _index: begin(case_id).issue)
    assert results.count(2) == 1
    failed = [one for one in results if one != 2]
    assert all(
        isinstance(one, IntegrityError) or one.reason is Refusal.ALREADY_UNDER_WAY for one in failed
    )


def test_the_form_says_where_it_is_wrong(cast, old, browse, at) -> None:
    client, case_id = browse(cast.max), service.case_of(old).id
    data = {
        "old1": WRONG,
        "new1": RIGHT,
        "old2": "没有",
        "new2": "x",
        "reason": "误",
        "approver": "甲",
    }
    page = client.post(at(f"/disclosure/case/{case_id}/correct"), data=data)
    assert page.status_code == 409
    assert "文件中没有这段原文" in page.text
    data |= {"old2": "", "new2": ""}
    done = client.post(at(f"/disclosure/case/{case_id}/correct"), data=data)
    assert (done.status_code, "/disclosure/case/" in done.location) == (303, True)


def test_a_vote_is_corrected_too(office, vote, press) -> None:
    with transaction():
        doc_id = publish_whole(VOTE, vote, press).id
        case_id = service.case_of(doc_id).id
        made = finish(
            begin(case_id, wordings=(("是否同意本规划？", "是否同意本村规划？"),)).id, press
        )
        content = made.content
    assert "是否同意本村规划？" in content
