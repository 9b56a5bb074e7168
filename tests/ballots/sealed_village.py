"""A village large enough to vote in secret, a sealed ballot in it, and who can open it."""

from dataclasses import dataclass
from datetime import date

from portal.ballots import ceremony, keys, sealing, service, urn, urn_closing
from portal.ballots.rules import Kind, Secrecy
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people.models import Resident
from portal.people.rules import Sex
from portal.roster import service as roster
from portal.roster.reading import RosterRow

HOLDERS = [("王主任", "村民委员会"), ("孙监督", "村务监督委员会"), ("李干事", "镇人民政府")]


def add_people(count, *, now=None):
    """Put so many more electors on the roster, three to a household, and return their ids."""
    rows = [
        RosterRow(
            f"{100 + n // 3}",
            1 + n % 2,
            f"村民{n:03d}",
            (Sex.FEMALE, Sex.MALE)[n % 2],
            date(1960 + n % 40, 1 + n % 12, 1 + n % 28),
            f"137{n:08d}",
            n % 3 == 0,
            True,
            False,
        )
        for n in range(count)
    ]
    with transaction():
        roster.import_roster(rows, now=now or clock.now())
    return list(
        db.session.scalars(
            db.select(Resident.id).where(Resident.name.startswith("村民")).order_by(Resident.id)
        )
    )


@dataclass
class Sealed:
    """A sealed ballot, and the words that open it."""

    ballot_id: int
    village_id: int
    words: list[str]

    @property
    def ballot(self):
        return service.get_ballot(self.ballot_id)

    def envelope(self, *values):
        ballot = self.ballot
        paper = sealing.write_paper(ballot.manifest_sha256, values)
        return sealing.seal(paper, ballot.public_key)

    def cast(self, resident_id, envelope, *, key=None, now=None, **facts):
        with village_scope(self.village_id):
            return urn.cast_sealed(
                self.ballot_id,
                resident_id,
                envelope,
                key=key or f"key of {resident_id}, long enough",
                now=now or clock.now(),
                **facts,
            )

    def count(self):
        """Close the vote and open its urn with two of the three shares."""
        with transaction():
            urn_closing.settle(self.ballot_id, now=clock.now())
        with transaction():
            ceremony.open_urn(self.ballot_id, self.words[:2], now=clock.now())


def draft_sealed(version, *, kind=Kind.YES_NO, opens_at, closes_at, now, **facts):
    """Draft a sealed ballot; its key is not made yet."""
    return service.draft_ballot(
        service.Draft(
            **{
                "version_id": version.id,
                "question": "同意修建老年活动中心吗?",
                "kind": kind,
                "secrecy": Secrecy.SEALED,
                "profile_code": "consultative",
                "opens_at": opens_at,
                "closes_at": closes_at,
                "party_review_on": clock.today(now),
                "party_review_note": "支委会记录第3号",
            }
            | facts
        ),
        now=now,
    )


def open_sealed(version, village, *, opens_at, closes_at, now, **facts):
    """Draft, make the key, announce and open."""
    with transaction():
        ballot_id = draft_sealed(
            version, opens_at=opens_at, closes_at=closes_at, now=now, **facts
        ).id
    with transaction():
        keys.name_holders(ballot_id, HOLDERS, now=now)
        words = [share.words for share in keys.make_key(ballot_id, now=now)]
        service.announce_drafted(ballot_id, now=now)
    with transaction():
        service.open_ballot(ballot_id, now=opens_at)
    return Sealed(ballot_id, village.id, words)
