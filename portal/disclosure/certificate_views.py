"""The page of the village's certificate: putting one in, making one, taking it out of use."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.disclosure import certificates
from portal.disclosure.blueprint import bp, shared
from portal.disclosure.finding import find_office
from portal.disclosure.forms import DeedForm, KeyForm
from portal.disclosure.rules import Refusal
from portal.disclosure.words import REFUSALS


@bp.get("/certificate")
@requires(Part.COMMITTEE, Part.ADMIN)
def certificate(form: KeyForm | None = None, refused: Refusal | None = None) -> str:
    """Show with which certificate the village signs, and until when."""
    return render_template(
        "disclosure/certificate.html",
        current=certificates.find_certificate(),
        all=certificates.list_certificates(),
        now=clock.now(),
        warn=certificates.WARN,
        form=form or KeyForm(formdata=None),
        deed_form=DeedForm(formdata=None),
        refused=REFUSALS[refused] if refused else None,
        **shared(),
    )


@bp.post("/certificate")
@requires(Part.COMMITTEE)
def put_certificate() -> ResponseReturnValue:
    """Use the certificate of an uploaded file from now on."""
    form = KeyForm()
    upload = form.file.data
    if not form.validate_on_submit() or not hasattr(upload, "stream"):
        return certificate(form, Refusal.BAD_KEY_FILE), 422
    data = upload.stream.read(certificates.MOST_BYTES + 1)
    try:
        with transaction():
            certificates.put_in(
                data, form.password.data or "", account_id=g.viewer.account_id, now=clock.now()
            )
    except Refused as refused:
        return certificate(form, Refusal(refused.reason)), 422
    except IntegrityError:  # two at once: the key refused us
        return certificate(form, Refusal.SOMEBODY_ELSE_DID), 409
    flash(_("The village signs with this certificate from now on."), "success")
    return redirect(url_for("disclosure.certificate"), 303)


@bp.post("/certificate/<any(make, end):deed>")
@requires(Part.COMMITTEE)
def change_certificate(deed: str) -> ResponseReturnValue:
    """Make a certificate that vouches for itself, or take the one in use out of it."""
    if not DeedForm().validate_on_submit():
        return certificate(refused=Refusal.SOMEBODY_ELSE_DID), 422
    now = clock.now()
    try:
        with transaction():
            if deed == "make":
                office = find_office()
                name = office.unit if office else g.village.name
                certificates.make(name, account_id=g.viewer.account_id, now=now)
            else:
                certificates.end(now=now)
    except IntegrityError:  # two at once: the key refused us
        return certificate(refused=Refusal.SOMEBODY_ELSE_DID), 409
    flash(_("Kept."), "success")
    return redirect(url_for("disclosure.certificate"), 303)
