"""Passkeys: added, and shown as a door of their own or as the second factor. Never commits.

The ceremonies are checked by `webauthn`; here stands what it cannot know: which challenge was
asked, that it is used once, whose key it is, and that the key's counter only climbs.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import webauthn
from flask import current_app
from sqlalchemy import or_, select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.core import secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.scope import all_villages
from portal.people.models import Account
from portal.sign_in import challenges, factors
from portal.sign_in.events import FactorAdded
from portal.sign_in.models import SecondFactor
from portal.sign_in.rules import Door, FactorKind, Refusal

ANYWHERE = "a passkey is looked for before we know whose it is"


@dataclass(frozen=True)
class Asked:
    """What the browser is asked to sign: our token for it, and the options for its passkeys."""

    token: str
    options: str


def is_possible() -> bool:
    """Tell whether browsers know passkeys at our address: it needs a name, not a number."""
    host = _host()
    try:
        ip_address(host)
    except ValueError:
        return bool(host)
    return False


def ask_to_add(account_id: int, *, now: datetime) -> Asked:
    """Begin to add a passkey to an account. Raises Refused."""
    account = factors.lock(account_id)
    factors.check_room(account_id)
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=_host(),
        user_id=bytes.fromhex(secrets.digest("passkey user", str(account_id))),
        user_name=account.name,
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(account_id),
    )
    return Asked(_begin(options.challenge, account_id, now=now), webauthn.options_to_json(options))


def add(account_id: int, token: str, credential: str, *, name: str, now: datetime) -> None:
    """Keep a new passkey of an account. Raises Refused."""
    account = factors.lock(account_id)
    factors.check_room(account_id)
    challenge = challenges.find_open(token, now=now)
    if (
        challenge is None
        or not challenge.asked
        or challenge.account_id != account_id
        or not _id_in(credential)
    ):
        raise Refused(Refusal.PASSKEY_REFUSED)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge.asked),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except WebAuthnException as fault:
        raise Refused(Refusal.PASSKEY_REFUSED) from fault
    credential_id = bytes_to_base64url(made.credential_id)
    if (
        len(credential_id) > 400
        or _find(credential_id) is not None
        or not challenges.use(challenge, now=now)
    ):
        raise Refused(Refusal.PASSKEY_REFUSED)
    db.session.add(
        SecondFactor(
            village_id=account.village_id,
            account_id=account_id,
            kind=FactorKind.PASSKEY,
            name=name[:60],
            credential_id=credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            made_at=now,
            confirmed_at=now,
        )
    )
    db.session.flush()
    publish(
        FactorAdded(account_id=account_id, factor=FactorKind.PASSKEY.value, name=name[:60]), now=now
    )


def ask(*, now: datetime, account_id: int | None = None) -> Asked:
    """Ask for a passkey: of this account, or of whoever holds one."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        allow_credentials=None if account_id is None else _descriptors(account_id),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(_begin(options.challenge, account_id, now=now), webauthn.options_to_json(options))


def show(token: str, credential: str, *, now: datetime, account_id: int | None = None) -> int:
    """Check a passkey that was asked for, and return whose it is. Raises Refused.

    Asked for one account, none of another is taken. What was signed is taken once.
    """
    challenge = challenges.find_open(token, now=now)
    key = _find(_id_in(credential))
    if (
        challenge is None
        or not challenge.asked
        or challenge.account_id != account_id
        or key is None
        or key.public_key is None
        or (account_id is not None and key.account_id != account_id)
    ):
        raise Refused(Refusal.PASSKEY_REFUSED)
    try:
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge.asked),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException as fault:
        raise Refused(Refusal.PASSKEY_REFUSED) from fault
    if not challenges.use(challenge, now=now) or not _climb(key.id, shown.new_sign_count, now=now):
        raise Refused(Refusal.PASSKEY_REFUSED)
    return key.account_id


def _climb(factor_id: int, count: int, *, now: datetime) -> bool:
    """Keep the key's counter; it only climbs, but where the key has none and it stays 0."""
    with all_villages(ANYWHERE):
        climbed = db.session.execute(
            update(SecondFactor)
            .where(
                SecondFactor.id == factor_id,
                or_(SecondFactor.sign_count < count, (SecondFactor.sign_count == 0) & (count == 0)),
            )
            .values(sign_count=count, used_at=now)
            .returning(SecondFactor.id)
        )
        return climbed.scalar_one_or_none() is not None


def _begin(challenge: bytes, account_id: int | None, *, now: datetime) -> str:
    return challenges.begin(
        now=now,
        door=Door.PASSKEY,
        is_open=True,
        account_id=account_id,
        asked=bytes_to_base64url(challenge),
    )


def _find(credential_id: str) -> SecondFactor | None:
    with all_villages(ANYWHERE):
        return db.session.scalar(
            select(SecondFactor)
            .join(Account, Account.id == SecondFactor.account_id)
            .where(SecondFactor.credential_id == credential_id)
            .execution_options(populate_existing=True)
        )


def _id_in(credential: str) -> str:
    """Return the key's own name in what the browser sent; "" where it is no answer at all."""
    try:
        said = json.loads(credential)
        return str(said["rawId"]).encode().decode()  # no lone surrogates: databases take none
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""


def _descriptors(account_id: int) -> list[PublicKeyCredentialDescriptor]:
    query = select(SecondFactor.credential_id).where(
        SecondFactor.account_id == account_id, SecondFactor.kind == FactorKind.PASSKEY
    )
    with all_villages(ANYWHERE):
        return [
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential_id))
            for credential_id in db.session.scalars(query)
            if credential_id is not None
        ]


def _origin() -> str:
    return str(current_app.config["SETTINGS"].public_url)


def _host() -> str:
    return urlsplit(_origin()).hostname or ""
