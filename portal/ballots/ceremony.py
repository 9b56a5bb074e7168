"""The opening of the urn: two holders' words, every envelope opened, sums and nothing else."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.ballots import (
    asking,
    batch_lists,
    closing,
    keys,
    papers_in,
    sealing,
    urn,
    urn_closing,
    urn_rules,
)
from portal.ballots.belenios.models import BeleniosBallot
from portal.ballots.life import locked
from portal.ballots.models import Ballot, RuleProfile, Turnout
from portal.ballots.papers import Frame, Paper, why_not_paper
from portal.ballots.profiles import Params
from portal.ballots.states import Secrecy, state
from portal.ballots.urn_models import KeyHolder, Urn
from portal.core.db import db
from portal.core.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What was in an urn: how often each paper, how many were spoiled, who opened it."""

    papers: Counter[Paper]
    spoiled: int
    holders: tuple[KeyHolder, ...]


def has_too_few(ballot: Ballot) -> bool:
    """Tell whether so few voted in secret that their sums would tell what each of them chose.

    The sum of a Belenios box is published by itself, so there what is on paper hides nobody.
    """
    profile = db.session.get_one(RuleProfile, ballot.profile_id)
    voted = BeleniosBallot if ballot.secrecy is Secrecy.BELENIOS else Turnout
    query = select(func.count()).select_from(voted).where(voted.ballot_id == ballot.id)
    cast = db.session.scalar(query) or 0
    return 0 < cast < Params.from_json(profile.params).secret_from


def why_not_open(ballot: Ballot, *, now: datetime) -> urn_rules.UrnRefusal | None:
    """Return why the urn of a ballot may not be opened now, or None."""
    return urn_rules.why_not_open(
        secrecy=ballot.secrecy,
        state=state(ballot, now=now),
        has_key=bool(ballot.public_key),
        has_too_few=has_too_few(ballot),
        papers_wait=ballot.papers_wait or batch_lists.count_uncounted(ballot.id) > 0,
        is_settled=urn_closing.is_settled(ballot.id) and not urn.has_links(ballot.id),
    )


def open_urn(
    ballot_id: int, typed: Sequence[str], *, now: datetime, account_id: int | None = None
) -> Opened:
    """Open every envelope with the words of two holders, and count what was in them, once.

    The key is forgotten when this returns, and nothing but sums is kept. Raises Refused before the
    close or when it was done, and WrongShare for words that open nothing.
    """
    ballot = locked(ballot_id)
    if refusal := why_not_open(ballot, now=now):
        raise Refused(refusal)
    holders, private = keys.unlock(ballot, typed)
    options = asking.list_options(ballot.id)
    papers, spoiled = read_papers(ballot, asking.frame_of(ballot, options), private)
    counted = papers_in.count_papers(ballot, options, papers, invalid=spoiled)
    closing.finish(ballot, counted, now=now, account_id=account_id)
    return Opened(papers=papers, spoiled=spoiled, holders=tuple(holders))


def read_papers(ballot: Ballot, frame: Frame, private: bytes) -> tuple[Counter[Paper], int]:
    """Return what is in the urn as papers with how often each, and how many are spoiled."""
    papers: Counter[Paper] = Counter()
    spoiled = 0
    for envelope in db.session.scalars(select(Urn.ciphertext).where(Urn.ballot_id == ballot.id)):
        try:
            plain = sealing.open_box(envelope, private)
            paper = sealing.read_paper(plain, ballot.manifest_sha256 or "", options=frame.options)
        except sealing.Spoiled:
            spoiled += 1
            continue
        if why_not_paper(frame, paper):
            spoiled += 1
        else:
            papers[paper] += 1
    return papers, spoiled
