"""Notices on disk: what was announced, by which ways, with which proof; and the calendar."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import VillageRow
from portal.notices.rules import ChannelKind, NoticeType, Unit


class Notice(VillageRow):
    """A public notice (公示): of what, from when to when, by which rule, and its fingerprint.

    ``subject_kind`` and ``subject_id`` name what it is about; a general notice is about itself: its
    first round. ``round`` counts the notices of a subject: two who plan one at once ask for the
    same round. ``client_key`` makes one notice of a form that is sent several times.
    ``let_stand`` are the digests of what the privacy scan found and the committee lets stand.
    ``deadline_on``: by then it must be up (days before a meeting, after an approval).
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("village_id", "subject_kind", "subject_id", "type", "round"),
        UniqueConstraint("village_id", "client_key"),
        CheckConstraint("ends_at > opened_at", name="ends_after_start"),
        CheckConstraint(
            "(opened_at IS NULL) = (ends_at IS NULL)"
            " AND (opened_at IS NULL) = (started_on IS NULL)"
            " AND (opened_at IS NULL) = (last_on IS NULL)"
            " AND (opened_at IS NULL) = (content_sha256 IS NULL)"
            " AND (opened_at IS NULL) = (record_number IS NULL)",
            name="opened_whole",
        ),
        CheckConstraint(
            "voided_at IS NULL OR (opened_at IS NOT NULL AND void_reason <> '')",
            name="void_with_reason",
        ),
        CheckConstraint("min_length > 0", name="has_length"),
        CheckConstraint("withdrawn_at IS NULL OR opened_at IS NULL", name="withdrawn_unopened"),
    )

    type: Mapped[NoticeType]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    round: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    what_to_do: Mapped[str] = mapped_column(String(600), default="")
    planned_for: Mapped[date]
    event_on: Mapped[date | None]
    deadline_on: Mapped[date | None]
    min_length: Mapped[int]
    unit: Mapped[Unit]
    citation: Mapped[str] = mapped_column(String(200), default="")
    shorter_reason: Mapped[str] = mapped_column(String(400), default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    client_key: Mapped[str | None] = mapped_column(String(64))
    let_stand: Mapped[list[Any]] = mapped_column(default=list)
    let_stand_reason: Mapped[str] = mapped_column(String(400), default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    started_on: Mapped[date | None]
    last_on: Mapped[date | None]
    ends_at: Mapped[datetime | None]
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    record_number: Mapped[int | None]
    checked_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    void_reason: Mapped[str] = mapped_column(String(400), default="")


class NoticeChannel(VillageRow):
    """A way by which a notice reaches people: the portal, each hamlet's board, the loudspeaker."""

    __tablename__ = "notice_channel"
    __table_args__ = (
        UniqueConstraint("notice_id", "kind", "place"),
        CheckConstraint("confirmed_at IS NULL OR up_at IS NOT NULL", name="confirmed_is_up"),
    )

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    kind: Mapped[ChannelKind]
    place: Mapped[str] = mapped_column(String(120), default="")
    is_mandatory: Mapped[bool]
    note: Mapped[str] = mapped_column(String(600), default="")
    up_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class NoticePhoto(VillageRow):
    """The proof that a notice hangs: a photo as we wrote it anew, without anything hidden in it."""

    __tablename__ = "notice_photo"
    __table_args__ = (UniqueConstraint("channel_id", "sha256"),)

    channel_id: Mapped[int] = mapped_column(ForeignKey("notice_channel.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    kept_at: Mapped[datetime]
    kept_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class NoticeReminder(VillageRow):
    """A reminder that was given: the key makes it once."""

    __tablename__ = "notice_reminder"
    __table_args__ = (UniqueConstraint("notice_id", "what"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    what: Mapped[str] = mapped_column(String(32))
    given_at: Mapped[datetime]


class NoticeSpan(VillageRow):
    """How long notices of a type run in this region, where it is not the portal's preset.

    For a type with a deadline it is the days until then. ``village_id`` may be a region above: what
    it sets counts in every village under it.
    """

    __tablename__ = "notice_span"
    __table_args__ = (
        UniqueConstraint("village_id", "type"),
        CheckConstraint("length > 0", name="has_length"),
    )

    type: Mapped[NoticeType]
    length: Mapped[int]
    citation: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class RestDay(VillageRow):
    """A holiday or make-up working day that this village's calendar has otherwise."""

    __tablename__ = "rest_day"
    __table_args__ = (UniqueConstraint("village_id", "day"),)

    day: Mapped[date]
    is_rest: Mapped[bool]
    name: Mapped[str] = mapped_column(String(60), default="")
