"""Handing a roster in through the browser, as a committee does."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.people import service as people
from portal.people.rules import Role
from portal.roster import ports

HEADS = ["户号", "组", "姓名", "性别", "出生日期", "手机", "户主", "户籍", "外出"]
VERA = ["001", "1", "Vera", "女", "1985-05-01", "13800000001", "是", "是", "否"]
MAX = ["002", "1", "Max", "男", "1970-01-31", "13800000002", "是", "是", "否"]
SUN = ["003", "2", "Sun", "女", "1955-02-28", "13800000003", "是", "是", "否"]
WANG = ["004", "2", "Wang", "男", "1990-07-01", "13800000004", "是", "是", "是"]
LI = ["9", "3", "李四", "女", "1990-01-31", "13912345678", "是", "是", "否"]
EVERYBODY = (VERA, MAX, SUN, WANG)


def but(line, **changes):
    """Return a row with other entries in it."""
    names = ["household", "group", "name", "sex", "born_on", "phone", "head", "registered", "away"]
    return list((dict(zip(names, line, strict=True)) | changes).values())


def xlsx(*rows) -> bytes:
    book, memory = openpyxl.Workbook(), io.BytesIO()
    for line in rows:
        book.active.append(line)
    book.save(memory)
    return memory.getvalue()


@pytest.fixture
def hand_in(at):
    """Hand rows in; return the page of the import, or what the form said."""

    def _hand_in(client, *rows, missing="keep", heads=HEADS, filename="名册.xlsx", content=None):
        file = (io.BytesIO(content or xlsx(heads, *rows)), filename)
        data = {"file": file, "missing": missing}
        return client.post(at("/desk/roster/import"), data=data, follow_redirects=True)

    return _hand_in


@pytest.fixture
def put_in():
    """Agree to what a page of an import says."""

    def _put_in(client, page, **facts):
        stamp = re.search(r'name="stamp" value="(\w+)"', page.text)[1]
        data = {"stamp": stamp, **facts}
        return client.post(page.request.path + "/put-in", data=data, follow_redirects=True)

    return _put_in


@pytest.fixture
def max2(cast, village):
    """A second member of the committee, on no roster."""
    with transaction():
        account = people.add_account(name="Moritz", role=Role.COMMITTEE)
        ids = (account.id, account.village_id)
    return type("Account", (), {"account_id": ids[0], "village_id": ids[1]})


class UnderWay:
    """Says that a ballot is under way."""

    def __init__(self, *, yes=True):
        self.yes = yes

    def is_in_use(self, *, now):
        assert now - clock.now() < timedelta(minutes=1)
        return self.yes


@pytest.fixture
def under_way(app):
    """Let a ballot be under way; hand back the switch. What is joined comes back afterwards."""
    joined = list(ports._answers)
    switch = UnderWay()
    ports.answer(switch)
    yield switch
    ports._answers[:] = joined
