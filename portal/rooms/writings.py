"""Answers the questions of moderation and media about messages, and does as is decided."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from portal.core.access import Part, may
from portal.media import ports as media_ports
from portal.moderation import judges, ports
from portal.moderation.rules import Code, Hold
from portal.rooms import doors, mending, rules, service
from portal.rooms.entering import author_of, person_of, viewer


def _text(body: str, is_taken_back: bool) -> str:
    return _("The author took these words back.") if is_taken_back else body


class Messages:
    """Messages of the room, as moderation sees them (`moderation.ports.Writings`)."""

    def name(self, number: int) -> str:
        """Return what a reader calls a message."""
        return str(_("Chat message no. %(number)s", number=number))

    def get_subject(self, subject_id: int) -> ports.Subject:
        """Return one message, or raise NoResultFound."""
        subject = self._subject(service.get_message(subject_id))
        earlier = mending.list_wordings(subject_id) if subject.wording else ()
        return replace(subject, earlier=tuple(old.body for old in earlier))

    def list_newest(self, *, limit: int) -> Sequence[ports.Subject]:
        """Return the newest messages."""
        return [self._subject(line) for line in service.list_newest(limit=limit)]

    def list_subjects(self, subject_ids: Collection[int]) -> Sequence[ports.Subject]:
        """Return these messages."""
        return [self._subject(line) for line in service.list_these(subject_ids)]

    def list_said(self, resident_id: int, *, since: datetime, limit: int) -> Sequence[str]:
        """Return what a resident said since then, newest first."""
        return service.list_said(resident_id, since=since, limit=limit)

    def has_been_read(self, resident_id: int) -> bool:
        """Tell whether everybody in the room may read a message of this resident."""
        return service.has_been_read(resident_id)

    def count_since(self, since: datetime) -> int:
        """Return how many messages came since then."""
        return service.count_since(since)

    def set_standing(
        self, subject_id: int, *, held_for: Hold | None, hidden_code: Code | None, wording: int
    ) -> None:
        """Hide a message, hold it, or show it."""
        service.set_standing(
            subject_id, held_for=held_for, hidden_code=hidden_code, wording=wording
        )

    def _subject(self, line: service.Line) -> ports.Subject:
        message = line.message
        return ports.Subject(
            kind=service.KIND,
            subject_id=message.id,
            number=message.seq,
            text=_text(message.body, line.is_taken_back),
            author=f"{line.group} {line.author}".strip(),
            author_resident_id=message.resident_id,
            author_account_id=message.account_id,
            posted_at=message.posted_at,
            hidden_code=message.hidden_code,
            held_for=message.held_for,
            endpoint="rooms.room",
            facts={"room_id": message.room_id, "at": message.seq, "_anchor": f"m-{message.seq}"},
            place=service.place_of(message.room_id),
            files=() if line.is_taken_back else line.files,
            wording=message.wording,
        )


def may_read(subject_id: int, *, resident_id: int | None, now: datetime) -> bool:
    """Tell whether a resident comes into the room of a message (`moderation.ports.MayRead`)."""
    place = doors.place_of(service.get_room(service.get_message(subject_id).message.room_id))
    person = doors.person(resident_id=resident_id, parts=(), places=[place], now=now)
    return rules.why_not_read(place, person) is None


class Readers:
    """Tells who may see the photos of a message and hear its voice (`media.ports.MayRead`)."""

    def may_read(self, owner_id: int) -> bool:
        """Tell whether whoever is asking may read this message in its room."""
        if not may(Part.VILLAGER, Part.COMMITTEE, Part.PLANNER, Part.SUPERVISOR):
            return False
        try:
            line = service.get_message(owner_id)
        except NoResultFound:
            return False
        if line.is_taken_back:
            return False
        place = doors.place_of(service.get_room(line.message.room_id))
        is_reader = rules.why_not_read(place, person_of(viewer(), place)) is None
        is_author = line.message.is_by(author_of(viewer()))
        if is_reader and (line.message.is_shown or is_author):
            return True
        return judges.may_judge(service.KIND, owner_id)


def join() -> None:
    """Answer the ports of moderation and of media."""
    ports.answer(service.KIND, Messages(), may_read=may_read)
    media_ports.answer(service.KIND, Readers())
