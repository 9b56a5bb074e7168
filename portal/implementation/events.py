"""What happened while a plan is followed up."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class IndicatorAlarm(Event):
    """An indicator fell behind, or past its limit."""

    kind: ClassVar[str] = "implementation.indicator-alarm"

    version_id: int
    indicator_id: int
    light: str


@dataclass(frozen=True, kw_only=True)
class PartyNamed(Event):
    """Somebody's rights are touched by a parcel or project; they are told directly."""

    kind: ClassVar[str] = "implementation.party-named"

    party_id: int
    version_id: int
    resident_id: int
    what: str
