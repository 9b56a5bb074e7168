"""Names and numbers of people stop a general notice; what must be named is let stand, with why."""

import pytest

from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.notices import service
from portal.notices.rules import NoticeType, Refusal
from portal.people.models import Resident
from tests.notices.conftest import NOON, plan, prove, start

LIST = "申请人王 小明，电话138\u200b1234\u200b5678。"


@pytest.fixture
def wang(cast):
    with transaction():
        db.session.get_one(Resident, cast.wang.resident.id).name = "王小明"


def planned(**facts):
    with transaction():
        notice_id = plan(NoticeType.HOMESTEAD, **facts).id
        prove(notice_id)
    return notice_id


def found(notice_id):
    notice = service.get_notice(notice_id)
    return [(f.place, f.masked) for f in service.list_findings(notice, now=NOON)]


def test_somebody_named_stops_it_until_it_is_let_stand(wang):
    notice_id = planned(body=LIST, title="王小明建房公示")
    assert found(notice_id) == [("title", "王*明"), ("body", "138****5678")]
    with pytest.raises(Refused) as refused, transaction():
        start(notice_id)
    assert refused.value.reason is Refusal.PERSONAL_DATA
    assert service.find_opened("general", notice_id, type_=NoticeType.HOMESTEAD) is None
    with pytest.raises(Refused, match="no-reason"), transaction():
        service.let_stand(notice_id, " ", now=NOON)
    with transaction():
        service.let_stand(notice_id, "办法要求公示申请人", now=NOON)
        start(notice_id)
    with pytest.raises(Refused, match="not-planned"), transaction():
        service.let_stand(notice_id, "又", now=NOON)


def test_whom_one_objects_to_may_have_a_number(wang):
    contact = "异议请打13812345678"
    assert found(planned(what_to_do=contact)) == []
    assert found(planned(what_to_do=contact + "，找王小明")) == [("what_to_do", "王*明")]


def test_the_page_says_what_was_found_and_takes_the_reason(cast, browse, at, wang):
    notice_id = planned(body=LIST)
    client = browse(cast.max)
    page = client.get(at(f"/notices/desk/{notice_id}")).text
    assert "王*明" in page and "138****5678" in page and "内容里有个人信息" in page
    refused = client.post(at(f"/notices/desk/{notice_id}/open"), data={})
    assert refused.status_code == 422 and "请去掉后重新拟写" in refused.text
    path = at(f"/notices/desk/{notice_id}/let-stand")
    assert browse(cast.paula).post(path, data={"reason": "x"}).status_code == 403
    assert client.post(path, data={"reason": ""}).status_code == 422
    assert client.post(path, data={"reason": "办法要求"}).status_code == 303
    page = client.get(at(f"/notices/desk/{notice_id}")).text
    assert "理由：办法要求" in page and "内容里有个人信息" not in page
    assert client.post(at(f"/notices/desk/{notice_id}/open"), data={}).status_code == 303
