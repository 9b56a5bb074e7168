"""Writing a proposal: a draft that waits here, handing it in, taking it back. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db, insert_or
from portal.core.errors import Refused
from portal.core.scope import require_village
from portal.meetings import bodies
from portal.meetings.rules import Kind as MeetingKind
from portal.moderation import screening, sending, writers, writing
from portal.people import behalf
from portal.people import service as people
from portal.people.models import Resident
from portal.privacy import names
from portal.proposals import rules, service, signing
from portal.proposals.models import Proposal, ProposalCounter, ProposalDraft, ProposalStep
from portal.proposals.rules import Refusal, State

LONGEST_LINE = 200


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A proposal as its author writes it."""

    title: str
    place: str
    body: str


def find_draft(resident_id: int) -> ProposalDraft | None:
    """Return what this resident was writing, or None."""
    return db.session.scalar(select(ProposalDraft).where(ProposalDraft.resident_id == resident_id))


def mark_of(draft: ProposalDraft | None) -> str:
    """Return what a paper takes along to tell from which draft it was begun."""
    return draft.saved_at.isoformat() if draft else ""


def keep_draft(resident_id: int, paper: Paper, *, seen: str, now: datetime) -> None:
    """Keep what is being written, in the place of what was kept before. Raises Refused.

    `seen` is the mark of the draft that it was begun from: what was kept since then is not lost.
    """
    _wait_for_turn(resident_id)
    draft, words = find_draft(resident_id), _words(paper)
    if draft is not None and not _stands_in(draft, words, seen=seen):
        raise Refused(Refusal.KEPT_ELSEWHERE)
    kept = {**words, "saved_at": now}
    insert = insert_or(ProposalDraft).values(
        village_id=require_village(), resident_id=resident_id, **kept
    )
    db.session.execute(insert.on_conflict_do_update(index_elements=["resident_id"], set_=kept))


def drop_draft(resident_id: int) -> None:
    """Throw away what was being written."""
    db.session.execute(delete(ProposalDraft).where(ProposalDraft.resident_id == resident_id))


def _words(paper: Paper) -> dict[str, str]:
    return {
        "title": _one_line(paper.title)[:LONGEST_LINE],
        "place": _one_line(paper.place)[:LONGEST_LINE],
        "body": writing.clean(paper.body)[: 2 * rules.LONGEST_BODY],
    }


def _stands_in(draft: ProposalDraft, words: dict[str, str], *, seen: str) -> bool:
    """Tell whether words are the draft's own, or what became of them since it was `seen`."""
    is_same = all(getattr(draft, field) == said for field, said in words.items())
    return is_same or mark_of(draft) == seen


def why_not_write(resident_id: int | None, *, now: datetime) -> writing.Refusal | Refusal | None:
    """Return why this person may propose nothing here at all now, or None."""
    if reason := writers.why_not(resident_id, place=service.PLACE, now=now):
        return reason
    if resident_id is None or not service.is_elector(resident_id, now=now):
        return Refusal.NOT_AN_ELECTOR
    return None


