"""What moderators decided."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class Looked(Event):
    """Somebody decided about something written, and with it about the reports up to this one.

    `newest_report` is the newest that waited then, 0 without any.
    """

    subject_kind: str
    subject_id: int
    newest_report: int


@dataclass(frozen=True, kw_only=True)
class WritingHidden(Looked):
    """Something somebody wrote was hidden, for the reason of `code`."""

    kind: ClassVar[str] = "moderation.hidden"

    code: str


@dataclass(frozen=True, kw_only=True)
class WritingShown(Event):
    """Something hidden is shown again."""

    kind: ClassVar[str] = "moderation.shown"

    subject_kind: str
    subject_id: int


@dataclass(frozen=True, kw_only=True)
class WritingLetThrough(Looked):
    """Something that waited for the committee can be read by everybody."""

    kind: ClassVar[str] = "moderation.let-through"


@dataclass(frozen=True, kw_only=True)
class ReportsSettled(Event):
    """The committee decided what these residents reported; `outcome` is that of `reports_rules`."""

    kind: ClassVar[str] = "moderation.reports-settled"

    subject_kind: str
    subject_id: int
    number: int
    resident_ids: tuple[int, ...]
    outcome: str


@dataclass(frozen=True, kw_only=True)
class AppealAnswered(Event):
    """Somebody else decided an author's appeal; `outcome` is that of `appeals_rules`."""

    kind: ClassVar[str] = "moderation.appeal-answered"

    subject_kind: str
    subject_id: int
    number: int
    resident_id: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class PersonMuted(Event):
    """Somebody may not write for a while."""

    kind: ClassVar[str] = "moderation.muted"

    sanction_id: int


@dataclass(frozen=True, kw_only=True)
class MuteEnded(Event):
    """Somebody may write again before the time."""

    kind: ClassVar[str] = "moderation.mute-ended"

    sanction_id: int


@dataclass(frozen=True, kw_only=True)
class WritingKept(Looked):
    """The committee looked at something that was there for all to read, and it stays."""

    kind: ClassVar[str] = "moderation.kept"
