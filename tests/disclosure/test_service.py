"""Publishing: numbers, files, record; what is refused; what paper and database say alike."""

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.ballots import service as ballots
from portal.ballots.rules import Kind
from portal.ballots.rules import State as BallotState
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.disclosure import service
from portal.disclosure.models import DisclosureFile
from portal.disclosure.rules import Edition, Refusal
from portal.plans.models import PlanVersion
from portal.transparency import cli
from portal.transparency import service as record
from tests.core.test_pdf_frame import text_of
from tests.disclosure.conftest import (
    NOTICE,
    VOTE,
    actors,
    lead_through,
    make_notice,
    make_vote,
    publish_whole,
)
from tests.tampering import without_triggers


def publish(kind, subject_id, press, *, now=None, **facts):
    with transaction():
        return publish_whole(kind, subject_id, press, now=now, **facts)


def squeezed(pdf: bytes) -> str:
    return "".join(text_of(pdf).split())


def test_a_result_is_published(office, vote, press) -> None:
    doc = publish(VOTE, vote, press)
    year = clock.today(clock.now()).year
    assert (doc.year, doc.number, doc.issue) == (year, 1, 1)
    assert doc.title == "关于“是否同意本规划？”的意见征询结果公告"
    content = json.loads(doc.content)
    assert (content["electors"], content["cast"]) == (44, 36)
    assert [answer["count"] for answer in content["answers"]] == [25, 8, 3]
    assert content["outcome"] == "heard"
    printed = squeezed(service.get_file(doc.id, Edition.NORMAL).content)
    for words in (
        f"〔{year}〕村规公示001号", "25票，占69.4%", "8票，占22.2%", "3票，占8.3%", "44人", "36人",
        "81.8%", "青溪村村民委员会", "13800000099", "个人信息已脱敏",
        doc.content_sha256[:32], f"/v/330523102201/verify/{doc.content_sha256[:16]}",
    ):  # fmt: skip
        assert words in printed, words


def test_a_notice_hides_nothing_and_does_not_say_so(office, press) -> None:
    with transaction():
        version = make_notice()
    doc = publish(NOTICE, version, press)
    assert "个人信息已脱敏" not in squeezed(service.get_file(doc.id, Edition.NORMAL).content)


def test_files_and_record_carry_the_same_digests(office, vote, press) -> None:
    doc = publish(VOTE, vote, press)
    assert hashlib.sha256(doc.content.encode()).hexdigest() == doc.content_sha256
    files = service.list_files(doc.id)
    assert [file.edition for file in files] == [Edition.NORMAL, Edition.LARGE]
    for file in files:
        printed = service.get_file(doc.id, file.edition).content
        assert hashlib.sha256(printed).hexdigest() == file.sha256
        entry = record.get_entry(file.record_number)
        assert (entry.file_sha256, entry.content_sha256) == (file.sha256, doc.content_sha256)
    assert len({file.sha256 for file in files}) == 2
    assert len(record.find_by_digest(doc.content_sha256)) == 2
    assert record.why_broken() is None


def test_small_numbers_are_hidden(office, vote, press) -> None:
    """Three abstained, spread over two groups: neither group's number is printed."""
    content = json.loads(publish(VOTE, vote, press).content)
    for name in ("by_group", "by_sex", "by_age_band"):
        for stratum in content[name]:
            assert [n for n in stratum["cells"] if n is not None and 0 < n < 5] == []
    assert any(None in stratum["cells"] for stratum in content["by_group"])


def test_a_choice_of_projects(office, voters, press) -> None:
    with transaction():
        ballot = make_vote(voters, question="先做哪个？", kind=Kind.APPROVAL, answers=(20, 9))
    doc = publish(VOTE, ballot, press)
    printed = squeezed(service.get_file(doc.id, Edition.NORMAL).content)
    assert "老年活动中心4820" in printed.replace("69.0%", "")
    assert "污水管网<b>二期</b>" in printed
    assert "最受欢迎" in printed or "老年活动中心" in printed


