"""From content to paper: one frame for all, and the blocks of each kind. No app, no database."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date

from portal.core.pdf import frame
from portal.disclosure.contents import Content, Head
from portal.disclosure.kinds import KINDS
from portal.disclosure.rules import DocKind, Edition

Gettext = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Print:
    """How a document is printed, none of it part of its content; `mark` lies behind the words."""

    content_sha256: str
    verify_url: str
    language: str
    edition: Edition
    mark: str = ""
    record_size: int | None = None


def title_of(content: Content, gettext: Gettext) -> str:
    """Return the document's title."""
    return KINDS[content.head.kind].title(content, gettext)


def render(content: Content, how: Print, gettext: Gettext, *, plate: Any = None) -> bytes:
    """Return the PDF. `plate` is the drawing of the map, for kinds that carry one."""
    around = _frame(content, how, gettext)
    kind = KINDS[content.head.kind]
    blocks = kind.blocks(content, gettext, language=how.language, plate=plate)
    return frame.render(around, blocks, gettext, tail=kind.tail(gettext))


def _frame(content: Content, how: Print, gettext: Gettext) -> frame.Frame:
    head = content.head
    return frame.Frame(
        village=head.village,
        township=head.township,
        kind=gettext("Village affairs in public"),
        number=head.number + _issue(head, gettext),
        title=title_of(content, gettext),
        issued_on=head.issued_on,
        period=_period(content, how.language, gettext),
        unit=head.office.unit,
        reviewer=gettext("Checked by the village supervision committee (signature):"),
        contact=_contact(head, gettext),
        objection=_objection(content, gettext),
        verify_url=how.verify_url,
        content_sha256=how.content_sha256,
        language=how.language,
        large=how.edition is Edition.LARGE,
        watermark=how.mark or (gettext("Example") if head.is_synthetic else ""),
        record_size=how.record_size,
        is_masked=KINDS[head.kind].is_masked(content),
    )


def _issue(head: Head, gettext: Gettext) -> str:
    """Name the issue where a document takes the place of an earlier one."""
    if head.issue == 1:
        return ""
    return gettext(" (issue %(issue)s, replaces the earlier one)") % {"issue": head.issue}


def _period(content: Content, language: str, gettext: Gettext) -> str:
    head = content.head
    if not KINDS[head.kind].has_own_period:
        words = gettext(
            "Published on %(start)s. Objections until %(end)s 24:00, %(days)s days"
            " (the first day is not counted)."
        )
    else:
        words = gettext(
            "On notice from %(start)s to %(end)s 24:00, %(days)s days"
            " (the first day is not counted)."
        )
    return words % {
        "start": format_date(head.period_start, "long", locale=language),
        "end": format_date(head.period_end, "full", locale=language),
        "days": head.period_days,
    }


def _contact(head: Head, gettext: Gettext) -> tuple[tuple[str, str], ...]:
    office = head.office
    rows = (
        (gettext("Address"), office.address),
        (gettext("Telephone"), office.phone),
        (gettext("E-mail"), office.email),
        (gettext("Office hours"), office.hours),
    )
    return tuple((label, value) for label, value in rows if value)


def _objection(content: Content, gettext: Gettext) -> str:
    kind = content.head.kind
    if kind is DocKind.VOTE_RESULT:
        return gettext(
            "Whoever thinks that this result is wrong can object in writing to the village"
            " supervision committee until the end of the period above. It answers within five days."
            " Whoever does not agree with the answer can turn to the township government."
        )
    if not KINDS[kind].has_own_period:
        return gettext(
            "Whoever thinks that something in it is wrong can object on this portal, or in writing"
            " to the village committee, until the end of the period above. It answers within five"
            " days, in complicated matters within fifteen. Whoever does not agree with the answer"
            " can turn to the township government."
        )
    return gettext(
        "Everybody of the village, and everybody whose land or house is concerned, can say what"
        " they think until the end of the notice. Every opinion is answered: taken over, taken over"
        " in part, or not, and then with the reason. Whoever does not agree with the answer can"
        " turn to the township government."
    )
