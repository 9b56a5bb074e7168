"""What is kept about people while a plan is followed up."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update

from portal.core.db import db
from portal.core.personal import Fact, Keeper, Person, Pile, Wish, of_resident
from portal.implementation.models import (
    Duty,
    Evaluation,
    IdleAsset,
    IdleSuggestion,
    IndicatorReading,
    InterestedParty,
    OfficeHour,
    PlannerVisit,
    ProjectProgress,
)


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Take suggestions back where that is wished; who was named stays named."""
    if person.resident_id is None or not wish.takes_words_back:
        return 0
    gone = db.session.execute(
        delete(IdleSuggestion)
        .where(IdleSuggestion.resident_id == person.resident_id)
        .returning(IdleSuggestion.id)
    )
    said = db.session.execute(
        update(InterestedParty)
        .where(InterestedParty.resident_id == person.resident_id, InterestedParty.opinion != "")
        .values(opinion="", said_at=None)
        .returning(InterestedParty.id)
    )
    return len(gone.all()) + len(said.all())


KEEPER = Keeper(
    "implementation",
    _l("What follows a plan"),
    (
        Pile(
            IdleSuggestion,
            _l("What I suggested for something idle"),
            (
                Fact("what", _l("For what"), IdleAsset.name),
                Fact("text", _l("What"), IdleSuggestion.text),
                Fact("made_at", _l("When"), IdleSuggestion.made_at),
            ),
            of_resident(IdleSuggestion.resident_id),
            joined=((IdleAsset, IdleAsset.id == IdleSuggestion.asset_id),),
        ),
        Pile(
            InterestedParty,
            _l("Where a plan touches my rights, and what I said"),
            (
                Fact("what", _l("What"), InterestedParty.anchor_words),
                Fact("reason", _l("How"), InterestedParty.reason),
                Fact("told_at", _l("Told on"), InterestedParty.told_at),
                Fact("opinion", _l("What I said"), InterestedParty.opinion),
                Fact("said_at", _l("When"), InterestedParty.said_at),
            ),
            of_resident(InterestedParty.resident_id),
        ),
        Pile(
            PlannerVisit,
            _l("What I did in the village as its planner"),
            (
                Fact("on_day", _l("Day"), PlannerVisit.on_day),
                Fact("place", _l("Where"), PlannerVisit.place),
                Fact("notes", _l("What it was about"), PlannerVisit.notes),
            ),
            lambda person: PlannerVisit.account_id == person.account_id,
        ),
        Pile(
            OfficeHour,
            _l("When I can be met as the planner"),
            (
                Fact("on_day", _l("Day"), OfficeHour.on_day),
                Fact("place", _l("Where"), OfficeHour.place),
            ),
            lambda person: OfficeHour.account_id == person.account_id,
        ),
        Pile(
            Duty,
            _l("What I answer for"),
            (
                Fact("what", _l("What"), Duty.what),
                Fact("due_on", _l("Until"), Duty.due_on),
                Fact("done_on", _l("Done on"), Duty.done_on),
            ),
            lambda person: Duty.owner_account_id == person.account_id,
        ),
        *(
            Pile(
                model,
                label,
                (Fact("at", _l("When"), at), Fact("id", _l("Number"), model.id)),
                lambda person, by=by: by == person.account_id,  # type: ignore[misc]
            )
            for model, label, at, by in (
                (
                    IndicatorReading,
                    _l("Figures that I entered"),
                    IndicatorReading.entered_at,
                    IndicatorReading.entered_by_id,
                ),
                (
                    ProjectProgress,
                    _l("Progress that I entered"),
                    ProjectProgress.entered_at,
                    ProjectProgress.entered_by_id,
                ),
                (
                    Evaluation,
                    _l("Evaluations that I began"),
                    Evaluation.made_at,
                    Evaluation.made_by_id,
                ),
                (
                    IdleAsset,
                    _l("What I entered as idle"),
                    IdleAsset.entered_at,
                    IdleAsset.entered_by_id,
                ),
            )
        ),
    ),
    forget,
    untold={"interested_party.named_by_id": "an act of office about somebody else, told to them"},
)
