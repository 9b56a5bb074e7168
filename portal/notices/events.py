"""What happened to notices."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class GeneralNoticeOpened(Event):
    """A notice that is about itself is up. What else is announced has an event of its own."""

    kind: ClassVar[str] = "notices.opened"

    notice_id: int


@dataclass(frozen=True, kw_only=True)
class NoticeVoided(Event):
    """A notice that ran is void, with the reason for everybody to read."""

    kind: ClassVar[str] = "notices.voided"

    notice_id: int


@dataclass(frozen=True, kw_only=True)
class ReminderDue(Event):
    """The timetable of a notice has come to one of its marks (`rules.Reminder`)."""

    kind: ClassVar[str] = "notices.reminder"

    notice_id: int
    what: str
