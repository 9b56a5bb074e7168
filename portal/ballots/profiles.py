"""Rule profiles: what a rule prescribes, as data, and the ones the portal brings along."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self


class LegalEffect(StrEnum):
    """Whether the result binds the village or only advises it (domain.md V24)."""

    STATUTORY = "statutory"
    CONSULTATIVE = "consultative"


class Electorate(StrEnum):
    """Whom of the roster the question is put to.

    REGISTERED is the electorate of domain.md V23: registered here, or admitted by the meeting.
    """

    REGISTERED = "registered"
    ROSTER = "roster"


@dataclass(frozen=True, kw_only=True)
class Params:
    """What a rule profile prescribes. Shares are pairs of integers (numerator, denominator).

    `quorum` is of the electors and strict (more than), `household_quorum` of their households
    and inclusive (at least; 以上 includes, Civil Code Art. 1259), `majority` is of those present
    and strict. None means that the rule asks for nothing there.
    """

    legal_effect: LegalEffect = LegalEffect.CONSULTATIVE
    electorate: Electorate = Electorate.REGISTERED
    min_age: int | None = 18
    quorum: tuple[int, int] | None = None
    household_quorum: tuple[int, int] | None = None
    majority: tuple[int, int] | None = None
    remote_counts: bool = True
    notice_days: int = 0
    party_review: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the parameters as plain JSON values."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what `as_json` wrote. An unknown parameter raises ValueError."""
        if strange := values.keys() - {f.name for f in fields(cls)}:
            raise ValueError(f"unknown parameters: {', '.join(sorted(strange))}")
        read: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        read["legal_effect"] = LegalEffect(read["legal_effect"])
        read["electorate"] = Electorate(read["electorate"])
        return cls(**read)


@dataclass(frozen=True)
class Preset:
    """A rule profile as the portal brings it along."""

    code: str
    region_code: str
    valid_from: date
    params: Params
    citation: str


VILLAGE_MEETING = Params(
    legal_effect=LegalEffect.STATUTORY,
    quorum=(1, 2),
    household_quorum=(2, 3),
    majority=(1, 2),
    remote_counts=False,
    notice_days=10,
    party_review=True,
)
NATION = "000000000000"
ORGANIC_LAW = "《中华人民共和国村民委员会组织法》(2018)第二十一条、第二十二条"
OWN_CHOICE = "本平台设定,仅供征求意见"
PRESETS = {
    preset.code: preset
    for preset in (
        Preset("consultative", NATION, date(2026, 1, 1), Params(), OWN_CHOICE),
        Preset(
            "consultative-all-ages",
            NATION,
            date(2000, 1, 1),
            Params(min_age=None, electorate=Electorate.ROSTER),
            OWN_CHOICE,
        ),
        Preset("village-meeting", NATION, date(2018, 12, 29), VILLAGE_MEETING, ORGANIC_LAW),
        Preset(
            "village-meeting-remote",
            NATION,
            date(2018, 12, 29),
            Params.from_json({**VILLAGE_MEETING.as_json(), "remote_counts": True}),
            ORGANIC_LAW,
        ),
    )
}
