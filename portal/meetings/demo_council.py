"""Who sits in the demonstration village's council: two of each group, from its representatives."""

from datetime import datetime, timedelta

from portal.core import clock
from portal.meetings import councils, representing
from portal.meetings.council_models import Councillor

SEATS = 2
DAY = timedelta(days=1)


def load(account_id: int, *, now: datetime) -> None:
    """Give every group its seats, and let those who represent it sit on them; one has left."""
    today, began = clock.today(now), now - 600 * DAY

    def sit(line: representing.Line) -> Councillor:
        return councils.seat(
            line.resident_id,
            begins_on=today - 600 * DAY,
            ends_on=today + 1200 * DAY,
            account_id=account_id,
            now=began,
        )

    lines = representing.list_on(today)
    for group in councils.list_groups(now=now):
        councils.set_seats(group.id, SEATS, account_id=account_id, now=began)
        own = [line for line in lines if line.group == group.name]
        for line in own[SEATS : SEATS + 1]:
            sit(line).ended_on = today - 90 * DAY
        for line in own[:SEATS]:
            sit(line)