def test_a_notice_is_published_with_its_map(office, on_notice, press) -> None:
    doc = publish(NOTICE, on_notice, press)
    content = json.loads(doc.content)
    assert content["head"]["period_days"] >= 30
    assert (doc.period_end - doc.period_start).days == content["head"]["period_days"]
    printed = squeezed(service.get_file(doc.id, Edition.NORMAL).content)
    for words in (
        "《青溪村村庄规划》草案公示", "耕地保有量", "168.69", "168.38", "-0.31", "186.25", "村道拓宽",
        "守住田和山", "第3句大白话。", "县规划院", "城乡规划法", "图例", "意见表", "村委会公开栏",
        "/v/330523102201/plans/",
    ):  # fmt: skip
        assert words in printed, words


def test_documents_are_numbered_through(office, vote, on_notice, press) -> None:
    first, second = publish(NOTICE, on_notice, press), publish(VOTE, vote, press)
    assert (first.number, second.number) == (1, 2)
    assert [case.number for case in service.list_docs().items] == [2, 1]


@pytest.mark.parametrize("kind", [VOTE, NOTICE])
def test_without_an_office_nothing_is_published(vote, on_notice, press, kind) -> None:
    with pytest.raises(Refused) as refused:
        publish(kind, vote if kind is VOTE else on_notice, press)
    assert refused.value.reason is Refusal.NO_OFFICE
    assert service.list_docs().total == 0


def test_an_open_vote_is_not_published(office, voters, press) -> None:
    with transaction():
        ballot = make_vote(voters, close=False)
    with pytest.raises(Refused) as refused:
        publish(VOTE, ballot, press)
    assert refused.value.reason is Refusal.NOT_CLOSED_YET


def test_a_notice_that_is_over_is_not_published(office, on_notice, press) -> None:
    with pytest.raises(Refused) as refused:
        publish(NOTICE, on_notice, press, now=clock.now() + timedelta(days=60))
    assert refused.value.reason is Refusal.NOTICE_OVER


def test_a_changed_plan_is_not_published(office, on_notice, press) -> None:
    with transaction(), without_triggers("plan_version"):
        db.session.get_one(PlanVersion, on_notice).sentences = ["悄悄改了"]
    with pytest.raises(Refused) as refused:
        publish(NOTICE, on_notice, press)
    assert refused.value.reason is Refusal.CONTENT_CHANGED


def test_personal_data_is_not_published(office, press) -> None:
    with transaction():
        version = make_notice(
            sentences=[
                "一。",
                "找王某，13812345678。",
                "身份证11010519491231002X。",
                "四。",
                "五。",
            ]
        )
    with pytest.raises(Refused) as refused:
        publish(NOTICE, version, press)
    assert refused.value.reason is Refusal.PERSONAL_DATA
    found = refused.value.facts["findings"]
    assert [(f.place, f.masked) for f in found] == [
        ("plan summary", "138****5678"),
        ("plan summary", "110***2X"),
    ]
    assert service.list_docs().total == 0
    assert record.find_by_number(2) == []


def test_the_same_is_not_published_twice_but_a_new_issue_is(office, vote, press) -> None:
    first = publish(VOTE, vote, press)
    for reason, refusal in (("", Refusal.NO_REASON), ("再来", Refusal.ALREADY_PUBLISHED)):
        with pytest.raises(Refused) as refused:
            publish(VOTE, vote, press, reason=reason)
        assert refused.value.reason is refusal
    with transaction():
        service.set_office(
            unit="青溪村村民委员会", address="新址", phone="1", email="", hours="全天"
        )
    second = publish(VOTE, vote, press, reason="地址变更")
    assert (second.number, second.issue) == (2, 2)
    states = [service.case_of(doc.id).state.value for doc in (first, second)]
    assert states == ["corrected", "objection"]
    assert "（第2版，代替前一版）" in squeezed(service.get_file(second.id, Edition.NORMAL).content)


