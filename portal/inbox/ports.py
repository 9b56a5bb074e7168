"""What the inbox asks of its neighbours; `answers.py` joins them."""

from collections.abc import Callable, Collection
from datetime import datetime

from portal.inbox.rules import Way

Given = Callable[[Collection[int], Way], set[int]]
Say = Callable[[int, Way, bool, datetime], bool]


class _Answers:
    given: Given
    say: Say


def answer(*, given: Given, say: Say) -> None:
    """Let somebody say who agreed to be told by a way, and keep what somebody agrees to."""
    _Answers.given = staticmethod(given)
    _Answers.say = staticmethod(say)


def with_consent(account_ids: Collection[int], way: Way) -> set[int]:
    """Return who of these accounts agreed to be told by this way."""
    return _Answers.given(account_ids, way)


def say(account_id: int, way: Way, *, is_given: bool, now: datetime) -> bool:
    """Keep that somebody agrees to be told by this way, or no longer; tell whether it is new."""
    return _Answers.say(account_id, way, is_given, now)
