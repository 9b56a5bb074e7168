"""A sender of messages that only keeps them."""

from portal.sign_in.sms import SENT, Answer, Kind, Outcome


class OutboxSender:
    """Keeps messages in memory. `answers` are given one after the other, then SENT."""

    is_slow = False

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.kinds: list[tuple[Kind, tuple[str, ...]]] = []
        self.answers: list[Answer] = []

    def send(
        self, *, phone: str, text: str, kind: Kind = Kind.NOTICE, params: tuple[str, ...] = ()
    ) -> Answer:
        """Keep the message, where the answer says that it left."""
        answer = self.answers.pop(0) if self.answers else SENT
        if answer.outcome is Outcome.SENT:
            self.messages.append((phone, text))
            self.kinds.append((kind, params))
        return answer
