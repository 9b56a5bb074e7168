"""Pages of those whose rights a parcel or project touches: who was named, and one more."""

from datetime import datetime

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import audit
from portal.core.access import Part, may, requires
from portal.core.masking import mask_name
from portal.implementation import concerned, forms, service
from portal.implementation.form_pages import save_form
from portal.implementation.record_views import EDITORS
from portal.people import residents
from portal.plans import service as plans
from portal.plans.anchors import PARCEL


@requires(*EDITORS)
def parties(form: forms.PartyForm | None = None) -> str:
    """List who was named as concerned and what they say, and ask for one more.

    The committee looks people up by name; planners see masked names only.
    """
    version = service.find_followed()
    lines = service.list_parties(version.id) if version else []
    sees_names = may(Part.COMMITTEE, Part.ADMIN)
    search = request.args.get("q", "").strip()[:60]
    if form is None and version is not None and sees_names:
        form = _party_form(forms.PartyForm(formdata=None), version.id, search)
    return render_template(
        "implementation/parties.html",
        version=version,
        lines=[(line, line.name if sees_names else mask_name(line.name)) for line in lines],
        form=form,
        search=search,
    )


@requires(Part.COMMITTEE, Part.ADMIN)
def name_party() -> ResponseReturnValue:
    """Name somebody whose rights are touched; they are told directly."""
    version = service.find_followed()
    form = forms.PartyForm()
    if version is None:
        return parties(form), 409
    version_id = version.id
    _party_form(form, version_id, request.args.get("q", "").strip()[:60])
    anchor = f"{PARCEL}{form.parcel.data}" if form.anchor.data == PARCEL else str(form.anchor.data)
    words = plans.list_anchors(version_id, about=anchor).get(anchor)
    if form.anchor.data == PARCEL and words is None:
        form.validate()
        form.parcel.errors = [_("The map has no parcel of this number.")]
        return parties(form), 422

    def write(now: datetime) -> None:
        concerned.name_party(
            version_id,
            anchor=anchor,
            anchor_words=str(words)[:400],
            resident_id=form.resident_id.data,
            reason=str(form.reason.data),
            named_by=g.viewer.account_id,
            now=now,
        )
        audit.note(
            audit.Look.CHANGED,
            "interested-party",
            now=now,
            resident_ids=[form.resident_id.data],
        )

    return save_form(form, lambda: parties(form), write, after=url_for(".parties"))


def _party_form(form: forms.PartyForm, version_id: int, search: str) -> forms.PartyForm:
    form.anchor.choices = [
        *(
            SelectChoice(f"project-{p.id}", f"{p.code} {p.name}"[:80])
            for p in service.list_project_lines(version_id)
        ),
        SelectChoice(PARCEL, _("A parcel, by its number")),
    ]
    found, _total = residents.list_residents(search=search, per_page=50)
    form.resident_id.choices = [
        SelectChoice(line.id, f"{line.name} · {line.group}") for line in found
    ]
    return form
