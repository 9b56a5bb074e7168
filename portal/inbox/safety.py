"""What people are told about their ways in: by SMS too, at any hour, whatever they wished."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic
from portal.sign_in import events

Facts = Mapping[str, Any]


def _safety(words: Callable[[Facts], str]) -> Kind:
    return Kind(topic=Topic.SECURITY, words=words, matters=True, can_wait=False)


def _pin(facts: Facts) -> str:
    if facts["is_set"]:
        return _("Your PIN was set or changed. If that was not you, tell the committee at once.")
    return _("Your PIN was removed. If that was not you, tell the committee at once.")


KINDS = {
    events.NewBrowser.kind: _safety(
        lambda facts: _(
            "Somebody signed in as you with a browser we do not know: %(browser)s."
            " If that was not you, end that session.",
            browser=facts["label"],
        )
    ),
    events.FactorAdded.kind: _safety(
        lambda facts: _(
            "A second proof was added to your account: %(name)s. If that was not you, remove it.",
            name=facts["name"],
        )
    ),
    events.FactorRemoved.kind: _safety(
        lambda facts: _("A second proof was taken off your account: %(name)s", name=facts["name"])
    ),
    events.RecoveryUsed.kind: _safety(
        lambda facts: _(
            "One of your recovery codes was used; %(left)s are left.", left=facts["left"]
        )
    ),
    events.FactorsReset.kind: _safety(
        lambda facts: _(
            "%(name)s took all proofs and the PIN off your account. Reason: %(reason)s",
            name=facts["by_name"],
            reason=facts["reason"],
        )
    ),
    events.PinChanged.kind: _safety(_pin),
    events.WechatChanged.kind: _safety(
        lambda facts: (
            _("WeChat opens your account from now on. If that was not you, untie it.")
            if facts["is_tied"]
            else _("WeChat does not open your account any more.")
        )
    ),
}
SLIPS = {
    events.SlipsPrinted.kind: Kind(
        topic=Topic.SECURITY,
        words=lambda facts: _(
            "%(name)s printed new sign-in codes for your household; the older ones have ended.",
            name=facts["by_name"],
        ),
    ),
}


def tell_owner(happened: Happened, *, now: datetime) -> None:
    """Tell the owner of the account, and lead to the page of their sessions and proofs."""
    inbox.tell(
        [happened.facts["account_id"]],
        kind=happened.kind,
        facts=happened.facts,
        path=inbox.path_to("sign_in.security"),
        event_id=happened.event_id,
        now=now,
    )


def tell_households(happened: Happened, *, now: datetime) -> None:
    """Tell those of a household for which codes were printed, where they have an account."""
    inbox.tell(
        inbox.accounts_of(happened.facts["resident_ids"]),
        kind=happened.kind,
        facts={"by_name": happened.facts["by_name"]},
        path=inbox.path_to("sign_in.security"),
        event_id=happened.event_id,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {kind: (tell_owner,) for kind in KINDS}
HANDLERS[events.SlipsPrinted.kind] = (tell_households,)
KINDS |= SLIPS
