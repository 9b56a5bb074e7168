"""The pages of a region: its villages, and adding one."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock, pages
from portal.core.access import Part, in_region, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.people import places
from portal.people.rules import Level
from portal.villages import founding, rules
from portal.villages.forms import NameForm, NewVillageForm
from portal.villages.progress import Step
from portal.villages.rules import Refusal
from portal.villages.words import PLAN_STATES, REFUSALS, STEPS

bp = pages.region_blueprint("regions", __name__)
READERS = (Part.ADMIN, Part.OPERATOR, Part.AUDITOR)
FOUNDERS = (Part.ADMIN, Part.OPERATOR)
PER_PAGE = 50


@bp.get("/region")
@requires(Part.ANYONE)
@in_region
def home() -> ResponseReturnValue:
    """Lead staff to the region's villages, everybody else to the public list of them."""
    if may(*READERS):
        return redirect(url_for(".index"))
    return redirect(url_for("people.villages", under=g.village.code))


@bp.get("/desk/villages")
@requires(*READERS)
@in_region
def index() -> str:
    """List the region's villages: how far each is set up, and when it was last used."""
    search = request.args.get("q", "").strip()[:60]
    page = max(request.args.get("page", 1, type=int), 1)
    found, total = founding.list_overviews(
        g.village, search=search, page=page, per_page=PER_PAGE, day=clock.today(clock.now())
    )
    return render_template(
        "villages/region_index.html",
        found=found,
        total=total,
        page=pages.Page(items=found, total=total, page=page, per_page=PER_PAGE, error_out=False),
        search=search,
        steps=STEPS,
        step_count=len(Step),
        plan_states=PLAN_STATES,
        may_found=may(*FOUNDERS),
    )


@bp.get("/desk/villages/new")
@requires(*FOUNDERS)
@in_region
def new(form: NewVillageForm | None = None) -> str:
    """Ask for the code first, then for the names that are missing."""
    text = (form.code.data or "") if form else request.args.get("code", "")
    code = rules.plain_code(text)[:20]
    refusal = None
    if code:
        everything = dict.fromkeys(Level, "?")
        refusal = founding.why_not_found(code, under=g.village, names=everything)
    ready = bool(code) and refusal is None
    missing = founding.missing_above(code) if ready else []
    form = form or NewVillageForm(formdata=None, code=code)
    for level in missing:
        form[level.value].flags.required = True
    return render_template(
        "villages/new.html",
        form=form if ready else None,
        code=code,
        refusal=REFUSALS[refusal] if refusal else None,
        missing=missing,
        above=places.regions_above(code) if ready else places.regions_above(g.village.code),
    )


@bp.post("/desk/villages/new")
@requires(*FOUNDERS)
@in_region
def create() -> ResponseReturnValue:
    """Add the village, and lead on to its next step."""
    form = NewVillageForm()
    if not form.validate_on_submit():
        return new(form), 422
    code = rules.plain_code(form.code.data or "")
    names = {
        Level.VILLAGE: form.name.data or "",
        Level.TOWNSHIP: form.township.data or "",
        Level.COUNTY: form.county.data or "",
        Level.PREFECTURE: form.prefecture.data or "",
        Level.PROVINCE: form.province.data or "",
    }
    try:
        with transaction():
            founding.found(
                code,
                under=g.village,
                names=names,
                account_id=g.viewer.account_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.form_errors.append(str(REFUSALS[refused.reason]))
        return new(form), 422
    flash(_("The village is in the list now."), "success")
    return redirect(url_for("villages.setup", village_code=code), 303)


@bp.get("/desk/villages/<int:village_id>")
@requires(*FOUNDERS)
@in_region
def village(village_id: int, form: NameForm | None = None) -> str:
    """Offer to rename a village, to close it, or to open it again."""
    found = founding.get_village(village_id, under=g.village)
    return render_template(
        "villages/region_village.html",
        found=found,
        form=form or NameForm(formdata=None, name=found.name),
    )


@bp.post("/desk/villages/<int:village_id>/name")
@requires(*FOUNDERS)
@in_region
def rename(village_id: int) -> ResponseReturnValue:
    """Give the village another name."""
    form = NameForm()
    if not form.validate_on_submit():
        return village(village_id, form), 422
    with transaction():
        founding.rename(
            village_id,
            form.name.data or "",
            under=g.village,
            account_id=g.viewer.account_id,
            now=clock.now(),
        )
    flash(_("The village has its new name."), "success")
    return redirect(url_for(".village", village_id=village_id), 303)


@bp.post("/desk/villages/<int:village_id>/<any(close, open):deed>")
@requires(*FOUNDERS)
@in_region
def set_closed(village_id: int, deed: str) -> ResponseReturnValue:
    """Close the pages of a village, or open them again."""
    with transaction():
        founding.set_closed(
            village_id,
            is_closed=deed == "close",
            under=g.village,
            account_id=g.viewer.account_id,
            now=clock.now(),
        )
    flash(
        _("The pages of the village are closed.")
        if deed == "close"
        else _("The pages of the village are open again."),
        "success",
    )
    return redirect(url_for(".village", village_id=village_id), 303)


__all__ = ["REFUSALS", "Refusal", "bp"]
