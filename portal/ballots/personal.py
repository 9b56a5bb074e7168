"""What is kept of somebody's votes. All of it stays: the law wants votes archived."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.assisting.words import AGES
from portal.ballots.models import Ballot, BallotChoice, BallotElector, BallotOption, Turnout
from portal.ballots.words import ANSWERS
from portal.core.personal import Fact, Keeper, Pile
from portal.people.words import CHANNELS

KEEPER = Keeper(
    "ballots",
    _l("Votes"),
    (
        Pile(
            BallotElector,
            _l("Votes that I may take part in"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("age_band", _l("Age group then"), BallotElector.age_band, AGES),
            ),
            lambda person: (
                None
                if person.resident_id is None
                else BallotElector.resident_id == person.resident_id
            ),
            joined=((Ballot, Ballot.id == BallotElector.ballot_id),),
        ),
        Pile(
            Turnout,
            _l("Votes that I took part in"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("done_at", _l("When"), Turnout.done_at),
                Fact("channel", _l("How"), Turnout.channel, CHANNELS),
                Fact("receipt", _l("Receipt"), Turnout.receipt),
            ),
            lambda person: (
                None if person.resident_id is None else Turnout.resident_id == person.resident_id
            ),
            joined=((Ballot, Ballot.id == Turnout.ballot_id),),
        ),
        Pile(
            BallotChoice,
            _l("What I chose"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("answer", _l("Answer"), BallotOption.answer, ANSWERS),
                Fact("project", _l("Project"), BallotOption.words),
            ),
            lambda person: (
                None
                if person.resident_id is None
                else BallotChoice.turnout_id.in_(
                    select(Turnout.id).where(Turnout.resident_id == person.resident_id)
                )
            ),
            joined=(
                (Ballot, Ballot.id == BallotChoice.ballot_id),
                (BallotOption, BallotOption.id == BallotChoice.option_id),
            ),
        ),
    ),
    untold={
        "ballot_elector.household_id": "the household the person was of, told with the roster row",
        "turnout.household_id": "the household the person was of, told with the roster row",
    },
)
