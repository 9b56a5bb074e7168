"""Words made ready before the turn to write has come, and what their judgement rests on.

Whoever keeps what many write at once has it judged before the transaction begins. Inside, one
statement reads the grounds of that judgement anew; only where they are others now is all of it
judged again. So nothing is missed that was decided meanwhile, and others wait for a moment only.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from portal.moderation import sanctions, screening_rules, stamps
from portal.moderation.screening import Screened
from portal.moderation.sending import Sent
from portal.people import service as people

Saying = TypeVar("Saying")

LATELY = screening_rules.REPEATED_WITHIN
GROUNDS = (
    *people.DEED,
    sanctions.ENDS.scalar_subquery().label("muted_until"),
    stamps.STAMP.scalar_subquery().label("stamp"),
)
"""What all words are judged by, for a `prepared` statement that names the resident.

Who is asking, in which sitting or office, the door of the page has said already.

It asks for `village_id`, `resident_id`, `place` and `now`. Whoever selects it adds `said`, which
is another number whenever this person said more in the last hour (`LATELY`), None where that is
nothing; and `known`, the id of what was kept under the same key before.
"""


@dataclass(frozen=True)
class Ready(Generic[Saying]):
    """What somebody wants to say, and how it was judged on these grounds, a plain line.

    What is known already was not judged: then there are no words.
    """

    saying: Saying
    grounds: Any
    words: tuple[Sent, Screened] | None = None

    def stands_on(self, grounds: Any) -> bool:
        """Tell whether the judgement is as good as new on what is so now.

        Files, and words that a list or a rule of the committee stops at, are judged again.
        """
        if self.words is None:
            return self.grounds.known == grounds.known
        sent, screened = self.words
        return self.grounds == grounds and screened.is_settled and not sent.keys


def known_by(grounds: Any) -> int:
    """Return the id of what stands under the same key, whose row the database refused a second.

    Raises RuntimeError where there is none: another key refused it, so a counter has run back.
    """
    if grounds.known is None:
        raise RuntimeError("a number is there already that the counter gives out")
    return int(grounds.known)
