"""Giving an opinion on a plan: made ready first, judged, then written. Never commits.

All but the writing is done before the transaction begins (`moderation/ready.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db, insert_or, table_of
from portal.core.errors import Refused
from portal.core.scope import here, prepared, require_village
from portal.discussion import rules
from portal.discussion.models import Comment, CommentCounter, CommentSpot
from portal.discussion.reading import KIND
from portal.discussion.rules import SPOT
from portal.moderation import ready as readying
from portal.moderation import screening, sending, writers, writing
from portal.people import service as people
from portal.people.models import Resident
from portal.plans import rules as plan_rules
from portal.plans import service as plans
from portal.plans import spots
from portal.plans.models import PlanVersion
from portal.plans.rules import State
from portal.privacy import names


@dataclass(frozen=True, kw_only=True)
class Paper:
    """An opinion as a resident writes it.

    `about` is a key of `plans.list_anchors`; that of a spot is kept beside the opinion.
    `files` are keys of what this resident sent before (`media.receiving`).
    """

    version_id: int
    body: str
    about: str
    about_title: str
    show_name: bool
    client_key: str
    resident_id: int | None
    now: datetime
    files: Sequence[str] = ()


class Posted(NamedTuple):
    """An opinion that was taken."""

    id: int
    number: int


Ready = readying.Ready[Paper]


def why_not_comment(
    version_id: int, *, resident_id: int | None, now: datetime, state: State | None = None
) -> writing.Refusal | rules.Refusal | None:
    """Return why this person may give no opinion on this version now, or None (domain.md O5).

    Who has read the state of the version already gives it too.
    """
    if reason := writers.why_not(resident_id, place=place_of(version_id), now=now):
        return reason
    if state is None:
        closed = plans.why_not_comment(version_id, now=now)
    else:
        closed = plan_rules.why_not_comment(state=state)
    return None if closed is None else rules.Refusal.NOT_OPEN


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
    files: Sequence[str] = (),
) -> Comment:
    """Take an opinion and number it, or raise Refused. The same key again gives the first one.

    It is what `get_ready` and `post_ready` do together, for whoever is in a transaction already.
    """
    paper = Paper(
        version_id=version_id,
        body=body,
        about=about,
        about_title=about_title,
        show_name=show_name,
        client_key=client_key,
        resident_id=resident_id,
        now=now,
        files=files,
    )
    return db.session.get_one(Comment, post_ready(get_ready(paper)).id)


def get_ready(paper: Paper) -> Ready:
    """Judge an opinion, or raise Refused.

    What was said under the same key before is known, and not judged: said again by the line, not
    by the person.
    """
    resident_id, place, now = paper.resident_id, place_of(paper.version_id), paper.now
    if resident_id is None:
        raise Refused(writing.Refusal.NOT_A_RESIDENT)
    grounds = _read_grounds(paper)
    if grounds.known is not None:
        return Ready(paper, grounds)
    if reason := writers.why_not(resident_id, place=place, now=now, grounds=grounds):
        raise Refused(reason)
    if plans.why_not_comment_on(grounds, now=now):
        raise Refused(rules.Refusal.NOT_OPEN)
    sent = sending.gather(paper.body, paper.files, resident_id=resident_id)
    if wrong := writing.why_not_text(sent.body, longest=rules.LONGEST_OPINION):
        raise Refused(wrong)
    screened = screening.screen(
        sent.text,
        kind=KIND,
        place=place,
        resident_id=resident_id,
        is_staff=False,
        now=now,
        grounds=grounds,
    )
    return Ready(paper, grounds, (sent, screened))


def post_ready(ready: Ready) -> Posted:
    """Write and number what was made ready, and return its id and number.

    Raises Refused where something forbids it by now.
    """
    paper = ready.saying
    resident_id, now = paper.resident_id, paper.now
    if not ready.stands_on(_read_grounds(paper)):
        ready = get_ready(paper)
    if ready.words is None or resident_id is None:
        return _get_posted(ready.grounds.known)
    sent, screened = ready.words
    body, spoken = sent.part(screened.body)
    deed = people.deed_of(ready.grounds, resident_id, now=now)
    shows_name = paper.show_name and deed["sitting_id"] is None  # nobody agrees for another
    shows_name = shows_name and names.agree_to_be_named(resident_id, now=now)
    spot = spots.read_spot(paper.about)
    number = _next_number()
    comment_id: int | None = db.session.scalar(
        _insert(db.engine.dialect.name),
        {
            **deed,
            "version_id": paper.version_id,
            "number": number,
            "about": SPOT if spot else paper.about,
            "about_title": paper.about_title,
            "body": body,
            "held_for": screened.held_for,
            "show_name": shows_name,
            "client_key": paper.client_key,
        },
    )
    if comment_id is None:  # sent twice at once: the key is the last judge
        _count_on(-1)
        return _get_posted(readying.known_by(_read_grounds(paper)))
    if spot:
        db.session.add(
            CommentSpot(comment_id=comment_id, longitude=spot.longitude, latitude=spot.latitude)
        )
        db.session.flush()
    sent.attach(KIND, comment_id, spoken, resident_id=resident_id, now=now)
    screening.enter(KIND, comment_id, number, screened, now=now)
    return Posted(comment_id, number)


_COMMENT, _RESIDENT = table_of(Comment).c, table_of(Resident).c
_VERSION = table_of(PlanVersion).c
_THEIRS = (
    _COMMENT.village_id + 0 == bindparam("village_id"),  # as in `reading.list_said`
    _COMMENT.resident_id == bindparam("resident_id"),
)
_SAME = _COMMENT.client_key == bindparam("client_key")
_GROUNDS = prepared(
    plans.with_standing(
        select(
            *readying.GROUNDS,
            *plans.STANDING,
            select(func.max(_COMMENT.id))
            .where(*_THEIRS, _COMMENT.done_at >= bindparam("lately"))
            .scalar_subquery()
            .label("said"),
            select(_COMMENT.id).where(*_THEIRS, _SAME).scalar_subquery().label("known"),
        ).where(
            _RESIDENT.id == bindparam("resident_id"),
            _RESIDENT.village_id == _VERSION.village_id,
        )
    )
)


def _read_grounds(paper: Paper) -> Any:
    """Read what decides about an opinion, as a plain line.

    Raises NoResultFound if there is no such version or resident here.
    """
    return db.session.execute(
        _GROUNDS,
        here(
            version_id=paper.version_id,
            place=place_of(paper.version_id),
            resident_id=paper.resident_id,
            client_key=paper.client_key,
            now=paper.now,
            lately=paper.now - readying.LATELY,
        ),
    ).one()


def _get_posted(comment_id: int) -> Posted:
    query = select(Comment.id, Comment.number).where(Comment.id == comment_id)
    return Posted(*db.session.execute(query).one())


@cache
def _insert(_dialect: str) -> Any:
    insert = insert_or(table_of(Comment)).on_conflict_do_nothing()
    return prepared(insert.returning(_COMMENT.id))


_COUNTER = table_of(CommentCounter)
_COUNT_ON = prepared(
    update(_COUNTER)
    .where(_COUNTER.c.village_id == bindparam("village"))
    .values(last_number=_COUNTER.c.last_number + bindparam("by"))
    .returning(_COUNTER.c.last_number)
)


def _next_number() -> int:
    """Return the next number of the village; the counter's row lock makes writers queue."""
    number = _count_on(1)
    if number is None:
        try:
            with db.session.begin_nested():
                db.session.add(CommentCounter(last_number=0))
        except IntegrityError:
            pass  # somebody else made the counter in between
        number = _count_on(1)
    assert number is not None  # noqa: S101 -- the row is there now
    return number


def _count_on(by: int) -> int | None:
    number: int | None = db.session.scalar(_COUNT_ON, {"village": require_village(), "by": by})
    return number
