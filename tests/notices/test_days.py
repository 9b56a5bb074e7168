"""The calendar of a village is its own."""

from datetime import date

from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.notices import service


def test_the_village_can_change_its_calendar(village, neighbour):
    assert service.rest_days()(date(2026, 3, 2)) is False
    with transaction():
        service.set_special_day(date(2026, 3, 2), is_rest=True, name="庙会")
        service.set_special_day(date(2026, 3, 2), is_rest=True, name="村庙会")
    assert service.rest_days()(date(2026, 3, 2)) is True
    assert [d.name for d in service.list_special_days() if d.day == date(2026, 3, 2)] == ["村庙会"]
    with village_scope(neighbour.id):
        assert service.rest_days()(date(2026, 3, 2)) is False
