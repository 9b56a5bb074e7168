"""WeChat as a door: an account is tied to it once, and from then on it opens. Never commits.

WeChat tells a service account who somebody is by an openid (`snsapi_base`: silently, and nothing
but that). Asked with httpx and not with authlib's client: WeChat says `appid` and `secret` where
OAuth 2 says `client_id` and `client_secret`, wants them in the address of a GET and the parameters
of its door in one fixed order with a fragment behind them, answers JSON as text/plain, and every
fault with status 200 and an `errcode`. Each of these would have to be bent back; what is left of
the standard is one question. Papers: developers.weixin.qq.com/doc/service, "网页授权".

Of the openid only a digest under our key is kept. It proves nothing about the roster: whoever is
let in plays the parts that their account has, and no more.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.core import secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.core.outside import House, NoAnswer, NotReached
from portal.core.scope import all_villages, require_village
from portal.people.models import Region
from portal.people.rules import lineage
from portal.sign_in import challenges, factors
from portal.sign_in.events import WechatChanged
from portal.sign_in.models import AccountSession, OutsideIdentity
from portal.sign_in.rules import Door, Refusal

log = logging.getLogger(__name__)

PROVIDER = "wechat"
OWN = "what an account is tied to belongs to the account, wherever it is at home"
# WeChat is busy, or our keys are wrong: the operator reads it in the log.
OUR_FAULTS = frozenset({40013, 40125, 40164, 41002, 41004, 48001})
BUSY = frozenset({-1, 45009, 45011, 50002})


@dataclass(frozen=True)
class WeChat:
    """WeChat, as it knows this house. `door`: where browsers are sent; `house`: what we ask."""

    app_id: str
    secret: str
    door: str
    house: House

    def __repr__(self) -> str:
        """Name the account without its secret: this may end up in a log."""
        return f"WeChat(app_id={self.app_id!r})"

    def address(self, *, back: str, state: str) -> str:
        """Return where to send a browser; WeChat sends it back with a code and this state."""
        return (
            f"{self.door}/connect/oauth2/authorize?appid={self.app_id}"
            f"&redirect_uri={quote(back, safe='')}&response_type=code&scope=snsapi_base"
            f"&state={state}#wechat_redirect"
        )

    def openid_of(self, code: str) -> str:
        """Exchange a code, which is good once and for five minutes. Raises Refused.

        Asked only once: a second time the code would be used up.
        """
        params = {
            "appid": self.app_id,
            "secret": self.secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        try:
            answer = self.house.ask("GET", "/sns/oauth2/access_token", params=params)
        except (NotReached, NoAnswer) as fault:
            log.warning("WeChat did not answer: %s", fault)
            raise Refused(Refusal.WECHAT_DOWN) from None
        if fault_code := answer.get("errcode"):
            raise Refused(_what_of(fault_code))
        openid = answer.get("openid")
        if answer.get("is_snapshotuser"):  # a made-up person, shown before somebody agreed
            raise Refused(Refusal.WECHAT_SNAPSHOT)
        if not isinstance(openid, str) or not 10 <= len(openid) <= 128:
            log.warning("WeChat did not answer: no openid")
            raise Refused(Refusal.WECHAT_DOWN)
        return openid


def _what_of(fault: object) -> Refusal:
    if not isinstance(fault, int) or fault in OUR_FAULTS | BUSY:
        log.warning("WeChat refused us: errcode %s", fault if isinstance(fault, int) else "none")
        return Refusal.WECHAT_DOWN
    return Refusal.WECHAT_REFUSED


# --- there and back ----------------------------------------------------------------------------


def begin(*, now: datetime, account_id: int | None = None) -> tuple[str, str]:
    """Begin the way to WeChat; return the browser's token and the state that comes back.

    With an account it is to be tied to it; without, somebody wants to come in.
    """
    token = challenges.begin(now=now, door=Door.WECHAT, account_id=account_id)
    return token, _state_of(token)


def come_back(token: str, state: str, *, now: datetime) -> int | None:
    """Take the way back, once, in the browser that went; return the account to tie, or None.

    Raises Refused.
    """
    challenge = challenges.find(token) if token else None
    if (
        challenge is None
        or challenge.door is not Door.WECHAT
        or not secrets.same(state, _state_of(token))
        or now >= challenge.expires_at
        or not challenges.use(challenge, now=now)
    ):
        raise Refused(Refusal.WECHAT_STATE)
    return challenge.account_id


def _state_of(token: str) -> str:
    """Return what goes through WeChat: it takes letters and digits only."""
    return secrets.digest("wechat state", token)


# --- ties --------------------------------------------------------------------------------------


def find_tied(openid: str, *, app_id: str) -> int | None:
    """Return the account that this openid opens here, or None.

    Of the village first; then of the regions above, where staff of many villages are at home.
    """
    place = db.session.get_one(Region, require_village())
    query = (
        select(OutsideIdentity.account_id)
        .join(Region, Region.id == OutsideIdentity.village_id)
        .where(
            OutsideIdentity.provider == PROVIDER,
            OutsideIdentity.subject_digest == _digest(openid, app_id),
            Region.code.in_(lineage(place.code)),
        )
        .order_by(func.length(Region.code).desc())
        .limit(1)
    )
    with all_villages("who is at home in the regions above signs in here too"):
        return db.session.scalar(query)


def is_tied(account_id: int) -> bool:
    """Tell whether the account is tied to WeChat."""
    query = select(OutsideIdentity.id).where(
        OutsideIdentity.account_id == account_id, OutsideIdentity.provider == PROVIDER
    )
    with all_villages(OWN):
        return db.session.scalar(query) is not None


def tie(account_id: int, openid: str, *, app_id: str, now: datetime) -> None:
    """Let this openid open the account. Raises Refused.

    One account has one WeChat, and in one village one WeChat opens one account: two keys judge.
    """
    account = factors.lock(account_id)
    identity = OutsideIdentity(
        village_id=account.village_id,
        account_id=account_id,
        provider=PROVIDER,
        subject_digest=_digest(openid, app_id),
        made_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(identity)
    except IntegrityError:
        raise Refused(Refusal.WECHAT_TAKEN) from None
    publish(WechatChanged(account_id=account_id, is_tied=True), now=now)


def untie(account_id: int, *, but_session: int | None, now: datetime) -> bool:
    """Let WeChat open the account no more, and end what it opened; tell whether it did."""
    with all_villages(OWN):
        gone = db.session.execute(
            delete(OutsideIdentity)
            .where(OutsideIdentity.account_id == account_id, OutsideIdentity.provider == PROVIDER)
            .returning(OutsideIdentity.id)
        ).all()
        db.session.execute(
            update(AccountSession)
            .where(
                AccountSession.account_id == account_id,
                AccountSession.door == Door.WECHAT,
                AccountSession.ended_at.is_(None),
                AccountSession.id != (but_session or 0),
            )
            .values(ended_at=now)
        )
    if gone:
        publish(WechatChanged(account_id=account_id, is_tied=False), now=now)
    return bool(gone)


def _digest(openid: str, app_id: str) -> str:
    """Return what is kept: an openid is another one for each service account."""
    return secrets.digest(f"wechat {app_id}", openid)
