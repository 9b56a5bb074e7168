"""Readers of event streams: a socket, how far they have heard, and what the line has not taken yet.

One is a few hundred bytes: nothing of the request it came with is kept but its ticket.
"""

import os
from collections import Counter
from typing import Any

EACH = 8
"""So many streams one person may have open in one process."""


class Full(Exception):
    """No place for one more reader, who asks the feed instead."""


class Reader:
    """Somebody who waits for news of a topic.

    `ticket` is what the topic's source needs in order to ask whether they may still read. With a
    `wait`, in seconds, they want the first news only, and wait no longer for them: a long poll.
    `unsent` is what the line has not taken yet, from `sent` on: shared by all who are told the
    same. `waits`: until the line takes more; `is_late`: it waited at the last beat already.
    `is_over`: nothing comes after it. `head` is how the answer to a long poll begins.
    """

    __slots__ = (
        "ends_at", "head", "is_late", "is_over", "line", "person", "seen", "sent", "ticket",
        "topic", "unsent", "wait", "waits",
    )  # fmt: skip

    def __init__(self, topic: int, person: int, ticket: Any, *, seen: int, wait: float = 0) -> None:
        self.topic, self.person, self.ticket = topic, person, ticket
        self.seen, self.wait = seen, wait
        self.line, self.head, self.unsent, self.sent = -1, b"", b"", 0
        self.waits = self.is_late = self.is_over = False
        self.ends_at = 0.0

    @property
    def is_once(self) -> bool:
        """Tell whether the first news are all that they want."""
        return self.wait > 0

    def send(self, words: bytes) -> bool:
        """Send this, or as much as the line takes now; False when nobody is there any more."""
        self.unsent, self.sent = words, 0
        return self.go_on()

    def go_on(self) -> bool:
        """Send what is left of what was to be sent; False when nobody is there any more."""
        try:
            self.sent += os.write(self.line, memoryview(self.unsent)[self.sent :])
        except BlockingIOError:
            return True
        except OSError:
            return False
        if self.sent == len(self.unsent):
            self.unsent, self.sent, self.is_late = b"", 0, False
        return True

    def hears(self) -> bool:
        """Read past whatever the reader says; False when they have hung up."""
        try:
            return bool(os.read(self.line, 4096))
        except BlockingIOError:
            return True
        except OSError:
            return False


class Places:
    """How many readers there are, and how many of each person."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._persons: Counter[int] = Counter()
        self.taken = 0

    def take(self, person: int) -> None:
        """Take a place for this person, or raise Full."""
        if self.taken >= self._capacity or self._persons[person] >= EACH:
            raise Full
        self._persons[person] += 1
        self.taken += 1

    def leave(self, person: int) -> None:
        """Give the place back."""
        self.taken -= 1
        self._persons[person] -= 1
        if self._persons[person] <= 0:
            del self._persons[person]
