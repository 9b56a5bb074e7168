"""The privacy scan: names and numbers in the content, in the PDF's words and in its metadata."""

import json

import pytest
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.pdf.reading import read_words
from portal.core.traces import Personal, find_in_words
from portal.disclosure import proofs, scanning, service
from portal.disclosure.life_models import DisclosureAllowed
from portal.disclosure.rules import Edition, Refusal
from portal.disclosure.states import State
from portal.people.models import Resident
from tests.core.test_pdf_frame import text_of
from tests.disclosure.conftest import NOTICE, VOTE, actors, lead_through, make_notice

SENTENCES = ["一。", "请找王小明联系，电话13812345678。", "三。", "四。", "五。"]


@pytest.fixture
def wang(cast):
    with transaction():
        person = db.session.get_one(Resident, cast.wang.resident.id)
        person.name = "王小明"
    return person.name


@pytest.mark.parametrize(
    ("words", "names", "found"),
    [
        ("户主王小明领取", {"王小明"}, ["王*明"]),
        ("王小明、王小明", {"王小明"}, ["王*明", "王*明"]),
        ("欧阳明月", {"欧阳明", "欧阳明月"}, ["欧*月"]),  # the longest first
        ("王 小明", {"王小明"}, ["王*明"]),
        ("王　明领取", {"王明"}, ["王*"]),
        ("王\u200b小\u2060明", {"王小明"}, ["王*明"]),
        ("王 小 明、王小明", {"王小明"}, ["王*明", "王*明"]),
        ("王    小明", {"王小明"}, []),  # columns of a table
        ("国王\n明天", {"王明"}, []),
        ("Sunday", {"Sun"}, []),
        ("Sun Li", {"Sun"}, ["S*n"]),
        ("𬭚明来了", {"𬭚明"}, ["𬭚*"]),
        ("高山流水", {"高山"}, ["高*"]),
    ],
)
def test_names_in_words(words, names, found) -> None:
    findings = find_in_words([("", words)], frozenset(names))
    assert [finding.masked for finding in findings] == found
    assert {finding.kind for finding in findings} <= {Personal.NAME}


def test_a_number_is_nobodys_name(cast) -> None:
    """Voters of an election that was taken in have numbers for names: 85 is no person in a text."""
    village, now = proofs.village_here(), clock.now()
    names = scanning.names_to_find(village, now=now)
    with transaction():
        db.session.get_one(Resident, cast.wang.resident.id).name = "85"
        db.session.get_one(Resident, cast.vera.resident.id).name = "王小明"
    assert scanning.names_to_find(village, now=now) - names == {"王小明"}


def test_planted_names_and_numbers_stop_a_document(office, wang, press) -> None:
    with transaction():
        version = make_notice(sentences=SENTENCES)
    with pytest.raises(Refused) as refused, transaction():
        lead_through(NOTICE, version, press, until="generate")
    assert refused.value.reason is Refusal.PERSONAL_DATA
    found = refused.value.facts["findings"]
    assert [(f.place, f.kind.value, f.masked) for f in found] == [
        ("plan summary", "mobile", "138****5678"),
        ("plan summary", "name", "王*明"),
    ]
    assert service.list_docs().total == 0


def test_names_of_those_who_hold_a_post_may_stand(office, cast, press) -> None:
    """Max and Sun hold posts, Vera does not."""
    with transaction():
        version = make_notice(
            sentences=["一。", "由 Max 和 Sun 办理。", "找 Vera。", "四。", "五。"]
        )
    with pytest.raises(Refused) as refused, transaction():
        lead_through(NOTICE, version, press, until="generate")
    assert [f.masked for f in refused.value.facts["findings"]] == ["V*a"]


def allow_all(case_id, press, reason="本人书面同意"):
    day, now = clock.today(clock.now()), clock.now()
    case = service.get_case(case_id)
    content = service.content_of(case, publish_on=day, press=press, now=now)
    for finding in service.scan(case, content, now=now):
        service.allow(
            case_id, finding.sha256, reason=reason, press=press, account_id=None,
            publish_on=day, now=now,
        )  # fmt: skip


def test_what_the_committee_lets_stand_is_noted(office, wang, press) -> None:
    with transaction():
        version = make_notice(sentences=SENTENCES)
        case_id = lead_through(NOTICE, version, press, until="begin").id
    with pytest.raises(Refused) as refused, transaction():
        allow_all(case_id, press, reason=" ")
    assert refused.value.reason is Refusal.NO_REASON
    with transaction():
        allow_all(case_id, press)
    rows = service.list_allowed(case_id)
    assert [(row.masked, row.reason) for row in rows] == [
        ("138****5678", "本人书面同意"), ("王*明", "本人书面同意"),
    ]  # fmt: skip
    assert "王小明" not in json.dumps([row.finding_sha256 for row in rows])
    with transaction():
        drafter, reviewer = actors()
        now = clock.now()
        service.generate(case_id, publish_on=clock.today(now), press=press, actor=drafter, now=now)
        service.hand_in(case_id, actor=drafter, now=now)
        service.approve(case_id, actor=reviewer, is_committee=False, now=now)
        service.publish(case_id, actor=drafter, now=now)
    assert service.get_case(case_id).state is State.OBJECTION


