"""The common frame: what every page says, that words stay words, and bytes stay bytes."""

import dataclasses
import socket
import subprocess
from datetime import date

import pytest
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from portal.core.pdf import letters
from portal.core.pdf.blocks import (
    Bar,
    Bars,
    Facts,
    Figure,
    Figures,
    Section,
    Slip,
    Statement,
    Steps,
    Table,
    Text,
)
from portal.core.pdf.digest import canonical, sha256_of
from portal.core.pdf.frame import Frame, render

DIGEST = "0123456789abcdef" * 4


def frame(**changes) -> Frame:
    facts = Frame(
        village="青溪村",
        township="孝丰镇",
        kind="村务公开",
        number="〔2026〕村规公示 001号",
        title="表决结果公告",
        issued_on=date(2026, 3, 2),
        period="自2026年3月2日起至2026年3月7日24:00止，共5天（起始日不计）。",
        unit="青溪村村民委员会",
        reviewer="村务监督委员会",
        contact=(("地址", "便民服务中心"), ("电话", "0572-5000000")),
        objection="对结果有异议的，可以书面提出。",
        verify_url="https://guihua.example.cn/v/330523102201/verify/0123456789abcdef",
        content_sha256=DIGEST,
        is_masked=True,
    )
    return dataclasses.replace(facts, **changes)


EVERYTHING = [
    Section("表决事项"),
    Text("第一段。\n第二段。"),
    Facts((("方式", "按人"), ("空", ""))),
    Table(("甲", "乙"), tuple((f"第{n}行", str(n)) for n in range(90)), (2, 1), frozenset({1})),
    Figures((Figure("1,204", "人", "应到"),)),
    Statement("通过", "2×512=1024 > 823"),
    Bars((Bar("同意", 5, 10, "5票"), Bar("无", 0, 0, "0票"))),
    Steps(("一", "二")),
    Slip("意见表", ("姓名",)),
]


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, check=True, capture_output=True)
    return done.stdout.decode()


def info_of(pdf: bytes) -> dict[str, str]:
    done = subprocess.run(["pdfinfo", "-"], input=pdf, check=True, capture_output=True)
    pairs = (line.partition(":") for line in done.stdout.decode().splitlines())
    return {key: value.strip() for key, _colon, value in pairs}


def pages_of(pdf: bytes) -> list[str]:
    return text_of(pdf).split("\f")[:-1]


def test_every_page_carries_number_digest_address_and_count() -> None:
    pages = pages_of(render(frame(), EVERYTHING, str))
    assert len(pages) >= 4
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert DIGEST[:32] in page.replace(" ", "")
        assert DIGEST[32:] in page.replace(" ", "")
        assert "/verify/0123456789abcdef" in page
        assert "Personal data is masked" in page
    assert "〔2026〕村规公示 001号" in pages[0]
    assert "2026年3月2日" in pages[0]
    assert all("青溪村" in page for page in pages)
    assert "青溪村村民委员会" in "".join(pages[-2:])


def test_what_hides_nothing_does_not_say_so() -> None:
    for page in pages_of(render(frame(is_masked=False), EVERYTHING, str)):
        assert "masked" not in page and "Page " in page


def test_table_heads_are_repeated_and_no_row_is_lost() -> None:
    pages = pages_of(render(frame(), EVERYTHING, str))
    text = "".join(pages)
    assert [n for n in range(90) if f"第{n}行" not in text] == []
    assert sum("甲" in page for page in pages) >= 3


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render(frame(), EVERYTHING, str) == render(frame(), EVERYTHING, str)
    assert render(frame(), EVERYTHING, str) != render(frame(title="另一份"), EVERYTHING, str)


