"""The result of a vote on paper (kind C): sums only, never who chose what."""

from collections.abc import Callable

from babel.dates import format_date

from portal.core.pdf.blocks import (
    Bar,
    Bars,
    Block,
    Facts,
    Figure,
    Figures,
    Section,
    Statement,
    Table,
    Text,
    Tone,
)
from portal.disclosure.contents import Answer, VoteResult
from portal.disclosure.figures import grouped, moment_words, percent, ten_thousands
from portal.disclosure.pdf_plan import digits
from portal.disclosure.pdf_strata import answer_words, strata_of
from portal.disclosure.pdf_vote_kinds import (
    asked_words,
    funding_of,
    heard_words,
    majority_words,
    manner_words,
    quorum_words,
    rounds_of,
    sitting_rows,
)

Gettext = Callable[[str], str]

MOST_BARS = 6


def title_of(content: VoteResult, _: Gettext) -> str:
    """Return the title: what was asked, and that this is its result."""
    if content.is_statutory:
        return _("Result of the vote “%(question)s”") % {"question": content.question}
    return _("Result of the consultation “%(question)s”") % {"question": content.question}


def blocks_of(content: VoteResult, _: Gettext, language: str) -> list[Block]:
    """Return the document's body, section by section (domain.md §5 C)."""
    return [
        _outcome(content, _),
        _figures(content, _),
        *_matter(content, _),
        *_manner(content, _, language),
        *_review(content, _, language),
        *_attendance(content, _),
        *_quorum(content, _),
        *_count(content, _),
        *strata_of(content, _),
        Section(_("The result")),
        _outcome(content, _),
        *_objection(content, _, language),
    ]


def _figures(content: VoteResult, _: Gettext) -> Figures:
    return Figures(
        (
            Figure(grouped(content.electors), _("people"), _("could vote")),
            Figure(grouped(content.cast), _("people"), _("voted")),
            Figure(percent(content.cast, content.electors), "", _("turnout")),
        )
    )


def _outcome(content: VoteResult, _: Gettext) -> Statement:
    facts = {"yes": _yes(content), "cast": content.took_part}
    if content.outcome == "passed":
        words = _("Passed: %(yes)s of the %(cast)s who took part agree.")
        return Statement(words % facts, majority_words(content, _), Tone.GOOD)
    if content.outcome == "failed":
        words = _("Not passed: %(yes)s of %(cast)s who took part agree, and that is too few.")
        return Statement(words % facts, majority_words(content, _), Tone.WARN)
    if content.outcome == "no-quorum":
        words = _("No decision: too few took part. The numbers below are for information only.")
        return Statement(words, quorum_words(content, _), Tone.WARN)
    if content.outcome == "void":
        return Statement(_("Void: the plan is no longer the one that was voted on."), "", Tone.WARN)
    advice = _("This was a consultation. It advises the village and is no decision by law.")
    return Statement(_heard(content, _), advice, Tone.PLAIN)


def _heard(content: VoteResult, _: Gettext) -> str:
    if not content.is_choice_of_projects:
        words = _("%(yes)s of the %(cast)s who took part agree. This was a consultation.")
        return words % {"yes": _yes(content), "cast": content.took_part}
    if content.rounds or content.funding:
        return heard_words(content, _)
    most = max((answer.count for answer in content.answers), default=0)
    if not most:
        return _("Nobody voted.")
    first = [answer.words for answer in content.answers if answer.count == most]
    if len(first) > 1:
        words = _("These share the first place, with %(most)s each: %(names)s")
        return words % {"names": " · ".join(first), "most": most}
    if content.kind == "score":
        words = _("Most points, %(most)s in all: %(name)s")
        return words % {"most": most, "name": first[0]}
    words = _("Most wanted, by %(most)s of %(cast)s: %(name)s")
    return words % {"most": most, "cast": content.cast, "name": first[0]}


def _matter(content: VoteResult, _: Gettext) -> list[Block]:
    version = _("%(name)s, version %(number)s") % {
        "name": content.plan_name,
        "number": content.plan_version,
    }
    return [
        Section(_("What was voted on")),
        Text(content.question),
        Facts(
            (
                (_("Plan"), version),
                (_("Digest of the plan (SHA-256)"), digits(content.plan_sha256)),
                (_("Digest of the ballot (SHA-256)"), digits(content.ballot_sha256)),
            )
        ),
    ]


def _manner(content: VoteResult, _: Gettext, language: str) -> list[Block]:
    rows = [
        (
            _("Kind of vote"),
            _("Binding vote of the village meeting")
            if content.is_statutory
            else _("Consultation, not binding"),
        ),
        (_("Rule"), content.citation),
        (_("What was asked"), asked_words(content, _)),
        (_("How votes were cast"), manner_words(content, _)),
        (_("Announced on"), format_date(content.announced_on, "long", locale=language)),
        (_("Voting began"), moment_words(content.opened_at, language, is_end=False)),
        (_("Voting ended"), moment_words(content.closes_at, language, is_end=True)),
    ]
    if content.max_choices:
        choices = _("up to %(n)s each") % {"n": content.max_choices}
        rows.insert(3, (_("Choices"), choices))
    return [
        Section(_("How it was voted on")),
        Facts(tuple(rows + sitting_rows(content, _, language))),
    ]


