"""A house that holds its staff to their second proof, and what signing in needs again and again."""

import pyotp
import pytest
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import all_villages, village_scope
from portal.privacy import service as privacy
from portal.sign_in import factors
from portal.sign_in.models import AccountSession


@pytest.fixture
def cast(cast):
    """Let everybody have read the privacy notice: what leads past it is tested with it."""
    for person in vars(cast).values():
        with village_scope(person.village_id), transaction():
            privacy.note_seen(person.account_id, now=clock.now())
    return cast


@pytest.fixture
def strict(app):
    """Hold those whose posts need it to their second factor, as production does."""
    app.config["SECOND_FACTOR_REQUIRED"] = True
    return app


@pytest.fixture
def totp(village):
    """Give somebody an authenticator app, set up five minutes ago; return its codes' maker."""

    def _totp(person) -> pyotp.TOTP:
        then = clock.now().timestamp() - 300
        with transaction():
            factors.begin_app(person.account_id, name="my app", now=clock.now())
            secret, _ = factors.waiting_app(person.account_id)
            app = pyotp.TOTP(secret)
            moment = clock.now().fromtimestamp(then, tz=clock.now().tzinfo)
            assert factors.confirm_app(person.account_id, app.at(then), now=moment) is None
        return app

    return _totp


@pytest.fixture
def code_by_phone(app, browse, at):
    """Sign in by a code to the phone, as villagers do, and return the browser."""

    def _sign_in(phone, client: FlaskClient | None = None) -> FlaskClient:
        client = client or browse(None)
        client.post(at("/sign-in/phone"), data={"phone": phone})
        code = app.extensions["sms"].messages[-1][1][:6]
        client.last = client.post(at("/sign-in/code"), data={"code": code})
        return client

    return _sign_in


def sessions_of(person):
    """Return the sessions of somebody as they are on disk, the oldest first."""
    db.session.rollback()
    with all_villages("a test looks at everything"):
        query = db.session.query(AccountSession).filter_by(account_id=person.account_id)
        return query.order_by(AccountSession.id).populate_existing().all()
