"""What somebody said, and how it loses its author. A count or a number never changes by that."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from portal.core import personal
from portal.core.db import db
from portal.core.personal import Fact, Person, Pile, Wish, of_resident
from portal.discussion.answer_personal import PILES, forget_doubts
from portal.discussion.draft_models import OpinionDraft
from portal.discussion.models import Comment, CommentSpot
from portal.moderation import writing
from portal.moderation.forms import CODES
from portal.people.words import CHANNELS


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Forget what was not sent yet; take the words back where that is wished.

    The author is gone in any case: `privacy.names` shows nobody's name beside what was written
    before an erasure. Group, sex and age band stay with an opinion, for the statistics.
    """
    if person.resident_id is not None:
        mine = OpinionDraft.resident_id == person.resident_id
        db.session.execute(delete(OpinionDraft).where(mine))
    if not wish.takes_words_back or person.resident_id is None:
        return 0
    comments = db.session.scalars(
        select(Comment).where(
            Comment.resident_id == person.resident_id, Comment.body != writing.TAKEN_BACK
        )
    ).all()
    for comment in comments:
        comment.body = writing.TAKEN_BACK
    gone = [comment.id for comment in comments]
    db.session.execute(delete(CommentSpot).where(CommentSpot.comment_id.in_(gone)))
    db.session.flush()
    return len(comments) + forget_doubts(person)


KEEPER = personal.Keeper(
    "discussion",
    _l("What I said"),
    (
        Pile(
            Comment,
            _l("My opinions"),
            (
                Fact("number", _l("Number"), Comment.number),
                Fact("about", _l("About"), Comment.about_title),
                Fact("longitude", _l("Longitude"), CommentSpot.longitude),
                Fact("latitude", _l("Latitude"), CommentSpot.latitude),
                Fact("body", _l("Text"), Comment.body),
                Fact("show_name", _l("With my full name"), Comment.show_name),
                Fact("done_at", _l("When"), Comment.done_at),
                Fact("channel", _l("How"), Comment.channel, CHANNELS),
                Fact("hidden_code", _l("Hidden because"), Comment.hidden_code, CODES),
            ),
            of_resident(Comment.resident_id),
            joined=((CommentSpot, CommentSpot.comment_id == Comment.id),),
        ),
        Pile(
            OpinionDraft,
            _l("Opinions I have not sent yet"),
            (
                Fact("body", _l("Text"), OpinionDraft.body),
                Fact("other_body", _l("Written on another phone"), OpinionDraft.other_body),
                Fact("about", _l("About"), OpinionDraft.about),
                Fact("saved_at", _l("When"), OpinionDraft.saved_at),
            ),
            of_resident(OpinionDraft.resident_id),
        ),
        *PILES,
    ),
    forget,
    untold={
        "opinion_group.made_by": "who of the staff put opinions together: an act of an office",
        "opinion_group_member.put_by": "who of the staff put an opinion there: an act of an office",
        "comment.household_id": "the household the person was of, told with the roster row",
    },
)
