"""What is kept of those who decide about what others wrote, and of those who report it."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from portal.core.db import db
from portal.core.personal import Fact, Keeper, Person, Pile, Wish, of_resident
from portal.moderation.desk_words import ACTIONS
from portal.moderation.forms import CODES
from portal.moderation.models import ModerationDecision
from portal.moderation.reports_models import ModerationReport
from portal.moderation.reports_views import OUTCOMES
from portal.moderation.screening_models import AllowedWord, ScreeningPolicy, WordList


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Take the words out of somebody's reports where that is wished; that there was one stays."""
    if not wish.takes_words_back or person.resident_id is None:
        return 0
    lines = (
        update(ModerationReport)
        .where(ModerationReport.resident_id == person.resident_id, ModerationReport.line != "")
        .values(line="")
        .returning(ModerationReport.id)
        .execution_options(synchronize_session=False)
    )
    return len(db.session.execute(lines).all())


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
        Pile(
            ModerationReport,
            _l("What I reported"),
            (
                Fact("number", _l("Number"), ModerationReport.subject_number),
                Fact("code", _l("Reason"), ModerationReport.code, CODES),
                Fact("line", _l("A line to the committee"), ModerationReport.line),
                Fact("reported_at", _l("When"), ModerationReport.reported_at),
                Fact("outcome", _l("Result"), ModerationReport.outcome, OUTCOMES),
            ),
            of_resident(ModerationReport.resident_id),
        ),
    ),
    forget,
)
