"""What is kept of somebody's votes. All of it stays: the law wants votes archived."""

from flask_babel import lazy_gettext as _l

from portal.assisting.words import AGES
from portal.ballots.batch_models import PaperElector, PaperRefused, PaperSheet
from portal.ballots.batch_words import LINE_REFUSED
from portal.ballots.belenios.models import BeleniosPiece
from portal.ballots.belenios.words import ROUNDS, SEATS
from portal.ballots.change_models import BallotChange
from portal.ballots.models import (
    Ballot,
    BallotChoice,
    BallotElector,
    BallotOption,
    BallotStep,
    PaperBatch,
    Turnout,
)
from portal.ballots.words import ANSWERS, STEPS
from portal.core.personal import Fact, Keeper, Pile, of_resident
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
            of_resident(BallotElector.resident_id),
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
            of_resident(Turnout.resident_id),
            joined=((Ballot, Ballot.id == Turnout.ballot_id),),
        ),
        Pile(
            BallotChoice,
            _l("What I chose"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("answer", _l("Answer"), BallotOption.answer, ANSWERS),
                Fact("project", _l("Project"), BallotOption.words),
                Fact("value", _l("Place or points"), BallotChoice.value),
                Fact("turn", _l("Paper (the last one counts)"), BallotChoice.turn),
            ),
            of_resident(Turnout.resident_id),
            joined=(
                (Turnout, Turnout.id == BallotChoice.turnout_id),
                (Ballot, Ballot.id == BallotChoice.ballot_id),
                (BallotOption, BallotOption.id == BallotChoice.option_id),
            ),
        ),
        Pile(
            BallotChange,
            _l("Votes that I changed"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("turn", _l("Paper (the last one counts)"), BallotChange.turn),
                Fact("done_at", _l("When"), BallotChange.done_at),
            ),
            of_resident(Turnout.resident_id),
            joined=(
                (Turnout, Turnout.id == BallotChange.turnout_id),
                (Ballot, Ballot.id == BallotChange.ballot_id),
            ),
        ),
        Pile(
            BallotStep,
            _l("Steps of votes that I took"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("step", _l("Step"), BallotStep.step, STEPS),
                Fact("reason", _l("Reason"), BallotStep.reason),
                Fact("done_at", _l("When"), BallotStep.done_at),
            ),
            lambda person: BallotStep.account_id == person.account_id,
            joined=((Ballot, Ballot.id == BallotStep.ballot_id),),
        ),
        Pile(
            PaperElector,
            _l("Lists of those who voted on paper on which I am"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("station", _l("Place"), PaperSheet.station),
                Fact("entered_at", _l("When"), PaperSheet.entered_at),
            ),
            of_resident(PaperElector.resident_id),
            joined=(
                (PaperSheet, PaperSheet.id == PaperElector.sheet_id),
                (Ballot, Ballot.id == PaperSheet.ballot_id),
            ),
        ),
        Pile(
            PaperRefused,
            _l("Papers of mine that did not count, since I had voted already"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("station", _l("Place"), PaperSheet.station),
                Fact("reason", _l("Reason"), PaperRefused.reason, LINE_REFUSED),
                Fact("noted_at", _l("When"), PaperRefused.noted_at),
            ),
            of_resident(PaperRefused.resident_id),
            joined=(
                (PaperSheet, PaperSheet.id == PaperRefused.sheet_id),
                (Ballot, Ballot.id == PaperSheet.ballot_id),
            ),
        ),
        Pile(
            PaperSheet,
            _l("Papers that I entered or witnessed"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("station", _l("Place"), PaperSheet.station),
                Fact("entered_at", _l("When"), PaperSheet.entered_at),
            ),
            lambda person: (
                (PaperSheet.entered_by == person.account_id)
                | (PaperSheet.supervisor_id == person.account_id)
                | (PaperSheet.witness_id == person.account_id)
            ),
            joined=((Ballot, Ballot.id == PaperSheet.ballot_id),),
        ),
        Pile(
            PaperBatch,
            _l("Counts of papers that I witnessed"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("station", _l("Place"), PaperBatch.station),
                Fact("entered_at", _l("When"), PaperBatch.entered_at),
            ),
            lambda person: (
                (PaperBatch.witness_id == person.account_id)
                | (PaperBatch.second_witness_id == person.account_id)
            ),
            joined=((Ballot, Ballot.id == PaperBatch.ballot_id),),
        ),
        Pile(
            BeleniosPiece,
            _l("Keys of votes that I hold"),
            (
                Fact("question", _l("Question"), Ballot.question),
                Fact("seat", _l("Key of which office"), BeleniosPiece.seat, SEATS),
                Fact("round", _l("Step"), BeleniosPiece.round, ROUNDS),
                Fact("done_at", _l("When"), BeleniosPiece.done_at),
            ),
            lambda person: BeleniosPiece.account_id == person.account_id,
            joined=((Ballot, Ballot.id == BeleniosPiece.ballot_id),),
        ),
    ),
    untold={
        "belenios_credentials.account_id": "who printed the slips of a vote: told with what else"
        " they printed, by the log of looks",
        "ballot_elector.household_id": "the household the person was of, told with the roster row",
        "turnout.household_id": "the household the person was of, told with the roster row",
    },
)
