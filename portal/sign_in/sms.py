"""How a message reaches a phone."""

from typing import Protocol


class Sender(Protocol):
    """Anything that can bring a short text to a phone."""

    def send(self, *, phone: str, text: str) -> None:
        """Send the text, or raise OSError."""


class ConsoleSender:
    """Prints messages where the portal was started. For trying out; refused in production."""

    def send(self, *, phone: str, text: str) -> None:
        """Print the message."""
        print(f"[SMS] {phone}: {text}", flush=True)


class OutboxSender:
    """Keeps messages in memory, for tests."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []

    def send(self, *, phone: str, text: str) -> None:
        """Keep the message."""
        self.messages.append((phone, text))
