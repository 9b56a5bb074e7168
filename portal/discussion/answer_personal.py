"""What answers keep of people: the author's second question, and who of the office did what."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, update

from portal.core.db import db
from portal.core.personal import Fact, Person, Pile, of_resident
from portal.discussion.answer_models import (
    AnswerCase,
    AnswerDoubt,
    AnswerMove,
    AnswerReply,
    Hearing,
)
from portal.discussion.answer_words import DECISIONS, FORMS, STEPS
from portal.moderation import writing


def forget_doubts(person: Person) -> int:
    """Take back what somebody said against an answer; that they did stays."""
    gone = db.session.execute(
        update(AnswerDoubt)
        .where(AnswerDoubt.resident_id == person.resident_id)
        .where(AnswerDoubt.words != writing.TAKEN_BACK)
        .values(words=writing.TAKEN_BACK)
        .returning(AnswerDoubt.id)
    )
    return len(gone.all())


PILES = (
    Pile(
        AnswerDoubt,
        _l("Answers that I asked to have looked at again"),
        (
            Fact("words", _l("Text"), AnswerDoubt.words),
            Fact("doubted_at", _l("When"), AnswerDoubt.doubted_at),
        ),
        of_resident(AnswerDoubt.resident_id),
    ),
    Pile(
        AnswerCase,
        _l("Answers that I saw to or drafted"),
        (
            Fact("decision", _l("Class"), AnswerCase.decision, DECISIONS),
            Fact("due_on", _l("Until"), AnswerCase.due_on),
        ),
        lambda person: or_(
            AnswerCase.owner_id == person.account_id, AnswerCase.drafted_by == person.account_id
        ),
    ),
    Pile(
        AnswerMove,
        _l("Steps about answers that I took"),
        (
            Fact("step", _l("What"), AnswerMove.step, STEPS),
            Fact("taken_at", _l("When"), AnswerMove.taken_at),
            Fact("note", _l("Note"), AnswerMove.note),
        ),
        lambda person: AnswerMove.account_id == person.account_id,
    ),
    Pile(
        AnswerReply,
        _l("Answers that I drafted or checked"),
        (
            Fact("decision", _l("Class"), AnswerReply.decision, DECISIONS),
            Fact("replied_at", _l("When"), AnswerReply.replied_at),
        ),
        lambda person: or_(
            AnswerReply.drafted_by == person.account_id, AnswerReply.checked_by == person.account_id
        ),
    ),
    Pile(
        Hearing,
        _l("Talks and hearings that I entered"),
        (
            Fact("form", _l("What"), Hearing.form, FORMS),
            Fact("held_on", _l("Day"), Hearing.held_on),
        ),
        lambda person: Hearing.account_id == person.account_id,
    ),
)
