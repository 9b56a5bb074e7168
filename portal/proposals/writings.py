"""Answers moderation's questions about proposals, and does as it decides."""

from collections.abc import Collection, Sequence
from datetime import datetime

from flask import g
from flask_babel import gettext as _

from portal.core.access import Part, may
from portal.media import ports as media_ports
from portal.media import service as media
from portal.moderation import judges, ports
from portal.moderation.rules import Code, Hold
from portal.proposals import service
from portal.proposals.models import Proposal


def _words(proposal: Proposal) -> str:
    return "\n".join(filter(None, (proposal.title, proposal.place, proposal.body)))


class Proposals:
    """Proposals, as moderation sees them (`moderation.ports.Shelf`)."""

    def name(self, number: int) -> str:
        """Return what a reader calls a proposal."""
        return str(_("Proposal no. %(number)s", number=number))

    def get_subject(self, subject_id: int) -> ports.Subject:
        """Return one proposal, or raise NoResultFound."""
        return self._subjects([service.get_line(subject_id)])[0]

    def list_newest(self, *, limit: int) -> Sequence[ports.Subject]:
        """Return the newest proposals."""
        return self._subjects(service.list_newest(limit=limit))

    def list_subjects(self, subject_ids: Collection[int]) -> Sequence[ports.Subject]:
        """Return these proposals."""
        return self._subjects(service.list_these(subject_ids))

    def list_said(self, resident_id: int, *, since: datetime, limit: int) -> Sequence[str]:
        """Return what a resident proposed since then, newest first."""
        return [_words(row) for row in service.list_by(resident_id, since=since, limit=limit)]

    def has_been_read(self, resident_id: int) -> bool:
        """Tell whether everybody may read a proposal of this resident."""
        return service.has_been_read(resident_id)

    def count_since(self, since: datetime) -> int:
        """Return how many proposals came since then."""
        return service.count_since(since)

    def set_standing(
        self, subject_id: int, *, held_for: Hold | None, hidden_code: Code | None, wording: int
    ) -> None:
        """Hide a proposal, hold it, or show it; its words never change."""
        service.set_standing(subject_id, held_for=held_for, hidden_code=hidden_code)

    def _subjects(self, lines: Sequence[service.Line]) -> list[ports.Subject]:
        files = media.shown(service.KIND, [line.proposal.id for line in lines])
        return [self._subject(line, files.get(line.proposal.id, [])) for line in lines]

    def _subject(self, line: service.Line, files: Sequence[media.Shown]) -> ports.Subject:
        proposal = line.proposal
        words = _("The author took these words back.") if line.is_taken_back else _words(proposal)
        return ports.Subject(
            kind=service.KIND,
            subject_id=proposal.id,
            number=proposal.number,
            text=words,
            author=f"{line.group} {line.author}",
            author_resident_id=proposal.resident_id,
            posted_at=proposal.done_at,
            hidden_code=proposal.hidden_code,
            held_for=proposal.held_for,
            endpoint="proposals.show",
            facts={"proposal_id": proposal.id},
            place=service.PLACE,
            files=() if line.is_taken_back else tuple(files),
        )


class Readers:
    """Tells who may see the photos of a proposal and hear its voice (`media.ports.MayRead`)."""

    def may_read(self, owner_id: int) -> bool:
        """Tell whether whoever is asking may read this proposal."""
        line = next(iter(service.list_these([owner_id])), None)
        if line is None or line.is_taken_back:
            return False
        is_author = may(Part.VILLAGER) and g.viewer.resident_id == line.proposal.resident_id
        return line.is_readable or is_author or judges.may_judge(service.KIND, owner_id)


def join() -> None:
    """Answer the ports of moderation and of media."""
    ports.answer(service.KIND, Proposals())
    media_ports.answer(service.KIND, Readers())
