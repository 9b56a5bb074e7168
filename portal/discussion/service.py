"""What can be done with opinions: gather facts, ask the rules, write. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db, table_of
from portal.core.errors import Refused
from portal.core.scope import prepared, require_village
from portal.discussion import rules
from portal.discussion.models import Comment, CommentCounter, CommentSpot
from portal.discussion.reading import (
    KIND,
    Opinion,
    Tally,
    count_of,
    count_since,
    find_opinion,
    get_opinion,
    has_been_read,
    list_newest,
    list_of,
    list_opinions,
    list_said,
    list_spots,
    list_these,
    tallies,
    tally,
)
from portal.discussion.rules import SPOT
from portal.moderation import screening, sending, writers, writing
from portal.moderation.rules import Code, Hold
from portal.people import service as people
from portal.plans import rules as plan_rules
from portal.plans import service as plans
from portal.plans import spots
from portal.plans.rules import State
from portal.privacy import names

__all__ = [
    "KIND",
    "Opinion",
    "Tally",
    "count_of",
    "count_since",
    "find_opinion",
    "get_opinion",
    "has_been_read",
    "list_newest",
    "list_of",
    "list_opinions",
    "list_said",
    "list_spots",
    "list_these",
    "place_of",
    "post_comment",
    "set_standing",
    "tallies",
    "tally",
    "why_not_comment",
]


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

    `about` is a key of `plans.list_anchors`; that of a spot is kept beside the opinion.
    `files` are keys of what this resident sent before (`media.receiving`).
    """
    if resident_id is not None and (known := _find_sent(resident_id, client_key)):
        return known  # before it is judged: said again by the line, not by the person
    reason = why_not_comment(version_id, resident_id=resident_id, now=now)
    if resident_id is None or reason:
        raise Refused(reason or writing.Refusal.NOT_A_RESIDENT)
    sent = sending.gather(body, files, resident_id=resident_id)
    if wrong := writing.why_not_text(sent.body, longest=rules.LONGEST_OPINION):
        raise Refused(wrong)
    screened = screening.screen(
        sent.text,
        kind=KIND,
        place=place_of(version_id),
        resident_id=resident_id,
        is_staff=False,
        now=now,
    )
    body, spoken = sent.part(screened.body)
    facts = people.deed_facts(resident_id, now=now)
    if show_name:  # nobody agrees to that for another
        is_own = facts["sitting_id"] is None
        show_name = is_own and names.agree_to_be_named(resident_id, now=now)
    spot = spots.read_spot(about)
    try:
        with db.session.begin_nested():  # a key used twice gives its number back
            comment = Comment(
                version_id=version_id,
                number=_next_number(),
                about=SPOT if spot else about,
                about_title=about_title,
                body=body,
                held_for=screened.held_for,
                show_name=show_name,
                client_key=client_key,
                **facts,
            )
            db.session.add(comment)
            if spot:
                db.session.flush()
                db.session.add(
                    CommentSpot(
                        comment_id=comment.id, longitude=spot.longitude, latitude=spot.latitude
                    )
                )
    except IntegrityError:
        if known := _find_sent(resident_id, client_key):
            return known
        raise
    sent.attach(KIND, comment.id, spoken, resident_id=resident_id, now=now)
    screening.enter(KIND, comment.id, comment.number, screened, now=now)
    return comment


def set_standing(comment_id: int, *, held_for: Hold | None, hidden_code: Code | None) -> None:
    """Hide an opinion, hold it, or show it; only moderation decides that."""
    comment = db.session.get_one(Comment, comment_id)
    comment.held_for, comment.hidden_code = held_for, hidden_code
    db.session.flush()


def _find_sent(resident_id: int, client_key: str) -> Comment | None:
    return db.session.scalar(
        select(Comment).where(Comment.resident_id == resident_id, Comment.client_key == client_key)
    )


_COUNTER = table_of(CommentCounter)
_STEP = prepared(
    update(_COUNTER)
    .where(_COUNTER.c.village_id == bindparam("village"))
    .values(last_number=_COUNTER.c.last_number + 1)
    .returning(_COUNTER.c.last_number)
)


def _next_number() -> int:
    """Return the next number of the village; the counter's row lock makes writers queue."""
    here = {"village": require_village()}
    number = db.session.scalar(_STEP, here)
    if number is None:
        try:
            with db.session.begin_nested():
                db.session.add(CommentCounter(last_number=0))
        except IntegrityError:
            pass  # somebody else made the counter in between
        number = db.session.scalar(_STEP, here)
    assert number is not None  # noqa: S101 -- the row is there now
    return number
