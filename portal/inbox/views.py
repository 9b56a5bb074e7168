"""Pages of this feature."""

from datetime import datetime

from portal.core import pages
from portal.core.slots import Card, Link
from portal.inbox import models  # noqa: F401 -- the tables must be known

bp = pages.village_blueprint("inbox", __name__, "/inbox")
DESK_LINKS: tuple[Link, ...] = ()
VILLAGE_LINKS: tuple[Link, ...] = ()


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what belongs on the first page."""
    return []


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what belongs on "me"."""
    return []


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what waits for staff."""
    return []
