"""Codes, doors and factors: when one opens, and why not. Pure: no Flask, no database, no clock.

Who may have an account (domain.md S11; PIPL Art. 31): nobody under 14. Whoever is 14 to 17 reads
and answers surveys; writing and voting ask for an adult (`discussion`, `ballots`). An unknown birth
date is no bar here: it bars votes.
"""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from portal.people.rules import age_on

CODE_MINUTES = 10
CODE_TRIES = 5
CODES_PER_HOUR = 5
CODES_PER_DAY = 10
CODE_LENGTH = 12
SLIP_DAYS = 365
ACCOUNT_AGE = 14
PIN_TRIES = 5
FACTORS_MOST = 10
RECOVERY_CODES = 10
RECOVERY_LENGTH = 8
APP_SECONDS = 30


class Door(StrEnum):
    """By what somebody comes in."""

    PHONE = "phone"
    SLIP = "slip"
    WECHAT = "wechat"
    PASSKEY = "passkey"
    PIN = "pin"


class FactorKind(StrEnum):
    """A second proof of who somebody is."""

    PASSKEY = "passkey"
    APP = "app"
    RECOVERY = "recovery"


class Refusal(StrEnum):
    """Why somebody cannot sign in, or not change how they do."""

    BAD_PHONE = "bad-phone"
    TOO_MANY_CODES = "too-many-codes"
    TOO_MANY_TODAY = "too-many-today"
    BUSY_ADDRESS = "busy-address"
    NO_MESSAGES_LEFT = "no-messages-left"
    CODE_EXPIRED = "code-expired"
    NO_TRIES_LEFT = "no-tries-left"
    WRONG_CODE = "wrong-code"
    UNKNOWN_SLIP = "unknown-slip"
    OLD_SLIP = "old-slip"
    TOO_MANY_SLIPS = "too-many-slips"
    PRINTED_MEANWHILE = "printed-meanwhile"
    WECHAT_STATE = "wechat-state"
    WECHAT_REFUSED = "wechat-refused"
    WECHAT_SNAPSHOT = "wechat-snapshot"
    WECHAT_DOWN = "wechat-down"
    WECHAT_UNKNOWN = "wechat-unknown"
    WECHAT_TAKEN = "wechat-taken"
    NOBODY = "nobody"
    TOO_YOUNG = "too-young"
    DOOR_SHUT = "door-shut"
    WRONG_FACTOR = "wrong-factor"
    USED_FACTOR = "used-factor"
    FACTOR_TRIES = "factor-tries"
    PASSKEY_REFUSED = "passkey-refused"
    LAST_FACTOR = "last-factor"
    TOO_MANY_FACTORS = "too-many-factors"
    NOT_ONES_OWN = "not-ones-own"
    BAD_PIN = "bad-pin"
    EASY_PIN = "easy-pin"
    WRONG_PIN = "wrong-pin"
    PIN_LOCKED = "pin-locked"
    SHOW_FACTOR_FIRST = "show-factor-first"
    OWN_DOOR_FIRST = "own-door-first"
    NOT_BEHIND_THIS_DOOR = "not-behind-this-door"


def plain_slip(text: str) -> str:
    """Return a printed code as it is stored: capitals without gaps; O, I, L read as 0, 1, 1.

    The letters in use leave out what is easily mistaken, so such a reading never fits two codes.
    """
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def plain_digits(text: str) -> str:
    """Return the digits of a text, full-width ones too."""
    return "".join(str(int(c)) for c in text if c.isdecimal())


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


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


def is_slip_good(*, made_at: datetime, now: datetime) -> bool:
    """Tell whether a printed code still opens: for a year, unless a newer one replaced it."""
    return now < made_at + timedelta(days=SLIP_DAYS)


def slip_ends_on(day: date) -> date:
    """Return the last whole day on which a code printed on this day is good."""
    return day + timedelta(days=SLIP_DAYS - 1)


def why_no_account(*, born_on: date | None, today: date) -> Refusal | None:
    """Return why somebody of the roster gets no account yet, or None (domain.md S11)."""
    age = age_on(born_on, today)
    return Refusal.TOO_YOUNG if age is not None and age < ACCOUNT_AGE else None


# --- second factors ----------------------------------------------------------------------------


def step_at(now: datetime) -> int:
    """Return the number of the half minute that an app's code belongs to (RFC 6238)."""
    return int(now.timestamp()) // APP_SECONDS


def steps_taken(now: datetime) -> tuple[int, int, int]:
    """Return the half minutes whose codes are taken now: clocks may differ by one."""
    step = step_at(now)
    return step, step - 1, step + 1


def why_not_remove(*, others: int, is_needed: bool) -> Refusal | None:
    """Return why a factor stays, or None. `others` counts the passkeys and apps besides it."""
    return Refusal.LAST_FACTOR if is_needed and others == 0 else None


def why_not_change(*, has_factor: bool, is_asked: bool, is_strong: bool) -> Refusal | None:
    """Return why somebody does not change their proofs in this session, or None.

    The first proof is set up with what one came in by. From then on, whoever is asked for it at
    the sign-in has to show it before another is added or taken away.
    """
    return Refusal.SHOW_FACTOR_FIRST if has_factor and not is_strong else None


def is_own_door(door: Door | None, *, household_id: int | None) -> bool:
    """Tell whether only the person comes in by this door: own phone, or a slip for them alone.

    A household's slip opens everybody of it; a PIN is tried behind somebody else's door; a tie to
    WeChat may have been made behind either.
    """
    return door is Door.PHONE or (door is Door.SLIP and household_id is None)


def why_not_first(
    *, has_factor: bool, has_post: bool, is_strong: bool, is_own_door: bool
) -> Refusal | None:
    """Return why somebody does not set up their first proof in this session, or None.

    Whoever finds a household's slip must not make themselves the proof of a post in it.
    """
    is_proven = has_factor or is_strong or is_own_door
    return Refusal.OWN_DOOR_FIRST if has_post and not is_proven else None


def why_not_add(*, held: int) -> Refusal | None:
    """Return why no further factor is added, or None. `held` counts passkeys and apps."""
    return Refusal.TOO_MANY_FACTORS if held >= FACTORS_MOST else None


def why_not_reset(*, account_id: int, by_account_id: int) -> Refusal | None:
    """Return why somebody does not take away the factors of an account, or None."""
    return Refusal.NOT_ONES_OWN if account_id == by_account_id else None


# --- PIN ---------------------------------------------------------------------------------------


def why_not_pin(pin: str) -> Refusal | None:
    """Return why these digits are no PIN, or None: 4 to 6, not all alike, no staircase."""
    if not re.fullmatch(r"[0-9]{4,6}", pin):
        return Refusal.BAD_PIN
    strides = {int(b) - int(a) for a, b in pairwise(pin)}
    return Refusal.EASY_PIN if strides in ({0}, {1}, {-1}) else None


# --- the browser -------------------------------------------------------------------------------

_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("AlipayClient", "Alipay"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("UCBrowser", "UC"),
    ("MQQBrowser", "QQ"),
    ("QQBrowser", "QQ"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_label(user_agent: str) -> str:
    """Return the browser and the system in two words, as "Chrome · Android"; "" if unknown."""
    names = (
        next((word for mark, word in _BROWSERS if mark in user_agent), ""),
        next((word for mark, word in _SYSTEMS if mark in user_agent), ""),
    )
    return " · ".join(filter(None, names))


def is_wechat(user_agent: str) -> bool:
    """Tell whether a page is read inside WeChat; its door opens nowhere else."""
    return "MicroMessenger" in user_agent
