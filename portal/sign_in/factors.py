"""Second factors: apps, recovery codes, and how factors come and go. Never commits."""

from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import ColumnElement, delete, func, or_, select, update

from portal.core import audit, clock, secrets
from portal.core.audit import Look
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import all_villages
from portal.people import posts
from portal.people.models import Account, Post
from portal.people.rules import NEEDS_SECOND_FACTOR
from portal.sign_in import rules
from portal.sign_in.events import FactorAdded, FactorRemoved, FactorsReset, RecoveryUsed
from portal.sign_in.models import AccessCode, OutsideIdentity, SecondFactor, SignInChallenge
from portal.sign_in.rules import FactorKind, Refusal

ISSUER = "village"
OWN = "an account keeps its proofs where it is at home"


@dataclass(frozen=True)
class FactorLine:
    """A passkey or an app as its owner sees it."""

    id: int
    kind: FactorKind
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """What the rules ask about an account's proofs.

    `is_needed`: a post of theirs opens only with one. `is_asked`: they show one at the sign-in.
    `has_post`: they hold or will hold one, of whatever kind.
    """

    lines: tuple[FactorLine, ...]
    is_needed: bool
    is_asked: bool
    recovery_left: int | None
    has_post: bool = False

    @property
    def kinds(self) -> frozenset[FactorKind]:
        """Return by what they can show who they are."""
        return frozenset(line.kind for line in self.lines)


def standing(account_id: int, *, now: datetime, is_required: bool) -> Standing:
    """Return which proofs an account has, and whether it must have one."""
    today = clock.today(now)
    held = select(Post.id).where(
        Post.account_id == account_id,
        Post.role.in_(NEEDS_SECOND_FACTOR),
        posts.in_force(today),
    )
    not_over = select(Post.id).where(
        Post.account_id == account_id, or_(Post.ends_on.is_(None), Post.ends_on >= today)
    )
    with all_villages(OWN):
        rows = list(
            db.session.scalars(
                select(SecondFactor)
                .where(
                    SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None)
                )
                .order_by(SecondFactor.id)
                .execution_options(populate_existing=True)
            )
        )
        is_needed = is_required and db.session.scalar(held.limit(1)) is not None
        has_post = db.session.scalar(not_over.limit(1)) is not None
    lines = tuple(
        FactorLine(f.id, f.kind, f.name, f.made_at, f.used_at)
        for f in rows
        if f.kind is not FactorKind.RECOVERY
    )
    left = next((len(f.codes) for f in rows if f.kind is FactorKind.RECOVERY), None)
    has_app = any(line.kind is FactorKind.APP for line in lines)
    return Standing(lines, is_needed, is_needed or has_app, left, has_post)


# --- authenticator apps ------------------------------------------------------------------------


def begin_app(account_id: int, *, name: str, now: datetime) -> None:
    """Draw the secret of a new app; it proves nothing before `confirm_app`. Raises Refused."""
    account = lock(account_id)
    check_room(account_id)
    with all_villages(OWN):
        db.session.execute(delete(SecondFactor).where(*_waiting(account_id)))
    db.session.add(
        SecondFactor(
            village_id=account.village_id,
            account_id=account_id,
            kind=FactorKind.APP,
            name=name[:60],
            secret=secrets.seal("app", pyotp.random_base32()),
            made_at=now,
        )
    )
    db.session.flush()


def waiting_app(account_id: int) -> tuple[str, str] | None:
    """Return the secret of the app that waits for its first code, and its address as in the QR."""
    with all_villages(OWN):
        found = db.session.scalar(select(SecondFactor).where(*_waiting(account_id)))
        account = db.session.get(Account, account_id)
    if found is None or account is None:
        return None
    secret = secrets.unseal("app", found.secret)
    return secret, pyotp.TOTP(secret).provisioning_uri(name=account.name, issuer_name=ISSUER)


