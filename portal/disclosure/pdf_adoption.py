"""What became of the opinions on a plan, on paper (kind B)."""

from collections.abc import Callable, Sequence

from babel.dates import format_date

from portal.core.pdf.blocks import (
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
from portal.disclosure import pdf_approved, pdf_plan
from portal.disclosure.contents_adoption import Adoption, AdoptionRow
from portal.disclosure.contents_plan import Way
from portal.disclosure.pdf_plan import section
from portal.discussion.answer_rules import Decision, Form
from portal.discussion.answer_words import DECISIONS, FORMS
from portal.moderation.forms import CODES
from portal.moderation.rules import Code
from portal.notices.rules import ChannelKind
from portal.notices.words import CHANNELS as WAYS
from portal.people.rules import Channel
from portal.people.words import CHANNELS

Gettext = Callable[[str], str]


def title_of(content: Adoption, _: Gettext) -> str:
    """Return the title."""
    return _("What became of the opinions on “%(plan)s”") % {"plan": content.plan_name}


def blocks_of(content: Adoption, _: Gettext, *, language: str) -> list[Block]:
    """Return the document's body, in the order of domain.md §5 B."""
    return [
        *_overview(content, _, language),
        *_table(content, _, language),
        *_totals(content, _),
        *_experts(content, _, language),
        *pdf_approved.changes(
            content.changes,
            _,
            title=_("What was changed after the notice"),
            now=_("Now"),
            otherwise=_("Nothing was changed since, or the changed version is not public yet."),
        ),
        *_statement(content, _),
    ]


def _overview(content: Adoption, _: Gettext, language: str) -> list[Block]:
    days = [
        format_date(day, "long", locale=language)
        for day in (content.notice_from, content.notice_until)
    ]
    ways = "；".join(_way(way, language) for way in content.ways)
    channels = "；".join(f"{CHANNELS[Channel(one)]} {n}" for one, n in content.by_channel)
    facts = Facts(
        (
            (_("Plan"), content.plan_name),
            (_("Version"), str(content.plan_version)),
            (_("On notice"), " — ".join(days)),
            (_("Where it was made known"), ways or "—"),
            (_("How opinions came"), channels or "—"),
            (_("Digest of the plan (SHA-256)"), pdf_plan.digits(content.plan_sha256)),
        )
    )
    rows = tuple(
        ("、".join(part.names), str(part.people) if part.people is not None else _("few"))
        for part in content.by_group
    )
    groups = Table((_("Group"), _("People who said something")), rows, (4, 3), frozenset({1}))
    return [
        Section(_("Overview")),
        Figures(
            (
                Figure(str(content.opinions), "", _("opinions")),
                Figure(str(content.persons), "", _("people")),
                Figure(str(content.households), "", _("households")),
                Figure(str(content.answered), "", _("answered")),
            )
        ),
        facts,
        *([groups] if rows else []),
    ]


def _way(way: Way, language: str) -> str:
    where = "，".join(part for part in (way.place, way.note) if part)
    day = f"（{format_date(way.up_on, 'long', locale=language)}）" if way.up_on else ""
    return f"{WAYS[ChannelKind(way.kind)]}：{where}".rstrip("：") + day


def _table(content: Adoption, _: Gettext, language: str) -> list[Block]:
    head = (_("No."), _("From, day, about"), _("Opinion"), _("Class and reason"), _("Change made"))
    rows = tuple(line for row in content.rows for line in _lines(row, _, language))
    table = Table(head, rows, (0.9, 2.1, 3, 2.9, 2.4))
    return section(
        _("Every opinion, and what became of it"), [table] if rows else [], _("Nobody gave one.")
    )


def _lines(row: AdoptionRow, _: Gettext, language: str) -> list[tuple[str, ...]]:
    """Return the lines of a row: one for each thing that was said, the first with the answer."""
    who = row.author or _("Joint opinion (%(n)s people)") % {"n": row.people}
    decision = str(DECISIONS[Decision(row.decision)]) if row.decision else _("no answer owed")
    change = [row.place]
    if row.after:
        change += [_("before: %(words)s") % {"words": row.before}] if row.before else []
        change += [_("now: %(words)s") % {"words": row.after}]
    day = format_date(row.said_on, "short", locale=language)
    about = "\n".join(part for part in (who, day, row.about) if part)
    answer = "\n".join(part for part in (decision, row.reason) if part)
    changed = "\n".join(part for part in change if part) or "—"
    if row.hidden:
        words = _("(hidden: it %(reason)s)") % {"reason": CODES[Code(row.hidden)]}
        return [(_numbers(row.numbers), about, words, answer, changed)]
    if row.is_taken_back:
        words = _("(taken back by the author)")
        return [(_numbers(row.numbers), about, words, answer, changed)]
    first, *others = row.voices
    same = _("Answered together with no. %(number)s") % {"number": row.numbers[0]}
    return [
        (_numbers(first.numbers), about, first.words or _("(not shown)"), answer, changed),
        *((_numbers(one.numbers), "", one.words or _("(not shown)"), same, "") for one in others),
    ]


def _numbers(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers))


def _totals(content: Adoption, _: Gettext) -> list[Block]:
    rows = [(str(DECISIONS[Decision(one)]), str(n)) for one, n in content.by_decision]
    rows += [
        (_("Hidden by the rules of moderation"), str(content.hidden)),
        (_("Taken back by the author"), str(content.taken_back)),
    ]
    head = (_("Class"), _("Opinions"))
    return [
        Section(_("How many of each class")),
        Table(head, tuple(rows), (4, 2), frozenset({1})),
    ]


def _experts(content: Adoption, _: Gettext, language: str) -> list[Block]:
    blocks: list[Block] = []
    rows = tuple(
        (
            f"{FORMS[Form(one.form)]}\n{format_date(one.held_on, 'short', locale=language)}",
            one.place,
            str(one.people),
            one.said,
        )
        for one in content.hearings
    )
    if rows:
        head = (_("How and when"), _("Place"), _("People"), _("What was said"))
        blocks.append(Table(head, rows, (2.2, 2, 1.1, 5), frozenset({2})))
    blocks += [
        Text(
            _("On no. %(numbers)s the planner says: %(words)s")
            % {"numbers": _numbers(row.numbers), "words": row.expert}
        )
        for row in content.rows
        if row.expert
    ]
    return section(
        _("What the planner says, and other hearings"), blocks, _("There were none besides.")
    )


def _statement(content: Adoption, _: Gettext) -> list[Block]:
    silent = content.opinions - content.answered
    words = _("All %(n)s opinions are answered.") % {"n": content.opinions}
    if silent:
        words = _(
            "Of %(n)s opinions %(answered)s are answered; to the others no answer is owed."
        ) % {
            "n": content.opinions,
            "answered": content.answered,
        }
    detail = _("Hidden: %(hidden)s. Taken back by the author: %(back)s.") % {
        "hidden": content.hidden,
        "back": content.taken_back,
    }
    return [Section(_("Statement")), Statement(words, detail if silent else "", Tone.GOOD)]
