"""What became of the opinions on a version, as plain values: the table, its totals, its figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import and_, case, func, select

from portal.core import clock
from portal.core.db import db
from portal.core.masking import mask_name
from portal.core.suppression import merge_few, suppress_small
from portal.discussion import reading
from portal.discussion.answer_lists import count_unanswered
from portal.discussion.answer_models import AnswerCase, AnswerDoubt, AnswerReply
from portal.discussion.answer_rules import ANSWERED, AnswerState, Decision
from portal.discussion.answer_steps import last_day
from portal.discussion.models import Comment
from portal.discussion.reading import Opinion
from portal.discussion.rules import Order
from portal.people import service as people
from portal.people.models import Resident


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What was said, and under which numbers in these very words."""

    numbers: tuple[int, ...]
    words: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: an opinion, or several that share one answer (domain.md O7).

    `author` is the group and the masked name, empty for several. `hidden` is the rule's code where
    the words are not shown; they are empty then, or once taken back.
    """

    numbers: tuple[int, ...]
    author: str
    people: int
    said_on: date
    about: str
    voices: tuple[Voice, ...]
    hidden: str
    is_taken_back: bool
    decision: str
    reason: str
    expert: str
    place: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """Opinions and persons of a group, or of small ones together; None where it says too much."""

    names: tuple[str, ...]
    people: int | None


@dataclass(frozen=True, kw_only=True)
class AdoptionTable:
    """What became of all opinions on a version (domain.md §5 B)."""

    opinions: int
    answered: int
    hidden: int
    taken_back: int
    persons: int
    households: int
    by_channel: tuple[tuple[str, int], ...]
    by_decision: tuple[tuple[str, int], ...]
    by_group: tuple[Part, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How opinions were answered (domain.md §6, 22 and 23): the one definition for every page.

    `answered` are those whose last answer stands: none that is looked at again. `owed` are these
    and those that wait. `late` were answered after the law's day; `median_days` runs from the
    opinion to its last answer.
    """

    opinions: int
    owed: int
    answered: int
    adopted: int
    partly: int
    late: int
    median_days: float | None


def figures_of(version_id: int | None = None) -> Figures:
    """Return the figures of one version, or of all plans of the village."""
    last = case((AnswerCase.state == AnswerState.FINAL, 2), else_=1)
    query = (
        select(
            Comment.done_at, AnswerReply.decision, AnswerReply.replied_at, AnswerDoubt.doubted_at
        )
        .join(AnswerCase, AnswerCase.comment_id == Comment.id)
        .join(AnswerReply, and_(AnswerReply.comment_id == Comment.id, AnswerReply.number == last))
        .outerjoin(AnswerDoubt, AnswerDoubt.comment_id == Comment.id)
        .where(AnswerCase.state.in_(ANSWERED))
    )
    total = select(func.count()).select_from(Comment)
    if version_id is not None:
        query = query.where(Comment.version_id == version_id)
        total = total.where(Comment.version_id == version_id)
    rows = db.session.execute(query).all()
    days = [(clock.today(done) - clock.today(said)).days for said, _, done, _ in rows]
    decisions = Counter(decision for _, decision, _, _ in rows)
    return Figures(
        opinions=db.session.scalar(total) or 0,
        owed=len(rows) + count_unanswered(version_id),
        answered=len(rows),
        adopted=decisions[Decision.ADOPTED],
        partly=decisions[Decision.PARTIAL],
        late=sum(clock.today(done) > last_day(said, again) for said, _, done, again in rows),
        median_days=median(days) if days else None,
    )


def table_of(version_id: int) -> AdoptionTable:
    """Return the adoption table of a version."""
    opinions = reading.list_opinions(version_id, limit=None, order=Order.OLDEST)
    rows = _rows(opinions)
    standing = [reply for reply in map(_standing, opinions) if reply]
    decisions = Counter(reply.decision.value for reply in standing)
    channels = Counter(o.comment.channel.value for o in opinions)
    return AdoptionTable(
        opinions=len(opinions),
        answered=len(standing),
        hidden=sum(o.comment.hidden_code is not None for o in opinions),
        taken_back=sum(o.is_taken_back for o in opinions),
        persons=len({o.comment.resident_id for o in opinions}),
        households=len({o.comment.household_id for o in opinions}),
        by_channel=tuple(sorted(channels.items())),
        by_decision=tuple((one.value, decisions[one.value]) for one in Decision),
        by_group=_by_group(opinions),
        rows=tuple(rows),
    )


def _standing(opinion: Opinion) -> AnswerReply | None:
    """Return the answer that stands: none while the opinion is looked at again."""
    answer = opinion.answer
    return answer.reply if answer and not answer.is_open_again else None


def _is_silent(opinion: Opinion) -> bool:
    return not opinion.comment.is_shown or opinion.is_taken_back


def _rows(opinions: Sequence[Opinion]) -> list[Row]:
    """Put those that share one answer into one line, where the first of them stands."""
    found: dict[tuple[object, ...], list[Opinion]] = {}
    for opinion in opinions:
        reply = _standing(opinion)
        key: tuple[object, ...] = ("alone", opinion.comment.number)
        if reply and reply.together is not None and not _is_silent(opinion):
            key = ("together", reply.together, reply.expert)
        found.setdefault(key, []).append(opinion)
    return [_row(those) for those in found.values()]


def _row(those: Sequence[Opinion]) -> Row:
    first = those[0]
    comment, reply = first.comment, _standing(first)
    said: dict[str, list[int]] = {}
    for one in those:
        said.setdefault("" if _is_silent(one) else one.comment.body, []).append(one.comment.number)
    return Row(
        numbers=tuple(o.comment.number for o in those),
        author=f"{first.group} {mask_name(first.author)}" if len(those) == 1 else "",
        people=len({o.comment.resident_id for o in those}),
        said_on=clock.today(comment.done_at),
        about="；".join(
            dict.fromkeys(o.comment.about_title for o in those if o.comment.about_title)
        ),
        voices=tuple(Voice(numbers=tuple(n), words=words) for words, n in said.items()),
        hidden=comment.hidden_code.value if comment.hidden_code else "",
        is_taken_back=first.is_taken_back,
        decision=reply.decision.value if reply else "",
        reason=reply.reason if reply else "",
        expert=reply.expert if reply else "",
        place=reply.place if reply else "",
        before=reply.before if reply else "",
        after=reply.after if reply else "",
    )


def _by_group(opinions: Sequence[Opinion]) -> tuple[Part, ...]:
    """Return how many people of each group said something; few people are not shown as a number.

    The parts of a group are those who did and those who did not, as the rule of suppression asks.
    """
    sizes: dict[int, int] = dict(
        db.session.execute(
            select(Resident.group_id, func.count())
            .where(Resident.left_on.is_(None))
            .group_by(Resident.group_id)
        ).all()
    )
    who: dict[int, set[int]] = {}
    for opinion in opinions:
        who.setdefault(opinion.comment.group_id, set()).add(opinion.comment.resident_id)
    groups = [group for group in people.list_groups() if group.id in sizes or group.id in who]
    spoke = [len(who.get(group.id, ())) for group in groups]
    whole = [max(sizes.get(group.id, 0), n) for group, n in zip(groups, spoke, strict=True)]
    merged = merge_few(whole)
    table = [
        [sum(spoke[i] for i in rows), sum(whole[i] - spoke[i] for i in rows)] for rows in merged
    ]
    hidden = suppress_small(table)
    return tuple(
        Part(
            names=tuple(groups[i].name for i in rows),
            people=None if hidden is None or (n, 0) in hidden else table[n][0],
        )
        for n, rows in enumerate(merged)
    )
