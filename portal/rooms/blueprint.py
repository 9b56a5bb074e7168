"""The pages of the rooms, which several modules write; `views.py` imports them all."""

from portal.core.access import Part
from portal.core.pages import village_blueprint
from portal.rooms import writings

READERS = (Part.VILLAGER, Part.COMMITTEE, Part.PLANNER)

bp = village_blueprint("rooms", __name__, "/rooms")

bp.record(lambda _state: writings.join())  # when features.py lets the feature in
