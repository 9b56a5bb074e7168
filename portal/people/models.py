"""People on disk."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.core.db import Base, VillageRow
from portal.people.rules import AgeBand, AssistanceReason, Channel, Level, Role, Sex


class Region(Base):
    """A node of the region tree, from province to village, with its division code.

    While a village is closed (`closed_at`), only those who look after it get to its pages.
    """

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    level: Mapped[Level]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    is_synthetic: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]


class VillagerGroup(VillageRow):
    """A villager group (村民小组)."""

    __tablename__ = "villager_group"
    __table_args__ = (UniqueConstraint("village_id", "number"),)

    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))


class Household(VillageRow):
    """A household, under the number that the village's own books give it."""

    __tablename__ = "household"
    __table_args__ = (UniqueConstraint("village_id", "number"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("villager_group.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))


class Resident(VillageRow):
    """A person on the roster. Unknown sex or birth date stays unknown.

    The ID number is never kept: only its keyed digest, to find who stands twice, and its last
    four characters (domain.md S2). `admitted_on` is the day on which the villagers' meeting
    admitted somebody registered elsewhere to the electorate (V23). `enters_alone`: they want nobody
    to enter anything for them.
    """

    __tablename__ = "resident"
    __table_args__ = (
        UniqueConstraint("household_id", "name", "born_on"),
        Index(
            "uq_resident_representative",
            "household_id",
            unique=True,
            sqlite_where=text("is_representative"),
            postgresql_where=text("is_representative"),
        ),
        UniqueConstraint("village_id", "id_digest"),
        Index("ix_resident_phone", "village_id", "phone"),
        CheckConstraint("(id_digest IS NULL) = (id_last4 IS NULL)", name="id_in_two_parts"),
        CheckConstraint("admitted_on IS NULL OR NOT is_registered", name="admitted_from_outside"),
    )

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("villager_group.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    sex: Mapped[Sex] = mapped_column(default=Sex.UNKNOWN)
    born_on: Mapped[date | None]
    born_on_is_exact: Mapped[bool] = mapped_column(default=True)
    phone: Mapped[str | None] = mapped_column(String(11))
    is_representative: Mapped[bool] = mapped_column(default=False)
    is_registered: Mapped[bool] = mapped_column(default=True)
    is_away: Mapped[bool] = mapped_column(default=False)
    admitted_on: Mapped[date | None]
    id_digest: Mapped[str | None] = mapped_column(String(64))
    id_last4: Mapped[str | None] = mapped_column(String(4))
    second_contact: Mapped[str | None] = mapped_column(String(11))
    enters_alone: Mapped[bool] = mapped_column(default=False)
    left_on: Mapped[date | None]


class Deed:
    """What is kept with everything a resident does, as it was when it was done."""

    @declared_attr
    def resident_id(cls) -> Mapped[int]:  # noqa: N805 -- SQLAlchemy hands it the class
        """Name who did it."""
        return mapped_column(ForeignKey("resident.id"), index=True)

    @declared_attr
    def household_id(cls) -> Mapped[int]:  # noqa: N805
        """Name the household they were of."""
        return mapped_column(ForeignKey("household.id"))

    @declared_attr
    def group_id(cls) -> Mapped[int]:  # noqa: N805
        """Name the villager group they were of."""
        return mapped_column(ForeignKey("villager_group.id"))

    sex: Mapped[Sex]
    age_band: Mapped[AgeBand]
    is_away: Mapped[bool]
    channel: Mapped[Channel]
    done_at: Mapped[datetime]

    @declared_attr
    def sitting_id(cls) -> Mapped[int | None]:  # noqa: N805
        """Name the sitting in which somebody else entered it for them; None: they did it."""
        return mapped_column(ForeignKey("assisted_sitting.id"), index=True)


class Account(VillageRow):
    """Somebody who can sign in. Without a resident behind it, it may read and nothing else.

    Whoever holds a post in many villages has the account in the region above them, so
    `village_id` may name a county. `pin_digest` is the short code by which persons who share a
    phone take turns. Sessions that began before `sessions_from` are over.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("village_id", "resident_id"),)

    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(String(11), index=True)
    language: Mapped[str] = mapped_column(String(10), default="zh_Hans")
    pin_digest: Mapped[str | None] = mapped_column(String(200))
    pin_tries: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    sessions_from: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class Post(VillageRow):
    """A post that an account holds for a term: in one village, or in all of a region above.

    `village_id` is that village or region. A term that is over is kept: it is the public record
    of who was responsible when (the responsible planner of domain.md no. 14, for one). One that
    is ended before its time (`ended_at`) was held until the day before; it may never have begun.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("village_id", "account_id", "role", "begins_on"),
        CheckConstraint(
            "ends_on IS NULL OR ends_on >= begins_on OR ended_at IS NOT NULL",
            name="ends_after_it_begins",
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role]
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    organisation: Mapped[str] = mapped_column(String(120), default="")
    duties: Mapped[str] = mapped_column(Text, default="")
    office_hours: Mapped[str] = mapped_column(String(200), default="")
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(200), default="")


class AssistedSitting(VillageRow):
    """Somebody enters things for somebody else, before a witness (代填, domain.md V19).

    Until the witness has agreed it opens nothing, and it closes by itself at `expires_at`. One
    helper has one at a time, and so has one person: the two keys judge last.
    `objected_at`: the person said that this was not their will.
    """

    __tablename__ = "assisted_sitting"
    __table_args__ = (
        CheckConstraint("helper_id <> witness_id", name="two_people"),
        CheckConstraint("objected_at IS NULL OR witnessed_at IS NOT NULL", name="objected_late"),
        CheckConstraint("began_at IS NULL OR witnessed_at IS NOT NULL", name="begins_witnessed"),
        CheckConstraint("declined_at IS NULL OR ended_at IS NOT NULL", name="declined_is_over"),
        Index(
            "uq_assisted_sitting_open",
            "helper_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_assisted_sitting_person",
            "resident_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    helper_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    witness_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    reason: Mapped[AssistanceReason]
    channel: Mapped[Channel]
    note: Mapped[str] = mapped_column(String(400), default="")
    asked_at: Mapped[datetime]
    witnessed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    objected_at: Mapped[datetime | None]
    objection: Mapped[str] = mapped_column(String(400), default="")
