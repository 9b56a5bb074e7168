"""What is kept about how somebody signs in. Codes, keys and their digests are never handed out."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from portal.core import personal
from portal.core.db import db
from portal.core.personal import Fact, Person, Pile, Wish
from portal.sign_in.models import (
    AccessCode,
    AccountSession,
    OutsideIdentity,
    SecondFactor,
    SignInChallenge,
)
from portal.sign_in.words import DOORS, FACTORS


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """End every session and take away every way in that was the person's own.

    The slip of the household stays: the others sign in with it.
    """
    count = 0
    for table in (SignInChallenge, AccountSession, AccessCode, SecondFactor, OutsideIdentity):
        gone = db.session.execute(
            delete(table)
            .where(table.account_id == person.account_id)
            .returning(table.id)
            .execution_options(synchronize_session=False)
        )
        count += len(gone.all())
    return count


KEEPER = personal.Keeper(
    "sign_in",
    _l("How I sign in"),
    (
        Pile(
            AccountSession,
            _l("Browsers in which I signed in"),
            (
                Fact("browser", _l("Browser"), AccountSession.label),
                Fact("began_at", _l("From"), AccountSession.began_at),
                Fact("proved_at", _l("Second proof shown"), AccountSession.strong_at),
                Fact("ends_at", _l("Until"), AccountSession.expires_at),
                Fact("ended_at", _l("Ended"), AccountSession.ended_at),
                Fact("phone", _l("Phone"), AccountSession.phone),
            ),
            lambda person: AccountSession.account_id == person.account_id,
        ),
        Pile(
            SignInChallenge,
            _l("Sign-ins under way"),
            (
                Fact("door", _l("By what"), SignInChallenge.door, DOORS),
                Fact("made_at", _l("When"), SignInChallenge.made_at),
            ),
            lambda person: SignInChallenge.account_id == person.account_id,
        ),
        Pile(
            AccessCode,
            _l("My own printed code"),
            (Fact("made_at", _l("When"), AccessCode.made_at),),
            lambda person: AccessCode.account_id == person.account_id,
        ),
        Pile(
            SecondFactor,
            _l("My second proofs"),
            (
                Fact("kind", _l("What"), SecondFactor.kind, FACTORS),
                Fact("name", _l("Name"), SecondFactor.name),
                Fact("made_at", _l("From"), SecondFactor.made_at),
                Fact("used_at", _l("Last used"), SecondFactor.used_at),
            ),
            lambda person: SecondFactor.account_id == person.account_id,
        ),
        Pile(
            OutsideIdentity,
            _l("My ties to other houses"),
            (
                Fact("provider", _l("Where"), OutsideIdentity.provider),
                Fact("made_at", _l("From"), OutsideIdentity.made_at),
            ),
            lambda person: OutsideIdentity.account_id == person.account_id,
        ),
    ),
    forget,
    untold={
        "access_code.household_id": "the slip belongs to the household; its code is a secret",
        "sign_in_challenge.household_id": "which slip was used; gone within a day",
        "account_session.household_id": "which slip it came in by: the household's, told with it",
    },
)
