"""Documents on paper: what stands in the data stands on the page, within it, in shapes we have."""

import csv
import dataclasses
import gzip
import itertools
import json
import re
import socket
import subprocess
import typing
import zlib
from datetime import date, datetime
from types import UnionType
from xml.etree import ElementTree

import pytest

from portal.core.pdf.digest import canonical, sha256_of
from portal.core.pdf.reading import read_words
from portal.core.pdf.style import MARGIN, PAGE_HEIGHT, PAGE_WIDTH
from portal.disclosure import contents, pdf
from portal.disclosure.contents import VoteResult, load
from portal.disclosure.contents_adoption import Adoption
from portal.disclosure.contents_checks import ConflictTable, YearlyEvaluation
from portal.disclosure.contents_plan import ApprovedPlan, DraftNotice
from portal.disclosure.kinds import KINDS
from portal.disclosure.rules import DocKind, Edition
from tests.real_data import real_data

DAY = date(2026, 3, 2)
CODES = {
    # fields that hold a code; the page says its name
    ("Project", "kind"): "infrastructure",
    ("AdoptionRow", "decision"): "adopted",
    ("AdoptionRow", "hidden"): "",
    ("AdoptionRow", "is_taken_back"): False,
    ("HearingLine", "form"): "talk",
    ("Facility", "kind"): "clinic",
    ("Facility", "status"): "planned",
    ("StructureRow", "group"): "village",
    ("StructureRow", "code"): "0703",
    ("Way", "kind"): "board",
    ("Bound", "key"): "ecological_redline",
    ("ControlRule", "subject"): "zone:0202",
    ("PairCheck", "first"): "ecological_redline",
    ("PairCheck", "second"): "permanent_basic_farmland",
    ("Conflict", "first"): "ecological_redline",
    ("Conflict", "second"): "permanent_basic_farmland",
    ("Conflict", "state"): "agreed",
    ("Reading", "light"): "behind",
    ("Change", "area"): "indicators",
    ("Change", "kind"): "changed",
    ("VoteResult", "outcome"): "passed",
    ("VoteResult", "kind"): "ranked",
    ("VoteResult", "secrecy"): "open",
    ("VoteResult", "votes_by"): "person",
    ("Sitting", "kind"): "village-meeting",
    ("Funding", "way"): "greedy",
    ("Answer", "key"): "",
    ("Head", "village_code"): "330523102201",
}
NOT_SHOWN = {
    # digests are printed in groups; these are joined to others, or say what is not drawn here
    ("Indicator", "code"), ("Goal", "code"), ("Goal", "indicators"), ("Project", "indicators"),
    ("PlanFacts", "plates"), ("Reading", "code"), ("VoteResult", "by_channel"), ("Answer", "code"),
    ("Stratum", "keys"),
}  # fmt: skip
TITLES = {("PlanFacts", "name"), ("ConflictTable", "plan_name"), ("VoteResult", "question"),
          ("VoteResult", "plan_name"), ("YearlyEvaluation", "plan_name"),
          ("Adoption", "plan_name")}  # fmt: skip
"""The database keeps no more than 200 signs of these."""
NUMBERS = {"base", "target", "change", "expected", "current", "deviation", "area_ha", "share",
           "ratio", "benchmark", "base_ha", "target_ha", "change_ha", "base_share", "target_share",
           "tolerance_share"}  # fmt: skip
KINDS_HERE = {
    DocKind.DRAFT_NOTICE: DraftNotice,
    DocKind.APPROVED_PLAN: ApprovedPlan,
    DocKind.CONFLICTS: ConflictTable,
    DocKind.EVALUATION: YearlyEvaluation,
    DocKind.VOTE_RESULT: VoteResult,
    DocKind.ADOPTION: Adoption,
}
LEFT_OUT = {
    DocKind.APPROVED_PLAN: {"Facility", "Road", "Indicator", "summary", "legal_basis"},
    DocKind.CONFLICTS: set(),
}
"""What the facts of a plan hold and a kind does not show."""
COUNT = {DocKind.DRAFT_NOTICE: 14, DocKind.APPROVED_PLAN: 8, DocKind.CONFLICTS: 4,
         DocKind.EVALUATION: 7, DocKind.VOTE_RESULT: 10, DocKind.ADOPTION: 6}  # fmt: skip


