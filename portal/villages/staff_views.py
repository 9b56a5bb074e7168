"""Who holds which post: given, ended, and the accounts behind them. Villages and regions alike."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import audit, clock
from portal.core.access import Part, may, requires
from portal.core.audit import Look
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.people import posts, residents
from portal.people import service as people
from portal.people.models import Account
from portal.people.posts import PostLine
from portal.people.rules import Role
from portal.people.words import ROLES
from portal.villages import account_views, choosing, rules, staffing
from portal.villages.forms import PostForm, ReasonForm
from portal.villages.rules import Refusal
from portal.villages.staff_pages import asking, bp, frame
from portal.villages.staffing import Giver, Terms
from portal.villages.words import REFUSALS, TERM_STATES

READERS = (Part.HEAD, Part.ADMIN, Part.OPERATOR, Part.AUDITOR)
GIVERS = (Part.HEAD, Part.ADMIN, Part.OPERATOR)
ROSTER_READERS = (Part.COMMITTEE, Part.ADMIN)
"""Who looks for residents by name. An operator names them with their number instead."""
SEARCHED = 20
PAST = 50


@bp.get("/")
@requires(*READERS)
def index() -> str:
    """List who holds, will hold and held a post here."""
    day = clock.today(clock.now())
    giver = asking()
    lines = posts.list_posts(g.village.code)
    by_state: dict[str, list[PostLine]] = {"now": [], "next": [], "done": []}
    for line in lines:
        by_state[line.state_on(day)].append(line)
    by_state["done"] = by_state["done"][::-1][:PAST]
    order = list(Role)
    by_state["now"].sort(key=lambda line: order.index(line.role))
    level = g.village.level
    return render_template(
        "villages/staff.html",
        frame=frame(),
        by_state=by_state,
        states=TERM_STATES,
        roles=ROLES,
        may_give=bool(_givable(giver)),
        endable=rules.endable(giver.roles, level=level),
        manages=bool(rules.LOOK_AFTER & giver.roles),
    )


def _givable(giver: Giver) -> frozenset[Role]:
    day = clock.today(clock.now())
    head = g.village.is_village and staffing.has_head(g.village, day=day)
    return rules.givable(giver.roles, level=g.village.level, has_head=head)


# --- giving ------------------------------------------------------------------------------------


@bp.get("/give")
@requires(*GIVERS)
def give(form: PostForm | None = None) -> ResponseReturnValue:
    """Ask who is to have a post, and then which one and for how long."""
    giver = asking()
    offered = _givable(giver)
    if not offered:
        abort(403)
    wanted = request.args.get("role", "")
    if form is None:
        resident = request.args.get("resident", type=int)
        account = request.args.get("account", type=int)
        if resident and not may(*ROSTER_READERS):
            abort(403)
        if not (resident or account or request.args.get("outside")):
            return _choose(giver, wanted)
        form = _blank(wanted, offered, resident=resident, account=account)
    person = _person(form)
    form.name.flags.required = form.phone.flags.required = not person
    return render_template(
        "villages/give.html", frame=frame(), form=form.offer(offered), person=person
    )


def _choose(giver: Giver, wanted: str) -> str:
    search = request.args.get("q", "").strip()[:60]
    found: list[residents.RosterLine] = []
    if search and g.village.is_village and may(*ROSTER_READERS):
        found, _total = residents.list_residents(search=search, per_page=SEARCHED)
        if found:
            with transaction():
                audit.note(
                    Look.OPENED,
                    "roster",
                    now=clock.now(),
                    resident_ids=[line.id for line in found],
                )
    return render_template(
        "villages/choose.html",
        frame=frame(),
        search=search,
        may_search=g.village.is_village and may(*ROSTER_READERS),
        found=found,
        lendable=choosing.list_lendable(g.village, giver=giver),
        here=choosing.list_outsiders(),
        role=wanted,
        role_word=ROLES[Role(wanted)] if wanted in set(Role) else "",
    )


def _blank(
    wanted: str, offered: frozenset[Role], *, resident: int | None, account: int | None
) -> PostForm:
    today = clock.today(clock.now())
    role = Role(wanted) if wanted in set(Role) else next((r for r in Role if r in offered), None)
    return PostForm(
        formdata=None,
        resident=resident,
        account=account,
        role=role.value if role else None,
        begins_on=today,
        ends_on=rules.suggested_end(role, today) if role else None,
    )


def _person(form: PostForm) -> str:
    """Return the name of who was chosen; "" where name and phone are asked for."""
    if form.resident.data and may(*ROSTER_READERS):
        return people.get_resident(form.resident.data).name
    if form.account.data:
        known = choosing.list_known(g.village, giver=asking())
        return next((a.name for a in known if a.id == form.account.data), "")
    return ""


@bp.post("/give")
@requires(*GIVERS)
def save() -> ResponseReturnValue:
    """Give the post, or say why not."""
    giver = asking()
    form = PostForm().offer(_givable(giver))
    if not form.validate_on_submit():
        return give(form), 422
    now = clock.now()
    terms = Terms(
        role=Role(form.role.data),
        begins_on=form.begins_on.data,
        ends_on=form.ends_on.data,
        organisation=form.organisation.data or "",
        duties=form.duties.data or "",
        office_hours=form.office_hours.data or "",
    )
    try:
        with transaction():
            account = _chosen(form, giver)
            staffing.give(g.village, account.id, terms, giver=giver, now=now)
            is_ours = account.village_id == g.village.id
    except Refused as refused:
        _at_its_field(form, refused.reason)
        return give(form), 422
    flash(_("%(name)s has the post now.", name=account.name), "success")
    if is_ours and account.resident_id is None and rules.LOOK_AFTER & giver.roles:
        return redirect(url_for(".person", account_id=account.id), 303)
    return redirect(url_for(".index"), 303)


def _chosen(form: PostForm, giver: Giver) -> Account:
    if form.resident.data:
        if not may(*ROSTER_READERS):
            raise Refused(Refusal.NOT_HERE)
        return choosing.find_resident(form.resident.data)
    if form.account.data:
        known = choosing.list_known(g.village, giver=giver)
        found = next((a for a in known if a.id == form.account.data), None)
        if found is None:
            raise Refused(Refusal.NOT_HERE)
        return found
    return choosing.find_person(name=form.name.data or "", phone_text=form.phone.data or "")


def _at_its_field(form: PostForm, reason: object) -> None:
    """Put the words of a refusal beside the field that they speak of."""
    field = {
        Refusal.NO_NAME: form.name,
        Refusal.BAD_PHONE: form.phone,
        Refusal.HAS_HEAD: form.role,
        Refusal.NOT_YOURS_TO_GIVE: form.role,
        Refusal.RECUSED: form.role,
        Refusal.HOLDS_IT: form.role,
        Refusal.SAME_DAY: form.begins_on,
        Refusal.BEGINS_FAR_OFF: form.begins_on,
        Refusal.NEEDS_A_TERM: form.ends_on,
        Refusal.TOO_LONG: form.ends_on,
        Refusal.ENDS_BEFORE_IT_BEGINS: form.ends_on,
    }.get(reason)  # type: ignore[call-overload]  # other reasons have no field of their own
    words = REFUSALS[reason]  # type: ignore[index]  # every reason is a Refusal
    if field is None:
        form.form_errors.append(str(words))
    else:
        field.errors = [*field.errors, str(words)]


# --- ending ------------------------------------------------------------------------------------


@bp.get("/posts/<int:post_id>/end")
@requires(*GIVERS)
def end(post_id: int, form: ReasonForm | None = None) -> str:
    """Ask for the reason why a post ends."""
    line = staffing.get_post(post_id, g.village)
    return render_template(
        "villages/end.html",
        frame=frame(),
        form=form or ReasonForm(formdata=None),
        post=line,
        roles=ROLES,
    )


@bp.post("/posts/<int:post_id>/end")
@requires(*GIVERS)
def save_end(post_id: int) -> ResponseReturnValue:
    """End the post from today on; its holder is signed out everywhere."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return end(post_id, form), 422
    giver = asking()
    try:
        with transaction():
            line = staffing.end(
                g.village, post_id, reason=form.reason.data, giver=giver, now=clock.now()
            )
    except Refused as refused:
        form.form_errors.append(str(REFUSALS[refused.reason]))
        return end(post_id, form), 422
    flash(_("The post of %(name)s has ended.", name=line.name), "success")
    return redirect(url_for(".index"), 303)


__all__ = ["account_views", "bp"]
