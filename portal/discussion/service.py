"""What can be done with opinions: gather facts, ask the rules, write. Never commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.core.errors import Refused
from portal.discussion import rules
from portal.discussion.models import Comment, CommentCounter
from portal.moderation import screening, writers, writing
from portal.moderation.rules import Code, Hold
from portal.people import service as people
from portal.people.models import AssistedSitting, Resident, VillagerGroup
from portal.plans import service as plans
from portal.privacy import names

KIND = "opinion"
"""What moderation calls an opinion."""


@dataclass(frozen=True)
class Opinion:
    """A comment as others see it: its author by group and masked name, unless he shows it.

    `is_taken_back`: the author took the words along; number and count stay. `is_objected`: a
    helper entered it, and the person said that it was not their will.
    """

    comment: Comment
    author: str
    group: str
    is_taken_back: bool = False
    is_objected: bool = False


@dataclass(frozen=True)
class Tally:
    """How many opinions a plan version has, and how many of them are hidden now."""

    total: int = 0
    hidden: int = 0


def get_opinion(comment_id: int) -> Opinion:
    """Return one opinion, or raise NoResultFound, as also for one of another village."""
    return _opinion(*db.session.execute(_opinions().where(Comment.id == comment_id)).one())


def list_opinions(version_id: int, *, limit: int, before: int | None = None) -> list[Opinion]:
    """Return the newest opinions on a version, those under number `before` if it is given."""
    query = _opinions().where(Comment.version_id == version_id)
    if before is not None:
        query = query.where(Comment.number < before)
    return _read(query.order_by(Comment.number.desc()).limit(limit))


def list_newest(*, limit: int) -> list[Opinion]:
    """Return the newest opinions of the village on any plan, newest first."""
    return _read(_opinions().order_by(Comment.number.desc()).limit(limit))


def list_of(resident_id: int, *, limit: int = 100) -> list[Opinion]:
    """Return what this resident said about plans, newest first."""
    query = _opinions().where(Comment.resident_id == resident_id)
    return _read(query.order_by(Comment.number.desc()).limit(limit))


def count_of(resident_id: int) -> int:
    """Return how many opinions this resident gave."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Comment).where(Comment.resident_id == resident_id)
        )
        or 0
    )


def count_since(since: datetime) -> int:
    """Return how many opinions the village gave since then."""
    return (
        db.session.scalar(select(func.count()).select_from(Comment).where(Comment.done_at >= since))
        or 0
    )


def tally(version_id: int) -> Tally:
    """Count the opinions on one version; a hidden one stays counted (trust.md T11)."""
    return tallies().get(version_id, Tally())


def tallies() -> dict[int, Tally]:
    """Count the opinions of the village by plan version."""
    rows = db.session.execute(
        select(Comment.version_id, func.count(), func.count(Comment.hidden_code)).group_by(
            Comment.version_id
        )
    )
    return {version_id: Tally(total, hidden) for version_id, total, hidden in rows}


def why_not_comment(
    version_id: int, *, resident_id: int | None, now: datetime
) -> writing.Refusal | rules.Refusal | None:
    """Return why this person may give no opinion on this version now, or None (domain.md O5)."""
    if reason := writers.why_not(resident_id, place=place_of(version_id), now=now):
        return reason
    is_open = plans.why_not_comment(version_id, now=now) is None
    return None if is_open else rules.Refusal.NOT_OPEN


def place_of(version_id: int) -> str:
    """Return what moderation calls the place of opinions on a version."""
    return f"plan:{version_id}"


def post_comment(
    version_id: int,
    *,
    body: str,
    about: str,
    about_title: str,
    show_name: bool,
    client_key: str,
    resident_id: int | None,
    now: datetime,
) -> Comment:
    """Take an opinion and number it, or raise Refused. The same key again gives the first one."""
    reason = why_not_comment(version_id, resident_id=resident_id, now=now)
    if resident_id is None or reason:
        raise Refused(reason or writing.Refusal.NOT_A_RESIDENT)
    body = writing.clean(body)
    if wrong := writing.why_not_text(body, longest=rules.LONGEST_OPINION):
        raise Refused(wrong)
    screened = screening.screen(
        body,
        kind=KIND,
        place=place_of(version_id),
        resident_id=resident_id,
        is_staff=False,
        now=now,
    )
    facts = people.deed_facts(resident_id, now=now)
    if show_name:  # nobody agrees to that for another
        is_own = facts["sitting_id"] is None
        show_name = is_own and names.agree_to_be_named(resident_id, now=now)
    try:
        with db.session.begin_nested():  # a key used twice gives its number back
            comment = Comment(
                version_id=version_id,
                number=_next_number(),
                about=about,
                about_title=about_title,
                body=screened.body,
                held_for=screened.held_for,
                show_name=show_name,
                client_key=client_key,
                **facts,
            )
            db.session.add(comment)
    except IntegrityError:
        known = db.session.scalar(
            select(Comment).where(
                Comment.resident_id == resident_id, Comment.client_key == client_key
            )
        )
        if known is None:
            raise
        return known
    screening.enter(KIND, comment.id, comment.number, screened, now=now)
    return comment


def set_standing(comment_id: int, *, held_for: Hold | None, hidden_code: Code | None) -> None:
    """Hide an opinion, hold it, or show it; only moderation decides that."""
    comment = db.session.get_one(Comment, comment_id)
    comment.held_for, comment.hidden_code = held_for, hidden_code
    db.session.flush()


def _next_number() -> int:
    """Return the next number of the village; the counter's row lock makes writers queue."""
    step = (
        update(CommentCounter)
        .values(last_number=CommentCounter.last_number + 1)
        .returning(CommentCounter.last_number)
        .execution_options(synchronize_session=False)
    )
    number = db.session.scalar(step)
    if number is None:
        try:
            with db.session.begin_nested():
                db.session.add(CommentCounter(last_number=0))
        except IntegrityError:
            pass  # somebody else made the counter in between
        number = db.session.scalar(step)
    assert number is not None  # noqa: S101 -- the row is there now
    return number


def _opinions() -> Select[Comment, str, bool, bool, str, datetime | None]:
    author = names.author(Comment.resident_id, Comment.show_name, Comment.done_at)
    return (
        select(Comment, *author, VillagerGroup.name, AssistedSitting.objected_at)
        .join(Resident, Resident.id == Comment.resident_id)
        .join(VillagerGroup, VillagerGroup.id == Comment.group_id)
        .outerjoin(AssistedSitting, AssistedSitting.id == Comment.sitting_id)
    )


def _read(query: Select[Comment, str, bool, bool, str, datetime | None]) -> list[Opinion]:
    return [_opinion(*row) for row in db.session.execute(query)]


def _opinion(
    comment: Comment,
    name: str,
    is_whole: bool,
    is_taken_back: bool,
    group: str,
    objected_at: datetime | None,
) -> Opinion:
    return Opinion(
        comment,
        names.signed(name, is_whole),
        group,
        is_taken_back=is_taken_back,
        is_objected=objected_at is not None,
    )
