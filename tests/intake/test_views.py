"""The pages: hand in, look, choose, put in; who may; templates and exports; few statements."""

import io

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.intake import service
from portal.intake.faults import Fault, Note
from portal.intake.note_words import NOTES
from portal.intake.reading import read_bundle
from portal.intake.rules import ImportState, Refusal
from portal.intake.words import CHIPS, FAULTS, REFUSALS, STATES
from portal.plans import service as plans
from tests.intake.conftest import CONTENT, bundle, geojson, packed


def send(client, at, data, *, place="new", name="规划.zip"):
    form = {"file": (io.BytesIO(data), name), "place": place}
    return client.post(at("/intake/"), data=form, content_type="multipart/form-data")


def test_every_fault_note_and_refusal_has_words():
    assert set(FAULTS) == set(Fault) - {Fault.LAYER}
    assert set(NOTES) == set(Note) - {Note.LAYER_REPAIRED}
    assert set(REFUSALS) == set(Refusal)
    assert set(STATES) == set(CHIPS) == set(ImportState)


def test_a_plan_is_handed_in_looked_at_and_put_in(browse, cast, at, whole):
    client = browse(cast.max)
    page = client.get(at("/intake/")).text
    assert "下载模板（中文）" in page and "作为一个新规划" in page
    answer = send(client, at, whole)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "没有错误" in page and "溪头路拓宽" in page and "186.54 万元" in page
    assert "目标“富村”没有指标来衡量" in page
    done = client.post(answer.location + "/put-in")
    assert done.status_code == 303 and "/plans/desk/" in done.location
    assert "青溪村规划" in client.get(done.location).text
    page = client.get(answer.location).text
    assert "已导入" in page and done.location.split("/v/")[1] in page
    assert client.post(answer.location + "/put-in").status_code == 409


def test_a_wrong_file_is_told_cell_by_cell_and_nothing_is_written(browse, cast, at):
    client = browse(cast.paula)
    answer = send(client, at, "序号,目标\n1,\n一,甲\n".encode(), name="目标.csv")
    page = client.get(answer.location).text
    assert "2 处要改" in page or "要改" in page
    assert "第 2 行 · B “目标” 列" in page and "这一格不能空" in page
    assert client.post(answer.location + "/put-in").status_code == 409
    told = client.get(answer.location + "/remarks.csv")
    assert told.status_code == 200
    assert "这一格不能空" in told.text and "This cell must not be empty." in told.text
    assert plans.list_versions(public_only=False, now=clock.now()) == []


def test_a_layer_is_named_on_the_page(browse, cast, at):
    client = browse(cast.max)
    data = packed({"一.geojson": geojson(), "规划.csv": b""})
    data = packed({"一.geojson": geojson(), "目标.csv": "序号,目标\n1,甲\n".encode()})
    place = None
    with transaction():
        draft = plans.create_plan(name="甲", base_year=2025, target_year=2035, now=clock.now())
        place = f"draft-{draft.id}"
    answer = send(client, at, data, place=place)
    page = client.get(answer.location).text
    assert "不导入这个图层" in page and "请选择" in page and "/put-in" not in page
    assert client.post(answer.location + "/put-in").status_code == 409
    chosen = client.post(answer.location + "/choose", data={"kind-0": "land_use"})
    assert chosen.status_code == 303
    assert "/put-in" in client.get(answer.location).text
    done = client.post(answer.location + "/put-in")
    assert done.status_code == 303


def test_what_is_thrown_away_is_gone(browse, cast, at, whole):
    client = browse(cast.max)
    answer = send(client, at, whole)
    assert client.post(answer.location + "/drop").status_code == 303
    page = client.get(answer.location).text
    assert "已放弃" in page or "放弃" in page
    assert client.post(answer.location + "/again").status_code == 409


@pytest.mark.parametrize("data", [None, b""])
def test_a_form_without_a_file_comes_back(browse, cast, at, data):
    client = browse(cast.max)
    form = {"place": "new"} if data is None else {"file": (io.BytesIO(data), ""), "place": "new"}
    answer = client.post(at("/intake/"), data=form, content_type="multipart/form-data")
    assert answer.status_code == 422 and "请选择文件" in answer.text.replace(
        "请选择一个文件", "请选择文件"
    )


@pytest.mark.parametrize("who", ["vera", "sun", "otto", "nora", None])
def test_only_those_who_write_plans_hand_them_in(browse, cast, at, village, whole, who):
    with transaction():
        handed = service.prepare("new", "规划.zip", whole, account_id=None, now=clock.now()).id
    client = browse(getattr(cast, who) if who else None)
    for path in ("/intake/", f"/intake/{handed}", "/intake/template-zh.xlsx"):
        assert client.get(at(path)).status_code in (302, 303, 401, 403), path
    assert client.post(at(f"/intake/{handed}/put-in")).status_code in (302, 303, 401, 403)
    db.session.rollback()
    assert service.get(handed).state is ImportState.PREPARED


def test_the_templates_are_handed_out(browse, cast, at):
    client = browse(cast.max)
    for edition in ("zh", "en"):
        answer = client.get(at(f"/intake/template-{edition}.xlsx"))
        assert answer.status_code == 200 and answer.data.startswith(b"PK")
        assert client.get(at(f"/intake/template-{edition}/structure.csv")).status_code == 200
        assert client.get(at(f"/intake/template-{edition}/nothing.csv")).status_code == 404


def test_a_version_is_handed_out_and_comes_back(browse, cast, at, whole):
    client = browse(cast.max)
    done = client.post(send(client, at, whole).location + "/put-in")
    version_id = int(done.location.rsplit("/", 1)[1])
    book = client.get(at(f"/intake/export/{version_id}-zh.xlsx")).data
    found = read_bundle("x.xlsx", book, base=CONTENT, is_new=True).content
    assert found.projects == CONTENT.projects and found.structure == CONTENT.structure
    table = client.get(at(f"/intake/export/{version_id}-zh/projects.csv"))
    assert "溪头路拓宽" in table.text
    assert client.get(at(f"/intake/export/{version_id}-zh/nothing.csv")).status_code == 404


def test_the_list_takes_as_many_statements_however_long(browse, cast, at, count_queries):
    client, counts = browse(cast.max), []
    for _ in range(2):
        send(client, at, bundle())
        client.get(at("/intake/"))
        with count_queries() as counted:
            client.get(at("/intake/"))
        counts.append(counted.n)
    assert counts[0] == counts[1]
