"""The village's own pages: first page, taking part, me, signing in, the roster."""

from datetime import datetime
from enum import StrEnum

import segno
from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_sqlalchemy.pagination import Pagination

from portal.core import clock, look, pages
from portal.core.access import STAFF, Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.sheets import Cell, Unreadable, csv_bytes, read_table, xlsx_bytes
from portal.core.slots import Card, Link, Slot, cards
from portal.people import roster, rules, service, signing_in
from portal.people.forms import CodeForm, PhoneForm, RosterForm, SlipForm, SlipsForm
from portal.people.roster import Fault
from portal.people.rules import Refusal, Role

bp = Blueprint("people", __name__, template_folder="templates")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 50

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.BAD_PHONE: _l("This is not a mobile number. It should have 11 digits."),
    Refusal.TOO_MANY_CODES: _l("Five codes were sent to this number. Try again in an hour."),
    Refusal.CODE_EXPIRED: _l("This code is no longer good. Ask for a new one."),
    Refusal.NO_TRIES_LEFT: _l("The code was wrong five times. Ask for a new one."),
    Refusal.WRONG_CODE: _l("The code is not right. Look at the message again."),
    Refusal.UNKNOWN_SLIP: _l("We do not know this code. Look at the slip again."),
    Refusal.NOBODY: _l("Nobody of this village can sign in with that. Ask the committee."),
}
FAULTS: dict[StrEnum, LazyString] = {
    Fault.MISSING_COLUMN: _l("This column is missing."),
    Fault.UNKNOWN_COLUMN: _l("We do not know this column."),
    Fault.DUPLICATE_COLUMN: _l("This column stands twice."),
    Fault.NO_ROWS: _l("There is nobody in this sheet."),
    Fault.NO_HOUSEHOLD: _l("The household number is missing."),
    Fault.NO_NAME: _l("The name is missing."),
    Fault.NAME_TOO_LONG: _l("The name has more than 60 characters."),
    Fault.NO_GROUP: _l("The group is missing."),
    Fault.BAD_GROUP: _l("The group must be a number from 1 to 200."),
    Fault.TWO_GROUPS: _l("This household stands in two groups."),
    Fault.BAD_SEX: _l("Write 男 or 女, or leave it empty."),
    Fault.BAD_DATE: _l("This is not a date. Write it like 1980-05-01."),
    Fault.FUTURE_DATE: _l("This date cannot be a date of birth."),
    Fault.BAD_PHONE: _l("This is not a mobile number of 11 digits."),
    Fault.BAD_YES_NO: _l("Write 是 or 否, or leave it empty."),
    Fault.TWO_HEADS: _l("This household has a head already."),
    Fault.TWICE: _l("This person stands twice in this household."),
}
UNREADABLE = {
    Unreadable.NOT_A_TABLE: _l("Only XLSX and CSV files can be read."),
    Unreadable.BROKEN: _l("The file cannot be read. Save it again as XLSX or CSV."),
    Unreadable.TOO_LARGE: _l("The file is too large. Send at most 100,000 rows."),
}
ROLES = {
    Role.VILLAGER: _l("Villager"),
    Role.COMMITTEE: _l("Village committee"),
    Role.PLANNER: _l("Planner"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.ADMIN: _l("Administrator"),
}
DESK_LINKS = (Link(_l("Roster"), "people.roster_page", (Part.COMMITTEE, Part.ADMIN)),)


class Page(Pagination):
    """One page of a list that the service has cut already."""

    def _query_items(self) -> list[object]:
        return list(self._query_args["items"])

    def _query_count(self) -> int:
        return int(self._query_args["total"])


# --- what everybody sees -----------------------------------------------------------------------


@bp.get("/")
@requires(Part.ANYONE)
def villages() -> ResponseReturnValue:
    """List the villages of this house; where there is but one, go there."""
    search = request.args.get("q", "").strip()
    found = service.list_villages(search=search)
    if len(found) == 1 and not search:
        return redirect(url_for(".home", village_code=found[0].code))
    return render_template("people/villages.html", villages=found, search=search)


@bp.get("/v/<village_code>/")
@requires(Part.ANYONE)
def home() -> str:
    """Show what is happening in the village now."""
    now = clock.now()
    return render_template(
        "people/home.html",
        cards=cards(Slot.HOME, now=now),
        township=service.township_of(g.village.id),
    )


@bp.get("/v/<village_code>/take-part")
@requires(Part.ANYONE)
def take_part() -> str:
    """Show everything in which one can take part."""
    return render_template("people/take_part.html", cards=cards(Slot.TAKE_PART, now=clock.now()))


@bp.get("/v/<village_code>/me")
@requires(Part.ANYONE)
def me() -> str:
    """Show me, my household, and what is mine."""
    if g.viewer is None or g.viewer.village_id != g.village.id:
        return render_template("people/me_stranger.html")
    resident = (g.viewer.resident_id and service.get_resident(g.viewer.resident_id)) or None
    return render_template(
        "people/me.html",
        resident=resident,
        groups=service.group_names(),
        cards=cards(Slot.ME, now=clock.now()),
        roles=[ROLES[Role(part.value)] for part in sorted(g.viewer.parts) if part in STAFF],
    )


@bp.post("/preferences")
@requires(Part.ANYONE)
def preferences() -> ResponseReturnValue:
    """Keep how somebody wants pages to look, and go back to where they were.

    It needs no token against forged requests, so that a first visit sets no cookie: it changes
    nothing but the look, and a browser that tells where the form stood must name this house.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400)
    response = make_response(redirect(pages.safe_next(url_for(".villages")), 303))
    wishes = {k: v for k, v in request.form.items() if k in ("mode", "size", "theme", "language")}
    response.set_cookie(
        look.COOKIE,
        g.look.changed(**wishes).packed(),
        max_age=365 * 86400,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


# --- signing in ---------------------------------------------------------------------------------


@bp.get("/v/<village_code>/sign-in")
@requires(Part.ANYONE)
def sign_in(phone: PhoneForm | None = None, slip: SlipForm | None = None) -> str:
    """Show the ways in: a code by phone, or the code on the household's slip."""
    if "next" in request.args:
        session["next"] = pages.safe_next(url_for(".home"))
    return render_template(
        "people/sign_in.html",
        phone=phone or PhoneForm(formdata=None),
        slip=slip or SlipForm(formdata=None),
        has_sms=current_app.extensions["sms"] is not None,
    )


@bp.post("/v/<village_code>/sign-in/phone")
@requires(Part.ANYONE)
def send_code() -> ResponseReturnValue:
    """Send a code to a phone. The answer is the same whether we know the number or not."""
    form = PhoneForm()
    sender = current_app.extensions["sms"]
    if sender is None:
        abort(404)
    if not form.validate_on_submit():
        return sign_in(phone=form), 422
    try:
        with transaction():
            token, phone, code = signing_in.ask_for_code(form.phone.data or "", now=clock.now())
    except Refused as refused:
        form.phone.errors = [REFUSALS[refused.reason]]
        return sign_in(phone=form), 422
    if code is not None:
        sender.send(
            phone=phone,
            text=_(
                "%(code)s is your sign-in code for %(village)s. Tell it to nobody.",
                code=code,
                village=g.village.name,
            ),
        )
    session["door"] = token
    return redirect(url_for(".enter_code"))


@bp.get("/v/<village_code>/sign-in/code")
@requires(Part.ANYONE)
def enter_code(form: CodeForm | None = None) -> str:
    """Ask for the code that was sent."""
    return render_template("people/enter_code.html", form=form or CodeForm(formdata=None))


@bp.post("/v/<village_code>/sign-in/code")
@requires(Part.ANYONE)
def check_code() -> ResponseReturnValue:
    """Take the code. Every try counts."""
    form = CodeForm()
    if not form.validate_on_submit():
        return enter_code(form), 422
    code = "".join(str(int(c)) for c in form.code.data or "" if c.isdecimal())
    with transaction():
        refusal = signing_in.try_code(session.get("door", ""), code, now=clock.now())
    if refusal:
        form.code.errors = [REFUSALS[refusal]]
        return enter_code(form), 422
    return _through_the_door()


@bp.get("/v/<village_code>/slip/<code>")
@requires(Part.ANYONE)
def slip(code: str) -> str:
    """Open the address behind the QR code of a printed slip: its code, ready to send."""
    return sign_in(slip=SlipForm(formdata=None, slip=rules.grouped(rules.plain_slip(code))[:30]))


@bp.post("/v/<village_code>/sign-in/slip")
@requires(Part.ANYONE)
def use_slip() -> ResponseReturnValue:
    """Take the code of a printed slip."""
    form = SlipForm()
    if not form.validate_on_submit():
        return sign_in(slip=form), 422
    try:
        with transaction():
            session["door"] = signing_in.open_with_slip(form.slip.data or "", now=clock.now())
    except Refused as refused:
        form.slip.errors = [REFUSALS[refused.reason]]
        return sign_in(slip=form), 422
    return _through_the_door()


def _through_the_door() -> ResponseReturnValue:
    """Sign the only candidate in, or ask who of several it is."""
    found = signing_in.candidates(session.get("door", ""), now=clock.now())
    if len(found) == 1:
        return _begin(found[0].key)
    return redirect(url_for(".who"))


@bp.get("/v/<village_code>/sign-in/who")
@requires(Part.ANYONE)
def who() -> ResponseReturnValue:
    """Ask which member of the household it is."""
    found = signing_in.candidates(session.get("door", ""), now=clock.now())
    if not found:
        flash(REFUSALS[Refusal.NOBODY], "error")
        return redirect(url_for(".sign_in"))
    return render_template("people/who.html", candidates=found, roles=ROLES)


@bp.post("/v/<village_code>/sign-in/who")
@requires(Part.ANYONE)
def choose_who() -> ResponseReturnValue:
    """Sign in the member that was chosen."""
    return _begin(request.form.get("who", ""))


def _begin(key: str) -> ResponseReturnValue:
    days = current_app.config["SETTINGS"].session_days
    try:
        with transaction():
            token = signing_in.begin_session(
                session.get("door", ""), key, now=clock.now(), days=days
            )
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".sign_in"))
    target = session.get("next") or url_for(".home")
    session.clear()
    response = make_response(redirect(target, 303))
    response.set_cookie(
        current_app.config["SIGN_IN_COOKIE"],
        token,
        max_age=days * 86400,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


@bp.post("/v/<village_code>/sign-out")
@requires(Part.ANYONE)
def sign_out() -> ResponseReturnValue:
    """End the session on the server and forget the cookie."""
    name = current_app.config["SIGN_IN_COOKIE"]
    if token := request.cookies.get(name):
        with transaction():
            signing_in.end_session(token, now=clock.now())
    session.clear()
    flash(_("You have signed out."), "success")
    response = make_response(redirect(url_for(".home"), 303))
    response.delete_cookie(name, secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response


# --- the committee ------------------------------------------------------------------------------


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the roster on the desk."""
    if not any(link.endpoint == "people.roster_page" for link in _own_links()):
        return []
    adults, residents, households = service.count_roster(day=clock.today(now))
    line = _(
        "%(residents)s residents, %(adults)s of them adults, in %(households)s households",
        residents=residents,
        adults=adults,
        households=households,
    )
    return [Card(_("Roster"), line, url_for("people.roster_page"), _("Open the roster"))]


def _own_links() -> list[Link]:
    return [link for link in DESK_LINKS if g.viewer and g.viewer.parts & set(link.parts)]


@bp.get("/v/<village_code>/desk")
@requires(*STAFF)
def desk() -> str:
    """Show staff what waits for them today."""
    return render_template("people/desk.html", cards=cards(Slot.DESK, now=clock.now()))


@bp.get("/v/<village_code>/desk/roster")
@requires(Part.COMMITTEE, Part.ADMIN)
def roster_page() -> str:
    """List the residents, with a search."""
    search = request.args.get("q", "").strip()
    page = request.args.get("page", 1, type=int)
    group_id = request.args.get("group", type=int)
    lines, total = service.list_residents(
        search=search, group_id=group_id, page=max(page, 1), per_page=PER_PAGE
    )
    return render_template(
        "people/roster.html",
        lines=lines,
        page=Page(items=lines, total=total, page=max(page, 1), per_page=PER_PAGE, error_out=False),
        search=search,
        group_id=group_id,
        groups=service.group_names(),
        sexes={
            rules.Sex.MALE: _("male"),
            rules.Sex.FEMALE: _("female"),
            rules.Sex.UNKNOWN: _("unknown"),
        },
    )


@bp.get("/v/<village_code>/desk/roster/import")
@requires(Part.COMMITTEE, Part.ADMIN)
def import_page(form: RosterForm | None = None, faults: list[roster.RowFault] | None = None) -> str:
    """Show how a roster is handed in, or what is wrong with the one that was."""
    return render_template(
        "people/import.html",
        form=form or RosterForm(formdata=None),
        faults=faults or [],
        words=FAULTS,
        columns=roster.COLUMNS,
        required=roster.REQUIRED_COLUMNS,
    )


@bp.get("/v/<village_code>/desk/roster/template.xlsx")
@requires(Part.COMMITTEE, Part.ADMIN)
def roster_template() -> ResponseReturnValue:
    """Hand out an empty roster with one example."""
    heads = [aliases[0] for aliases in roster.COLUMNS.values()]
    example: list[Cell] = ["001", 1, "张三", "男", "1980-05-01", "13800000000", "是", "是", "否"]
    content = xlsx_bytes([("名册", heads, [example])])
    return pages.download(content, "名册模板.xlsx", XLSX)


@bp.post("/v/<village_code>/desk/roster/import")
@requires(Part.COMMITTEE, Part.ADMIN)
def import_roster() -> ResponseReturnValue:
    """Take a roster: all of it, or none and the list of what is wrong."""
    form = RosterForm()
    if not form.validate_on_submit():
        return import_page(form), 422
    try:
        sheets = read_table(form.file.data.filename or "", form.file.data.read())
    except Unreadable as unreadable:
        form.file.errors = [UNREADABLE[unreadable.reason]]
        return import_page(form), 422
    now = clock.now()
    rows, faults = roster.read_sheets(
        [(sheet.name, sheet.rows) for sheet in sheets], day=clock.today(now)
    )
    if faults:
        return import_page(form, faults), 422
    with transaction():
        done = service.import_roster(rows, now=now)
    flash(
        _(
            "%(added)s residents were added and %(updated)s brought up to date.",
            added=done.added,
            updated=done.updated,
        ),
        "success",
    )
    return redirect(url_for(".roster_page"), 303)


@bp.get("/v/<village_code>/desk/roster.csv")
@requires(Part.COMMITTEE, Part.ADMIN)
def roster_csv() -> ResponseReturnValue:
    """Hand out the roster, in the columns in which it can be imported again."""
    heads = [aliases[0] for aliases in roster.COLUMNS.values()]
    rows = service.roster_rows()
    return pages.download(csv_bytes(heads, rows), f"{g.village.name}名册.csv", "text/csv")


@bp.get("/v/<village_code>/desk/slips")
@requires(Part.COMMITTEE, Part.ADMIN)
def slips_page() -> str:
    """Explain the printed codes and offer to make them, group by group."""
    return render_template("people/slips.html", groups=service.group_names(), slips=None)


@bp.post("/v/<village_code>/desk/slips")
@requires(Part.COMMITTEE, Part.ADMIN)
def make_slips() -> ResponseReturnValue:
    """Make new codes for every household of a group and show them once, ready to print."""
    form = SlipsForm()
    if not form.validate_on_submit():
        abort(400)
    groups = service.group_names()
    if form.group_id.data not in groups:
        abort(404)
    with transaction():
        made = signing_in.make_slips(form.group_id.data, now=clock.now())
    slips = []
    for household, code in made:
        address = url_for(".slip", code=code, _external=True)
        qr = segno.make(address, error="m").svg_inline(scale=3, border=2, omitsize=True)
        slips.append((household.number, rules.grouped(code), qr))
    return render_template(
        "people/slips.html", groups=groups, slips=slips, group=groups[form.group_id.data]
    )
