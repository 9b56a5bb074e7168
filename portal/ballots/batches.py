"""Papers counted by hand at a station: entered, agreed to by two witnesses, and only then counted.

Nobody enters what somebody chose: there are sums, and as many electors as papers. Never commits.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.ballots import asking, late_papers
from portal.ballots import batch_rules as rules
from portal.ballots.batch_lists import (
    get_sheet,
    list_electors_left,
    list_sheets,
    named,
)
from portal.ballots.batch_models import PaperElector, PaperRefused, PaperSheet
from portal.ballots.batch_rules import Counts, Struck
from portal.ballots.casting import RECEIPT_LENGTH, RECEIPT_LETTERS
from portal.ballots.life import locked
from portal.ballots.models import Ballot, BallotElector, PaperBatch, Turnout
from portal.ballots.rules import Refusal, Unit
from portal.ballots.states import Secrecy, state
from portal.core import clock, secrets
from portal.core.db import db, insert_or, keep_once
from portal.core.errors import Refused
from portal.core.scope import require_village
from portal.people import posts
from portal.people.models import Resident
from portal.people.rules import Channel, Role, age_band, age_on


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is entered of a station: its papers, who put them in, and before whom they were counted.

    `counts` are distinct papers with how many; None in a secret vote, until it is closed.
    """

    station: str
    papers: int
    electors: Collection[int]
    supervisor_id: int
    witness_id: int
    sheet_sha256: str
    invalid: int = 0
    counts: Counts | None = None


def enter(ballot_id: int, entry: Entry, *, account_id: int, now: datetime) -> PaperSheet:
    """Enter the papers of a station. They count when both witnesses agreed. Raises Refused."""
    ballot = locked(ballot_id)
    has_sums = entry.counts is not None
    if not has_sums and ballot.secrecy is Secrecy.OPEN:
        raise Refused(Refusal.NO_SUMS)
    refusal = rules.why_not_entered(
        secrecy=ballot.secrecy, state=state(ballot, now=now), has_sums=has_sums
    ) or rules.why_not_witnesses(
        entered_by=account_id,
        supervisor_id=entry.supervisor_id,
        witness_id=entry.witness_id,
        roles=roles_of((entry.supervisor_id, entry.witness_id), now=now),
    )
    if refusal is None and ballot.closed_at is not None:  # while this was on its way
        refusal = Refusal.NOT_OPEN
    if refusal is None and entry.papers != len(set(entry.electors)):
        refusal = Refusal.PAPERS_ARE_NOT_ELECTORS
    refusal = refusal or rules.why_not_so_few(secrecy=ballot.secrecy, papers=entry.papers)
    if refusal is None and entry.counts is not None:
        refusal = _why_not_counts(ballot, entry.counts, entry.papers, entry.invalid)
    if refusal:
        raise Refused(refusal, papers=entry.papers, electors=len(set(entry.electors)))
    _expect_may_vote(ballot, entry.electors)
    sheet = PaperSheet(
        ballot_id=ballot.id,
        station=rules.plain_station(entry.station),
        papers=entry.papers,
        invalid=entry.invalid,
        counts=_plain(entry.counts),
        sheet_sha256=entry.sheet_sha256,
        entered_by=account_id,
        entered_at=now,
        supervisor_id=entry.supervisor_id,
        witness_id=entry.witness_id,
    )
    others = list_sheets(ballot.id)  # they wait for us; if two came at once, the keys judge
    is_photo = any(other.sheet_sha256 == sheet.sheet_sha256 for other in others)
    is_place = any(other.station == sheet.station for other in others)
    keep_once(
        sheet, twice=Refusal.PHOTO_TWICE if is_photo and not is_place else Refusal.STATION_TWICE
    )
    db.session.add_all(
        PaperElector(sheet_id=sheet.id, ballot_id=ballot.id, resident_id=resident_id)
        for resident_id in sorted(set(entry.electors))
    )
    late_papers.note_waiting(ballot)
    return sheet