class Made:
    """Content made up from its own types: every value is another one, and remembered."""

    def __init__(self, kind, words="甲{n}乙", rows=2, **given):
        self.kind, self.words, self.rows = kind, words, rows
        self.given = {"by_group": (), "by_sex": (), "by_age_band": (), **given}
        self.given["by_channel"] = (("self", 3), ("paper", 2))[:rows]
        self.given["by_decision"] = (("adopted", 3), ("rejected", 2))[:rows]
        self.counter = itertools.count(101)
        self.shown: list[str] = []
        self.content = self.make(KINDS_HERE[kind], "")

    def make(self, cls, path):
        hints = typing.get_type_hints(cls)
        return cls(**{name: self.value(cls.__name__, name, hint) for name, hint in hints.items()})

    def value(self, owner, name, hint):
        if (owner, name) in CODES:
            return CODES[owner, name]
        if name in self.given:
            return self.given[name]
        if isinstance(hint, UnionType):
            hint = next(option for option in typing.get_args(hint) if option is not type(None))
        if typing.get_origin(hint) is tuple:
            of = typing.get_args(hint)[0]
            return tuple(self.value(owner, name, of) for _ in range(self.rows))
        if dataclasses.is_dataclass(hint):
            return self.make(hint, name)
        return self.plain(owner, name, hint)

    def plain(self, owner, name, hint):
        n = next(self.counter)
        if hint is DocKind:
            return self.kind
        if hint is date:
            return DAY
        if hint is datetime:
            return datetime.fromisoformat("2026-03-02T10:00:00+08:00")
        if hint is bool:
            return name != "is_synthetic"
        if hint is int:
            return n % 90 + 5 if name == "percent" else 2035 if name.endswith("year") else n
        if name.endswith("sha256"):
            return f"{n:064d}"
        said = f"{n}.25" if name in NUMBERS else self.words.format(n=n)
        if (owner, name) in TITLES:
            said = said[:200]
        left_out = LEFT_OUT.get(self.kind, set())
        if (owner, name) not in NOT_SHOWN and not left_out & {owner, name}:
            self.shown.append(said)
        return said


def printed(content, *, edition=Edition.NORMAL, language="zh_Hans", plate=None) -> bytes:
    how = pdf.Print(
        content_sha256=sha256_of(content),
        verify_url="https://guihua.example.cn/v/330523102201/verify/0123456789abcdef",
        language=language,
        edition=edition,
        record_size=1204,
    )
    return pdf.render(content, how, str, plate=plate)


def drawn_in(content: bytes) -> str:
    """Return the words in the order in which they are drawn, lines of a cell one after another."""
    return re.sub(r"\s", "", "".join(run.words for run in read_words(content)))


def text_of(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=content, check=True, capture_output=True)
    return re.sub(r"\s", "", done.stdout.decode())


@pytest.mark.parametrize("kind", KINDS_HERE)
@pytest.mark.parametrize("edition", Edition)
def test_every_value_of_the_data_stands_on_the_page(kind, edition) -> None:
    made = Made(kind)
    content = printed(made.content, edition=edition)
    text = text_of(content) if edition is Edition.NORMAL else drawn_in(content)
    assert len(made.shown) > 14
    assert [said for said in made.shown if said not in text] == []
    assert "Recordsize:1204" in text
    assert load(KINDS[kind].content, json.loads(canonical(made.content))) == made.content


@pytest.mark.parametrize("kind", KINDS_HERE)
@pytest.mark.parametrize("rows", [0, 1])
def test_every_numbered_section_is_there_in_order_with_data_and_without(kind, rows) -> None:
    made = Made(kind, rows=rows)
    content = made.content
    text = text_of(printed(content))
    blocks = KINDS[kind].blocks(content, str, language="zh_Hans", plate=None)
    titles = [block.title for block in blocks if type(block).__name__ == "Section"]
    assert len(titles) == COUNT[kind]
    signs = "一二三四五六七八九十"
    at = -1
    for number, title in enumerate(titles, start=1):
        sign = signs[number - 1] if number < 11 else "十" + signs[number - 11]
        found = text.find(re.sub(r"\s", "", f"{sign}、{title}"), at + 1)
        assert found > at, title
        at = found
    last_was_section = False
    for block in blocks:  # no heading without a word under it
        is_section = type(block).__name__ == "Section"
        assert not (is_section and last_was_section)
        last_was_section = is_section


@pytest.mark.parametrize("kind", KINDS_HERE)
def test_the_same_content_gives_the_same_bytes(kind) -> None:
    content = Made(kind).content
    assert printed(content) == printed(Made(kind).content)
    assert printed(content) != printed(content, edition=Edition.LARGE)


MEAN = "<img/>&{n};"


@pytest.mark.parametrize("kind", KINDS_HERE)
def test_words_never_become_markup_and_open_no_connection(kind, monkeypatch) -> None:
    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    made = Made(kind, words=MEAN)
    content = printed(made.content)
    text = drawn_in(content)
    wanted = [re.sub(r"\s", "", said) for said in made.shown]
    assert [said for said in wanted if said not in text] == []
    assert b"/URI" not in content
    assert b"/XObject" not in content


