"""What stands on a paper, in words: the options in their order, with their places or points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _

from portal.ballots.models import BallotOption
from portal.ballots.papers import ONE_TICK, Frame
from portal.ballots.rules import Kind
from portal.ballots.words import ANSWERS
from portal.plans.words import money_words


@dataclass(frozen=True)
class Mark:
    """One line of a paper as it is read back: the option, and what it was given beyond a tick."""

    words: str
    note: str


def money(yuan: int | None) -> str:
    """Return an amount of money in words."""
    return "" if yuan is None else money_words(yuan)


def name_of(option: BallotOption) -> str | LazyString:
    """Return what an option is called on the paper."""
    return ANSWERS[option.answer] if option.answer else option.words


def marks_of(kind: Kind, marked: Iterable[tuple[BallotOption, int]]) -> list[Mark]:
    """Return the lines of a paper: ranked ones by their place, the others as on the paper."""
    found = list(marked)
    if kind is Kind.RANKED:
        found.sort(key=lambda pair: pair[1])
    return [Mark(str(name_of(option)), _note(kind, option, value)) for option, value in found]


def _note(kind: Kind, option: BallotOption, value: int) -> str:
    if kind is Kind.RANKED:
        return _("Place %(n)s", n=value)
    if kind is Kind.SCORE:
        return points(value)
    return money(option.cost_yuan) if kind is Kind.BUDGET else ""


def points(number: int) -> str:
    """Return a number of points in words."""
    return ngettext("%(num)d point", "%(num)d points", number)


def sum_line(frame: Frame, options: Sequence[BallotOption], values: dict[int, int]) -> str:
    """Say what a paper comes to, where something is to be shared out."""
    if frame.kind is Kind.BUDGET:
        spent = sum(option.cost_yuan or 0 for option in options if values.get(option.id))
        left = (frame.budget_yuan or 0) - spent
        return _("Together %(spent)s; %(left)s are left.", spent=money(spent), left=money(left))
    if frame.kind is Kind.SCORE and frame.points_total:
        given = sum(values.values())
        return _("You give %(given)s of %(total)s points.", given=given, total=frame.points_total)
    return ""


def instructions(frame: Frame) -> list[str]:
    """Say how the paper is filled in, one idea to a line."""
    lines = []
    if frame.kind in ONE_TICK:
        lines.append(_("Choose one answer."))
    elif frame.kind is Kind.APPROVAL and frame.max_choices:
        lines.append(ngettext("Choose at most one.", "Choose at most %(num)d.", frame.max_choices))
    elif frame.kind is Kind.APPROVAL:
        lines.append(_("Choose as many as you like."))
    elif frame.kind is Kind.RANKED:
        lines.append(_("Put them in your order. Place 1 is what you want most."))
        if frame.most < frame.options:
            lines.append(ngettext("There is one place.", "There are %(num)d places.", frame.most))
        else:
            lines.append(_("What you give no place stands last."))
    elif frame.kind is Kind.SCORE:
        lines.append(_("Give each from 0 to %(most)s points.", most=frame.greatest))
        if frame.points_total:
            lines.append(_("You have %(n)s points in all.", n=frame.points_total))
    else:
        budget = money(frame.budget_yuan)
        lines.append(_("There are %(budget)s. What would you spend them on?", budget=budget))
        if frame.max_choices:
            lines.append(
                ngettext("Choose at most one.", "Choose at most %(num)d.", frame.max_choices)
            )
    if frame.min_choices > 1:
        lines.append(_("Choose at least %(n)s.", n=frame.min_choices))
    return lines