def test_title_and_bookmarks_but_no_author() -> None:
    pdf = render(frame(), EVERYTHING, str)
    info = info_of(pdf)
    assert (info["Title"], info["Subject"]) == ("表决结果公告", "〔2026〕村规公示 001号")
    assert (info["Author"], info["Creator"], info["Producer"]) == ("", "", "")
    assert info["Page size"] == "595.276 x 841.89 pts (A4)"
    assert b"/Outlines" in pdf
    assert b"/DisplayDocTitle true" in pdf
    assert b"/Lang" in pdf


MEAN = [
    '<img src="http://127.0.0.1:9/x.png"/>',
    "<a href='javascript:alert(1)'>甲</a> & <b>",
    "</para><para>乙",
    "&lt;i&gt; &nbsp; &#65;",
    '<font name="x" color="[[[].__class__]]">丙',
]


@pytest.mark.parametrize("mean", MEAN)
def test_markup_is_printed_as_text_and_opens_no_connection(mean, monkeypatch) -> None:
    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    blocks = [
        Section(mean), Text(mean), Facts(((mean, mean),)), Table((mean,), ((mean,),), (1,)),
        Figures((Figure(mean, mean, mean),)), Statement(mean, mean), Bars((Bar(mean, 1, 2, mean),)),
        Steps((mean,)), Slip(mean, (mean,)),
    ]  # fmt: skip
    around = frame(
        village=mean, township=mean, kind=mean, number=mean, title=mean, period=mean, unit=mean,
        reviewer=mean, contact=((mean, mean),), objection=mean,
    )  # fmt: skip
    text = "".join(text_of(render(around, blocks, str)).split())
    wanted = "".join(mean.split())
    assert text.count(wanted) >= 15
    assert "/URI" not in render(around, blocks, str).decode("latin-1")


@pytest.mark.parametrize(("large", "least"), [(False, 12), (True, 18)])
def test_no_type_is_smaller_than_the_edition_promises(large, least, monkeypatch) -> None:
    drawn: set[float] = set()
    for kind in (Canvas, PDFTextObject):

        def note(self, name, size, leading=None, upstream=kind.setFont):
            drawn.add(size)
            upstream(self, name, size, leading)

        monkeypatch.setattr(kind, "setFont", note)
    pdf = render(frame(large=large), EVERYTHING, str)
    assert drawn
    assert min(drawn) >= least
    assert len(pages_of(pdf)) > (6 if large else 3)


def test_a_cell_longer_than_a_page_is_split() -> None:
    long = "很长的意见，" * 900
    text = "".join(text_of(render(frame(), [Table(("意见",), ((long,),), (1,))], str)).split())
    assert text.count("很") == 900


def test_lines_break_as_chinese_is_set() -> None:
    def lines(text: str, room: float) -> list[str]:
        return [line for _space, line in letters.break_lines(text, [room], "NotoSansSC", 10)]

    assert lines("一二三四。", 40) == ["一二三", "四。"]
    assert lines("一二三（四）", 40) == ["一二三", "（四）"]
    assert lines("共1,204户", 40) == ["共", "1,204户"]
    assert lines("二〇二六2026—2035年", 70) == ["二〇二六", "2026—2035年"]
    assert lines("到2026年12月9日止", 70) == ["到", "2026年12月9日", "止"]
    assert lines("abc def ghi", 40) == ["abc def", "ghi"]
    assert "".join(lines("x" * 50, 40)) == "x" * 50
    assert lines("", 40) == [""]


@dataclasses.dataclass(frozen=True)
class Facts2:
    """Something to hash."""

    name: str
    day: date
    parts: tuple[int, ...]


def test_the_digest_is_of_canonical_json() -> None:
    facts = Facts2("𬭚", date(2026, 3, 2), (1, 2))
    assert canonical(facts).decode() == '{"day":"2026-03-02","name":"𬭚","parts":[1,2]}'
    assert sha256_of(facts) == sha256_of(Facts2("𬭚", date(2026, 3, 2), (1, 2)))
    with pytest.raises(TypeError):
        canonical({"share": 0.5})
