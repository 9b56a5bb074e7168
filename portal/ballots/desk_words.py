"""The words of the committee's side of the ballots."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.ballots.profiles import LegalEffect, Params
from portal.ballots.rule_words import need_lines
from portal.ballots.rules import Kind, Secrecy, Unit


class About(StrEnum):
    """Where the choices of a ballot come from."""

    PROJECTS = "projects"
    SCENARIOS = "scenarios"
    WORDS = "words"


ASKED: dict[Kind, LazyString] = {
    Kind.YES_NO: _l("Yes, no or abstain"),
    Kind.SINGLE: _l("Choose one"),
    Kind.APPROVAL: _l("Tick all that one agrees with"),
    Kind.RANKED: _l("Put in order"),
    Kind.SCORE: _l("Give points"),
    Kind.BUDGET: _l("Spend the money"),
}
ASKED_NOTES: dict[Kind, LazyString] = {
    Kind.YES_NO: _l("One question. The only kind that can bind the village."),
    Kind.SINGLE: _l("Each gives one tick. Good where only one can be had."),
    Kind.APPROVAL: _l("Each ticks what they want; the most wanted comes first."),
    Kind.RANKED: _l("Each writes a first, a second, a third place. Good for two to five choices."),
    Kind.SCORE: _l("Each gives points to the choices; the points are added up."),
    Kind.BUDGET: _l(
        "Each picks projects until the money is spent. Every project needs its cost in the plan."
    ),
}
ABOUT: dict[About, LazyString] = {
    About.PROJECTS: _l("The projects of this plan"),
    About.SCENARIOS: _l("The ways for the village that this plan compares (two to four)"),
    About.WORDS: _l("Own words"),
}
LIMITS: dict[str, LazyString] = {
    "skip": _l("leave it out and go on with the next one"),
    "stop": _l("stop there"),
}
UNITS: dict[Unit, LazyString] = {
    Unit.PERSON: _l("Each person"),
    Unit.HOUSEHOLD: _l("Each household, whoever of it comes first"),
}
SECRECY: dict[Secrecy, LazyString] = {
    Secrecy.OPEN: _l("With names: after the close the electors see who chose what"),
    Secrecy.SEALED: _l("Secret: sealed on the phone, opened in public by two of three key holders"),
    Secrecy.BELENIOS: _l("Secret with proofs (Belenios), for matters of high stakes"),
}
SECRECY_NOTES: dict[Secrecy, LazyString] = {
    Secrecy.SEALED: _l(
        "Keep it as a draft first and make the key; only then can it be announced. Needs at least"
        " 10 who may vote."
    ),
    Secrecy.BELENIOS: _l(
        "Keep it as a draft first; the three key holders set it up, and each elector gets a slip."
    ),
}
EFFECTS: dict[LegalEffect, LazyString] = {
    LegalEffect.STATUTORY: _l("Binding by law: yes or no, at a meeting"),
    LegalEffect.CONSULTATIVE: _l("A consultation: it advises, and is no decision by law"),
}
MISSING_KEY: dict[Secrecy, LazyString] = {
    Secrecy.SEALED: _l(
        "This is a secret vote and has no key yet. Name three key holders and make the key; then"
        " come back and announce it."
    ),
    Secrecy.BELENIOS: _l(
        "The box of this vote is not set up yet. The three key holders make their keys first."
    ),
}


def rule_note(params: Params, *, earliest: str, citation: str) -> str:
    """Say what a rule asks for, the earliest day that its notice allows, and where it stands."""
    parts = need_lines(params)
    if params.notice_days:
        parts.append(
            _(
                "Notice of %(days)s full days; earliest day: %(day)s.",
                days=params.notice_days,
                day=earliest,
            )
        )
    if params.party_review:
        parts.append(_("Needs the Party organisation's review."))
    if not params.remote_counts:
        parts.append(_("Votes by phone do not count."))
    return " ".join([*map(str, parts), citation])
