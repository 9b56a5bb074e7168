"""The tables of a result by villager group, sex and age, on paper; hidden numbers are stars."""

from collections.abc import Callable

from portal.core.pdf.blocks import Block, Section, Table, Text
from portal.disclosure.contents import Answer, Stratum, VoteResult
from portal.disclosure.figures import cell, grouped

Gettext = Callable[[str], str]


def strata_of(content: VoteResult, _: Gettext) -> list[Block]:
    """Return the section with its tables; where none can be shown, words say so."""
    tables = [
        (_("By villager group"), _("Group"), content.by_group),
        (_("By sex"), _("Sex"), content.by_sex),
        (_("By age"), _("Age"), content.by_age_band),
    ]
    shown = [(caption, head, strata) for caption, head, strata in tables if strata]
    if not shown:
        nothing = _("There are too few people to show sums by group without showing persons.")
        return [Section(_("Who they were, in sums")), Text(nothing)]
    if content.secrecy == "open":
        note = _(
            "* stands for a number of one to four people, or for one that would give such a number"
            " away. Groups of few people are shown together."
        )
    else:
        note = _(
            "* stands for a number of one to nine people, or for one that would give such a number"
            " away. Groups of few people are shown together."
        )
    blocks: list[Block] = [Section(_("Who they were, in sums"))]
    blocks += [_stratum_table(content, caption, head, strata, _) for caption, head, strata in shown]
    return [*blocks, Text(note, soft=True)]


def _stratum_table(
    content: VoteResult, caption: str, first: str, strata: tuple[Stratum, ...], _: Gettext
) -> Table:
    answers = [answer_words(answer, _) for answer in content.answers]
    if content.is_choice_of_projects or len(strata[0].cells) != len(answers) + 1:
        answers = [_("Voted")]  # nobody knows here who chose what
    head = (first, _("Could vote"), *answers, _("Did not vote"))
    rows = tuple(
        (
            "、".join(_label(key, _) for key in stratum.keys),
            grouped(stratum.electors),
            *(cell(number) for number in stratum.cells),
        )
        for stratum in strata
    )
    widths = (2.2, *(1.35,) * (len(head) - 1))
    return Table(head, rows, widths, frozenset(range(1, len(head))), caption=caption)


def _label(key: str, _: Gettext) -> str:
    known = {
        "female": _("Women"),
        "male": _("Men"),
        "unknown": _("Not known"),
        "<18": _("under 18"),
        "75+": _("75 and over"),
    }
    return known.get(key, key)


def answer_words(answer: Answer, _: Gettext) -> str:
    """Return what an answer is called in a table."""
    known = {"yes": _("Agree"), "no": _("Do not agree"), "abstain": _("Abstain")}
    return known.get(answer.key, answer.words)
