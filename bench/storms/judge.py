"""The judge: the voters' journal beside what the database holds, and beside the tally."""

from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from bench.polls import OpenBallot
from bench.storms.journal import Deed
from portal.ballots import ceremony, closing, keys, papers_in, sealing, urn_closing
from portal.ballots import service as ballots
from portal.ballots.models import BallotChoice, Turnout
from portal.ballots.urn_models import CastKey, Urn
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope

Stored = dict[tuple[int, int], list[tuple[str, int]]]
"""By ballot and elector: every vote that is kept, as receipt and option."""


@dataclass
class Verdict:
    """What became of the votes. All but the first three must be 0."""

    acknowledged: int = 0
    unknown: int = 0
    kept_unanswered: int = 0
    lost: int = 0
    double: int = 0
    wrong: int = 0
    phantom: int = 0
    refused: int = 0
    unresolved: int = 0
    tallies_off: int = 0

    @property
    def faults(self) -> int:
        """Return how much is wrong."""
        return sum(list(asdict(self).values())[3:])

    def __str__(self) -> str:
        return ", ".join(f"{name} {count}" for name, count in asdict(self).items())


def read_stored(app: Flask, village_id: int, opened: list[OpenBallot]) -> Stored:
    """Read every vote that is kept in these ballots; urns are opened with two holders' words."""
    stored: Stored = {}
    with app.app_context(), village_scope(village_id):
        for ballot in opened:
            rows = _sealed(ballot) if ballot.is_sealed else _named(ballot)
            for resident_id, receipt, place in rows:
                stored.setdefault((ballot.id, resident_id), []).append((receipt, place))
        db.session.remove()
        db.engine.dispose()
    return stored


def _named(ballot: OpenBallot) -> list[tuple[int, str, int]]:
    rows = db.session.execute(
        select(Turnout.resident_id, Turnout.receipt, BallotChoice.option_id)
        .outerjoin(BallotChoice, BallotChoice.turnout_id == Turnout.id)
        .where(Turnout.ballot_id == ballot.id)
    )
    places = {option_id: place for place, option_id in enumerate(ballot.option_ids)}
    return [(resident_id, receipt, places.get(option, -1)) for resident_id, receipt, option in rows]


def _sealed(ballot: OpenBallot) -> list[tuple[int, str, int]]:
    """Follow the links that stand while the vote is open; an envelope without one is nobody's."""
    _holders, private = keys.unlock(ballots.get_ballot(ballot.id), ballot.words[:2])
    links = {
        digest: resident_id
        for resident_id, digest in db.session.execute(
            select(CastKey.resident_id, CastKey.ballot_sha256).where(CastKey.ballot_id == ballot.id)
        )
    }
    envelopes: dict[str, bytes] = {
        digest: envelope
        for digest, envelope in db.session.execute(
            select(Urn.ballot_sha256, Urn.ciphertext).where(Urn.ballot_id == ballot.id)
        )
    }
    turnout = select(Turnout.resident_id).where(Turnout.ballot_id == ballot.id)
    voted = Counter(db.session.scalars(turnout))
    found = []
    for digest, envelope in envelopes.items():
        plain = sealing.open_box(envelope, private)
        paper = sealing.read_paper(plain, ballot.manifest_sha256, options=len(ballot.option_ids))
        found.append((links.get(digest, 0), digest, paper.index(1)))
    with_envelope = Counter(resident_id for resident_id, _digest, _place in found)
    bare = voted - with_envelope
    return found + [(resident_id, "", -1) for resident_id in bare.elements()]


def judge(deeds: dict[str, Deed], before: Stored, stored: Stored) -> Verdict:
    """Compare. `before` is what was kept after the storm, before anything was sent again."""
    verdict = Verdict()
    meant = {(deed.ballot, deed.resident): deed for deed in deeds.values()}
    verdict.phantom = sum(len(kept) for voter, kept in stored.items() if voter not in meant)
    verdict.double = sum(len(kept) - 1 for kept in stored.values())
    for voter, deed in meant.items():
        kept = stored.get(voter, [])
        verdict.acknowledged += bool(deed.receipts)
        verdict.refused += len(deed.refusals)
        verdict.unknown += deed.unknown > 0
        if deed.receipts:
            if voter not in stored or (not deed.unknown and voter not in before):
                verdict.lost += 1
            elif kept[0] != (deed.receipts[0], deed.place):
                verdict.wrong += 1
        if deed.unknown:
            first = before.get(voter)
            verdict.kept_unanswered += first is not None
            answers = set(deed.receipts) | ({first[0][0]} if first else set())
            verdict.unresolved += len(deed.receipts) < 2 or len(answers) != 1
        elif len(set(deed.receipts)) > 1:
            verdict.wrong += 1
    return verdict


def tallies_off(app: Flask, village_id: int, opened: list[OpenBallot], stored: Stored) -> int:
    """Close and count every ballot as the house does; return how many tallies are not the votes."""
    off = 0
    with app.app_context(), village_scope(village_id):
        for ballot in opened:
            later = ballots.get_ballot(ballot.id).closes_at + timedelta(minutes=1)
            with transaction():
                if ballot.is_sealed:
                    urn_closing.settle(ballot.id, now=later)
                else:
                    closing.settle_named(ballot.id, now=later)
            if ballot.is_sealed:
                with transaction(), suppress(Refused):  # then nothing is counted, and that is off
                    ceremony.open_urn(ballot.id, ballot.words[:2], now=later)
            counted = papers_in.find_tally(ballot.id)
            chosen = Counter(
                kept[0][1] for (ballot_id, _voter), kept in stored.items() if ballot_id == ballot.id
            )
            sums = [chosen[place] for place in range(len(ballot.option_ids))]
            off += counted is None or counted.content["sums"] != sums
        db.session.remove()
        db.engine.dispose()
    return off