def test_two_publish_at_once(office, vote, on_notice, race, press) -> None:
    """Four publish the same result, four the notice: one of each, numbers 1 and 2, one chain."""
    with transaction():
        cases = [
            lead_through(*one, press, until="approve").id
            for one in ((VOTE, vote), (NOTICE, on_notice))
        ]
        drafter, _reviewer = actors()

    def run(index):
        service.publish(cases[index % 2], actor=drafter, now=clock.now())
        return service.get_case(cases[index % 2]).number

    results = race(8, run)
    assert sorted(r for r in results if isinstance(r, int)) == [1, 2]
    refused = [r for r in results if not isinstance(r, int)]
    assert {getattr(r, "reason", r) for r in refused} == {Refusal.NOT_IN_THIS_STATE}
    assert record.why_broken() is None


def test_a_failure_half_way_leaves_nothing(office, vote, press, monkeypatch) -> None:
    def fail(**_facts):
        raise RuntimeError("the record is full")

    monkeypatch.setattr(record, "append", fail)
    with pytest.raises(RuntimeError, match="full"):
        publish(VOTE, vote, press)
    assert service.list_docs().total == 0
    assert db.session.scalar(text("SELECT count(*) FROM disclosure_file")) == 0


def test_the_neighbour_sees_nothing(office, vote, press, neighbour) -> None:
    doc = publish(VOTE, vote, press)
    with village_scope(neighbour.id):
        assert service.list_docs().total == 0
        assert service.list_files(doc.id) == []
        assert service.find_office() is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE disclosure_doc SET title = 'x'", "DELETE FROM disclosure_file",
     "UPDATE disclosure_file SET sha256 = 'x'"],
)  # fmt: skip
def test_published_rows_stay_as_they_are(office, vote, press, statement) -> None:
    publish(VOTE, vote, press)
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.connection().exec_driver_sql(statement)


def tamper(table: str, dialect: str, statement: str) -> None:
    on = f" ON {table}" if dialect == "postgresql" else ""
    with transaction():
        connection = db.session.connection()
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}{on}")
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("table", "statement", "line"),
    [
        ("disclosure_doc", "UPDATE disclosure_doc SET content = '{}'", "no. 2 content-changed"),
        ("disclosure_file", "DELETE FROM disclosure_file WHERE record_number = 3", "no. 3 file-missing"),
        ("record_entry", "UPDATE record_entry SET subject = '改了' WHERE number = 2",
         "no. 2 entry-changed"),
        ("record_entry", "DELETE FROM record_entry WHERE number = 3", "no. 3 file-not-recorded"),
    ],
)  # fmt: skip
def test_flask_verify_finds_tampering(
    app, office, vote, press, database, village, table, statement, line
) -> None:
    publish(VOTE, vote, press)
    good = app.test_cli_runner().invoke(cli.verify)
    assert f"ok      {village.code} 青溪村: 3 entries" in good.output  # the vote was opened
    assert good.exit_code == 0
    tamper(table, database, statement)
    bad = app.test_cli_runner().invoke(cli.verify)
    assert bad.exit_code == 1
    assert line in bad.output


def test_the_ballot_knows_that_its_result_is_published(app, office, vote, press) -> None:
    assert ballots.state_of(ballots.get_ballot(vote), now=clock.now()) is BallotState.COUNTED
    publish(VOTE, vote, press)
    assert ballots.state_of(ballots.get_ballot(vote), now=clock.now()) is BallotState.DISCLOSED


def test_flask_verify_finds_a_changed_byte(app, office, vote, press, database) -> None:
    doc = publish(VOTE, vote, press)
    tamper("disclosure_file", database, "UPDATE disclosure_file SET size = size")
    with transaction():
        file = db.session.get_one(DisclosureFile, service.list_files(doc.id)[0].id)
        file.content = service.get_file(doc.id, Edition.NORMAL).content + b"\n"
    assert "no. 2 file-changed" in app.test_cli_runner().invoke(cli.verify).output
