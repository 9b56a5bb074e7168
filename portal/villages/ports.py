"""What the setting up of villages asks of the features above. An unanswered question refuses."""

from collections.abc import Callable, Collection

PlanFinder = Callable[[Collection[int]], set[int]]

_answers: dict[str, PlanFinder] = {}


def answer(find_with_plan: PlanFinder) -> None:
    """Join the feature that knows which of some villages have a plan; `app.py` does so."""
    _answers["plan"] = find_with_plan


def with_plan(village_ids: Collection[int]) -> set[int]:
    """Return those of the villages that have begun a plan, in one statement."""
    return _answers["plan"](village_ids)
