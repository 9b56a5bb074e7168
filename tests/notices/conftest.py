"""A planned general notice, the same open, and a calendar without holidays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.notices import service
from portal.notices.calendar import RestDays
from portal.notices.rules import ChannelKind, NoticeType
from tests.pictures import BOARD, picture

NOON = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)  # noon of 31 January in the village, a Saturday
TODAY = date(2026, 1, 31)
WEEKENDS = RestDays()
BOARDS = (service.Way(ChannelKind.BOARD, "村委会"), service.Way(ChannelKind.BOARD, "溪头"))


def plan(kind=NoticeType.PLAN_DRAFT, *, now=NOON, **changes):
    facts = {
        "title": "占地公示", "body": "正文 **重点**\n\n- 一\n- 二", "what_to_do": "到村委会提出",
        "planned_for": clock.today(now), "ways": BOARDS, "made_by": None, "is_rest_day": WEEKENDS,
    }  # fmt: skip
    return service.plan_notice(kind, **{**facts, **changes}, now=now)


def prove(notice_id, *, now=NOON):
    """Confirm every way that must be up, each with a photo of its own."""
    for number, channel in enumerate(service.missing_ways(notice_id)):
        service.confirm_channel(
            notice_id, channel.id, up_at=now - timedelta(hours=1), note=f"照片{number}",
            photos=[picture(colour=(90, number, 60))], confirmed_by=None, now=now,
        )  # fmt: skip


def start(notice_id, *, now=NOON, **changes):
    facts = {"opened_by": None, "is_rest_day": WEEKENDS}
    return service.open_notice(notice_id, **{**facts, **changes}, now=now)


@pytest.fixture
def planned(village) -> int:
    """A planned notice with two boards that are not up."""
    with transaction():
        return plan().id


@pytest.fixture
def running(planned) -> int:
    """The same, open since noon of 31 January 2026."""
    with transaction():
        prove(planned)
        start(planned)
    return planned


__all__ = ["BOARD"]
