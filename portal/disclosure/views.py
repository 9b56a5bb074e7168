"""Pages that everybody sees: the archive, one document, its files, objecting to it; cards."""

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.masking import mask_name
from portal.core.slots import Card, Link
from portal.disclosure import (
    answer_views,
    case_views,
    catalogue_keeping,
    catalogue_views,
    certificate_views,
    certificates,
    service,
    step_views,
)
from portal.disclosure.blueprint import STAFF, bp, number_of, pdf_response, shared, today
from portal.disclosure.forms import ObjectionForm
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.press import LANGUAGE, press_of
from portal.disclosure.rules import DocKind, Edition, Refusal
from portal.disclosure.states import PUBLIC, State
from portal.disclosure.words import EDITIONS, KINDS, REFUSALS, STEPS
from portal.people import service as people
from portal.transparency import rules as record

Choice = TypeVar("Choice", bound=StrEnum)
SHOWN_STATES = [state for state in State if state in PUBLIC]


@bp.get("/")
@requires(Part.ANYONE)
def index() -> str:
    """List what the village published, by kind, year, state and words of the title."""
    wanted = service.Wanted(
        kind=_one_of(list(DocKind), request.args.get("kind", "")),
        year=request.args.get("year", type=int),
        state=_one_of(SHOWN_STATES, request.args.get("state", "")),
        text=request.args.get("q", "").strip()[:60],
    )
    docs = service.list_docs(wanted, page=request.args.get("page", 1, type=int))
    return render_template(
        "disclosure/index.html",
        docs=docs,
        wanted=wanted,
        years=service.list_years(),
        shown_states=SHOWN_STATES,
        is_filtered=wanted != service.Wanted(),
        timely=catalogue_keeping.timeliness_of_year(today=today()),
        **shared(),
    )


def _one_of(choices: list[Choice], text: str) -> Choice | None:
    """Return what the address asks for, or None where there is no such thing."""
    return next((choice for choice in choices if choice.value == text), None)


@bp.get("/<int(max=2147483647):doc_id>")
@requires(Part.ANYONE, on_behalf=True)
def show(doc_id: int, form: ObjectionForm | None = None) -> str:
    """Show one document: its files, its life, what was said against it, and the answers."""
    doc, case = service.get_doc(doc_id), service.case_of(doc_id)
    now = clock.now()
    resident_id = g.viewer.resident_id if g.viewer and may(Part.VILLAGER) else None
    lines = service.list_objections(case.id)
    return render_template(
        "disclosure/show.html",
        doc=doc,
        case=case,
        files=service.list_files(doc_id),
        editions=EDITIONS,
        short=record.short(doc.content_sha256),
        successor=service.find_successor(case),
        voided_at=service.voided_at(case),
        corrects=service.get_case(doc.subject_id) if doc.kind is DocKind.CORRECTION else None,
        steps=[line for line in service.list_steps(case.id) if line.after in PUBLIC],
        step_words=STEPS,
        lines=lines,
        groups=people.group_names() if lines else {},
        masked=lambda line: (
            line.name if may(Part.COMMITTEE, Part.SUPERVISOR) else mask_name(line.name)
        ),
        why_not=service.why_not_object(case, resident_id=resident_id, now=now),
        closes_at=clock.midnight_after(doc.period_end),
        is_villager=resident_id is not None,
        form=form or ObjectionForm(formdata=None),
        refusals=REFUSALS,
        **shared(),
    )


@bp.get("/<int(max=2147483647):doc_id>/<any(normal, large):edition>.pdf")
@requires(Part.ANYONE)
def download(doc_id: int, edition: str) -> ResponseReturnValue:
    """Hand out the file; one that was corrected carries the mark, on a copy made for this."""
    doc, case = service.get_doc(doc_id), service.case_of(doc_id)
    if service.voided_at(case):
        with force_locale(LANGUAGE):
            return _marked(doc, edition, _("Declared void"))
    if not service.is_marked(case):
        return _file(doc, edition)
    successor = service.find_successor(case)
    with force_locale(LANGUAGE):
        words = _("Corrected") + " " + _("see %(number)s", number=number_of(successor or case))
    return _marked(doc, edition, words)


def _marked(doc: DisclosureDoc, edition: str, words: str) -> ResponseReturnValue:
    """Hand out a copy with these words across every page."""
    file = service.get_file(doc.id, Edition(edition))
    name = f"{words} {number_of(doc)} {doc.title}.pdf"
    response = pdf_response(service.marked(file.content, words), name)
    response.headers["Cache-Control"] = "public, max-age=600"
    return response


@bp.get("/<int(max=2147483647):doc_id>/original/<any(normal, large):edition>.pdf")
@requires(Part.ANYONE)
def original(doc_id: int, edition: str) -> ResponseReturnValue:
    """Hand out the file as it was published, byte for byte: what the record knows."""
    return _file(service.get_doc(doc_id), edition)