def _review(content: VoteResult, _: Gettext, language: str) -> list[Block]:
    title = _("What went before")
    if content.party_review_on is None:
        nothing = _("No review by the Party organisation is recorded for this vote.")
        return [Section(title), Text(nothing)]
    day = format_date(content.party_review_on, "long", locale=language)
    return [Section(title), Facts(((_("Reviewed by the Party organisation on"), day),))]


def _attendance(content: VoteResult, _: Gettext) -> list[Block]:
    people = _("%(n)s people")
    households = _("%(n)s households")
    channels = {
        "self": _("by themselves, on the portal"),
        "assisted": _("with somebody's help"),
        "paper": _("on paper"),
        "meeting": _("at the meeting"),
        "import": _("taken over from a file"),
    }
    rows = [
        (_("Could vote"), people % {"n": grouped(content.electors)}),
        (_("From households"), households % {"n": grouped(content.households)}),
        (_("Took part"), people % {"n": grouped(content.cast)}),
        (_("From households"), households % {"n": grouped(content.households_present)}),
        *(
            (_("Of these, %(how)s") % {"how": channels[channel]}, people % {"n": grouped(count)})
            for channel, count in content.by_channel
        ),
    ]
    return [Section(_("Who took part")), Facts(tuple(rows))]


def _quorum(content: VoteResult, _: Gettext) -> list[Block]:
    heading = Section(_("Whether enough took part"))
    if not (content.quorum_by_persons or content.quorum_by_households):
        return [heading, Text(_("No quorum is asked for in a consultation."))]
    met = content.outcome not in {"no-quorum"}
    title = _("Enough took part.") if met else _("Too few took part.")
    tone = Tone.GOOD if met else Tone.WARN
    return [heading, Statement(title, quorum_words(content, _), tone)]


def _objection(content: VoteResult, _: Gettext, language: str) -> list[Block]:
    head = content.head
    words = _("From %(start)s to %(end)s 24:00, %(days)s days (the first day is not counted).")
    period = words % {
        "start": format_date(head.period_start, "full", locale=language),
        "end": format_date(head.period_end, "full", locale=language),
        "days": head.period_days,
    }
    return [
        Section(_("Until when one can object")),
        Text(period),
        Section(_("Nobody's own choice stands here")),
        Text(
            _(
                "This notice holds sums only. What a person chose is shown to nobody; numbers that"
                " would give it away are hidden."
            )
        ),
    ]


def _count(content: VoteResult, _: Gettext) -> list[Block]:
    blocks: list[Block] = [Section(_("The count"))]
    if len(content.answers) <= MOST_BARS:
        whole = content.cast
        if content.kind == "score":
            whole = max((answer.count for answer in content.answers), default=0)
        blocks.append(
            Bars(
                tuple(
                    Bar(answer_words(a, _), a.count, whole, _got(content, a, _))
                    for a in content.answers
                )
            )
        )
    if content.is_choice_of_projects:
        blocks += [_projects(content, _)]
        if content.kind in ("", "approval", "budget"):
            several = _("Several projects could be chosen, so the shares add up to more than 100%.")
            blocks.append(Text(several, soft=True))
    blocks += [*rounds_of(content, _), *funding_of(content, _)]
    sums = _(
        "Cast: %(cast)s. Valid: %(valid)s. Invalid: %(invalid)s. Shares are of the votes cast."
    )
    facts = {
        "cast": grouped(content.cast),
        "valid": grouped(content.valid),
        "invalid": grouped(content.invalid),
    }
    blocks.append(Text(sums % facts))
    if content.majority:
        title = _("Enough agree.") if content.majority.met else _("Too few agree.")
        tone = Tone.GOOD if content.majority.met else Tone.WARN
        blocks.append(Statement(title, majority_words(content, _), tone))
    return blocks


def _got(content: VoteResult, answer: Answer, _: Gettext) -> str:
    if content.kind == "score":
        words = _("%(n)s points, on average %(mean)s")
        return words % {"n": grouped(answer.count), "mean": _mean(content, answer)}
    share = percent(answer.count, content.cast)
    return _("%(n)s votes, %(share)s") % {"n": grouped(answer.count), "share": share}


def _mean(content: VoteResult, answer: Answer) -> str:
    return f"{answer.count / content.valid:.2f}" if content.valid else "0"


def _projects(content: VoteResult, _: Gettext) -> Table:
    is_score = content.kind == "score"
    ranked = sorted(enumerate(content.answers), key=lambda pair: (-pair[1].count, pair[0]))
    rows = tuple(
        (
            _rank(content.answers, answer),
            f"{answer.code} {answer.words}".strip(),
            ten_thousands(answer.cost_yuan),
            grouped(answer.count),
            _mean(content, answer) if is_score else percent(answer.count, content.cast),
        )
        for _position, answer in ranked
    )
    got = (_("Points"), _("Average")) if is_score else (_("Votes"), _("Share"))
    head = (_("Place"), _("Project"), _("Cost (10,000 yuan)"), *got)
    return Table(head, rows, (1.15, 5.2, 2.1, 1.4, 1.5), frozenset({0, 2, 3, 4}))


def _rank(answers: tuple[Answer, ...], answer: Answer) -> str:
    """Return the place of a project; equal counts share one."""
    return str(1 + sum(other.count > answer.count for other in answers))


def _yes(content: VoteResult) -> int:
    return sum(answer.count for answer in content.answers if answer.key == "yes")
