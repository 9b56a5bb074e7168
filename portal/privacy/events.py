"""What happened to people's own data."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class DataRequested(Event):
    """Somebody says that what is kept about them is wrong."""

    kind: ClassVar[str] = "privacy.data-requested"

    request_id: int


@dataclass(frozen=True, kw_only=True)
class DataRequestAnswered(Event):
    """The committee has answered that."""

    kind: ClassVar[str] = "privacy.data-request-answered"

    request_id: int
    account_id: int
    is_done: bool


@dataclass(frozen=True, kw_only=True)
class ConsentChanged(Event):
    """Somebody agreed to a purpose, or took it back."""

    kind: ClassVar[str] = "privacy.consent-changed"

    account_id: int
    purpose: str
    is_given: bool


@dataclass(frozen=True, kw_only=True)
class DataExported(Event):
    """Somebody took home a copy of what is kept about them."""

    kind: ClassVar[str] = "privacy.data-exported"

    account_id: int