@bp.get("/<int(max=2147483647):doc_id>/english/<any(normal, large):edition>.pdf")
@requires(Part.ANYONE)
def english(doc_id: int, edition: str) -> ResponseReturnValue:
    """Hand out a copy with English words around the facts, for reading; the Chinese file counts."""
    doc = service.get_doc(doc_id)
    is_marked = service.is_marked(service.case_of(doc_id))
    printed = _in_english(g.village.code, doc_id, doc.content_sha256, Edition(edition), is_marked)
    response = pdf_response(printed, f"{number_of(doc)} {doc.title} (English).pdf")
    response.headers["Cache-Control"] = "public, max-age=600"
    return response


@lru_cache(maxsize=16)
def _in_english(
    village_code: str, doc_id: int, _content_sha256: str, edition: Edition, is_marked: bool
) -> bytes:
    """Print a copy once for many readers; the digest keeps it apart from another content."""
    with press_of(village_code, "en") as press:
        mark = _("Corrected") if is_marked else _("Translation")
        return service.print_translated(service.get_doc(doc_id), edition, press, mark=mark)


def _file(doc: DisclosureDoc, edition: str) -> ResponseReturnValue:
    file = service.get_file(doc.id, Edition(edition))
    name = f"{number_of(doc)} {doc.title}"
    if file.edition is Edition.LARGE:
        name += _(" (large print)")
    response = pdf_response(file.content, f"{name}.pdf")
    response.set_etag(file.sha256)
    response.headers["Cache-Control"] = "public, max-age=600"
    return response.make_conditional(request)


@bp.post("/<int(max=2147483647):doc_id>/object")
@requires(Part.VILLAGER, on_behalf=True)
def object_to(doc_id: int) -> ResponseReturnValue:
    """Keep what a villager has against a document."""
    form = ObjectionForm()
    case = service.case_of(doc_id)
    if not form.validate_on_submit():
        return show(doc_id, form), 422
    try:
        with transaction():
            service.object_to(
                case.id,
                resident_id=g.viewer.resident_id,
                account_id=g.viewer.account_id,
                words=form.words.data or "",
                now=clock.now(),
            )
    except (Refused, IntegrityError) as fault:
        reason = fault.reason if isinstance(fault, Refused) else Refusal.OBJECTED_ALREADY
        form.form_errors.append(str(REFUSALS[reason]))
        return show(doc_id, form), 409
    flash(_("Your objection is kept. The answer comes to your messages."), "success")
    return redirect(url_for("disclosure.show", doc_id=doc_id), 303)


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Show the newest document on the village's first page while people may object to it."""
    wanted = service.Wanted(state=State.OBJECTION)
    cases = [
        case
        for case in service.list_docs(wanted, page=1).items
        if case.kind is not DocKind.DRAFT_NOTICE and now < clock.midnight_after(case.period_end)
    ]
    return [
        Card(
            title=case.title,
            line=number_of(case),
            href=url_for("disclosure.show", doc_id=case.doc_id),
            action=_("Read the document"),
            chip=str(KINDS[case.kind]),
            chip_kind="info",
        )
        for case in cases[:1]
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Tell the committee what waits and what is overdue, supervisors what they are to review."""
    href = url_for("disclosure.desk")
    under_way = service.list_under_way() if may(Part.COMMITTEE, Part.SUPERVISOR) else []
    cards = []
    if may(Part.SUPERVISOR):
        count = sum(c.state is State.REVIEW and c.approved_by is None for c in under_way)
        words = ngettext("%(num)d waits", "%(num)d wait", count)
        cards.append((count, _("Review documents"), words, "warn"))
    if may(Part.COMMITTEE):
        count = service.count_waiting(now=now)
        words = ngettext("%(num)d waits", "%(num)d wait", count)
        cards.append((count, _("Publish documents"), words, "warn"))
        count = catalogue_keeping.count_overdue(today=clock.today(now))
        words = ngettext("%(num)d is overdue", "%(num)d are overdue", count)
        cards.append((count, _("Disclose what is due"), words, "danger"))
        count = len(service.list_unanswered())
        words = ngettext("%(num)d waits", "%(num)d wait", count)
        cards.append((count, _("Answer objections"), words, "warn"))
        certificate = certificates.find_certificate()
        if certificate is not None and certificate.ends_at < now + certificates.WARN:
            cards.append((1, _("Renew the certificate"), certificate.subject, "danger"))
    return [
        Card(
            title=title,
            line=line,
            href=href,
            action=_("To the documents"),
            chip=str(count),
            chip_kind=kind,
            rank=6,
        )
        for count, title, line, kind in cards
        if count
    ]


DESK_LINKS = (Link(_l("Documents"), "disclosure.desk", STAFF),)
VILLAGE_LINKS = (
    Link(_l("Village documents"), "disclosure.index", (Part.ANYONE,)),
    Link(_l("Public record"), "transparency.index", (Part.ANYONE,)),
)
__all__ = ["answer_views", "bp", "case_views", "catalogue_views", "certificate_views", "step_views"]
