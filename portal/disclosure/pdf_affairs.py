"""An item of the catalogue on paper: what the committee wrote, and what the portal knows."""

from collections.abc import Callable
from typing import Any

from portal.core.pdf.blocks import Block, Facts, Section, Table, Text
from portal.disclosure.contents import Affairs, Line

Gettext = Callable[[str], str]


def title_of(content: Affairs, _: Gettext) -> str:
    """Return the title: the item and its period."""
    return _("%(item)s (%(period)s)") % {"item": content.item, "period": content.period}


def blocks_of(content: Affairs, _: Gettext, *, language: str, plate: Any) -> list[Block]:
    """Return the document's body."""
    blocks: list[Block] = [
        Section(_("Why this is made public")),
        Facts(
            (
                (_("Item"), content.item),
                (_("Period"), content.period),
                (_("Rule"), content.citation),
            )
        ),
    ]
    for passage in content.passages:
        blocks.append(Section(passage.title))
        if passage.text:
            blocks.append(Text(passage.text))
        if passage.rows:
            blocks.append(_table(passage.rows))
    blocks += _lines(_("Votes and their results"), content.decisions, _)
    blocks += _lines(_("Documents published"), content.documents, _)
    blocks += [
        Section(_("Objections and answers")),
        Text(
            _("%(made)s objections were made in this period, %(answered)s of them are answered.")
            % {"made": content.objections, "answered": content.answered}
        ),
    ]
    return blocks


def _table(rows: tuple[tuple[str, ...], ...]) -> Table:
    columns = max(len(row) for row in rows)
    filled = [(*row, *([""] * (columns - len(row)))) for row in rows]
    return Table(filled[0], tuple(filled[1:]), (1 / columns,) * columns)


def _lines(title: str, lines: tuple[Line, ...], _: Gettext) -> list[Block]:
    """Return a section of lines; one without any says so."""
    if not lines:
        return [Section(title), Text(_("None in this period."))]
    return [
        Section(title),
        Table(
            (_("Day"), _("What"), _("Result")),
            tuple((line.day.isoformat(), line.words, line.result) for line in lines),
            (0.2, 0.5, 0.3),
        ),
    ]
