"""What is kept of those who decide about what others wrote, and of those who report it."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from portal.core.db import db
from portal.core.personal import Fact, Keeper, Person, Pile, Wish, of_resident
from portal.moderation.appeals_models import ModerationAppeal
from portal.moderation.appeals_views import OUTCOMES as APPEALED
from portal.moderation.desk_words import ACTIONS
from portal.moderation.forms import CODES
from portal.moderation.models import ModerationCase, ModerationDecision
from portal.moderation.reports_models import ModerationReport
from portal.moderation.reports_views import OUTCOMES
from portal.moderation.sanctions_models import ModerationSanction
from portal.moderation.screening_models import AllowedWord, ScreeningPolicy, WordList


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Take the words out of reports and appeals where that is wished; that there were any stays."""
    if not wish.takes_words_back or person.resident_id is None:
        return 0
    count = 0
    for table in (ModerationReport, ModerationAppeal):
        lines = (
            update(table)
            .where(table.resident_id == person.resident_id, table.line != "")
            .values(line="")
            .returning(table.id)
            .execution_options(synchronize_session=False)
        )
        count += len(db.session.execute(lines).all())
    return count


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
            ModerationCase,
            _l("What was decided about my words"),
            (
                Fact("number", _l("Number"), ModerationCase.subject_number),
                Fact("revision", _l("How often"), ModerationCase.revision),
            ),
            of_resident(ModerationCase.author_resident_id),
        ),
        Pile(
            ModerationAppeal,
            _l("My appeals"),
            (
                Fact("line", _l("Why should it be shown again?"), ModerationAppeal.line),
                Fact("appealed_at", _l("When"), ModerationAppeal.appealed_at),
                Fact("outcome", _l("Result"), ModerationAppeal.outcome, APPEALED),
                Fact("answer", _l("Why, for the author"), ModerationAppeal.answer),
            ),
            of_resident(ModerationAppeal.resident_id),
        ),
        Pile(
            ModerationAppeal,
            _l("Appeals that I decided"),
            (
                Fact("outcome", _l("Result"), ModerationAppeal.outcome, APPEALED),
                Fact("answered_at", _l("When"), ModerationAppeal.answered_at),
            ),
            lambda person: ModerationAppeal.answered_by_id == person.account_id,
            key="moderation_appeal_decided",
        ),
        Pile(
            ModerationSanction,
            _l("When I could not write"),
            (
                Fact("number", _l("Number"), ModerationSanction.number),
                Fact("code", _l("Reason"), ModerationSanction.code, CODES),
                Fact("begins_at", _l("From"), ModerationSanction.begins_at),
                Fact("ends_at", _l("Until"), ModerationSanction.ends_at),
                Fact("lifted_at", _l("Lifted"), ModerationSanction.lifted_at),
            ),
            of_resident(ModerationSanction.resident_id),
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
