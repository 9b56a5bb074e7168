"""Proposals as a place of moderation: the committee sets whether they are read first."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.moderation import ports


class ProposalPlaces:
    """What is proposed in the village (`moderation.ports.Places`): one policy for all of it."""

    def title(self) -> str:
        """Return what all proposals are called."""
        return str(_("All proposals"))

    def phases(self) -> dict[str, str]:
        """Return none: words are written before a proposal takes its first step."""
        return {}

    def list_places(self, *, now: datetime) -> Sequence[ports.Place]:
        """Return none: nobody writes into a proposal that was handed in."""
        return []

    def find_phase(self, place_id: int, *, now: datetime) -> str:
        """Return nothing."""
        return ""
