"""Answers moderation's questions about opinions and messages, and does as it decides."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.discussion import rooms, service
from portal.moderation import ports
from portal.moderation.rules import Code

OPINION = "opinion"
MESSAGE = "message"


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

    def count_since(self, since: datetime) -> int:
        """Return how many opinions came since then."""
        return service.count_since(since)

    def set_hidden(self, subject_id: int, code: str | None) -> None:
        """Hide an opinion, or show it again."""
        service.set_hidden(subject_id, Code(code) if code else None)

    def _subject(self, opinion: service.Opinion) -> ports.Subject:
        comment = opinion.comment
        return ports.Subject(
            kind=OPINION,
            subject_id=comment.id,
            number=comment.number,
            text=_text(comment.body, opinion.is_taken_back),
            author=f"{opinion.group} {opinion.author}",
            author_resident_id=comment.resident_id,
            posted_at=comment.done_at,
            hidden_code=comment.hidden_code,
            endpoint="discussion.comment",
            facts={"comment_id": comment.id},
        )


class Messages:
    """Messages of the room, as moderation sees them (`moderation.ports.Writings`)."""

    def name(self, number: int) -> str:
        """Return what a reader calls a message."""
        return str(_("Chat message no. %(number)s", number=number))

    def get_subject(self, subject_id: int) -> ports.Subject:
        """Return one message, or raise NoResultFound."""
        return self._subject(rooms.get_message(subject_id))

    def list_newest(self, *, limit: int) -> Sequence[ports.Subject]:
        """Return the newest messages."""
        return [self._subject(line) for line in rooms.list_newest(limit=limit)]

    def count_since(self, since: datetime) -> int:
        """Return how many messages came since then."""
        return rooms.count_since(since)

    def set_hidden(self, subject_id: int, code: str | None) -> None:
        """Hide a message, or show it again."""
        rooms.set_hidden(subject_id, Code(code) if code else None)

    def _subject(self, line: rooms.Line) -> ports.Subject:
        message = line.message
        return ports.Subject(
            kind=MESSAGE,
            subject_id=message.id,
            number=message.seq,
            text=_text(message.body, line.is_taken_back),
            author=f"{line.group} {line.author}",
            author_resident_id=message.resident_id,
            posted_at=message.posted_at,
            hidden_code=message.hidden_code,
            endpoint="discussion.room",
            facts={"room_id": message.room_id, "at": message.seq, "_anchor": f"m-{message.seq}"},
        )


def join() -> None:
    """Answer moderation's port."""
    ports.answer(OPINION, Opinions())
    ports.answer(MESSAGE, Messages())
