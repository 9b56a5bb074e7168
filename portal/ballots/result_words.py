"""The rule of a ballot and what came of it, in sentences, with the shares and numbers."""

from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.ballots.arithmetic import Line, Outcome
from portal.ballots.counting import Result
from portal.ballots.marks import money
from portal.ballots.profiles import Base, Body, LegalEffect, Params
from portal.ballots.rule_words import WHOM, need_lines, share_words
from portal.ballots.rules import Answer, Kind, Secrecy, Unit, may_be_changed


@dataclass(frozen=True)
class Need:
    """What the rule asks for, in words, and the inequality with its numbers."""

    words: str
    line: Line


def rule_sentences(params: Params, unit: Unit, secrecy: Secrecy) -> list[str]:
    """Say how a vote works: who may vote, what is needed, what it leads to."""
    if unit is Unit.HOUSEHOLD:
        params = replace(params, unit=unit, quorum=None)
    lines = [_who_may_vote(params)]
    if params.legal_effect is LegalEffect.CONSULTATIVE:
        lines.append(_("This is a consultation. It advises the village and is no decision by law."))
    lines += need_lines(params)
    if params.legal_effect is LegalEffect.STATUTORY:
        lines.append(
            _(
                "The result stands on the village's board for %(days)s days; who objects does so"
                " within %(objections)s days.",
                days=params.disclosure_days,
                objections=params.objection_days,
            )
        )
    if may_be_changed(params=params, secrecy=secrecy, unit=unit):
        lines.append(_("Who votes by phone can change it until the vote closes; the last counts."))
    else:
        lines.append(_("Once handed in, a vote cannot be changed."))
    return lines


def _who_may_vote(params: Params) -> str:
    if params.body is not Body.VILLAGERS:
        whom = WHOM[params.body]
        return _("Who was called to the meeting may vote: the %(whom)s.", whom=whom)
    if params.min_age is None:
        return _("Everybody of the village may vote, of any age.")
    return _("Everybody of the village aged %(age)s or over may vote.", age=params.min_age)


def needs_of(result: Result) -> list[Need]:
    """Return the inequalities of a result, each with what it stands for."""
    params, found = result.params, []
    whom = WHOM[params.body]
    persons = result.quorum and result.quorum.by_persons
    households = result.quorum and result.quorum.by_households
    if persons and params.quorum:
        words = _(
            "%(share)s of the %(whom)s must take part: %(n)s of %(all)s did.",
            share=share_words(params.quorum, inclusive=params.quorum_inclusive),
            whom=whom,
            n=result.attendees,
            all=result.electors,
        )
        found.append(Need(_capital(words), persons))
    if households and params.household_quorum:
        asked = (
            _("Or %(share)s of the households: %(n)s of %(all)s did.")
            if found
            else _("%(share)s of the households must take part: %(n)s of %(all)s did.")
        )
        share = share_words(params.household_quorum, inclusive=params.household_quorum_inclusive)
        facts = {"share": share, "n": result.households_present, "all": result.households}
        found.append(Need(_capital(asked % facts), households))
    if result.majority and params.majority:
        share = share_words(params.majority, inclusive=params.majority_inclusive)
        if params.majority_of is Base.ALL:
            words = _("%(share)s of all %(whom)s must agree, absent ones counted.")
        else:
            words = _("%(share)s of those taking part must agree; who abstains took part.")
        found.append(Need(_capital(words % {"share": share, "whom": whom}), result.majority))
    return found


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def sentence_of(result: Result) -> str:
    """Say in one sentence what came of the ballot."""
    yes = result.count_of(Answer.YES)
    if result.outcome is Outcome.PASSED:
        if result.params.majority_of is Base.ALL:
            words = (
                _("Passed: %(yes)s of all %(all)s households agree.")
                if result.unit is Unit.HOUSEHOLD
                else _("Passed: %(yes)s of all %(all)s who may vote agree.")
            )
            return words % {"yes": yes, "all": _everybody(result)}
        return _(
            "Passed: %(yes)s of the %(cast)s who took part agree.", yes=yes, cast=_there(result)
        )
    if result.outcome is Outcome.FAILED:
        share = result.params.majority and share_words(
            result.params.majority, inclusive=result.params.majority_inclusive
        )
        if result.params.majority_of is Base.ALL:
            words = (
                _("Not passed: %(yes)s of all %(all)s households agree; %(share)s must.")
                if result.unit is Unit.HOUSEHOLD
                else _("Not passed: %(yes)s of all %(all)s who may vote agree; %(share)s must.")
            )
        else:
            words = _("Not passed: %(yes)s of %(cast)s who took part agree; %(share)s must.")
        facts = {"yes": yes, "cast": _there(result), "all": _everybody(result), "share": share}
        return words % facts
    if result.outcome is Outcome.NO_QUORUM:
        return _("No decision: too few took part. The numbers below are for information only.")
    if result.outcome is Outcome.VOID:
        return _("Void: the plan is no longer the one that was voted on.")
    if result.kind is Kind.YES_NO:
        words = _("%(yes)s of the %(cast)s who took part agree. This was a consultation.")
        return words % {"yes": yes, "cast": _there(result)}
    return _heard(result) if result.valid else _("Nobody voted.")


def _there(result: Result) -> int:
    return result.attendees


def _everybody(result: Result) -> int:
    return result.households if result.unit is Unit.HOUSEHOLD else result.electors


def _heard(result: Result) -> str:
    """Say what came of a consultation that is no yes or no."""
    names = [tally.words for tally in result.tallies]
    if result.kind is Kind.RANKED:
        return _run_off(result.detail["runoff"], names)
    if result.kind is Kind.BUDGET:
        return _money(result.detail)
    most = max(tally.count for tally in result.tallies)
    first = [tally.words for tally in result.tallies if tally.count == most]
    if not most:
        return _("Nobody got anything.")
    if len(first) > 1:
        both = _and(first)
        return _(
            "These share the first place, with %(most)s each: %(names)s", most=most, names=both
        )
    if result.kind is Kind.SCORE:
        words = _("Most points, %(most)s in all, on average %(mean)s: %(name)s")
        return words % {"most": most, "mean": mean(most, result.valid), "name": first[0]}
    words = _("Most wanted, by %(most)s of %(cast)s: %(name)s")
    return words % {"most": most, "cast": result.cast, "name": first[0]}


def _run_off(runoff: dict[str, Any], names: list[str]) -> str:
    if runoff["winner"] is None:
        words = _("The run-off ends with equals, so another vote must decide between: %(names)s")
        return words % {"names": _and([names[option] for option in runoff["winners"]])}
    last = runoff["rounds"][-1]["votes"]
    return _(
        "The run-off is won, with %(votes)s of %(all)s votes in its last round, by: %(name)s",
        votes=last[runoff["winner"]],
        all=sum(votes or 0 for votes in last),
        name=names[runoff["winner"]],
    )


def _money(detail: dict[str, Any]) -> str:
    greedy = detail["greedy"]
    return ngettext(
        "The most wanted first: %(num)d project for %(spent)s fits into %(budget)s.",
        "The most wanted first: %(num)d projects for %(spent)s fit into %(budget)s.",
        len(greedy["funded"]),
        spent=money(greedy["spent"]),
        budget=money(greedy["budget"]),
    )


def mean(total: int, count: int) -> str:
    """Return an average with two places."""
    return f"{total / count:.2f}" if count else "0"


def _and(names: list[str]) -> str:
    return " · ".join(names)
