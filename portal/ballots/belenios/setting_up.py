"""Before the vote: three trustees make the key, the supervisors print slips, the box is set up.

Nothing here commits. The tool needs a fraction of a second for a step, and nobody votes meanwhile.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.ballots import asking, life
from portal.ballots.belenios import archive, election, keys, rules, tool
from portal.ballots.belenios.asked import by_tool
from portal.ballots.belenios.election import Credentials, Question
from portal.ballots.belenios.models import BeleniosArchive, BeleniosCredentials, BeleniosPiece
from portal.ballots.belenios.rules import Refusal, Round, Seat
from portal.ballots.models import Ballot
from portal.ballots.states import Secrecy
from portal.core.db import db, keep_once
from portal.core.errors import Refused
from portal.transparency import service as record
from portal.transparency.rules import Kept

CREDENTIALS_KIND = "belenios-credentials"


@dataclass(frozen=True)
class Trustee:
    """Whoever sits on a seat, and what they have given so far."""

    seat: Seat
    account_id: int
    pieces: Mapping[Round, str]


def get_ballot(ballot_id: int) -> Ballot:
    """Return a ballot of high stakes; Refused for any other, NoResultFound if there is none."""
    ballot = db.session.execute(select(Ballot).where(Ballot.id == ballot_id)).scalar_one()
    if ballot.secrecy is not Secrecy.BELENIOS:
        raise Refused(Refusal.NOT_BELENIOS)
    return ballot


def list_trustees(ballot_id: int) -> dict[Seat, Trustee]:
    """Return who sits where, in the order of the seats."""
    rows = db.session.scalars(select(BeleniosPiece).where(BeleniosPiece.ballot_id == ballot_id))
    pieces: dict[Seat, dict[Round, BeleniosPiece]] = {}
    for row in rows:
        pieces.setdefault(row.seat, {})[row.round] = row
    return {
        seat: Trustee(
            seat,
            pieces[seat][Round.CERTIFY].account_id,
            {step: row.content for step, row in pieces[seat].items()},
        )
        for seat in Seat
        if seat in pieces
    }


def find_credentials(ballot_id: int) -> BeleniosCredentials | None:
    """Return the public halves of the printed credentials, or None before they are printed."""
    return db.session.scalar(
        select(BeleniosCredentials).where(BeleniosCredentials.ballot_id == ballot_id)
    )


def find_archive(ballot_id: int) -> BeleniosArchive | None:
    """Return the published archive, or None before the box is set up."""
    return db.session.scalar(select(BeleniosArchive).where(BeleniosArchive.ballot_id == ballot_id))


def next_round(trustees: Mapping[Seat, Trustee], seat: Seat, *, is_closed: bool) -> Round | None:
    """Return what the trustee of a seat does next, or None while others are waited for."""
    done = [(each.seat, step) for each in trustees.values() for step in each.pieces]
    return rules.next_round(done, seat, is_closed=is_closed)


def make_key() -> keys.NewKey:
    """Make a trustee's secret and certificate. Neither is kept: the trustee writes the one down."""
    return by_tool(keys.make_key)


def certify(
    ballot_id: int, seat: Seat, *, certificate: str, secret: str, account_id: int, now: datetime
) -> None:
    """Take a trustee's certificate once they have shown that they wrote its secret down."""
    _draft(ballot_id, now=now)
    if not by_tool(lambda: keys.is_secret_of(certificate, secret)):
        raise Refused(Refusal.WRONG_KEY)
    trustees = list_trustees(ballot_id)
    if any(each.account_id == account_id and each.seat is not seat for each in trustees.values()):
        raise Refused(Refusal.ONE_SEAT_EACH)
    keep_piece(ballot_id, seat, Round.CERTIFY, certificate, account_id=account_id, now=now)


def give(
    ballot_id: int, seat: Seat, step: Round, *, secret: str, account_id: int, now: datetime
) -> None:
    """Take what a trustee gives in the second or third round; their secret makes it."""
    _draft(ballot_id, now=now)
    trustees = list_trustees(ballot_id)
    own = own_seat(trustees, seat, account_id)
    if next_round(trustees, seat, is_closed=False) is not step:
        raise Refused(Refusal.ALREADY_DONE if step in own.pieces else Refusal.TOO_EARLY)
    content = _made(trustees, own, step, secret)
    keep_piece(ballot_id, seat, step, content, account_id=account_id, now=now)


def own_seat(trustees: Mapping[Seat, Trustee], seat: Seat, account_id: int) -> Trustee:
    """Return a seat's trustee, or raise Refused for anybody else."""
    own = trustees.get(seat)
    if own is None or own.account_id != account_id:
        raise Refused(Refusal.NOT_A_TRUSTEE)
    return own


def draw_credentials(electors: int) -> Credentials:
    """Draw as many credentials as slips are printed. Nothing is kept yet."""
    if refusal := rules.why_not_printed(electors):
        raise Refused(refusal)
    return by_tool(lambda: election.make_credentials(rules.count_slips(electors)))


