"""Sign-ins under way: begun, tried, opened, used once. Never commits."""

from datetime import datetime

from sqlalchemy import select, update

from portal.core import secrets
from portal.core.db import db
from portal.sign_in import rules
from portal.sign_in.models import SignInChallenge
from portal.sign_in.rules import Door, Refusal


def begin(
    *, now: datetime, door: Door, is_open: bool = False, code: str = "", **facts: object
) -> str:
    """Begin a sign-in by this door and return the browser's token.

    `is_open`: the first proof was given already. `code` opens it later, in this browser only, for
    its digest holds the token. `facts` are further columns of the challenge.
    """
    token = secrets.token()
    db.session.add(
        SignInChallenge(
            token_digest=secrets.digest("challenge", token),
            door=door,
            code_digest=_code_digest(token, code) if code else "",
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
        select(SignInChallenge)
        .where(SignInChallenge.token_digest == secrets.digest("challenge", token))
        .execution_options(populate_existing=True)
    )


def find_open(token: str, *, now: datetime) -> SignInChallenge | None:
    """Return the sign-in whose first proof was given and whose person is yet to be chosen."""
    found = find(token)
    if found is None or found.passed_at is None or found.used_at is not None:
        return None
    return found if now < found.expires_at else None


def try_code(token: str, code: str, *, now: datetime) -> Refusal | None:
    """Try a code on the sign-in that this browser began. Every try counts, right or wrong.

    The try is taken by one UPDATE that demands one left, so that parallel guesses share five.
    """
    challenge = find(token)
    if challenge is None or challenge.passed_at or challenge.used_at or not challenge.code_digest:
        return Refusal.CODE_EXPIRED
    taken = db.session.execute(
        update(SignInChallenge)
        .where(SignInChallenge.id == challenge.id, SignInChallenge.tries < rules.CODE_TRIES)
        .values(tries=SignInChallenge.tries + 1)
        .returning(SignInChallenge.tries)
    ).scalar_one_or_none()
    refusal = rules.why_not_pass(
        now=now,
        expires_at=challenge.expires_at,
        tries=rules.CODE_TRIES if taken is None else taken - 1,
        is_right=secrets.same(challenge.code_digest, _code_digest(token, code)),
    )
    if refusal is None:
        challenge.passed_at = now
        db.session.flush()
    return refusal


def use(challenge: SignInChallenge, *, now: datetime) -> bool:
    """Use the sign-in up. True for one caller only."""
    used = db.session.execute(
        update(SignInChallenge)
        .where(SignInChallenge.id == challenge.id, SignInChallenge.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInChallenge.id)
    )
    return used.scalar_one_or_none() is not None


def drop(token: str, *, now: datetime) -> None:
    """Close what this browser began before: of one browser only the newest code opens."""
    if token and (former := find(token)) is not None:
        use(former, now=now)


def _code_digest(token: str, code: str) -> str:
    return secrets.digest(f"phone-code {token}", code)
