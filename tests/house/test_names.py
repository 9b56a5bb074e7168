"""Real names with rare characters come out of every door as they went in."""

import csv
import gzip
import io
import re

import pytest

from portal.core.db import transaction
from portal.core.pdf.blocks import Table
from portal.core.pdf.frame import render
from portal.people import residents
from portal.people import service as people
from portal.people.rules import Role
from tests.core.test_pdf_frame import frame, text_of
from tests.real_data import real_data

RESIDENTS = (
    "张𬭚", "䶮小明", "㛃玉兰", "王𫘧", "欧阳𬱖", "𤧛国庆", "李䴖", "陈㬎", "赵𬸦", "吴𬘭",
    "周𬭸", "郑𬬭", "冯䲟", "褚𬯎", "卫𩾃", "蒋䥽", "沈㸌", "韩𬶍", "杨𬴊", "朱·阿依𠅤",
)  # fmt: skip
VILLAGES = (
    "㘰岙村", "䃎石村", "〇三村", "１２队", "㙍上村", "𥕢头村", "乌·苏村", "A区社区", "长(新)村", "㽏底村",
    "䂬口村", "㵲溪村", "䢺埠村", "𡐓下村", "䴙鹈村", "㟍山村", "䣕山村", "堡(东)村", "㳇圩村", "岙〇村",
)  # fmt: skip


def village_names() -> list[str]:
    """Return 20 of the most awkward real names of villages, or our own where they are absent."""
    path = real_data("cn_admin/hard_names.csv.gz")
    if path is None:
        return list(VILLAGES)
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8-sig"))))
    names = list(dict.fromkeys(row["name"] for row in rows))
    rare = [
        n
        for n in names
        if any("\u3400" <= c <= "\u4dbf" or ord(c) > 0xFFFF for c in n)
        and not any("\ue000" <= c <= "\uf8ff" for c in n)
    ]
    return (rare + list(VILLAGES))[:20]


def roster_of(names) -> bytes:
    lines = ["户号,组,姓名", *(f"{i:03d},1,{name}" for i, name in enumerate(names, 1))]
    return "\n".join(lines).encode()


def test_residents_from_roster_to_page_to_pdf_to_csv(app, browse, village):
    assert len(set(RESIDENTS)) == 20
    with transaction():
        max_ = people.add_account(name="Max", role=Role.COMMITTEE)
        account = type("Account", (), {"account_id": max_.id, "village_id": village.id})
    client = browse(account)
    file = {"file": (io.BytesIO(roster_of(RESIDENTS)), "名册.csv")}
    page = client.post(f"/v/{village.code}/desk/roster/import", data=file | {"missing": "keep"})
    found = client.get(page.location)
    assert [name for name in RESIDENTS if name not in found.text] == []
    stamp = re.search(r'name="stamp" value="(\w+)"', found.text)[1]
    client.post(page.location + "/put-in", data={"stamp": stamp})
    found = client.get(f"/v/{village.code}/desk/roster")
    assert [name for name in RESIDENTS if name not in found.text] == []
    lines, total = residents.list_residents()
    assert total == 20
    pdf = render(frame(), [Table(("姓名",), tuple((x.name,) for x in lines), (1,))], str)
    text = text_of(pdf)
    assert [name for name in RESIDENTS if name not in text] == []
    wish = {"reason": "核对", "kind": "csv"}
    handed_out = client.post(f"/v/{village.code}/desk/roster/export", data=wish)
    handed_out = handed_out.data.decode("utf-8-sig")
    assert [row["姓名"] for row in csv.DictReader(io.StringIO(handed_out))] == list(RESIDENTS)


def test_villages_from_the_tree_to_page_to_pdf(app, browse):
    names = village_names()
    assert len(set(names)) == 20
    for number, name in enumerate(names):
        code = f"3305239{number:05d}"
        with transaction():
            people.add_village(code=code, name=name)
        assert people.find_village(code).name == name
        assert name in browse(None).get(f"/v/{code}/").text
        found = text_of(render(frame(village=name), [Table(("村",), ((name,),), (1,))], str))
        assert name in found, name


@pytest.mark.parametrize(
    "path",
    [
        "/plans/99999999999999999999",
        "/ballots/99999999999",
        "/discussion/opinions/99999999999",
        "/surveys/99999999999",
        "/record/99999999999",
    ],
)
def test_a_number_too_large_for_the_database_is_no_page(app, cast, browse, at, path):
    assert browse(cast.vera).get(at(path)).status_code == 404


@pytest.mark.parametrize("query", ["page=99999999999999999999", "year=99999999999999999999"])
def test_a_value_too_large_in_an_address_is_said_in_words(app, cast, browse, at, query):
    answer = browse(cast.vera).get(at(f"/disclosure/?{query}"))
    assert answer.status_code == 422
    assert "过大的数字" in answer.text and "请返回，改正后再提交一次" in answer.text
