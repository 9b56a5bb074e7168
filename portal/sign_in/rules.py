"""Codes and doors: when one opens, and why not. Pure: no Flask, no database, no clock."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

CODE_MINUTES = 10
CODE_TRIES = 5
CODES_PER_HOUR = 5
CODE_LENGTH = 12


class Door(StrEnum):
    """By what somebody comes in."""

    PHONE = "phone"
    SLIP = "slip"
    WECHAT = "wechat"
    PASSKEY = "passkey"


class FactorKind(StrEnum):
    """A second proof of who somebody is."""

    PASSKEY = "passkey"
    APP = "app"
    RECOVERY = "recovery"


class Refusal(StrEnum):
    """Why somebody cannot sign in."""

    BAD_PHONE = "bad-phone"
    TOO_MANY_CODES = "too-many-codes"
    CODE_EXPIRED = "code-expired"
    NO_TRIES_LEFT = "no-tries-left"
    WRONG_CODE = "wrong-code"
    UNKNOWN_SLIP = "unknown-slip"
    NOBODY = "nobody"


def plain_slip(text: str) -> str:
    """Return a printed code as it is stored: capitals without gaps; O, I, L read as 0, 1, 1.

    The letters in use leave out what is easily mistaken, so such a reading never fits two codes.
    """
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def why_not_send(*, phone: str | None, sent_last_hour: int) -> Refusal | None:
    """Return why no code is sent to this phone, or None."""
    if phone is None:
        return Refusal.BAD_PHONE
    if sent_last_hour >= CODES_PER_HOUR:
        return Refusal.TOO_MANY_CODES
    return None


def why_not_pass(
    *, now: datetime, expires_at: datetime, tries: int, is_right: bool
) -> Refusal | None:
    """Return why a code does not open the door, or None. `tries` counts those made before."""
    if tries >= CODE_TRIES:
        return Refusal.NO_TRIES_LEFT
    if now >= expires_at:
        return Refusal.CODE_EXPIRED
    return None if is_right else Refusal.WRONG_CODE


def code_expires_at(now: datetime) -> datetime:
    """Return until when a code sent now is good."""
    return now + timedelta(minutes=CODE_MINUTES)
