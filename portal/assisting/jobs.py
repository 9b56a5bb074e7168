"""What is looked after every ten minutes: sittings and requests whose time is over."""

from datetime import datetime

from portal.assisting import recognising, service


def close_over(*, now: datetime) -> int:
    """End sittings and let requests expire; return how many."""
    return service.close_over(now=now) + recognising.close_over(now=now)