def confirm_app(account_id: int, code: str, *, now: datetime) -> Refusal | None:
    """Take the first code of the app that waits for it; from then on it is a proof."""
    with all_villages(OWN):
        found = db.session.scalar(select(SecondFactor).where(*_waiting(account_id)))
        if found is None:
            return Refusal.CODE_EXPIRED
        step = _step_of(found, code, now=now)
        if step is None:
            return Refusal.WRONG_FACTOR
        taken = db.session.execute(
            update(SecondFactor)
            .where(SecondFactor.id == found.id, SecondFactor.confirmed_at.is_(None))
            .values(confirmed_at=now, used_at=now, last_step=step)
            .returning(SecondFactor.id)
        ).scalar_one_or_none()
    if taken is None:
        return Refusal.CODE_EXPIRED
    publish(
        FactorAdded(account_id=account_id, factor=FactorKind.APP.value, name=found.name), now=now
    )
    return None


def show_app(account_id: int, code: str, *, now: datetime) -> Refusal | None:
    """Check a code of one of the account's apps. None: it is right, and taken this once."""
    apps = select(SecondFactor).where(
        SecondFactor.account_id == account_id,
        SecondFactor.kind == FactorKind.APP,
        SecondFactor.confirmed_at.is_not(None),
    )
    with all_villages(OWN):
        for app in db.session.scalars(apps):
            step = _step_of(app, code, now=now)
            if step is not None:
                return None if _take_step(app.id, step, now=now) else Refusal.USED_FACTOR
    return Refusal.WRONG_FACTOR


def _take_step(factor_id: int, step: int, *, now: datetime) -> bool:
    """Take the code of a half minute: once, and none of an earlier one after it."""
    taken = db.session.execute(
        update(SecondFactor)
        .where(SecondFactor.id == factor_id, SecondFactor.last_step < step)
        .values(last_step=step, used_at=now)
        .returning(SecondFactor.id)
    )
    return taken.scalar_one_or_none() is not None


def _step_of(app: SecondFactor, code: str, *, now: datetime) -> int | None:
    """Return the half minute of which this is the code, among those that are taken now."""
    totp = pyotp.TOTP(secrets.unseal("app", app.secret))
    found = None
    for step in rules.steps_taken(now):
        if secrets.same(totp.generate_otp(step), code):
            found = step
    return found


# --- recovery codes ----------------------------------------------------------------------------


def make_recovery(account_id: int, *, now: datetime) -> list[str]:
    """Make ten recovery codes in place of the older ones; they are shown once. Raises Refused."""
    account = lock(account_id)
    codes = [
        secrets.letters(secrets.LETTERS, rules.RECOVERY_LENGTH) for _ in range(rules.RECOVERY_CODES)
    ]
    with all_villages(OWN):
        db.session.execute(
            delete(SecondFactor).where(
                SecondFactor.account_id == account_id, SecondFactor.kind == FactorKind.RECOVERY
            )
        )
    db.session.add(
        SecondFactor(
            village_id=account.village_id,
            account_id=account_id,
            kind=FactorKind.RECOVERY,
            codes=[_recovery_digest(account_id, code) for code in codes],
            made_at=now,
            confirmed_at=now,
        )
    )
    db.session.flush()
    return codes


def show_recovery(account_id: int, code: str, *, now: datetime) -> Refusal | None:
    """Check a recovery code. None: it was right, and it is gone now.

    The UPDATE demands that no other was used meanwhile, so that one code is good for one.
    """
    digest = _recovery_digest(account_id, rules.plain_slip(code))
    with all_villages(OWN):
        found = db.session.scalar(
            select(SecondFactor)
            .where(SecondFactor.account_id == account_id, SecondFactor.kind == FactorKind.RECOVERY)
            .execution_options(populate_existing=True)
        )
        if found is None or not any(secrets.same(digest, kept) for kept in found.codes):
            return Refusal.WRONG_FACTOR
        left = [kept for kept in found.codes if kept != digest]
        taken = db.session.execute(
            update(SecondFactor)
            .where(SecondFactor.id == found.id, SecondFactor.last_step == found.last_step)
            .values(codes=left, last_step=SecondFactor.last_step + 1, used_at=now)
            .returning(SecondFactor.id)
        ).scalar_one_or_none()
    if taken is None:
        return Refusal.USED_FACTOR
    publish(RecoveryUsed(account_id=account_id, left=len(left)), now=now)
    return None


