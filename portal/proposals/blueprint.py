"""Where the pages of this feature stand."""

from portal.core import pages
from portal.proposals import writings

bp = pages.village_blueprint("proposals", __name__, "/proposals")
bp.record(lambda _state: writings.join())  # when features.py lets the feature in
