"""The paper and the pages never disagree about dates: drawn starts and calendars, one truth."""

import random
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.disclosure import service as disclosure
from portal.disclosure.press import press_of
from portal.disclosure.rules import DocKind, Edition
from portal.notices import service
from portal.plans import service as plans
from tests.core.test_pdf_frame import text_of
from tests.disclosure.conftest import make_notice

DAY = r"(\d{4})年(\d{1,2})月(\d{1,2})日"


@pytest.fixture
def office(village):
    with transaction():
        disclosure.set_office(
            unit="青溪村村民委员会", address="二楼", phone="13800000099", email="", hours="全天"
        )


def day(found) -> date:
    return date(*(int(number) for number in found))


def on_paper(pdf: bytes) -> tuple[date, date, int]:
    """Read start, end and days from the period line of the document."""
    text = "".join(text_of(pdf).split())
    [found] = re.findall(
        rf"公示期：?自?{DAY}.{{0,6}}至{DAY}.{{0,8}}24:00止?[^\d]{{0,3}}共?(\d+)天", text
    ) or [pytest.fail(text[:600])]
    return day(found[:3]), day(found[3:6]), int(found[6])


def on_page(html: str) -> tuple[date, date, int]:
    """Read the same from the list of dates on the public page."""
    start = re.search(rf"<dt>开始</dt><dd>{DAY}", html)
    end = re.search(rf"<dt>截止</dt><dd><b>{DAY}\(周.\) 24:00", html)
    count = re.search(r"共(\d+)天，起始日不计。", html)
    return day(start.groups()), day(end.groups()), int(count[1])


def on_sheet(html: str) -> tuple[date, date, int]:
    """Read the same from the sheet that is printed and hung up."""
    found = re.search(rf"自{DAY}\(周.\)起至{DAY}\(周.\) 24:00止", html).groups()
    return day(found[:3]), day(found[3:]), int(re.search(r"共(\d+)天，起始日不计。", html)[1])


def reckoned(start: date, special: dict[date, bool]) -> tuple[date, date, int]:
    """Reckon the end by hand: thirty days after, then on while nobody works (T1, T3)."""
    end = date.fromordinal(start.toordinal() + 30)
    while special.get(end, end.isoweekday() > 5):
        end = date.fromordinal(end.toordinal() + 1)
    return start, end, end.toordinal() - start.toordinal()


@pytest.mark.parametrize("seed", range(6))
def test_paper_and_pages_say_the_same_dates(office, village, browse, at, seed):
    rng = random.Random(f"paper {seed}")
    known = {special.day: special.is_rest for special in service.list_special_days()}
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(0, 300 * 24 * 60))
    start = clock.today(now)
    special = {
        start + timedelta(days=30 + n): rng.random() < 0.6 for n in range(rng.randrange(0, 5))
    }
    with transaction():
        for when, is_rest in special.items():
            service.set_special_day(when, is_rest=is_rest, name="试")
        version_id = make_notice(now=now)
    truth = reckoned(start, known | special)
    notice = plans.notice_of(version_id)
    assert (notice.started_on, notice.last_on, notice.days) == truth
    assert notice.ends_at == datetime(*truth[1].timetuple()[:3], 16, tzinfo=UTC)
    with press_of(village.code) as press, transaction():
        for edition in Edition:
            pdf = disclosure.preview(
                DocKind.DRAFT_NOTICE,
                version_id,
                edition=edition,
                publish_on=start,
                press=press,
                now=now,
            )
            assert on_paper(pdf) == truth
    assert on_page(browse(None).get(at(f"/notices/{notice.id}")).text) == truth
    assert on_sheet(browse(None).get(at(f"/notices/{notice.id}/sheet")).text) == truth
