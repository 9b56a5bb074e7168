"""Rooms as places of moderation: the committee sets what is read first, room by room."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.moderation import plan_places, ports
from portal.plans import service as plans
from portal.rooms import doors, listing, service
from portal.rooms.rules import Kind, Place
from portal.rooms.words import title


class RoomPlaces:
    """Rooms of the village (`moderation.ports.Places`); that of a plan is in the plan's phase."""

    def title(self) -> str:
        """Return what all rooms are called."""
        return str(_("All rooms"))

    def phases(self) -> dict[str, str]:
        """Return the states that a public plan goes through."""
        return plan_places.phases()

    def list_places(self, *, now: datetime) -> Sequence[ports.Place]:
        """Return every room that stands open."""
        versions = sorted(plans.list_public_versions(now=now), key=lambda line: line.number)
        phases = {line.plan_id: line.state.value for line in versions}
        return [
            ports.Place(service.place_of(room.id), title(place, name), _of(place, phases))
            for room, place, name in listing.list_named()
        ]

    def find_phase(self, place_id: int, *, now: datetime) -> str:
        """Return the phase of the plan of a room, and of other rooms nothing."""
        place = doors.place_of(service.get_room(place_id))
        if place.kind is not Kind.PLAN or place.number is None:
            return ""
        version = plans.find_public_version(place.number)
        return plan_places.phase_of(version.id, now=now) if version else ""


def _of(place: Place, phases: dict[int, str]) -> str:
    return phases.get(place.number or 0, "") if place.kind is Kind.PLAN else ""
