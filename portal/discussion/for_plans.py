"""Answers what became of the opinions on a version (`plans.ports.Opinions`)."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from portal.core.db import db
from portal.discussion import answer_lists, hearings
from portal.discussion.answer_models import AnswerCase
from portal.discussion.answer_rules import ANSWERED, CHANGES_PLAN
from portal.discussion.models import Comment
from portal.moderation import writing

LENGTH = 40


class VersionOpinions:
    """Knows which opinions are answered, and which of them change the plan (O1–O3, O8)."""

    def count_open(self, version_id: int) -> int:
        """Return how many opinions on a version have no answer yet that was sent."""
        return answer_lists.count_unanswered(version_id)

    def other_hearings(self, version_id: int) -> int:
        """Return how often opinions were sought besides the notice."""
        return hearings.count(version_id)

    def titles(self, version_id: int) -> Mapping[int, str]:
        """Return the opinions that are taken over, or are to be, by number: how each begins."""
        query = (
            select(Comment.number, Comment.body)
            .join(AnswerCase, AnswerCase.comment_id == Comment.id)
            .where(
                Comment.version_id == version_id,
                AnswerCase.decision.in_(CHANGES_PLAN),
                Comment.hidden_code.is_(None),
                Comment.held_for.is_(None),
                Comment.body != writing.TAKEN_BACK,
            )
        )
        return {number: body[:LENGTH] for number, body in db.session.execute(query)}

    def adopted(self, version_id: int) -> Collection[int]:
        """Return the numbers of those whose answer was sent and adopts them, in part at least.

        One whose words were hidden or taken back since has still changed the plan.
        """
        query = (
            select(Comment.number)
            .join(AnswerCase, AnswerCase.comment_id == Comment.id)
            .where(
                Comment.version_id == version_id,
                AnswerCase.state.in_(ANSWERED),
                AnswerCase.decision.in_(CHANGES_PLAN),
            )
        )
        return set(db.session.scalars(query))