def enter_sums(
    sheet_id: int, counts: Counts, *, invalid: int, account_id: int, now: datetime
) -> PaperSheet:
    """Enter what stood on the papers that are left, where those who voted are noted already.

    In a secret vote that is after its close; else where lines were refused. Raises Refused.
    """
    sheet, ballot = locked_sheet(sheet_id)
    refusal = rules.why_not_finished(
        secrecy=ballot.secrecy, state=state(ballot, now=now), has_sums=True
    )
    if refusal is None and (sheet.listed_at is None or sheet.counts is not None):
        refusal = Refusal.WRONG_STATE
    if refusal is None and account_id in (sheet.supervisor_id, sheet.witness_id):
        refusal = Refusal.WITNESSES_ARE_OTHERS
    refusal = refusal or _why_not_counts(ballot, counts, sheet.papers, invalid)
    if refusal:
        raise Refused(refusal, papers=sheet.papers)
    sheet.counts, sheet.invalid = _plain(counts), invalid
    sheet.entered_by = account_id
    db.session.flush()
    return sheet


def agree(sheet_id: int, *, account_id: int, now: datetime) -> PaperSheet:
    """Say, as one of the two witnesses, that the sheet is right. The second one makes it count.

    Whoever on the list has voted meanwhile is struck: what came first counts. The others are noted
    as having voted, and the sums of their papers are entered and agreed to anew. Raises Refused.
    """
    sheet, ballot = locked_sheet(sheet_id)
    if account_id not in (sheet.supervisor_id, sheet.witness_id):
        raise Refused(Refusal.NOT_A_WITNESS)
    if not sheet.is_waiting:
        raise Refused(Refusal.WRONG_STATE)
    refusal = rules.why_not_finished(
        secrecy=ballot.secrecy,
        state=state(ballot, now=now),
        has_sums=sheet.counts is not None,
    )
    if refusal:
        raise Refused(refusal)
    if account_id == sheet.supervisor_id:
        sheet.supervisor_agreed_at = sheet.supervisor_agreed_at or now
    else:
        sheet.witness_agreed_at = sheet.witness_agreed_at or now
    if sheet.supervisor_agreed_at and sheet.witness_agreed_at:
        _make_it_count(sheet, ballot, now=now)
    late_papers.note_waiting(ballot)
    return sheet


def withdraw(sheet_id: int, *, now: datetime) -> PaperSheet:
    """Take a sheet back that counts for nothing yet: it was wrong, and is entered anew."""
    sheet, ballot = locked_sheet(sheet_id)
    if sheet.withdrawn_at is not None or sheet.listed_at is not None:
        raise Refused(Refusal.WRONG_STATE)
    if state(ballot, now=now).is_over:  # what voting came to would be known by then
        raise Refused(Refusal.STAYS_AFTER_THE_CLOSE)
    sheet.withdrawn_at = now
    late_papers.note_waiting(ballot)
    return sheet


def locked_sheet(sheet_id: int) -> tuple[PaperSheet, Ballot]:
    """Return a sheet and its ballot; whoever else does something with it waits for us."""
    ballot = locked(get_sheet(sheet_id).ballot_id)
    sheet = db.session.get_one(PaperSheet, sheet_id, populate_existing=True)
    return sheet, ballot


def roles_of(account_ids: Collection[int], *, now: datetime) -> dict[int, set[Role]]:
    """Return the posts that these accounts hold today."""
    day = clock.today(now)
    found: dict[int, set[Role]] = {}
    for line in posts.posts_of(*account_ids):
        if line.state_on(day) == "now":
            found.setdefault(line.account_id, set()).add(line.role)
    return found


def _why_not_counts(ballot: Ballot, counts: Counts, papers: int, invalid: int) -> Refusal | None:
    frame = asking.frame_of(ballot, asking.list_options(ballot.id))
    return rules.why_not_counts(frame, counts, papers=papers, invalid=invalid)


def _plain(counts: Counts | None) -> list[Any] | None:
    return None if counts is None else [[list(paper), times] for paper, times in counts]


def _expect_may_vote(ballot: Ballot, electors: Collection[int]) -> None:
    """Raise Refused unless all are electors for whom no vote is in; say who is not."""
    left = {name.resident_id for name in list_electors_left(ballot)}
    if missing := set(electors) - left:
        rows = named(ballot.id, missing)
        if len(rows) < len(missing):
            raise Refused(Refusal.NOT_AN_ELECTOR)
        raise Refused(Refusal.VOTED_MEANWHILE, names=[row.name for row in rows])


