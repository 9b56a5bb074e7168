"""The words for papers that are counted by hand."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.ballots.batch_rules import Struck
from portal.ballots.rules import Refusal

LINE_REFUSED: dict[Struck, LazyString] = {
    Struck.VOTED: _l("voted on the phone before the witnesses agreed"),
    Struck.HOUSEHOLD_VOTED: _l("the household had voted before the witnesses agreed"),
}
"""Why a line of a sheet does not count."""
BATCH_REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_ON_PAPER: _l("In this vote nobody votes on paper: each has a slip."),
    Refusal.SUMS_AFTER_THE_CLOSE: _l(
        "This vote is secret: what stood on the papers is entered after the close, not before."
    ),
    Refusal.WITNESSES_ARE_OTHERS: _l(
        "Whoever enters the papers and the two witnesses must be three different people."
    ),
    Refusal.NO_SUPERVISOR: _l("One of the witnesses must be of the supervision committee."),
    Refusal.WITNESS_OF_COMMITTEE: _l("Nobody of the village committee can be a witness of it."),
    Refusal.UNREADABLE_PAPER: _l("One of the papers is none of this vote. Look at the sums again."),
    Refusal.UNREADABLE_LINE: _l(
        "This line cannot be read. Write how many papers, a colon, and the numbers on them."
    ),
    Refusal.SUMS_ARE_NOT_PAPERS: _l(
        "The sums and the spoiled papers together are not the number of papers. Count again."
    ),
    Refusal.PAPERS_ARE_NOT_ELECTORS: _l(
        "There must be as many papers as people ticked on the list. Nothing was kept: find out"
        " which of the two is wrong, then enter it again."
    ),
    Refusal.TOO_FEW_PAPERS: _l(
        "This vote is secret, and fewer than ten papers would tell how a person voted. Put the"
        " boxes of several places together and enter them as one, or let these people vote on a"
        " phone. Nothing was kept."
    ),
    Refusal.STAYS_AFTER_THE_CLOSE: _l(
        "Voting is over, and nothing is taken back any more. The two witnesses have two days to"
        " agree; after that these papers do not count, and everybody reads so."
    ),
    Refusal.NO_SUMS: _l("Write what stood on the papers."),
    Refusal.STATION_TWICE: _l("The papers of this place have been entered already."),
    Refusal.PHOTO_TWICE: _l(
        "This photo has been entered already, for another place. Take one of the list and the sums"
        " of this place."
    ),
    Refusal.NOT_A_WITNESS: _l("Only the two witnesses named on the sheet can agree to it."),
    Refusal.NAMES_ANOTHER: _l(
        "Name somebody else: neither yourself nor the witness whose place it is."
    ),
    Refusal.VOTED_MEANWHILE: _l(
        "Somebody on the list has a vote in already, so nothing was kept. Each votes once: what"
        " came first counts."
    ),
}
