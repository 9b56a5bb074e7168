"""Doors, codes and sessions on disk."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import JsonList, VillageRow
from portal.sign_in.rules import Door, FactorKind


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
    """A sign-in under way: who knocks, which code opens, how often it was tried.

    `asked` is what a passkey is to sign; `account_id` is whose it must be, if that is known
    already. `household_id` is the slip's household.
    """

    __tablename__ = "sign_in_challenge"

    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    door: Mapped[Door] = mapped_column(default=Door.PHONE)
    phone: Mapped[str | None] = mapped_column(String(11), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    access_code_id: Mapped[int | None] = mapped_column(ForeignKey("access_code.id"))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    asked: Mapped[str] = mapped_column(String(100), default="")
    code_digest: Mapped[str] = mapped_column(String(64), default="")
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class AccountSession(VillageRow):
    """One signed-in browser. It ends here, on the server.

    `strong_at`: when a second factor was shown in it; parts that need one are played only then.
    `door` tells by what it came in, `phone` and `household_id` by which: persons behind the same
    one may take turns by PIN. `label` is the browser and system in two words, for the owner's list.
    """

    __tablename__ = "account_session"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    door: Mapped[Door | None]
    phone: Mapped[str | None] = mapped_column(String(11))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    label: Mapped[str] = mapped_column(String(80), default="")
    began_at: Mapped[datetime]
    strong_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("assisted_sitting.id"))


class SecondFactor(VillageRow):
    """A passkey, an authenticator app, or the printed recovery codes of an account.

    A passkey keeps its public key and counter; an app its secret, enciphered with our key; the
    recovery codes their digests, each good once. Until `confirmed_at` it opens nothing.
    `last_step`: the half minute of the last code of an app that was taken, so that none is taken
    twice; of recovery codes, how many were used. `village_id` is where the account is at home.
    """

    __tablename__ = "second_factor"
    __table_args__ = (
        UniqueConstraint("credential_id"),
        CheckConstraint("(kind = 'passkey') = (credential_id IS NOT NULL)", name="passkey_has_id"),
        Index(
            "uq_second_factor_recovery",
            "account_id",
            unique=True,
            sqlite_where=text("kind = 'recovery'"),
            postgresql_where=text("kind = 'recovery'"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[FactorKind]
    name: Mapped[str] = mapped_column(String(60), default="")
    credential_id: Mapped[str | None] = mapped_column(String(400))
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    secret: Mapped[str] = mapped_column(String(400), default="")
    last_step: Mapped[int] = mapped_column(default=0)
    codes: Mapped[JsonList] = mapped_column(default=list)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class OutsideIdentity(VillageRow):
    """An account's name at another house, such as WeChat: the keyed digest of what it says."""

    __tablename__ = "outside_identity"
    __table_args__ = (
        UniqueConstraint("village_id", "provider", "subject_digest"),
        UniqueConstraint("account_id", "provider"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    provider: Mapped[str] = mapped_column(String(20))
    subject_digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