def _recovery_digest(account_id: int, code: str) -> str:
    return secrets.digest(f"recovery {account_id}", code)


# --- coming and going --------------------------------------------------------------------------


def remove(account_id: int, factor_id: int, *, now: datetime, is_required: bool) -> None:
    """Take a passkey or an app off an account; with the last go the recovery codes.

    Raises Refused, or NoResultFound for somebody else's.
    """
    lock(account_id)
    stands = standing(account_id, now=now, is_required=is_required)
    others = [line for line in stands.lines if line.id != factor_id]
    if refusal := rules.why_not_remove(others=len(others), is_needed=stands.is_needed):
        raise Refused(refusal)
    gone = delete(SecondFactor).where(
        SecondFactor.account_id == account_id,
        SecondFactor.id == factor_id,
        SecondFactor.kind != FactorKind.RECOVERY,
    )
    with all_villages(OWN):
        kind, name = db.session.execute(gone.returning(SecondFactor.kind, SecondFactor.name)).one()
        if not others:
            db.session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    publish(FactorRemoved(account_id=account_id, factor=kind.value, name=name), now=now)


def reset(
    account_id: int, *, by_account_id: int, by_name: str, reason: str, now: datetime
) -> Account:
    """Take away somebody else's proofs, links and PIN, and end their sessions. Raises Refused.

    Who may do so is for the caller to judge; never oneself.
    """
    if refusal := rules.why_not_reset(account_id=account_id, by_account_id=by_account_id):
        raise Refused(refusal)
    account = lock(account_id)
    clear(account, now=now)
    if account.resident_id is not None:
        audit.note(
            Look.CHANGED, "sign-in", now=now, resident_ids=[account.resident_id], reason=reason
        )
    publish(
        FactorsReset(
            account_id=account_id, by_account_id=by_account_id, by_name=by_name, reason=reason
        ),
        now=now,
    )
    return account


def clear(account: Account, *, now: datetime) -> None:
    """Take everything off an account by which it is opened, and end its sessions."""
    with all_villages(OWN):
        codes = select(AccessCode.id).where(AccessCode.account_id == account.id)
        db.session.execute(  # doors that were opened with them are shut too
            delete(SignInChallenge).where(
                or_(
                    SignInChallenge.account_id == account.id,
                    SignInChallenge.access_code_id.in_(codes),
                )
            )
        )
        for kind in (AccessCode, SecondFactor, OutsideIdentity):
            db.session.execute(delete(kind).where(kind.account_id == account.id))
    account.pin_digest, account.pin_tries = None, 0
    posts.end_sessions(account.id, now=now)


def check_room(account_id: int) -> None:
    """Raise Refused where an account has as many proofs as it can."""
    with all_villages(OWN):
        held = db.session.scalar(
            select(func.count())
            .select_from(SecondFactor)
            .where(
                SecondFactor.account_id == account_id,
                SecondFactor.kind != FactorKind.RECOVERY,
                SecondFactor.confirmed_at.is_not(None),
            )
        )
    if refusal := rules.why_not_add(held=held or 0):
        raise Refused(refusal)


def lock(account_id: int) -> Account:
    """Return an account and let nobody else change its proofs until we are done."""
    query = select(Account).where(Account.id == account_id).with_for_update()
    with all_villages(OWN):
        return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _waiting(account_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        SecondFactor.account_id == account_id,
        SecondFactor.kind == FactorKind.APP,
        SecondFactor.confirmed_at.is_(None),
    )
