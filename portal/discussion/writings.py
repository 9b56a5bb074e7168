"""Answers the questions of moderation and media about opinions, and does as is decided."""

from collections.abc import Collection, Sequence
from datetime import datetime

from flask import g
from flask_babel import gettext as _

from portal.core.access import Part, may
from portal.discussion import service
from portal.media import ports as media_ports
from portal.moderation import judges, ports
from portal.moderation.rules import Code, Hold


def _text(body: str, is_taken_back: bool) -> str:
    return _("The author took these words back.") if is_taken_back else body


class Opinions:
    """Opinions on plans, as moderation sees them (`moderation.ports.Writings`)."""

    def name(self, number: int) -> str:
        """Return what a reader calls an opinion."""
        return str(_("Opinion no. %(number)s", number=number))

    def get_subject(self, subject_id: int) -> ports.Subject:
        """Return one opinion, or raise NoResultFound."""
        return self._subject(service.get_opinion(subject_id))

    def list_newest(self, *, limit: int) -> Sequence[ports.Subject]:
        """Return the newest opinions."""
        return [self._subject(opinion) for opinion in service.list_newest(limit=limit)]

    def list_subjects(self, subject_ids: Collection[int]) -> Sequence[ports.Subject]:
        """Return these opinions."""
        return [self._subject(opinion) for opinion in service.list_these(subject_ids)]

    def list_said(self, resident_id: int, *, since: datetime, limit: int) -> Sequence[str]:
        """Return what a resident said since then, newest first."""
        return service.list_said(resident_id, since=since, limit=limit)

    def has_been_read(self, resident_id: int) -> bool:
        """Tell whether everybody may read an opinion of this resident."""
        return service.has_been_read(resident_id)

    def count_since(self, since: datetime) -> int:
        """Return how many opinions came since then."""
        return service.count_since(since)

    def set_standing(
        self, subject_id: int, *, held_for: Hold | None, hidden_code: Code | None, wording: int
    ) -> None:
        """Hide an opinion, hold it, or show it; its words never change."""
        service.set_standing(subject_id, held_for=held_for, hidden_code=hidden_code)

    def _subject(self, opinion: service.Opinion) -> ports.Subject:
        comment = opinion.comment
        return ports.Subject(
            kind=service.KIND,
            subject_id=comment.id,
            number=comment.number,
            text=_text(comment.body, opinion.is_taken_back),
            author=f"{opinion.group} {opinion.author}",
            author_resident_id=comment.resident_id,
            posted_at=comment.done_at,
            hidden_code=comment.hidden_code,
            held_for=comment.held_for,
            endpoint="discussion.comment",
            facts={"comment_id": comment.id},
            place=service.place_of(comment.version_id),
            files=() if opinion.is_taken_back else opinion.files,
        )


class Readers:
    """Tells who may see the photos of an opinion and hear its voice (`media.ports.MayRead`)."""

    def may_read(self, owner_id: int) -> bool:
        """Tell whether whoever is asking may read this opinion."""
        opinion = service.find_opinion(owner_id)
        if opinion is None or opinion.is_taken_back:
            return False
        is_author = may(Part.VILLAGER) and g.viewer.resident_id == opinion.comment.resident_id
        return opinion.comment.is_shown or is_author or judges.may_judge(service.KIND, owner_id)


def join() -> None:
    """Answer the ports of moderation and of media."""
    ports.answer(service.KIND, Opinions())
    media_ports.answer(service.KIND, Readers())
