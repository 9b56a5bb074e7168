"""What media asks of the features above: who may see what a file belongs to."""

from typing import Protocol


class MayRead(Protocol):
    """One kind of things that files belong to, answered by the feature that keeps them."""

    def may_read(self, owner_id: int) -> bool:
        """Tell whether whoever is asking now may see this; False for what is not there."""


_answers: dict[str, MayRead] = {}


def answer(owner_kind: str, readers: MayRead) -> None:
    """Join a feature to this port; it does so at start-up."""
    _answers[owner_kind] = readers


def may_read(owner_kind: str, owner_id: int) -> bool:
    """Tell whether whoever is asking may see what a file belongs to. Unanswered: nobody may."""
    found = _answers.get(owner_kind)
    return found is not None and found.may_read(owner_id)
