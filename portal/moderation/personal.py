"""What is kept of those who decide about what others wrote."""

from flask_babel import lazy_gettext as _l

from portal.core.personal import Fact, Keeper, Pile
from portal.moderation.desk_words import ACTIONS
from portal.moderation.forms import CODES
from portal.moderation.models import ModerationDecision
from portal.moderation.screening_models import AllowedWord, ScreeningPolicy, WordList

KEEPER = Keeper(
    "moderation",
    _l("Moderation"),
    (
        Pile(
            ModerationDecision,
            _l("Decisions that I made"),
            (
                Fact("number", _l("Number"), ModerationDecision.number),
                Fact("action", _l("What"), ModerationDecision.action, ACTIONS),
                Fact("code", _l("Reason"), ModerationDecision.code, CODES),
                Fact("decided_at", _l("When"), ModerationDecision.decided_at),
            ),
            lambda person: ModerationDecision.account_id == person.account_id,
        ),
        Pile(
            ScreeningPolicy,
            _l("Rules I set on when words wait for the committee"),
            (
                Fact("place", _l("Place"), ScreeningPolicy.place),
                Fact("changed_at", _l("When"), ScreeningPolicy.changed_at),
            ),
            lambda person: ScreeningPolicy.account_id == person.account_id,
        ),
        Pile(
            WordList,
            _l("Word lists that I keep"),
            (
                Fact("name", _l("Name"), WordList.name),
                Fact("changed_at", _l("When"), WordList.changed_at),
            ),
            lambda person: WordList.account_id == person.account_id,
        ),
        Pile(
            AllowedWord,
            _l("Names that I let pass"),
            (Fact("word", _l("Name"), AllowedWord.word),),
            lambda person: AllowedWord.account_id == person.account_id,
        ),
    ),
)
