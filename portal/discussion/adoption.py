"""What became of the opinions on a version, as plain values: the table, its totals, its figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import Select, and_, func, select

from portal.core import clock
from portal.core.db import db
from portal.core.masking import mask_name
from portal.core.suppression import merge_few, suppress_small
from portal.discussion import reading
from portal.discussion.answer_lists import count_unanswered
from portal.discussion.answer_models import AnswerReply
from portal.discussion.answer_rules import Decision
from portal.discussion.models import Comment
from portal.discussion.reading import Opinion
from portal.people import service as people
from portal.people.models import Resident

MOST = 5000


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: an opinion, or several that got the same answer (domain.md O7).

    `author` is the group and the masked name, empty for several. `hidden` is the rule's code where
    the words are not shown; `words` (of several: the first) is empty then, or once taken back.
    """

    numbers: tuple[int, ...]
    author: str
    people: int
    said_on: date
    about: str
    words: str
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

    `owed` are those that an answer is owed for: neither hidden nor taken back unanswered.
    `late` were answered after their day; `median_days` runs from the opinion to its last answer.
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
    last = _last().subquery()
    query = (
        select(Comment.done_at, AnswerReply.decision, AnswerReply.replied_at, AnswerReply.due_on)
        .join(AnswerReply, AnswerReply.comment_id == Comment.id)
        .join(
            last,
            and_(last.c.comment_id == AnswerReply.comment_id, last.c.number == AnswerReply.number),
        )
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
        late=sum(clock.today(done) > due for _, _, done, due in rows),
        median_days=median(days) if days else None,
    )


def table_of(version_id: int) -> AdoptionTable:
    """Return the adoption table of a version."""
    opinions = reading.list_opinions(version_id, limit=MOST)
    opinions.sort(key=lambda opinion: opinion.comment.number)
    rows = _rows(opinions)
    decisions = Counter(o.answer.reply.decision.value for o in opinions if o.answer)
    channels = Counter(o.comment.channel.value for o in opinions)
    return AdoptionTable(
        opinions=len(opinions),
        answered=sum(o.answer is not None for o in opinions),
        hidden=sum(o.comment.hidden_code is not None for o in opinions),
        taken_back=sum(o.is_taken_back for o in opinions),
        persons=len({o.comment.resident_id for o in opinions}),
        households=len({o.comment.household_id for o in opinions}),
        by_channel=tuple(sorted(channels.items())),
        by_decision=tuple((one.value, decisions[one.value]) for one in Decision),
        by_group=_by_group(opinions),
        rows=tuple(rows),
    )


def _last() -> Select[int, int]:
    return select(AnswerReply.comment_id, func.max(AnswerReply.number).label("number")).group_by(
        AnswerReply.comment_id
    )


def _rows(opinions: Sequence[Opinion]) -> list[Row]:
    """Put those that got one answer together into one line, where the first of them stands."""
    found: dict[tuple[bool, int], list[Opinion]] = {}
    for opinion in opinions:
        together = opinion.answer.reply.together if opinion.answer else None
        is_plain = opinion.comment.is_shown and not opinion.is_taken_back
        is_one_of_many = together is not None and is_plain
        key = (is_one_of_many, together if is_one_of_many and together else opinion.comment.number)
        found.setdefault(key, []).append(opinion)
    return [_row(those) for those in found.values()]


def _row(those: Sequence[Opinion]) -> Row:
    first = those[0]
    comment, reply = first.comment, first.answer.reply if first.answer else None
    is_silent = not comment.is_shown or first.is_taken_back
    return Row(
        numbers=tuple(o.comment.number for o in those),
        author=f"{first.group} {mask_name(first.author)}" if len(those) == 1 else "",
        people=len({o.comment.resident_id for o in those}),
        said_on=clock.today(comment.done_at),
        about=comment.about_title,
        words="" if is_silent else comment.body,
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
