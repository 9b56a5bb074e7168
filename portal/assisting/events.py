"""What happened when somebody entered for somebody else, or vouched."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class WitnessAsked(Event):
    """Somebody is asked to be the witness of a sitting."""

    kind: ClassVar[str] = "assisting.witness-asked"

    sitting_id: int
    witness_id: int
    helper_name: str


@dataclass(frozen=True, kw_only=True)
class WitnessAnswered(Event):
    """The witness agreed, or declined: the helper is told."""

    kind: ClassVar[str] = "assisting.witness-answered"

    sitting_id: int
    helper_id: int
    witness_name: str
    agrees: bool


@dataclass(frozen=True, kw_only=True)
class EnteredForYou(Event):
    """Somebody begins to enter things for this resident."""

    kind: ClassVar[str] = "assisting.entered-for-you"

    sitting_id: int
    resident_id: int
    helper_name: str
    witness_name: str
    second_contact: str


@dataclass(frozen=True, kw_only=True)
class SittingEnded(Event):
    """A sitting is over: the person and a second contact hear what was entered.

    `entered` tells how many of which kind.
    """

    kind: ClassVar[str] = "assisting.sitting-ended"

    sitting_id: int
    resident_id: int
    helper_name: str
    witness_name: str
    second_contact: str
    entered: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class SittingObjected(Event):
    """The person says that what was entered was not their will."""

    kind: ClassVar[str] = "assisting.objected"

    sitting_id: int
    helper_name: str
    witness_name: str


@dataclass(frozen=True, kw_only=True)
class RecognitionAsked(Event):
    """Somebody asks to be recognised as a resident: the committee is told."""

    kind: ClassVar[str] = "assisting.recognition-asked"

    recognition_id: int


@dataclass(frozen=True, kw_only=True)
class RecognitionRefused(Event):
    """The committee does not recognise whoever asked."""

    kind: ClassVar[str] = "assisting.recognition-refused"

    recognition_id: int
    account_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ResidentRecognised(Event):
    """Two of the committee vouched: the person and the supervisor are told."""

    kind: ClassVar[str] = "assisting.recognised"

    recognition_id: int
    account_id: int
    resident_id: int
    voucher_names: list[str]
    old_phone: str
