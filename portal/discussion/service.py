"""What can be done with opinions: gather facts, ask the rules, write. Never commits."""

from portal.core.db import db
from portal.discussion.models import Comment
from portal.discussion.posting import (
    Paper,
    get_ready,
    place_of,
    post_comment,
    post_ready,
    why_not_comment,
)
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
from portal.moderation.rules import Code, Hold

__all__ = [
    "KIND",
    "Opinion",
    "Paper",
    "Tally",
    "count_of",
    "count_since",
    "find_opinion",
    "get_opinion",
    "get_ready",
    "has_been_read",
    "list_newest",
    "list_of",
    "list_opinions",
    "list_said",
    "list_spots",
    "list_these",
    "place_of",
    "post_comment",
    "post_ready",
    "set_standing",
    "tallies",
    "tally",
    "why_not_comment",
]


def set_standing(comment_id: int, *, held_for: Hold | None, hidden_code: Code | None) -> None:
    """Hide an opinion, hold it, or show it; only moderation decides that."""
    comment = db.session.get_one(Comment, comment_id)
    comment.held_for, comment.hidden_code = held_for, hidden_code
    db.session.flush()
