"""Pages of those who make documents: the desk, one document on its way, each step."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.traces import Finding
from portal.disclosure import bodies, catalogue_keeping, service, states
from portal.disclosure.blueprint import (
    STAFF,
    actor,
    bp,
    kind_of,
    number_of,
    pdf_response,
    place_words,
    shared,
    today,
)
from portal.disclosure.forms import (
    AllowForm,
    BeginForm,
    BodyForm,
    GenerateForm,
    OfficeForm,
    ReasonForm,
    ReviewForm,
)
from portal.disclosure.kinds import KINDS as KIND_FACTS
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.press import press_of
from portal.disclosure.rules import DocKind, Edition, Refusal
from portal.disclosure.states import State
from portal.disclosure.words import EDITIONS, REFUSALS, STEPS
from portal.people.words import PERSONAL


@bp.get("/desk")
@requires(*STAFF)
def desk() -> str:
    """Show what waits, what is on its way, what is planned or overdue, and what is published."""
    return render_template(
        "disclosure/desk.html",
        waiting=service.list_waiting(now=clock.now()),
        under_way=service.list_under_way(),
        planned=catalogue_keeping.list_open(),
        docs=service.list_docs(page=request.args.get("page", 1, type=int)),
        office=service.find_office(),
        unanswered=service.list_unanswered(),
        timely=catalogue_keeping.timeliness_of_year(today=today()),
        today=today(),
        refusals=REFUSALS,
        **shared(),
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
            county_publishes=bool(form.county_publishes.data),
        )
    flash(_("Kept. It stands on every document from now on."))
    return redirect(url_for("disclosure.desk"))


@bp.get("/prepare/<kind>/<int(max=2147483647):subject_id>")
@requires(*STAFF)
def prepare(kind: str, subject_id: int) -> ResponseReturnValue:
    """Show what stands in the way of a document, how it would look, and the way to begin it."""
    return _prepare(kind_of(kind), subject_id)


@bp.get("/preview/<kind>/<int(max=2147483647):subject_id>/<any(normal, large):edition>.pdf")
@requires(*STAFF)
def preview(kind: str, subject_id: int, edition: str) -> ResponseReturnValue:
    """Hand out how the document would look, marked as a preview."""
    with press_of(g.village.code) as press:
        try:
            content = service.preview(
                kind_of(kind),
                subject_id,
                edition=Edition(edition),
                publish_on=today(),
                press=press,
                now=clock.now(),
            )
        except Refused as refused:
            return _prepare(kind_of(kind), subject_id, refused.reason), 409
        response = pdf_response(content, _("Preview") + ".pdf", inline=True)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/begin/<kind>/<int(max=2147483647):subject_id>")
@requires(Part.COMMITTEE)
def begin(kind: str, subject_id: int) -> ResponseReturnValue:
    """Begin a document; from then on every step of it is written down."""
    form = BeginForm()
    if not form.validate_on_submit():
        abort(400)
    code = kind_of(kind)
    if code is DocKind.CORRECTION:
        abort(404)  # those begin on the page of what they correct
    try:
        with transaction():
            case = service.begin(
                code,
                subject_id,
                actor=actor(Part.COMMITTEE),
                title=bodies.name_of(code, subject_id, now=clock.now()),
                reason=form.reason.data or "",
                now=clock.now(),
            )
            case_id = case.id
    except Refused as refused:
        return _prepare(code, subject_id, refused.reason), 409
    except IntegrityError:  # somebody else began it at the same moment; the key refused us
        return _prepare(code, subject_id, Refusal.ALREADY_UNDER_WAY), 409
    return redirect(url_for("disclosure.case", case_id=case_id), 303)


def _prepare(kind: DocKind, subject_id: int, why_not: Refusal | object | None = None) -> str:
    now = clock.now()
    why_not = why_not or service.why_not_begin(kind, subject_id, now=now)
    findings: list[Finding] = []
    if why_not is None:
        with press_of(g.village.code) as press:
            findings = service.find_personal_data(
                kind, subject_id, publish_on=today(), press=press, now=now
            )
    newest = service.find_newest_case(kind, subject_id)
    return render_template(
        "disclosure/prepare.html",
        kind=kind,
        subject_id=subject_id,
        why_not=REFUSALS[why_not] if isinstance(why_not, Refusal) else None,
        needs_office=why_not is Refusal.NO_OFFICE,
        can_preview=why_not in {None, Refusal.ALREADY_UNDER_WAY, Refusal.NO_REASON},
        can_begin=why_not in {None, Refusal.NO_REASON},
        findings=shown_findings(findings),
        newest=newest,
        is_again=newest is not None and newest.state in states.PUBLIC,
        is_under_way=newest is not None and newest.state in states.UNDER_WAY,
        form=BeginForm(formdata=None),
        editions=EDITIONS,
        **shared(),
    )


def shown_findings(findings: list[Finding]) -> list[tuple[str, object, str, str]]:
    """Return what the scan found as pages show it: place, what, masked, and its digest."""
    return [(place_words(f.place), PERSONAL[f.kind], f.masked, f.sha256) for f in findings]


@bp.get("/case/<int(max=2147483647):case_id>")
@requires(*STAFF)
def case(case_id: int) -> ResponseReturnValue:
    """Show one document on its way, and what can be done with it."""
    return show_case(case_id)


def show_case(
    case_id: int,
    refused: Refused | None = None,
    body_form: BodyForm | None = None,
    generate_form: GenerateForm | None = None,
) -> str:
    """Render the page of a document on its way, with what a rule has just refused."""
    found, now = service.get_case(case_id), clock.now()
    findings: list[Finding] = []
    if refused is not None:
        findings = list(refused.facts.get("findings", []))  # type: ignore[call-overload]  # facts are objects
    elif found.state is State.DRAFT and may(Part.COMMITTEE):
        findings = _scan(found)
    review = None
    if found.state is State.REVIEW and may(Part.SUPERVISOR):
        review = service.why_not_review(
            found, g.viewer.account_id, is_committee=may(Part.COMMITTEE)
        )
    return render_template(
        "disclosure/case.html",
        case=found,
        refused=REFUSALS[refused.reason] if refused else None,
        findings=shown_findings(findings),
        allowed=service.list_allowed(case_id),
        proofs=service.list_proofs(case_id),
        editions=EDITIONS,
        steps=service.list_steps(case_id),
        step_words=STEPS,
        can={step.value for step in states.steps_from(found.state)},
        is_written=KIND_FACTS[found.kind].is_written,
        why_not_review=REFUSALS[review] if review else None,
        today=today(),
        now=now,
        generate_form=generate_form
        or GenerateForm(formdata=None, publish_on=found.publish_on or today()),
        reason_form=ReasonForm(formdata=None),
        review_form=ReviewForm(formdata=None),
        allow_form=AllowForm(formdata=None),
        body_form=body_form or BodyForm(formdata=None, **bodies.as_form(found.body)),
        **shared(),
    )


def _scan(found: DisclosureCase) -> list[Finding]:
    """Return what the scan would find now; nothing where the document cannot be made yet."""
    with press_of(g.village.code) as press:
        try:
            return service.find_personal_data(
                found.kind, found.subject_id, publish_on=today(), press=press, now=clock.now()
            )
        except Refused:
            return []


@bp.get("/case/<int(max=2147483647):case_id>/<any(normal, large):edition>.pdf")
@requires(*STAFF)
def proof(case_id: int, edition: str) -> ResponseReturnValue:
    """Hand out the generated file as it is reviewed, byte for byte."""
    found = service.get_case(case_id)
    file = service.get_proof(case_id, Edition(edition))
    response = pdf_response(file.content, f"{number_of(found)} {found.title}.pdf", inline=True)
    response.headers["Cache-Control"] = "private, no-store"
    return response
