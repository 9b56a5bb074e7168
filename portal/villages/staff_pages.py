"""What the pages of posts and of the accounts behind them share."""

from flask import g

from portal.core import clock, pages
from portal.villages import staffing
from portal.villages.staffing import Giver

bp = pages.region_blueprint("staff", __name__, "/desk/staff")


def asking() -> Giver:
    """Return what whoever is asking may give here."""
    return staffing.giver_of(g.viewer, g.village, day=clock.today(clock.now()))


def frame() -> str:
    """Return the page that these pages stand in: the village's desk, or the region's."""
    return "staff.html" if g.village.is_village else "villages/region.html"
