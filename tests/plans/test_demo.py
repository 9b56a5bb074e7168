"""The demonstration plan: complete, on notice, the same for the same numbers, and it adds up."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.maps.rules import LayerKind
from portal.plans import demo, service
from portal.plans.rules import Direction, State


@pytest.mark.parametrize("seed", [11, 20261121])
def test_the_demonstration_plan(village, seed):
    now = clock.now()
    with transaction():
        demo.load(rng=random.Random(seed), now=now)
    version = service.find_current_version()
    content = service.content_of(version)
    assert service.recheck(version) and service.missing_in(content) == []
    assert (len(content.goals), len(content.indicators), len(content.projects)) == (5, 12, 8)
    assert all(project.indicators for project in content.projects)
    assert all(indicator.goals for indicator in content.indicators)
    assert content.cost_yuan == 13_060_000 and content.figures[2].number == "1,306"
    notice = service.notice_of(version.id)
    assert (notice.last_on - notice.started_on).days >= 30
    assert service.state_of(version, notice, now=now) is State.ON_NOTICE
    assert timedelta(days=17) < notice.ends_at - now < timedelta(days=30)
    by_code = {indicator.code: indicator for indicator in content.indicators}
    farmland = content.map.layer(LayerKind.PERMANENT_BASIC_FARMLAND)
    area = Decimal(sum(f.area_m2 for f in farmland)) / 10_000
    assert by_code["permanent_basic_farmland"].target == area.quantize(Decimal("0.01"))
    for indicator in content.indicators:
        if indicator.direction is Direction.AT_LEAST:
            assert indicator.target >= indicator.base, indicator.name
