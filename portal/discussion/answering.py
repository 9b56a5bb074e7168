"""Answering opinions: taken on, drafted, checked by a second person, sent. Never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from portal.core import clock
from portal.core.access import Part
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.discussion import answer_rules as rules
from portal.discussion.answer_events import AnswerDoubted, OpinionAnswered, OpinionAssigned
from portal.discussion.answer_models import AnswerDoubt, AnswerReply
from portal.discussion.answer_rules import AnswerState, AnswerStep, Decision, Refusal
from portal.discussion.answer_steps import (
    Actor,
    Work,
    add,
    find_doubt,
    get_work,
    get_works,
    list_together,
    step,
)
from portal.moderation import writing
from portal.people import posts
from portal.people.rules import Role

__all__ = ["Actor", "Work", "find_doubt", "get_work", "get_works", "list_together"]

STAFF = (Role.HEAD, Role.COMMITTEE, Role.ADMIN, Role.PLANNER)
OF_COMMITTEE = frozenset({Part.COMMITTEE, Part.HEAD, Part.ADMIN})
PARTS = (Part.COMMITTEE, Part.PLANNER, Part.ADMIN)
"""Who answers, in the order in which somebody who plays several parts does it."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What an answer says."""

    decision: Decision
    reason: str = ""
    expert: str = ""
    place: str = ""
    before: str = ""
    after: str = ""


def assign(
    comment_id: int, *, owner_id: int, due: date, seen: int, actor: Actor, now: datetime
) -> None:
    """Say who sees to an opinion, and until when. Raises Refused."""
    work = _touchable(comment_id, actor)
    if owner_id not in posts.holders(STAFF, day=clock.today(now)):
        raise Refused(Refusal.NOBODY)
    doubt = find_doubt(comment_id)
    since = clock.today(doubt.doubted_at if doubt else work.comment.done_at)
    wrong = rules.why_not_assign(due=due, today=clock.today(now), received=since)
    if wrong and due != work.due_on:
        raise Refused(wrong)
    state = work.state if work.state is AnswerState.DRAFTED else AnswerState.ASSIGNED
    step(work, AnswerStep.ASSIGN, seen, actor, now, state=state, owner_id=owner_id, due_on=due)
    publish(OpinionAssigned(comment_id=comment_id, account_id=owner_id), now=now)


def draft(
    seen: Mapping[int, int], said: Said, *, note: str = "", actor: Actor, now: datetime
) -> None:
    """Draft one answer to one opinion or to many of one plan, all or none. Raises Refused.

    `seen` are the opinions' ids with the revision that was read of each. Only a planner's words
    stand as the planner's opinion; whatever another wrote there is left as it was, as is what was
    said of each of many where a planner says nothing of all.
    """
    said = _cleaned(said)
    if wrong := rules.why_not_say(**asdict(said)):
        raise Refused(wrong)
    works = [_touchable(comment_id, actor) for comment_id in sorted(seen)]
    if len({work.comment.version_id for work in works}) != 1:
        raise NoResultFound
    facts = asdict(said)
    if actor.part is not Part.PLANNER or (len(works) > 1 and not said.expert):
        facts.pop("expert")
    together = None
    for work in works:
        move = step(
            work, AnswerStep.DRAFT, seen[work.comment.id], actor, now, note=note,
            state=AnswerState.DRAFTED, drafted_by=actor.account_id, drafted_as=actor.part,
            together=None, **facts,
        )  # fmt: skip
        if len(works) > 1 and work.case:
            work.case.together = together = together or move.id
    db.session.flush()


def advise(comment_id: int, *, words: str, seen: int, actor: Actor, now: datetime) -> None:
    """Let the planner say what they think of an opinion, whoever drafts the answer. Raises Refused.

    A draft that it changes must be read anew, and by itself.
    """
    work = _touchable(comment_id, actor)
    words = writing.clean(words)
    if wrong := writing.why_not_text(words, longest=rules.LONGEST_REASON):
        raise Refused(wrong)
    step(
        work, AnswerStep.ADVISE, seen, actor, now,
        state=work.state, expert=words, together=None,
    )  # fmt: skip


def send_back(seen: Mapping[int, int], *, note: str, actor: Actor, now: datetime) -> None:
    """Hand a draft back with what is wrong with it. Raises Refused."""
    works = _checkable(seen, actor)
    if not (note := writing.clean(note)):
        raise Refused(Refusal.NO_NOTE)
    for work in works:
        step(
            work, AnswerStep.SEND_BACK, seen[work.comment.id], actor, now, note=note,
            state=AnswerState.ASSIGNED,
        )  # fmt: skip