def test_two_let_the_same_stand_at_once(office, wang, press, race) -> None:
    with transaction():
        version = make_notice(sentences=["一。", "找王小明。", "三。", "四。", "五。"])
        case_id = lead_through(NOTICE, version, press, until="begin").id
    finding = find_in_words([("", "王小明")], frozenset({"王小明"}))[0]

    def run(_index):
        return scanning.allow(
            case_id, finding, reason="同意", account_id=None, now=clock.now()
        ).masked

    results = race(3, run)
    assert results.count("王*明") == 1
    failed = [one for one in results if one != "王*明"]
    assert all(
        isinstance(one, IntegrityError) or one.reason is Refusal.ALLOWED_ALREADY for one in failed
    )
    with pytest.raises(IntegrityError), transaction():
        known = service.list_allowed(case_id)[0]
        db.session.add(
            DisclosureAllowed(
                case_id=case_id, finding_sha256=known.finding_sha256, masked="x", reason="x",
                done_at=clock.now(),
            )
        )  # fmt: skip


def test_what_was_not_found_cannot_be_allowed(office, vote, press) -> None:
    with transaction():
        case_id = lead_through(VOTE, vote, press, until="begin").id
    with pytest.raises(Refused) as refused, transaction():
        service.allow(
            case_id, "0" * 64, reason="x", press=press, account_id=None,
            publish_on=clock.today(clock.now()), now=clock.now(),
        )  # fmt: skip
    assert refused.value.reason is Refusal.NOT_FOUND_IN_IT


def test_a_name_that_joined_the_roster_meanwhile_is_found_before_it_comes_out(
    office, cast, press
) -> None:
    with transaction():
        version = make_notice(sentences=["一。", "找王小明。", "三。", "四。", "五。"])
        case_id = lead_through(NOTICE, version, press, until="approve").id
    with transaction():
        db.session.get_one(Resident, cast.wang.resident.id).name = "王小明"
        drafter, _reviewer = actors()
    with pytest.raises(Refused) as refused, transaction():
        service.publish(case_id, actor=drafter, now=clock.now())
    assert refused.value.reason is Refusal.PERSONAL_DATA


def test_the_pdf_is_read_as_others_read_it(office, vote, press) -> None:
    """Our own reader finds what pdftotext finds; each line in one piece."""
    with transaction():
        case_id = lead_through(VOTE, vote, press, until="generate").id
    for edition in Edition:
        content = service.get_proof(case_id, edition).content
        ours = {"".join(run.words.split()) for run in read_words(content)}
        theirs = "".join(text_of(content).split())
        assert sorted(words for words in ours if words and words not in theirs) == sorted(
            words for words in ours if words.startswith(("D:", "SHA-256"))
        )
        joined = "".join("".join(run.words.split()) for run in read_words(content))
        for words in ("个人信息已脱敏", "青溪村村民委员会", "13800000099", "25票，占69.4%"):
            assert words in joined, words


def test_the_pdfs_words_and_metadata_are_scanned_too(office, vote, press, monkeypatch) -> None:
    """A name that only the printing brings in, and one in the title, are found with the page."""
    real = proofs.pdf.render

    def planted(content, how, gettext, *, plate=None):
        if how.edition is Edition.LARGE:
            content = type(content)(
                **{name: getattr(content, name) for name in content.__dataclass_fields__}
                | {"question": "找王小明，13812345678"}
            )
        return real(content, how, gettext, plate=plate)

    monkeypatch.setattr(proofs.pdf, "render", planted)
    names = frozenset({"王小明"})
    day, now = clock.today(clock.now()), clock.now()
    with transaction():
        case = lead_through(VOTE, vote, press, until="begin")
        content = service.content_of(case, publish_on=day, press=press, now=now)
        files = [proofs.print_content(content, vote, edition, press) for edition in Edition]
    office_facts = json.dumps({"head": {"office": {"phone": "13800000099"}}})
    assert scanning.scan_files(office_facts, files[:1], names, []) == []
    found = scanning.scan_files(office_facts, files, names, [])
    assert {(f.kind.value, f.place) for f in found} == {
        ("name", "metadata"), ("mobile", "metadata"),
    }  # fmt: skip
    words = [run for run in read_words(files[1]) if "13812345678" in run.words]
    assert {run.page for run in words} >= {0, 1}
