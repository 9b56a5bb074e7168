"""The words of sealed urns: for each refusal, and for each way in which words are wrong."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.ballots.sealing import WORDS, Slip, WrongShare
from portal.ballots.urn_rules import UrnRefusal
from portal.ballots.words import REFUSALS

URN_REFUSALS: dict[StrEnum, LazyString] = {
    UrnRefusal.NOT_AN_ENVELOPE: _l("What arrived is not a sealed vote. Open the vote again."),
    UrnRefusal.COPIED: _l("This envelope is in the urn already, and it is not yours."),
    UrnRefusal.OTHER_PERSON: _l(
        "Somebody else is signed in on this phone now, so the vote was not taken for them."
    ),
    UrnRefusal.VOTED_ELSEWHERE: _l(
        "You have voted already, from another page or phone. That vote counts; this one was not"
        " taken."
    ),
    UrnRefusal.VOTED_OTHERWISE: _l(
        "You have voted already, on paper or at a meeting. That vote counts; this one was not"
        " taken."
    ),
    UrnRefusal.CLOSED: _l("Voting is closed. This envelope is not in the urn."),
    UrnRefusal.NOT_SEALED: _l("This is not a secret vote."),
    UrnRefusal.KEY_IS_FIXED: _l(
        "The vote was announced with its key, so the key stays as it is. It can only be made anew"
        " before the announcement."
    ),
    UrnRefusal.HOLDER_UNNAMED: _l("Name three holders with their offices."),
    UrnRefusal.HOLDER_TWICE: _l("The three holders must be three people of three offices."),
    UrnRefusal.HOLDERS_FIRST: _l(
        "The head of the committee names the three holders first; then the key can be made."
    ),
    UrnRefusal.NO_KEY: _l("The key of this vote has not been made yet."),
    UrnRefusal.NOT_CLOSED: _l("The urn opens after the close, not before; not for anybody."),
    UrnRefusal.NOT_SETTLED: _l("The urn is being put in order. Try again in a minute."),
    UrnRefusal.PAPERS_WAIT: _l(
        "People have voted on paper too. Enter the sums of their papers first, before two"
        " witnesses."
    ),
    UrnRefusal.TOO_FEW_VOTED: _l(
        "Fewer than ten people voted. The urn stays closed for good, so that nobody learns what any"
        " of them chose; this vote has no result."
    ),
    UrnRefusal.REHEARSED_LATE: _l(
        "Voting has begun. From now on two shares come together only once: when the urn is opened"
        " in public, after the close."
    ),
    UrnRefusal.OPENED_BEFORE: _l("This urn was opened before. Its sums stand on the result page."),
}
"""What a reason is to somebody who reads it; the ballots' own reasons have theirs."""

OFFICES = (_l("Villagers' committee"), _l("Supervision committee"), _l("Township"))


def words_of(reason: StrEnum) -> str:
    """Return the words of any reason why a sealed vote was refused."""
    return str(URN_REFUSALS.get(reason) or REFUSALS[reason])


def wrong_share_words(wrong: WrongShare) -> str:
    """Say which word of which share is wrong, and what to do."""
    match wrong.slip:
        case Slip.UNKNOWN_WORD:
            return _(
                "Word %(word)s is not one of the possible words. Compare it with the slip.",
                word=wrong.word,
            )
        case Slip.WORD_COUNT:
            return _(
                "These are %(count)s words; a share has %(words)s. Look for what is missing or"
                " doubled.",
                count=wrong.count,
                words=WORDS,
            )
        case Slip.WRONG_WORD:
            return _(
                "Word %(word)s does not fit the others. Compare it with the slip.", word=wrong.word
            )
        case Slip.WRONG_WORDS:
            return _("Several words are wrong or stand in another order. Compare them all.")
        case Slip.OTHER_BALLOT:
            return _("These words are whole, but they belong to another vote or an earlier key.")
        case Slip.SAME_SHARE:
            return _("This is the same share twice. Two different holders are needed.")
        case Slip.TOO_FEW:
            return _("Two holders are needed.")
