"""Pages of the village's documents: the public list, one document, and the committee's desk."""

from datetime import datetime
from urllib.parse import quote

from flask import (
    Response,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import village_blueprint
from portal.core.slots import Card, Link
from portal.disclosure import rules, service
from portal.disclosure.forms import OfficeForm, PublishForm
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.press import press_of
from portal.disclosure.rules import DocKind, DocState, Edition, Refusal
from portal.disclosure.words import EDITIONS, KINDS, PERSONAL, PLACES, REFUSALS, STATES
from portal.transparency import rules as record

bp = village_blueprint("disclosure", __name__, "/disclosure")

STAFF = (Part.COMMITTEE, Part.PLANNER, Part.SUPERVISOR, Part.ADMIN)


@bp.get("/")
@requires(Part.ANYONE)
def index() -> str:
    """List what the village published."""
    docs = service.list_docs(page=request.args.get("page", 1, type=int))
    return render_template("disclosure/index.html", docs=docs, **_states())


@bp.get("/<int(max=2147483647):doc_id>")
@requires(Part.ANYONE)
def show(doc_id: int) -> str:
    """Show one document with its files and digests."""
    doc = service.get_doc(doc_id)
    return render_template(
        "disclosure/show.html",
        doc=doc,
        files=service.list_files(doc_id),
        editions=EDITIONS,
        short=record.short(doc.content_sha256),
        **_states(),
    )


@bp.get("/<int(max=2147483647):doc_id>/<any(normal, large):edition>.pdf")
@requires(Part.ANYONE)
def download(doc_id: int, edition: str) -> ResponseReturnValue:
    """Hand out the file as it was published, byte for byte."""
    doc = service.get_doc(doc_id)
    file = service.get_file(doc_id, Edition(edition))
    name = f"{_number(doc)} {doc.title}"
    if file.edition is Edition.LARGE:
        name += _(" (large print)")
    response = _pdf(file.content, f"{name}.pdf")
    response.set_etag(file.sha256)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response.make_conditional(request)


@bp.get("/desk")
@requires(*STAFF)
def desk() -> str:
    """Show what waits to be published, and what was."""
    return render_template(
        "disclosure/desk.html",
        waiting=service.list_waiting(now=clock.now()),
        docs=service.list_docs(page=request.args.get("page", 1, type=int)),
        office=service.find_office(),
        refusals=REFUSALS,
        **_states(),
    )


@bp.get("/office")
@requires(Part.COMMITTEE, Part.ADMIN)
def office(form: OfficeForm | None = None) -> str:
    """Ask who answers for the village's documents."""
    return render_template(
        "disclosure/office.html", form=form or OfficeForm(obj=service.find_office())
    )


@bp.post("/office")
@requires(Part.COMMITTEE, Part.ADMIN)
def set_office() -> ResponseReturnValue:
    """Keep who answers for the village's documents."""
    form = OfficeForm()
    if not form.validate_on_submit():
        return office(form), 422
    with transaction():
        service.set_office(
            unit=form.unit.data or "",
            address=form.address.data or "",
            phone=form.phone.data or "",
            email=form.email.data or "",
            hours=form.hours.data or "",
        )
    flash(_("Kept. It stands on every document from now on."))
    return redirect(url_for("disclosure.desk"))


@bp.get("/prepare/<any('draft-notice', 'vote-result'):kind>/<int(max=2147483647):subject_id>")
@requires(*STAFF)
def prepare(kind: str, subject_id: int) -> ResponseReturnValue:
    """Show what stands in the way of publishing, the preview, and the one button."""
    return _prepare(DocKind(kind), subject_id)


@bp.get(
    "/preview/<any('draft-notice', 'vote-result'):kind>/<int(max=2147483647):subject_id>"
    "/<any(normal, large):edition>.pdf"
)
@requires(*STAFF)
def preview(kind: str, subject_id: int, edition: str) -> ResponseReturnValue:
    """Hand out how the document would look, marked as a preview."""
    with press_of(g.village.code) as press:
        try:
            content = service.preview(
                DocKind(kind),
                subject_id,
                edition=Edition(edition),
                press=press,
                now=clock.now(),
            )
        except Refused as refused:
            return _prepare(DocKind(kind), subject_id, refused), 409
        response = _pdf(content, _("Preview") + ".pdf", inline=True)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/publish/<any('draft-notice', 'vote-result'):kind>/<int(max=2147483647):subject_id>")
@requires(Part.COMMITTEE)
def publish(kind: str, subject_id: int) -> ResponseReturnValue:
    """Publish: number, both editions, record."""
    if not PublishForm().validate_on_submit():
        abort(400)
    with press_of(g.village.code) as press:
        try:
            with transaction():
                doc = service.publish(
                    DocKind(kind),
                    subject_id,
                    press=press,
                    published_by=g.viewer.account_id,
                    now=clock.now(),
                )
        except Refused as refused:
            return _prepare(DocKind(kind), subject_id, refused), 409
        except IntegrityError:  # somebody else published at the same moment; the key refused us
            return _prepare(DocKind(kind), subject_id, Refused(Refusal.ALREADY_PUBLISHED)), 409
    flash(_("Published as %(number)s.", number=_number(doc)))
    return redirect(url_for("disclosure.show", doc_id=doc.id))


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Show the newest document on the village's first page while people may object to it."""
    newest = service.newest_issues()
    docs = [
        doc
        for doc in service.list_docs(page=1).items
        if service.state_of(doc, newest, now=now) is DocState.OPEN
        and doc.kind is DocKind.VOTE_RESULT
    ]
    return [
        Card(
            title=doc.title,
            line=_number(doc),
            href=url_for("disclosure.show", doc_id=doc.id),
            action=_("Read the document"),
            chip=str(KINDS[doc.kind]),
            chip_kind="info",
        )
        for doc in docs[:1]
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Tell the committee how many documents wait to be published."""
    if not may(Part.COMMITTEE):
        return []
    count = service.count_waiting(now=now)
    if not count:
        return []
    return [
        Card(
            title=_("Publish documents"),
            line=ngettext("%(num)d waits", "%(num)d wait", count),
            href=url_for("disclosure.desk"),
            action=_("To the documents"),
            chip=str(count),
            chip_kind="warn",
            rank=6,
        )
    ]


DESK_LINKS = (Link(_l("Documents"), "disclosure.desk", STAFF),)
VILLAGE_LINKS = (
    Link(_l("Village documents"), "disclosure.index", (Part.ANYONE,)),
    Link(_l("Public record"), "transparency.index", (Part.ANYONE,)),
)


def _states() -> dict[str, object]:
    newest, now = service.newest_issues(), clock.now()
    return {
        "kinds": KINDS,
        "number_of": _number,
        "state_of": lambda doc: STATES[service.state_of(doc, newest, now=now)],
    }


def _number(doc: DisclosureDoc) -> str:
    return rules.number_words(doc.year, doc.number)


def _prepare(kind: DocKind, subject_id: int, refused: Refused | None = None) -> str:
    now = clock.now()
    why_not = refused.reason if refused else service.why_not_publish(kind, subject_id, now=now)
    findings = refused.facts.get("findings", []) if refused else []
    if why_not is None:
        with press_of(g.village.code) as press:
            findings = service.find_personal_data(kind, subject_id, press=press, now=now)
        why_not = Refusal.PERSONAL_DATA if findings else None
    newest = service.find_newest(kind, subject_id)
    return render_template(
        "disclosure/prepare.html",
        kind=kind,
        subject_id=subject_id,
        why_not=REFUSALS[why_not] if why_not else None,
        needs_office=why_not is Refusal.NO_OFFICE,
        can_preview=why_not in {None, Refusal.PERSONAL_DATA, Refusal.ALREADY_PUBLISHED},
        findings=[(_place(f.place), PERSONAL[f.kind], f.masked) for f in findings],  # type: ignore[attr-defined]  # facts are objects
        newest=newest,
        form=PublishForm(),
        editions=EDITIONS,
        **_states(),
    )


def _place(place: str) -> str:
    """Say where in the document something stands: its part, and its number in a list."""
    name, _space, rest = place.partition(" ")
    number = rest.split(" ")[0]
    words = str(PLACES.get(name, name))
    return f"{words} ({number})" if number.isdigit() else words


def _pdf(content: bytes, filename: str, *, inline: bool = False) -> Response:
    response = Response(content, mimetype="application/pdf")
    how = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(filename, safe='')}"
    return response