def reply(
    seen: Mapping[int, int], *, note: str = "", actor: Actor, now: datetime
) -> list[AnswerReply]:
    """Send a draft that a second person checked, to each author by itself. Raises Refused."""
    works = _checkable(seen, actor)
    doubted = set(
        db.session.scalars(
            select(AnswerDoubt.comment_id).where(AnswerDoubt.comment_id.in_(sorted(seen)))
        )
    )
    sent = []
    for work in works:
        case, is_last = work.case, work.comment.id in doubted
        assert case is not None and case.decision is not None  # noqa: S101 -- it is drafted
        assert case.drafted_by is not None  # noqa: S101 -- the same
        row = AnswerReply(
            comment_id=work.comment.id,
            version_id=work.comment.version_id,
            number=2 if is_last else 1,
            decision=case.decision,
            reason=case.reason,
            expert=case.expert,
            place=case.place,
            before=case.before,
            after=case.after,
            together=case.together,
            drafted_by=case.drafted_by,
            checked_by=actor.account_id,
            replied_at=now,
            due_on=case.due_on,
        )
        step(
            work, AnswerStep.REPLY, seen[work.comment.id], actor, now, note=note,
            state=AnswerState.FINAL if is_last else AnswerState.REPLIED,
        )  # fmt: skip
        add(row, Refusal.STALE)
        publish(OpinionAnswered(comment_id=work.comment.id, number=row.number), now=now)
        sent.append(row)
    return sent


def why_not_doubt(comment_id: int, *, resident_id: int | None, now: datetime) -> Refusal | None:
    """Return why this person cannot ask for another look at an answer, or None."""
    work = get_work(comment_id)
    return rules.why_not_doubt(
        is_author=resident_id is not None and resident_id == work.comment.resident_id,
        replied_at=db.session.scalar(
            select(AnswerReply.replied_at).where(
                AnswerReply.comment_id == comment_id, AnswerReply.number == 1
            )
        ),
        has_doubted=find_doubt(comment_id) is not None,
        now=now,
    )


def doubt(comment_id: int, *, words: str, resident_id: int, account_id: int, now: datetime) -> None:
    """Let the author ask once for another look; it is answered within fifteen days. Refused."""
    if wrong := why_not_doubt(comment_id, resident_id=resident_id, now=now):
        raise Refused(wrong)
    words = writing.clean(words)
    if wrong_words := writing.why_not_text(words, longest=rules.LONGEST_NOTE):
        raise Refused(wrong_words)
    add(
        AnswerDoubt(
            comment_id=comment_id, resident_id=resident_id, words=words, doubted_at=now
        ),
        Refusal.DOUBTED_ALREADY,
    )  # fmt: skip
    work = get_work(comment_id)
    actor = Actor(account_id=account_id, resident_id=resident_id, part=Part.VILLAGER)
    step(
        work, AnswerStep.REOPEN, work.revision, actor, now,
        state=AnswerState.REOPENED, due_on=rules.due_on(clock.today(now)), together=None,
    )  # fmt: skip
    publish(AnswerDoubted(comment_id=comment_id), now=now)


def _cleaned(said: Said) -> Said:
    texts = {
        name: writing.clean(value) for name, value in asdict(said).items() if name != "decision"
    }
    return Said(decision=said.decision, **texts)


def why_not_touch(work: Work, actor: Actor) -> Refusal | None:
    """Return why this person can do nothing about an answer now, or None."""
    return rules.why_not_touch(
        state=work.state,
        is_owed=work.is_owed,
        is_author=actor.resident_id is not None and actor.resident_id == work.comment.resident_id,
    )


def _touchable(comment_id: int, actor: Actor) -> Work:
    work = get_work(comment_id)
    if wrong := why_not_touch(work, actor):
        raise Refused(wrong)
    return work


def _checkable(seen: Mapping[int, int], actor: Actor) -> Sequence[Work]:
    works = [_touchable(comment_id, actor) for comment_id in sorted(seen)]
    drafts = {work.draft for work in works}
    if len(works) > 1 and (len(drafts) > 1 or works[0].draft[0] is None):
        raise Refused(Refusal.STALE)  # each was read, but not as one draft
    for work in works:
        if wrong := rules.why_not_check(
            state=work.state,
            is_drafter=work.case is not None and work.case.drafted_by == actor.account_id,
            is_of_committee=actor.part in OF_COMMITTEE,
            committee_drafted=work.case is not None and work.case.drafted_as in OF_COMMITTEE,
        ):
            raise Refused(wrong)
    return works
