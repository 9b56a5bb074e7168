"""Rooms as places for which the committee can set how words are screened."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.moderation import ports
from portal.rooms import service


class RoomPlaces:
    """Rooms of the village (`moderation.ports.Places`)."""

    def title(self) -> str:
        """Return what all rooms are called."""
        return str(_("All rooms"))

    def phases(self) -> dict[str, str]:
        """Return none: a room has no phases."""
        return {}

    def list_places(self, *, now: datetime) -> Sequence[ports.Place]:
        """Return the village's room."""
        room = service.find_room()
        return [ports.Place(service.place_of(room.id), str(_("Village room")))] if room else []

    def find_phase(self, place_id: int, *, now: datetime) -> str:
        """Return nothing."""
        return ""