def keep_credentials(
    ballot_id: int, drawn: Credentials, *, electors: int, account_id: int, now: datetime
) -> BeleniosCredentials:
    """Keep the public halves, once; the slips with the private ones go to the printer only."""
    _draft(ballot_id, now=now)
    sha256 = _digest(drawn.public.encode())
    entry = record.append(
        kind=CREDENTIALS_KIND,
        subject=f"ballot/{ballot_id}",
        content_sha256=sha256,
        file_sha256=sha256,
        now=now,
    )
    row = BeleniosCredentials(
        ballot_id=ballot_id,
        uuid=drawn.uuid,
        content=drawn.public,
        content_sha256=sha256,
        electors=electors,
        slips=len(drawn.secrets),
        account_id=account_id,
        made_at=now,
        record_number=entry.number,
    )
    return keep_once(row, twice=Refusal.SLIPS_MADE)


def is_ready(ballot_id: int) -> bool:
    """Tell whether the box can be set up: three keys through all rounds, and the slips printed."""
    trustees = list_trustees(ballot_id)
    return find_credentials(ballot_id) is not None and all(
        seat in trustees and Round.RECEIVE in trustees[seat].pieces for seat in Seat
    )


def set_up(ballot_id: int, question: Question, *, now: datetime) -> BeleniosArchive:
    """Build the box from three keys, the slips and the question, or raise Refused.

    While the ballot is a draft it can be built again, for the question as it is then.
    """
    _draft(ballot_id, now=now)
    trustees, credentials = list_trustees(ballot_id), find_credentials(ballot_id)
    if credentials is None or not is_ready(ballot_id):
        raise Refused(Refusal.TOO_EARLY)
    given = [_given(trustees, step) for step in (Round.CERTIFY, Round.SHARE, Round.RECEIVE)]

    def build() -> bytes:
        threshold = keys.finish(*given)
        return election.set_up(credentials.uuid, question, threshold, credentials.content)

    content = by_tool(build)
    ballot = life.locked(ballot_id)
    row = find_archive(ballot_id) or BeleniosArchive(ballot_id=ballot_id)
    row.fresh = row.content = content
    row.content_sha256 = _digest(content)
    ballot.public_key = archive.read(content).events[0].payload  # names question, keys and slips
    db.session.add(row)
    db.session.flush()
    return row


def question_of(ballot: Ballot, words: Sequence[str]) -> Question:
    """Return what the tool asks: the ballot's question and these words for its options."""
    span = rules.span_of(
        ballot.kind, least=ballot.min_choices, most=ballot.max_choices, answers=len(words)
    )
    return Question(ballot.question, tuple(words), span.least, span.most)


def why_not(ballot: Ballot) -> Refusal | None:
    """Return why this ballot cannot be one of high stakes, or None."""
    answers = len(asking.list_options(ballot.id))
    return rules.why_not_carried(ballot.kind, answers=answers, has_tool=tool.find() is not None)


class CredentialsKeeper:
    """Answers the record's question (`transparency.ports.Keeper`) for lists of credentials."""

    def hash_files(self) -> Iterator[Kept]:
        """Hash every list of credentials, as it lies here now."""
        for row in db.session.scalars(select(BeleniosCredentials).order_by(BeleniosCredentials.id)):
            digest = _digest(row.content.encode())
            yield Kept(row.record_number, digest, digest)


def _draft(ballot_id: int, *, now: datetime) -> Ballot:
    ballot = get_ballot(ballot_id)
    if ballot.announced_at is not None:
        raise Refused(Refusal.SET_UP_ALREADY)
    if reason := why_not(ballot):
        raise Refused(reason)
    return ballot


def _made(trustees: Mapping[Seat, Trustee], own: Trustee, step: Round, secret: str) -> str:
    certificates, certificate = _given(trustees, Round.CERTIFY), own.pieces[Round.CERTIFY]
    if not by_tool(lambda: keys.is_secret_of(certificate, secret)):  # it may be another trustee's
        raise Refused(Refusal.WRONG_KEY)
    if step is Round.SHARE:
        return by_tool(lambda: keys.share(certificates, secret))
    shares = _given(trustees, Round.SHARE)
    return by_tool(lambda: keys.receive(certificates, shares, secret, certificate).output)


def _given(trustees: Mapping[Seat, Trustee], step: Round) -> list[str]:
    """Return what all gave in one round, in the order of their seats."""
    return [trustees[seat].pieces[step] for seat in Seat]


def keep_piece(
    ballot_id: int, seat: Seat, step: Round, content: str, *, account_id: int, now: datetime
) -> None:
    """Keep what a trustee gave; the table's keys judge last: each seat once, one seat each."""
    piece = BeleniosPiece(
        ballot_id=ballot_id,
        seat=seat,
        round=step,
        content=content,
        account_id=account_id,
        done_at=now,
    )
    keep_once(piece, twice=Refusal.ALREADY_DONE)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
