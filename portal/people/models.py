"""People on disk."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.core.db import Base, VillageRow
from portal.people.rules import AgeBand, Channel, Level, Role, Sex


class Region(Base):
    """A node of the region tree, from province to village, with its division code."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    level: Mapped[Level]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    is_synthetic: Mapped[bool] = mapped_column(default=False)


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
    """A person on the roster. Unknown sex or birth date stays unknown."""

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
        Index("ix_resident_phone", "village_id", "phone"),
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


class Account(VillageRow):
    """Somebody who can sign in: a resident, or staff who need not be one."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("village_id", "resident_id"),)

    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(String(11), index=True)
    role: Mapped[Role] = mapped_column(default=Role.VILLAGER)
    is_active: Mapped[bool] = mapped_column(default=True)


class AccessCode(VillageRow):
    """A printed code that opens the door to a household, or to one account."""

    __tablename__ = "access_code"
    __table_args__ = (
        CheckConstraint("(household_id IS NULL) <> (account_id IS NULL)", name="opens_one"),
    )

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), unique=True)
    made_at: Mapped[datetime]


class SignInChallenge(VillageRow):
    """A sign-in under way: who knocks, which code opens, how often it was tried."""

    __tablename__ = "sign_in_challenge"

    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    phone: Mapped[str | None] = mapped_column(String(11), index=True)
    access_code_id: Mapped[int | None] = mapped_column(ForeignKey("access_code.id"))
    code_digest: Mapped[str] = mapped_column(String(64), default="")
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class AccountSession(VillageRow):
    """One signed-in browser. It ends here, on the server."""

    __tablename__ = "account_session"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