def long_names() -> list[str]:
    """Return the longest real names of villages, or made-up ones where they are absent."""
    path = real_data("cn_admin/villages_46_海南.csv.gz")
    if path is None:
        return ["国营南田农场场部第十三居民点社区居民委员会"]
    rows = csv.DictReader(gzip.decompress(path.read_bytes()).decode("utf-8-sig").splitlines())
    return sorted({row["name"] for row in rows}, key=lambda name: (-len(name), name))[:3]


LONG = "规划要求{n}" + "各村民小组应当在2026—2035年间按照本规则保护耕地、林地和水面，" * 15


@pytest.mark.parametrize("kind", KINDS_HERE)
@pytest.mark.parametrize("edition", Edition)
@pytest.mark.parametrize("words", [LONG, "Verylongwordwithoutanyspace{n}" + "x" * 470])
def test_nothing_overflows_and_nothing_overlaps(kind, edition, words) -> None:
    assert len(LONG.format(n=101)) >= 500
    for name in long_names():
        office = contents.Office(
            unit=name * 4, address=name * 6, phone="0572-5000000", email="", hours="周一至周五" * 20
        )
        made = Made(
            kind, words=words, rows=1, village=name, township=name * 2, office=office,
            number="〔2026〕村规公示 001号",
        )  # fmt: skip
        assert_within(printed(made.content, edition=edition))
        words = "短{n}"


MARK = 40
"""Points: only the mark of a preview or an example is that high; it lies behind the words."""


def assert_within(content: bytes) -> None:
    """Assert by geometry that every word lies within the frame and on no other."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, check=True, capture_output=True)  # fmt: skip
    space = "{http://www.w3.org/1999/xhtml}"
    pages = ElementTree.fromstring(done.stdout).iter(f"{space}page")  # noqa: S314 -- poppler's own
    for page in pages:
        boxes = []
        for word in page.iter(f"{space}word"):
            left, top, right, bottom = (
                float(word.get(k)) for k in ("xMin", "yMin", "xMax", "yMax")
            )
            assert left >= MARGIN - 1, word.text
            assert right <= PAGE_WIDTH - MARGIN + 1, word.text
            assert top > 0
            assert bottom < PAGE_HEIGHT
            if bottom - top > MARK:
                continue
            thin = (bottom - top) * 0.27  # the box of a font is higher than its letters
            boxes.append((left + 0.6, top + thin, right - 0.6, bottom - thin, word.text))
        for one, other in itertools.combinations(boxes, 2):
            if one[4] == other[4] and abs(one[0] - other[0]) < 2 > abs(one[1] - other[1]):
                continue  # a word of a map and its light edge
            beside = one[2] <= other[0] or other[2] <= one[0]
            above = one[3] <= other[1] or other[3] <= one[1]
            assert beside or above, (one[4], other[4])


@pytest.mark.parametrize(("edition", "least"), [(Edition.NORMAL, 12), (Edition.LARGE, 18)])
@pytest.mark.parametrize("kind", KINDS_HERE)
def test_no_type_is_smaller_than_the_edition_promises(kind, edition, least) -> None:
    content = printed(Made(kind).content, edition=edition)
    sizes = set()
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            drawn = zlib.decompressobj().decompress(stream)
        except zlib.error:
            continue
        sizes |= {float(size) for size in re.findall(rb"/F\d+\+\d+ ([\d.]+) Tf", drawn)}
    assert min(sizes) >= least


HARD = ("㘰岙村", "䃎石村", "𥕢头村", "㙍上村", "乌·苏村", "𡐓下村", "张𬭚", "王𫘧", "朱·阿依𠅤")


@pytest.mark.parametrize("kind", KINDS_HERE)
def test_hard_names_come_out_as_they_went_in(kind) -> None:
    text = drawn_in(printed(Made(kind, words="".join(HARD) + "{n}").content))
    assert [name for name in HARD if name not in text] == []
    assert "〓" not in text
    assert "\ufffd" not in text


@pytest.mark.parametrize("kind", KINDS_HERE)
def test_an_english_edition_keeps_the_data(kind) -> None:
    made = Made(kind)
    text = text_of(printed(made.content, language="en"))
    assert [said for said in made.shown if said not in text] == []
    assert b"/Lang (en)" in printed(made.content, language="en")
    assert "1." in text
    assert "一、" not in text


def test_every_kind_has_a_test_of_its_print() -> None:
    assert set(KINDS) - set(KINDS_HERE) == {DocKind.AFFAIRS, DocKind.CORRECTION}
