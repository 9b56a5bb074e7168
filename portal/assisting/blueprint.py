"""Where the pages of this feature stand."""

from portal.core import pages

bp = pages.village_blueprint("assisting", __name__, "/assisting")
