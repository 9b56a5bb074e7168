"""Papers that are counted by hand: when a station's sums are those of its papers."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.ballots.papers import Frame, Paper, paper_of, why_not_paper
from portal.ballots.rules import Kind, Refusal, Secrecy, State
from portal.people.rules import Role

Counts = tuple[tuple[Paper, int], ...]
COMMITTEE = (Role.COMMITTEE, Role.HEAD)
LINE = re.compile(r"\s*(\d{1,6})\s*[:：×xX*]\s*(.+)", re.ASCII)
MARK = re.compile(r"(\d{1,3})(?:\s*[=＝]\s*(\d{1,3}))?", re.ASCII)
FEWEST_SECRET_PAPERS = 10
BETWEEN = re.compile(r"[\s,，、;；]+")


class Struck(StrEnum):
    """Why a line of a sheet does not count: another vote was in when the witnesses agreed."""

    VOTED = "voted"
    HOUSEHOLD_VOTED = "household-voted"


@dataclass(frozen=True)
class Unreadable(Exception):
    """A line of the sums that cannot be read, and why."""

    line: int
    reason: Refusal


def why_not_entered(*, secrecy: Secrecy, state: State, has_sums: bool) -> Refusal | None:
    """Judge when a station is entered: while voting goes on; sums of a secret vote when it is over.

    Nothing that is known before the close depends on what somebody chose in secret.
    """
    if secrecy is Secrecy.BELENIOS:
        return Refusal.NOT_ON_PAPER
    if secrecy is Secrecy.SEALED and has_sums:
        return None if state is State.CLOSED else Refusal.SUMS_AFTER_THE_CLOSE
    return None if state is State.OPEN else Refusal.NOT_OPEN


def plain_station(typed: str) -> str:
    """Return the name of a place as it is kept: blanks and wide letters make it no other place."""
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def why_not_finished(*, secrecy: Secrecy, state: State, has_sums: bool) -> Refusal | None:
    """Judge when papers that are entered are agreed to: until the vote is counted.

    What was put in and entered before the close counts, however slow its witnesses are.
    """
    if secrecy is Secrecy.SEALED and has_sums:
        return why_not_entered(secrecy=secrecy, state=state, has_sums=True)
    return None if state in (State.OPEN, State.CLOSED) else Refusal.NOT_OPEN


def why_not_so_few(*, secrecy: Secrecy, papers: int) -> Refusal | None:
    """Judge whether so many papers can be counted apart: of a secret vote ten or more.

    Whoever counts them knows who put them in: among fewer the sums tell too much about each.
    """
    is_few = secrecy is not Secrecy.OPEN and papers < FEWEST_SECRET_PAPERS
    return Refusal.TOO_FEW_PAPERS if is_few else None


def why_not_witnesses(
    *,
    entered_by: int,
    supervisor_id: int,
    witness_id: int,
    roles: Mapping[int, Collection[Role]],
) -> Refusal | None:
    """Judge the witnesses: one of the supervision committee, and one who is not of the committee.

    Neither entered the sheet, and neither counts for the committee (trust.md T6).
    """
    if len({entered_by, supervisor_id, witness_id}) < 3:
        return Refusal.WITNESSES_ARE_OTHERS
    if Role.SUPERVISOR not in roles.get(supervisor_id, ()):
        return Refusal.NO_SUPERVISOR
    both = {*roles.get(supervisor_id, ()), *roles.get(witness_id, ())}
    return Refusal.WITNESS_OF_COMMITTEE if both & set(COMMITTEE) else None


def why_not_counts(frame: Frame, counts: Counts, *, papers: int, invalid: int) -> Refusal | None:
    """Judge sums: every paper is of this ballot, and together they are the papers there were."""
    if any(times < 1 or why_not_paper(frame, paper) for paper, times in counts):
        return Refusal.UNREADABLE_PAPER
    total = sum(times for _paper, times in counts) + invalid
    return Refusal.SUMS_ARE_NOT_PAPERS if total != papers else None


def counts_of_ticks(sums: Sequence[int]) -> Counts:
    """Return the papers of a vote in which each ticks one thing, from the sums by option."""
    return tuple(
        (paper_of(len(sums), {place: 1}), times) for place, times in enumerate(sums) if times
    )


def read_lines(frame: Frame, lines: str) -> Counts:
    """Read distinct papers, one to a line: how many, a colon, and what stands on them.

    `12: 1 3` are twelve papers with the first and the third choice, ranked ones in their order;
    where points are given `4: 1=5 3=2` are four papers. Raises Unreadable with the line.
    """
    found: dict[Paper, int] = {}
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip():
            continue
        whole = LINE.fullmatch(line)
        if whole is None:
            raise Unreadable(number, Refusal.UNREADABLE_LINE)
        paper = _paper(frame, whole[2].strip(), number)
        if refusal := why_not_paper(frame, paper):
            raise Unreadable(number, refusal)
        if paper in found or int(whole[1]) < 1:
            raise Unreadable(number, Refusal.UNREADABLE_LINE)
        found[paper] = int(whole[1])
    return tuple(found.items())


def _paper(frame: Frame, words: str, number: int) -> Paper:
    values: dict[int, int] = {}
    for place, mark in enumerate(BETWEEN.split(words), start=1):
        read = MARK.fullmatch(mark)
        if read is None or (read[2] is not None) is not (frame.kind is Kind.SCORE):
            raise Unreadable(number, Refusal.UNREADABLE_LINE)
        option = int(read[1]) - 1
        if not 0 <= option < frame.options:
            raise Unreadable(number, Refusal.UNKNOWN_OPTION)
        if option in values:
            raise Unreadable(number, Refusal.CHOSEN_TWICE)
        values[option] = {Kind.SCORE: int(read[2] or 0), Kind.RANKED: place}.get(frame.kind, 1)
    return paper_of(frame.options, values)