def hand_in(
    paper: Paper,
    *,
    show_name: bool,
    agrees_to_opinion: bool = False,
    client_key: str,
    resident_id: int | None,
    village_code: str,
    now: datetime,
    files: Sequence[str] = (),
    seen: str = "",
) -> Proposal:
    """Take a proposal, number it and let its author sign it, or raise Refused.

    The same key again gives the first one. How many must sign is frozen by today's figures.
    `files` are keys of what this resident sent before (`media.receiving`). The draft that was
    `seen` is done with; another one, kept since, waits on.
    """
    _wait_for_turn(resident_id)
    if resident_id is not None and (known := _find_sent(resident_id, client_key)):
        return known  # before it is judged: handed in again by the line, not by the person
    reason = why_not_write(resident_id, now=now)
    if resident_id is None or reason:
        raise Refused(reason or writing.Refusal.NOT_A_RESIDENT)
    title, place = _one_line(paper.title), _one_line(paper.place)
    sent = sending.gather(paper.body, files, resident_id=resident_id)
    refusal = rules.why_not_hand_in(
        title=title, place=place, is_elector=True, open_count=_count_open(resident_id)
    ) or writing.why_not_text(sent.body, longest=rules.LONGEST_BODY)
    if refusal:
        raise Refused(refusal)
    screened = screening.screen(
        f"{title}\n{place}\n{sent.text}",
        kind=service.KIND,
        place=service.PLACE,
        resident_id=resident_id,
        is_staff=False,
        now=now,
    )
    title, place, said = screened.body.split("\n", 2)
    body, spoken = sent.part(said)
    if show_name:  # nobody agrees to that for another
        is_own = behalf.current_sitting() is None
        show_name = is_own and names.agree_to_be_named(resident_id, now=now)
    today = clock.today(now)
    electors = people.count_roster(day=today)[0]
    rule = bodies.find_convening(MeetingKind.VM, village_code, on=today)
    convening = bodies.needed(rule, electors=electors, representatives=0).electors if rule else None
    needs = rules.needs(electors=electors, convening=convening)
    try:
        with db.session.begin_nested():  # a key used twice gives its number back
            proposal = Proposal(
                number=_next_number(),
                title=title,
                place=place,
                body=body,
                held_for=screened.held_for,
                show_name=show_name,
                agrees_to_opinion=agrees_to_opinion and behalf.current_sitting() is None,
                client_key=client_key,
                state=State.COLLECTING,
                position=1,
                electors=electors,
                needed_signers=needs.signers,
                needed_households=needs.households,
                needed_convening=needs.convening,
                expires_at=clock.midnight_after(today + timedelta(days=rules.DAYS)),
                **people.deed_facts(resident_id, now=now),
            )
            db.session.add(proposal)
    except IntegrityError:
        known = _find_sent(resident_id, client_key)
        if known is None:
            raise
        return known
    db.session.add(
        ProposalStep(proposal_id=proposal.id, position=1, state=State.COLLECTING, done_at=now)
    )
    sent.attach(service.KIND, proposal.id, spoken, resident_id=resident_id, now=now)
    screening.enter(service.KIND, proposal.id, proposal.number, screened, now=now)
    signing.write(proposal, resident_id, show_name=show_name, now=now)
    draft = find_draft(resident_id)
    if draft is not None and _stands_in(draft, _words(paper), seen=seen):
        drop_draft(resident_id)
    return proposal


def withdraw(proposal_id: int, *, resident_id: int, seen: int, now: datetime) -> None:
    """Let the author take a proposal back before the council has it. Raises Refused."""
    proposal = service.get_proposal(proposal_id, locked=True)
    if proposal.resident_id != resident_id:
        raise Refused(Refusal.NOT_YOURS)
    service.step(proposal, State.WITHDRAWN, seen=seen, account_id=None, now=now)


def _one_line(text: str) -> str:
    return " ".join(writing.clean(text).split())


def _wait_for_turn(resident_id: int | None) -> None:
    """Let nobody hand in two at once: the second waits, and then counts the first."""
    row = select(Resident.id).where(Resident.id == resident_id)
    db.session.execute(row.with_for_update(key_share=True))


def _count_open(resident_id: int) -> int:
    query = select(func.count()).select_from(Proposal)
    query = query.where(Proposal.resident_id == resident_id, Proposal.state == State.COLLECTING)
    return db.session.scalar(query) or 0


def _find_sent(resident_id: int, client_key: str) -> Proposal | None:
    return db.session.scalar(
        select(Proposal).where(
            Proposal.resident_id == resident_id, Proposal.client_key == client_key
        )
    )


def _next_number() -> int:
    """Return the next number of the village; the counter's row lock makes writers queue."""
    counter = insert_or(ProposalCounter).values(village_id=require_village(), last_number=0)
    db.session.execute(counter.on_conflict_do_nothing())
    number = db.session.scalar(
        update(ProposalCounter)
        .values(last_number=ProposalCounter.last_number + 1)
        .returning(ProposalCounter.last_number)
        .execution_options(synchronize_session=False)
    )
    assert number is not None  # noqa: S101 -- the row is there now
    return number
