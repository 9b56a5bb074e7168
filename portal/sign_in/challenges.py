"""Sign-ins under way: begun, opened, tried, used once. Never commits."""

from datetime import datetime

from sqlalchemy import select, update

from portal.core import secrets
from portal.core.db import db
from portal.sign_in import rules
from portal.sign_in.models import SignInChallenge
from portal.sign_in.rules import Door


def begin(*, now: datetime, door: Door, is_open: bool, **facts: object) -> str:
    """Begin a sign-in by this door and return the browser's token.

    `is_open`: the first proof was given already. `facts` are further columns of the challenge.
    """
    token = secrets.token()
    db.session.add(
        SignInChallenge(
            token_digest=secrets.digest("challenge", token),
            door=door,
            made_at=now,
            expires_at=rules.code_expires_at(now),
            passed_at=now if is_open else None,
            **facts,
        )
    )
    db.session.flush()
    return token


def find(token: str) -> SignInChallenge | None:
    """Return the sign-in that this browser began in this village, in whatever state."""
    return db.session.scalar(
        select(SignInChallenge).where(
            SignInChallenge.token_digest == secrets.digest("challenge", token)
        )
    )


def find_open(token: str, *, now: datetime) -> SignInChallenge | None:
    """Return the sign-in whose first proof was given and whose person is yet to be chosen."""
    found = find(token)
    if found is None or found.passed_at is None or found.used_at or found.chosen_at:
        return None
    return found if now < found.expires_at else None


def find_chosen(token: str, *, now: datetime) -> SignInChallenge | None:
    """Return the sign-in in which only the second factor is missing."""
    found = find(token)
    if found is None or found.passed_at is None or found.used_at or not found.chosen_at:
        return None
    return found if now < found.expires_at else None


def take_try(challenge: SignInChallenge) -> int:
    """Take one try and return how many were made before.

    One UPDATE demands that a try is left, so that parallel guesses share five.
    """
    taken = db.session.execute(
        update(SignInChallenge)
        .where(SignInChallenge.id == challenge.id, SignInChallenge.tries < rules.CODE_TRIES)
        .values(tries=SignInChallenge.tries + 1)
        .returning(SignInChallenge.tries)
    ).scalar_one_or_none()
    return rules.CODE_TRIES if taken is None else taken - 1


def use(challenge: SignInChallenge, *, now: datetime) -> bool:
    """Use the sign-in up. True for one caller only."""
    used = db.session.execute(
        update(SignInChallenge)
        .where(SignInChallenge.id == challenge.id, SignInChallenge.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInChallenge.id)
    )
    return used.scalar_one_or_none() is not None


def choose(challenge: SignInChallenge, account_id: int, *, now: datetime) -> bool:
    """Say who it is; their second factor is to follow, with tries and minutes of its own. Once."""
    chosen = db.session.execute(
        update(SignInChallenge)
        .where(
            SignInChallenge.id == challenge.id,
            SignInChallenge.used_at.is_(None),
            SignInChallenge.chosen_at.is_(None),
        )
        .values(
            account_id=account_id,
            chosen_at=now,
            tries=0,
            expires_at=rules.code_expires_at(now),
        )
        .returning(SignInChallenge.id)
    )
    return chosen.scalar_one_or_none() is not None
