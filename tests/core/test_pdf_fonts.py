"""Names survive paper: every character is drawn, and copied out as itself."""

import csv
import gzip
import subprocess

import pytest
from reportlab.pdfbase import ttfonts

from portal.core.pdf import fonts
from portal.core.pdf.blocks import Table, Text
from portal.core.pdf.frame import render
from tests.core.test_pdf_frame import frame, text_of
from tests.real_data import real_data

OWN_VILLAGES = [
    "中国矿业大学（北京）社区居委会",
    "东于（瞿阝）村委会",
    "八一〇厂社区",
    "１２３村",
    "㘵村村委会",
]
RESIDENTS = [
    "王𬭚", "李䶮", "张㛃", "赵𫘧", "㛃小明", "欧阳𬱖", "陈𤧛", "徐䴖", "吴㬎", "周𬸦",
    "郑𬘭", "孙𬍛", "马𬬭", "朱𬭎", "胡𫖯", "林𫔶", "郭𬴊", "何𦙶", "高𬊤", "罗𬀩",
]  # fmt: skip


def villages() -> list[str]:
    """Return 20 awkward names of each reason, or our own few where the real ones are absent."""
    path = real_data("cn_admin/hard_names.csv.gz")
    if path is None:
        return OWN_VILLAGES
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    chosen = {}
    for reason in sorted({row["why"] for row in rows}):
        for row in [r for r in rows if r["why"] == reason][:20]:
            chosen[row["name"]] = reason
    return list(chosen)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_residents_with_rare_characters_are_copied_out_unchanged() -> None:
    assert all(not fonts.missing(name) for name in RESIDENTS)
    table = Table(("姓名",), tuple((name,) for name in RESIDENTS), (1.0,))
    text = text_of(render(frame(), [table], str))
    assert [name for name in RESIDENTS if name not in text] == []


def test_hard_village_names_are_copied_out_unchanged() -> None:
    names = villages()
    assert len(names) >= 5
    table = Table(("村名",), tuple((name,) for name in names), (1.0,))
    text = squeezed(text_of(render(frame(), [table], str)))
    assert [name for name in names if squeezed(name) not in text] == []


@pytest.mark.parametrize("name", ["王𬭚䶮村", "㛃𫘧村委会"])
def test_rare_names_in_bold_headings(name: str) -> None:
    assert name in squeezed(text_of(render(frame(village=name, title=f"{name}公示"), [], str)))


def test_letters_of_other_languages_are_there() -> None:
    names = "Wesoła Łódź Ąę Śż Русский Ελλάδα Việt Nam ñ ü ≥ ≤ № € → ✓"
    assert fonts.missing(names) == []
    assert "".join(names.split()) in squeezed(text_of(render(frame(title=names), [], str)))


def test_a_character_without_a_shape_is_named_and_copied() -> None:
    """𣒍 is in no font of ours: it is drawn as 〓, but copied and searched as itself."""
    assert fonts.missing("輋𣒍村委会𣒍") == ["𣒍"]
    words = "〓 stands for a character that our fonts lack: %(names)s. Copy it from here."
    text = squeezed(text_of(render(frame(), [Text("輋𣒍村委会")], str)))
    assert "輋𣒍村委会" in text
    assert squeezed(words % {"names": "𣒍 (U+2348D)"}) in text


def test_control_characters_become_visible() -> None:
    assert fonts.clean("甲\x00乙\x1b丙\t丁\r\n戊") == "甲�乙�丙 丁\n戊"
    assert "甲�乙" in text_of(render(frame(), [Text("甲\x00乙")], str))


def test_upstream_still_writes_five_digits() -> None:
    """When this fails ReportLab has mended its table: drop `to_unicode_cmap` from fonts.py."""
    broken = fonts.upstream_to_unicode("F", [0x2CB5A])
    assert "<00> <2CB5A>" in broken
    assert "<00> <D872DF5A>" in fonts.to_unicode_cmap("F", [0x2CB5A])
    fonts.register()
    assert ttfonts.makeToUnicodeCMap is fonts.to_unicode_cmap


def test_the_mended_table_differs_from_upstream_in_nothing_else() -> None:
    subset = [32, 65, 0x4E00, 0xFFFD]
    assert fonts.to_unicode_cmap("F", subset) == fonts.upstream_to_unicode("F", subset)


def test_the_fonts_are_embedded(tmp_path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(render(frame(), [Text("规划")], str))
    lines = subprocess.run(
        ["pdffonts", file], check=True, capture_output=True, text=True
    ).stdout.splitlines()[2:]
    assert lines
    assert all("NotoSansSC" in line and " yes yes yes " in line for line in lines)
