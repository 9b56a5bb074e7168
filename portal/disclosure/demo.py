"""Documents of the demonstration village: its notice and the results of its votes."""

import random
from datetime import datetime

from portal.core import scope
from portal.disclosure import service
from portal.disclosure.press import press_of
from portal.people import service as people


def load(*, rng: random.Random, now: datetime) -> None:
    """Say who answers, then publish whatever waits."""
    village = people.path_of(scope.require_village())[-1]
    service.set_office(
        unit=f"{village.name.removesuffix('(示例)')}村民委员会",
        address="村便民服务中心二楼(示例)",
        phone="0572-0000000(示例)",
        email="",
        hours="周一至周五 8:30—11:30、13:30—17:00",
    )
    with press_of(village.code) as press:
        for item in service.list_waiting(now=now):
            service.publish(item.kind, item.subject_id, press=press, published_by=None, now=now)
