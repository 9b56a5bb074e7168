"""What happened to somebody's ways in. The person is told of each, wherever they did not do it."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class FactorAdded(Event):
    """A passkey or an app was added to an account."""

    kind: ClassVar[str] = "sign-in.factor-added"

    account_id: int
    factor: str
    name: str


@dataclass(frozen=True, kw_only=True)
class FactorRemoved(Event):
    """A passkey or an app was taken off an account by its owner."""

    kind: ClassVar[str] = "sign-in.factor-removed"

    account_id: int
    factor: str
    name: str


@dataclass(frozen=True, kw_only=True)
class RecoveryUsed(Event):
    """A recovery code was used. `left`: how many are left."""

    kind: ClassVar[str] = "sign-in.recovery-used"

    account_id: int
    left: int


@dataclass(frozen=True, kw_only=True)
class FactorsReset(Event):
    """Somebody else took away all proofs and the PIN of an account, and ended its sessions."""

    kind: ClassVar[str] = "sign-in.factors-reset"

    account_id: int
    by_account_id: int
    by_name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PinChanged(Event):
    """A PIN was set, changed or removed."""

    kind: ClassVar[str] = "sign-in.pin-changed"

    account_id: int
    is_set: bool


@dataclass(frozen=True, kw_only=True)
class WechatChanged(Event):
    """An account was tied to WeChat, or untied from it."""

    kind: ClassVar[str] = "sign-in.wechat-changed"

    account_id: int
    is_tied: bool


@dataclass(frozen=True, kw_only=True)
class SlipsPrinted(Event):
    """New codes were printed for these residents' households; the older ones ended."""

    kind: ClassVar[str] = "sign-in.slips-printed"

    resident_ids: tuple[int, ...]
    by_name: str


@dataclass(frozen=True, kw_only=True)
class NewBrowser(Event):
    """Somebody signed in with a browser that none of the account's other sessions has."""

    kind: ClassVar[str] = "sign-in.new-browser"

    account_id: int
    label: str
