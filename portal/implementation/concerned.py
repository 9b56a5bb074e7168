"""Those whose rights a parcel or project touches: named, told, heard. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.implementation.events import PartyNamed
from portal.implementation.models import InterestedParty
from portal.implementation.rules import Refusal
from portal.people.models import Resident, VillagerGroup


@dataclass(frozen=True, slots=True)
class PartyLine:
    """Somebody concerned, as staff sees it; the page masks the name for everybody else."""

    id: int
    anchor: str
    anchor_words: str
    name: str
    group: str
    reason: str
    told_at: datetime | None
    opinion: str
    said_at: datetime | None


def name_party(
    version_id: int,
    *,
    anchor: str,
    anchor_words: str,
    resident_id: int,
    reason: str,
    named_by: int | None,
    now: datetime,
) -> InterestedParty:
    """Name somebody whose rights are touched; they are told directly. Raises Refused if named."""
    db.session.get_one(Resident, resident_id)
    party = InterestedParty(
        version_id=version_id,
        anchor=anchor,
        anchor_words=anchor_words,
        resident_id=resident_id,
        reason=reason,
        named_by_id=named_by,
        named_at=now,
    )
    keep_once(party, twice=Refusal.ALREADY_NAMED)
    publish(
        PartyNamed(
            party_id=party.id, version_id=version_id, resident_id=resident_id, what=anchor_words
        ),
        now=now,
    )
    return party


def note_told(party_id: int, *, now: datetime) -> None:
    """Keep that somebody was told: by a message that arrived, or by a visit on paper."""
    party = db.session.get_one(InterestedParty, party_id)
    party.told_at = party.told_at or now
    db.session.flush()


def say(party_id: int, *, resident_id: int, opinion: str, now: datetime) -> InterestedParty:
    """Keep what somebody concerned says about what touches them. Raises Refused for others."""
    party = db.session.get_one(InterestedParty, party_id)
    if party.resident_id != resident_id:
        raise Refused(Refusal.NOT_CONCERNED)
    party.opinion, party.said_at = opinion, now
    party.told_at = party.told_at or now
    db.session.flush()
    return party


def list_parties(version_id: int) -> list[PartyLine]:
    """Return everybody concerned by a version, by what touches them."""
    return _lines(InterestedParty.version_id == version_id)


def parties_of(resident_id: int) -> list[PartyLine]:
    """Return what touches one resident, the newest first."""
    return _lines(InterestedParty.resident_id == resident_id)


def is_concerned(resident_id: int, *, version_id: int, anchor: str) -> bool:
    """Tell whether somebody was named for this parcel or project."""
    query = select(InterestedParty.id).where(
        InterestedParty.version_id == version_id,
        InterestedParty.anchor == anchor,
        InterestedParty.resident_id == resident_id,
    )
    return db.session.scalar(query) is not None


def _lines(*wanted: object) -> list[PartyLine]:
    rows: Sequence[tuple[InterestedParty, str, str]] = db.session.execute(
        select(InterestedParty, Resident.name, VillagerGroup.name)
        .join(Resident, Resident.id == InterestedParty.resident_id)
        .join(VillagerGroup, VillagerGroup.id == Resident.group_id)
        .where(*wanted)  # type: ignore[arg-type]  # criteria of this model
        .order_by(InterestedParty.anchor, InterestedParty.id)
    ).all()
    return [
        PartyLine(
            p.id, p.anchor, p.anchor_words, name, group, p.reason, p.told_at, p.opinion, p.said_at
        )
        for p, name, group in rows
    ]
