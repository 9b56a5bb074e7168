"""Where the pages of this feature stand."""

from portal.core import pages

bp = pages.village_blueprint("ballots", __name__, "/ballots")