def _make_it_count(sheet: PaperSheet, ballot: Ballot, *, now: datetime) -> None:
    if sheet.listed_at is None:
        if refused := _note_turnout(sheet, ballot):
            _refuse(sheet, ballot, refused, now=now)
        sheet.listed_at = now
    if sheet.counts is None:  # a secret vote, or lines were refused: they come later
        sheet.supervisor_agreed_at = sheet.witness_agreed_at = None
        return
    _count(sheet, now=now)


def settle(ballot: Ballot, *, now: datetime) -> None:
    """Count as spoiled, at the close, papers of noted voters whose sums nobody agreed to (V16)."""
    for sheet in list_sheets(ballot.id):
        if sheet.listed_at is not None and sheet.counted_at is None:
            sheet.counts, sheet.invalid = [], sheet.papers
            _count(sheet, now=now)


def _count(sheet: PaperSheet, *, now: datetime) -> None:
    batch = PaperBatch(
        ballot_id=sheet.ballot_id,
        station=sheet.station,
        papers=sheet.papers,
        invalid=sheet.invalid,
        counts=sheet.counts,
        sheet_sha256=sheet.sheet_sha256,
        witness_id=sheet.supervisor_id,
        second_witness_id=sheet.witness_id,
        entered_at=now,
    )
    keep_once(batch, twice=Refusal.STATION_TWICE)
    sheet.counted_at = now


def _note_turnout(sheet: PaperSheet, ballot: Ballot) -> set[int]:
    """Note who is ticked as having voted on paper; return whom the keys of turnout refuse."""
    residents = db.session.execute(
        select(
            Resident.id,
            Resident.household_id,
            Resident.group_id,
            Resident.sex,
            Resident.born_on,
            Resident.is_away,
            BallotElector.household_id.label("unit_household_id"),
        )
        .join(PaperElector, PaperElector.resident_id == Resident.id)
        .join(
            BallotElector,
            (BallotElector.resident_id == Resident.id)
            & (BallotElector.ballot_id == PaperElector.ballot_id),
        )
        .where(PaperElector.sheet_id == sheet.id)
        .order_by(Resident.id)
    ).all()
    today = clock.today(sheet.entered_at)  # they voted before it was entered, and before the close
    is_open = ballot.secrecy is Secrecy.OPEN
    done_at = sheet.entered_at if is_open else clock.midnight_before(today)
    rows = [
        {
            "village_id": require_village(),
            "ballot_id": ballot.id,
            "resident_id": row.id,
            "household_id": row.household_id,
            "group_id": row.group_id,
            "sex": row.sex,
            "age_band": age_band(age_on(row.born_on, today)),
            "is_away": row.is_away,
            "channel": Channel.PAPER,
            "done_at": done_at,
            "unit_household_id": row.unit_household_id if ballot.unit is Unit.HOUSEHOLD else None,
            "key": secrets.token(),
            "receipt": secrets.letters(RECEIPT_LETTERS, RECEIPT_LENGTH),
        }
        for row in residents
    ]
    insert = insert_or(Turnout).on_conflict_do_nothing().returning(Turnout.resident_id)
    noted = set(db.session.scalars(insert, rows).all())
    return {row.id for row in residents} - noted


def _refuse(sheet: PaperSheet, ballot: Ballot, refused: Collection[int], *, now: datetime) -> None:
    """Strike the lines of those for whom another vote is in; the sums come anew without them."""
    left = sheet.papers - len(refused)
    if not left or rules.why_not_so_few(secrecy=ballot.secrecy, papers=left):
        names = [name.name for name in named(ballot.id, refused)]
        raise Refused(Refusal.VOTED_MEANWHILE, names=names)
    voted = set(
        db.session.scalars(
            select(Turnout.resident_id).where(
                Turnout.ballot_id == sheet.ballot_id, Turnout.resident_id.in_(refused)
            )
        )
    )
    db.session.add_all(
        PaperRefused(
            sheet_id=sheet.id,
            resident_id=resident_id,
            reason=Struck.VOTED if resident_id in voted else Struck.HOUSEHOLD_VOTED,
            noted_at=now,
        )
        for resident_id in sorted(refused)
    )
    sheet.papers, sheet.counts, sheet.invalid = left, None, 0
